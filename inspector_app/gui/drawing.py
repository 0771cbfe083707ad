"""Joins the actions of drawing and correcting to the session: what they do, and when they can."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject

from inspector_app.domain.gesture import LAID, Verb
from inspector_app.gui.actions import Actions
from inspector_app.gui.canvas.canvas import Canvas
from inspector_app.gui.canvas.shaping import squared
from inspector_app.gui.docks import Docks
from inspector_app.gui.facts import Pencil
from inspector_app.gui.panels.regions import RegionsPanel
from inspector_app.gui.session import Session
from inspector_app.gui.wording.verbs import verb_words

_PENCILS = {
    "draw": Pencil.REGION,
    "draw_polygon": Pencil.REGION_POLYGON,
}


class Drawing(QObject):
    """What the actions of drawing do.

    Args:
        canvas: Where things are drawn.
        actions: Of the window.
        session: Stores what is done.
        docks: Of the panels.
        regions: The panel of regions.
    """

    def __init__(
        self,
        canvas: Canvas,
        actions: Actions,
        session: Session,
        *,
        docks: Docks,
        regions: RegionsPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._actions = actions
        self._session = session
        self._docks = docks
        self._panel = regions
        self._bind()
        session.pencil_changed.connect(self._show_pencil)
        session.book.changed.connect(lambda _marks: self._show_abilities())
        session.book.chosen_changed.connect(lambda _id: self._show_abilities())
        session.regions.changed.connect(lambda _rois: self._show_abilities())
        session.settings_changed.connect(lambda _settings: self._show_abilities())
        self._show_abilities()

    def _bind(self) -> None:
        marking = self._canvas.marking
        deeds: dict[str, Callable[[], object]] = {
            "undo": self._undo,
            "redo": self._redo,
            "duplicate": lambda: self._with_region(self._session.regions.duplicate),
            "square": self._make_square,
            "lock": self._lock,
            "next_mark": lambda: self._choose(1),
            "previous_mark": lambda: self._choose(-1),
            "delete_mark": marking.delete,
            "remove": self._session.regions.delete_all,
            "to_regions": lambda: self._docks.bring("regions", self._panel.list),
        }
        for name, deed in deeds.items():
            self._actions.on(name, deed)
        for name, pencil in _PENCILS.items():
            self._actions.on(name, partial(self._take, pencil))

    def put_away(self) -> bool:
        """Leave the pencil, or let go of what is in hand; whether there was anything."""
        session = self._session
        if session.is_drawing:
            session.take_pencil(None)
        elif session.book.chosen:
            session.book.choose("")
        else:
            return False
        return True

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._show_abilities()

    # Doing ---------------------------------------------------------------------------

    def _take(self, pencil: Pencil) -> None:
        session = self._session
        session.take_pencil(None if session.pencil == pencil else pencil)
        self._canvas.view.setFocus()

    def _undo(self) -> None:
        self._canvas.marking.flush()
        self._session.book.undo()

    def _redo(self) -> None:
        self._canvas.marking.flush()
        self._session.book.redo()

    def _with_region(self, do: Callable[[str], None]) -> None:
        if (roi := self._session.regions.chosen) is not None:
            self._canvas.marking.flush()
            do(roi.id)

    def _make_square(self) -> None:
        regions = self._session.regions
        if (roi := regions.chosen) is not None:
            shape = squared(roi.shape, within=regions.size)
            regions.reshape(roi.id, shape, Verb.RESIZED)

    def _lock(self) -> None:
        regions = self._session.regions
        if (roi := regions.chosen) is not None:
            regions.lock(roi.id, is_locked=not roi.is_locked)

    def _choose(self, by: int) -> None:
        book = self._session.book
        ids = ["", *self._canvas.marking.ids]
        at = ids.index(book.chosen) if book.chosen in ids else 0
        book.choose(ids[(at + by) % len(ids)])
        self._canvas.view.setFocus()

    # Showing -------------------------------------------------------------------------

    def _show_pencil(self, pencil: Pencil | None) -> None:
        for name, its in _PENCILS.items():
            self._actions[name].setChecked(pencil == its)

    def _show_abilities(self) -> None:
        session, book = self._session, self._session.book
        roi = session.regions.chosen
        able = {
            "duplicate": roi is not None,
            "square": roi is not None and not roi.is_locked,
            "lock": roi is not None and not roi.id.startswith(LAID),
            "next_mark": bool(self._canvas.marking.ids),
            "previous_mark": bool(self._canvas.marking.ids),
            "delete_mark": bool(book.chosen) and not (roi is not None and roi.is_locked),
            "remove": bool(session.rois),
            "undo": book.undoes is not None,
            "redo": book.redoes is not None,
        }
        for name, is_able in able.items():
            self._actions[name].setEnabled(is_able)
        self._actions["lock"].setChecked(roi is not None and roi.is_locked)
        undo = QCoreApplication.translate("actions", "U&ndo")
        redo = QCoreApplication.translate("actions", "Re&do")
        for name, text, verb in (("undo", undo, book.undoes), ("redo", redo, book.redoes)):
            words = f"{text}: {verb_words(verb)}" if verb is not None else text
            self._actions.rename(name, words)
