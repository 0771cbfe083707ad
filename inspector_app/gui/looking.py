"""Joins the actions of looking to the canvas: windows, turns, tools, measurements, comparing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.measure import MeasureKind, distance
from inspector_app.gui.actions import Actions
from inspector_app.gui.bindings import BARE, bindings
from inspector_app.gui.canvas.camera import Camera
from inspector_app.gui.canvas.canvas import Canvas
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.dialogs.length import LengthDialog
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.keys import BareWhileHeld
from inspector_app.gui.picture import Picture
from inspector_app.gui.session import Session
from inspector_app.gui.viewing import PRESETS, Viewing

_TOOLS = {
    "tool_window": Tool.WINDOW,
    "tool_hand": Tool.HAND,
    "length": Tool.LENGTH,
    "size": Tool.SIZE,
    "angle": Tool.ANGLE,
}
_CLOSER: Mapping[str, Callable[[Camera], None]] = MappingProxyType(
    {
        "fit": Camera.fit,
        "actual": Camera.actual_size,
        "zoom_in": Camera.zoom_in,
        "zoom_out": Camera.zoom_out,
    }
)
_NEEDS_PICTURE = (
    "window_file window_auto window_full invert rotate_right rotate_left flip upend reset_view "
    "tool_window tool_hand length size angle compare"
)
_ON_THE_CANVAS = (
    "inspect draw draw_polygon delete_mark - fit actual reset_view - window_file window_auto "
    "invert - rotate_right flip - length size angle unmeasure - compare heat boxes texts views"
)


class Looking(QObject):
    """What the actions of looking do, and when they can be done.

    Args:
        window: Where keys arrive that no widget wants.
        canvas: Where the picture is.
        actions: Of the window.
        session: Its facts.
    """

    def __init__(
        self, window: QMainWindow, canvas: Canvas, actions: Actions, session: Session
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._viewing = canvas.viewing
        self._actions = actions
        self._session = session
        self._bare = BareWhileHeld(canvas.view, canvas.hold_bare)
        self.dialog: LengthDialog | None = None
        self.instead: Camera | None = None
        self._bind()
        self._listen()
        for name in _ON_THE_CANVAS.split():
            canvas.view.addAction(_line(self) if name == "-" else actions[name])
        window.installEventFilter(self)
        self._show_settings()
        self._show_tool(self._viewing.tool)
        self._show_abilities()

    def _bind(self) -> None:
        on, viewing, canvas = self._actions.on, self._viewing, self._canvas
        deeds: dict[str, Callable[[], object]] = {
            "window_file": partial(self._now, Viewing.from_file),
            "window_auto": partial(self._now, Viewing.automatic),
            "window_full": partial(self._now, Viewing.full),
            "invert": partial(self._now, Viewing.invert),
            "rotate_right": partial(self._now, partial(Viewing.rotate, quarters=1)),
            "rotate_left": partial(self._now, partial(Viewing.rotate, quarters=-1)),
            "flip": partial(self._now, Viewing.flip),
            "upend": partial(self._now, Viewing.upend),
            "reset_view": partial(self._now, Viewing.reset),
            "unmeasure": lambda: canvas.measures.set_measures(()),
            "calibrate": self.ask_for_length,
            "uncalibrate": lambda: viewing.calibrate(None),
            "leaf_back": lambda: canvas.leaf_now(-1),
            "leaf_on": lambda: canvas.leaf_now(1),
            "texts": partial(self._switch, "corner_texts"),
            "patient": partial(self._switch, "hide_patient"),
            "compare": self._compare,
            "link": lambda: canvas.beside.set_linked(is_on=self._actions["link"].isChecked()),
        }
        for name, deed in deeds.items():
            on(name, deed)
        for name, closer in _CLOSER.items():
            on(name, partial(self._look_closer, closer))
        for name, tool in _TOOLS.items():
            on(name, partial(viewing.take, tool))
        for number in range(len(PRESETS)):
            on(f"window_{number + 1}", partial(self._now, partial(Viewing.preset, number=number)))

    def _listen(self) -> None:
        session, viewing = self._session, self._viewing
        session.picture_changed.connect(self._on_picture)
        viewing.calibrated.connect(session.desk.keep_calibration)
        session.settings_changed.connect(lambda _settings: self._show_settings())
        self._canvas.stacks.changed.connect(self._show_abilities)
        self._canvas.beside.changed.connect(self._show_abilities)
        viewing.tool_changed.connect(self._show_tool)
        session.book.changed.connect(lambda _marks: self._show_abilities())
        viewing.calibration_changed.connect(lambda _calibration: self._show_abilities())

    def _on_picture(self, picture: Picture | None) -> None:
        self._show_abilities()
        if picture is not None:
            known = picture.provenance.sha256
            self._session.desk.find_calibration(
                known, lambda found: self._viewing.recall_calibration(known, found)
            )

    # Showing -------------------------------------------------------------------------

    def _show_settings(self) -> None:
        settings = self._session.settings
        bound = bindings(dict(settings.keys))
        self._actions.set_keys(bound)
        self._bare.set_keys(bound[BARE])
        self._actions["texts"].setChecked(settings.corner_texts)
        self._actions["patient"].setChecked(settings.hide_patient)

    def _show_tool(self, tool: Tool) -> None:
        for name, its in _TOOLS.items():
            self._actions[name].setChecked(tool == its)

    def _show_abilities(self) -> None:
        is_open = self._session.picture is not None
        measures = self._session.book.marks.measures
        beside = self._canvas.beside
        is_stack = self._canvas.view.has_stack or (
            beside.picture is not None and beside.view.has_stack
        )
        able = {
            **dict.fromkeys(_NEEDS_PICTURE.split(), is_open),
            **{f"window_{at + 1}": self._viewing.is_deep for at in range(len(PRESETS))},
            "unmeasure": bool(measures),
            "calibrate": any(measure.kind == MeasureKind.LENGTH for measure in measures),
            "uncalibrate": self._viewing.is_calibrated_by_hand,
            "leaf_back": is_stack,
            "leaf_on": is_stack,
            "link": beside.picture is not None,
        }
        for name, is_able in able.items():
            self._actions[name].setEnabled(is_able)
        is_beside = beside.picture is not None
        self._actions["compare"].setChecked(is_beside)
        self._actions["link"].setChecked(beside.is_linked and is_beside)

    def _look_closer(self, deed: Callable[[Camera], None]) -> None:
        deed(self._canvas.view_now if self.instead is None else self.instead)

    def _now(self, deed: Callable[[Viewing], object]) -> None:
        """Do something to the half of the canvas that has the focus."""
        deed(self._canvas.viewing_now)

    # Doing ---------------------------------------------------------------------------

    def _switch(self, name: str) -> None:
        settings = self._session.settings
        changes: dict[str, Any] = {name: not getattr(settings, name)}
        self._session.change_settings(replace(settings, **changes))

    def _compare(self) -> None:
        self._canvas.compare(is_on=self._actions["compare"].isChecked())
        self._show_abilities()

    def put_away(self) -> bool:
        """Leave a measuring tool; whether one was in hand."""
        return self._viewing.put_away()

    def ask_for_length(self) -> None:
        """Ask how long the last drawn length is in millimetres."""
        lengths = [
            one for one in self._session.book.marks.measures if one.kind == MeasureKind.LENGTH
        ]
        if not lengths:
            return
        start, end = lengths[-1].points
        pixels = distance(start, end)
        dialog = LengthDialog(pixels, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.told.connect(lambda mm: self._calibrate(mm, pixels))
        self.dialog = dialog
        dialog.open()

    def _calibrate(self, mm: float, pixels: float) -> None:
        name = self.tr("user, {mm} mm over {pixels} px").format(
            mm=f"{mm:g}", pixels=f"{pixels:.1f}"
        )
        side = mm / pixels
        self._viewing.calibrate(Calibration((side, side), name))
        text = self.tr("One pixel now measures {mm} mm on this picture.").format(mm=f"{side:.4g}")
        self._session.noticed.emit(Notice(Kind.DONE, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Keys that no widget of the window wanted."""
        if isinstance(event, QKeyEvent) and self._bare.takes(event):
            return True
        return super().eventFilter(watched, event)


def _line(parent: QObject) -> QAction:
    line = QAction(parent)
    line.setSeparator(True)
    return line


def key_words(keys: tuple[str, ...]) -> str:
    """Keys as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in keys)
