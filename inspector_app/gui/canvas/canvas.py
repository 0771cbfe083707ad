"""The picture with its evidence, as the session has it."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from inspector_app.domain.wording import tag
from inspector_app.gui.canvas.bearings import MiniMap, Ruler
from inspector_app.gui.canvas.box_item import BoxItem
from inspector_app.gui.canvas.compare import ComparePane
from inspector_app.gui.canvas.corners import Corners, Sight
from inspector_app.gui.canvas.feeding import Feeder
from inspector_app.gui.canvas.grid_item import GridItem
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.canvas.heat_item import HeatItem
from inspector_app.gui.canvas.legend import Legend
from inspector_app.gui.canvas.marking import Marking
from inspector_app.gui.canvas.measures import Measures
from inspector_app.gui.canvas.picture_item import PictureItem
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.canvas.view import View
from inspector_app.gui.facts import MANUAL, Display, Evidence
from inspector_app.gui.picture import Picture, Tone
from inspector_app.gui.session import Session
from inspector_app.gui.stacks import Stacks
from inspector_app.gui.theme import Look
from inspector_app.gui.viewing import Place, Viewing, place_of
from inspector_app.gui.wording.words import score_words

AI_COLOUR = "#ffc400"
HUMAN_COLOUR = "#4fd8ff"
_GAP = 10
_TEXTS_MS = 50


class Canvas(QWidget):
    """Picture, heat, boxes, legend.

    Signals:
        pointed: Picture point under the mouse (QPointF), or None.
    """

    pointed = Signal(object)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self._boxes: list[BoxItem] = []
        self.feeder = Feeder(self)
        self.shown = PictureItem(self.feeder)
        self._heat = HeatItem()
        self._grid = GridItem()
        self._stack: tuple[int, int] | None = None
        self.viewing = Viewing(session, self)
        self.stacks = Stacks(session.desk, session.worklist, self)
        self.view = View(self)
        for item in (self.shown, self._heat, self._grid):
            self.view.scene().addItem(item)
        self.measures = Measures(self.view, self.viewing, session.book)
        self.marking = Marking(self.view, self.viewing, session)
        self.view.setAccessibleName(self.tr("Picture"))
        self._legend = Legend(look, self)
        self.corners = Corners(self)
        self.map = MiniMap(look, self)
        self.ruler = Ruler(self)
        self.beside = ComparePane(self.view, self.viewing, session, look, feeder=self.feeder)
        self.beside.stacks = self.stacks
        self._halves = QSplitter()
        self._halves.setChildrenCollapsible(False)
        for half in (self.view, self.beside):
            self._halves.addWidget(half)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._halves)
        self._halves.lower()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TEXTS_MS)
        self._soon.timeout.connect(self._show_scale)
        self._listen()
        self._on_look_changed()
        self._show_picture(session.picture)

    def _listen(self) -> None:
        session = self._session
        session.picture_changed.connect(self._show_picture)
        session.evidence_changed.connect(self._show_evidence)
        session.display_changed.connect(self._show_display)
        session.rois_changed.connect(lambda _rois: self._show_display(session.display))
        session.options_changed.connect(lambda _options: self._show_texts())
        session.region_lit.connect(self._light)
        session.zoom_wanted.connect(self.view.travel_to)
        self.view.pointed.connect(self.pointed)
        self.view.zoomed.connect(self._on_zoomed)
        self.view.moved.connect(self._on_moved_view)
        self.map.wanted.connect(self.view.center_on)
        self._look.changed.connect(self._on_look_changed)
        self.view.resized.connect(self._place_overlays)
        self._listen_to_viewing()

    def _listen_to_viewing(self) -> None:
        view, viewing = self.view, self.viewing
        viewing.tone_changed.connect(self._show_tone)
        viewing.turn_changed.connect(self._show_turn)
        viewing.place_wanted.connect(self._go_to_place)
        viewing.tool_changed.connect(view.set_tool)
        viewing.calibration_changed.connect(lambda _calibration: self._show_scale())
        view.windowed.connect(viewing.drag_window)
        view.rested.connect(self._on_rested)
        view.leafed.connect(self.leaf)
        view.stepped.connect(self._session.go)
        self._session.beside_wanted.connect(self.compare_with)
        view.menu_wanted.connect(self._show_menu)
        self.stacks.changed.connect(self._show_stack)
        self._session.settings_changed.connect(lambda _settings: self._show_settings())
        self._show_settings()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.view.setAccessibleName(self.tr("Picture"))
        self._legend.retranslate()
        self._show_scale()
        self._show_evidence(self._session.evidence)

    def hold_bare(self, is_held: bool) -> None:
        """While a key is held, nothing lies on the picture."""
        display = self._session.display
        if display.is_bare != is_held:
            self._session.change_display(replace(display, is_bare=is_held))

    def _show_picture(self, picture: Picture | None) -> None:
        view = self.view
        left_at = place_of(view.center, view.scale_now, is_fitted=view.is_fitted)
        self.shown.set_pyramid(picture.pyramid if picture is not None else None)
        size = picture.size if picture is not None else (0, 0)
        self._heat.set_size(size)
        self._grid.show_picture(picture)
        self.map.show_picture(picture)
        if picture is not None:
            view.set_size(size)
        self._show_stack()
        self.viewing.show_picture(picture, left_at=left_at)
        self._show_scale()

    def _show_tone(self, tone: Tone, is_hasty: bool) -> None:
        self.shown.set_tone(tone, is_hasty=is_hasty)
        self._session.screen_window = self.viewing.window
        if is_hasty:
            self._show_soon()
        else:
            self.map.show_tone(tone)
            self._show_texts()

    def _show_turn(self, turn: Turn) -> None:
        self.map.show_turn(turn)
        self.view.set_turn(turn)
        self._show_scale()

    def _go_to_place(self, place: Place | None) -> None:
        if place is None:
            self.view.fit()
        else:
            self.view.look(QPointF(*place.center), place.scale)

    def _on_rested(self) -> None:
        if self.view.tool == Tool.WINDOW:
            self.viewing.rest()

    def _show_settings(self) -> None:
        self.view.hands = self.viewing.hands
        self._show_texts()

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.view.actions())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def compare(self, *, is_on: bool) -> None:
        """Put the open picture beside the ones that follow, or take it away again."""
        was_open = self.beside.picture is not None
        self.beside.show_picture(self._session.picture if is_on else None)
        if self.beside.picture is not None and not was_open:
            half = self.width() // 2
            self._halves.setSizes([half, half])
        self._place_overlays()

    def compare_with(self, locator: str) -> None:
        """Put another picture beside the open one, which stays."""
        if self.beside.picture is None:
            self.compare(is_on=True)
        self.beside.go_to(locator)

    @property
    def view_now(self) -> View:
        """The view that keys are for: the compared picture's while it has the focus."""
        return self.beside.view if self.beside.has_focus else self.view

    @property
    def viewing_now(self) -> Viewing:
        """How the picture is looked at that keys are for; linked pictures have one way."""
        is_own = self.beside.has_focus and not self.beside.is_linked
        return self.beside.viewing if is_own else self.viewing

    def go(self, by: int) -> None:
        """Another picture of the worklist, in the half that has the focus."""
        (self.beside if self.beside.has_focus else self._session).go(by)

    def leaf_now(self, by: int) -> None:
        """Another picture of the stack, in the half that has the focus."""
        (self.beside if self.beside.has_focus else self).leaf(by)

    # Stacks --------------------------------------------------------------------------

    def _show_stack(self) -> None:
        self._stack = self._place_in_stack(self._session.picture)
        self.view.has_stack = self._stack is not None
        self._show_texts()

    def _place_in_stack(self, picture: Picture | None) -> tuple[int, int] | None:
        """Number of a picture in its stack, and how many there are; None where it is alone."""
        if picture is None:
            return None
        names = self.stacks.of(picture)
        return (names.index(picture.locator) + 1, len(names)) if len(names) > 1 else None

    def leaf(self, by: int) -> None:
        """Show the picture `by` places further on in the stack."""
        picture = self._session.picture
        if picture is None or self._session.locator is None:
            return
        names = self.stacks.of(picture)
        # Fast wheels run ahead of the pictures: count from the one that is on its way.
        here = self._session.locator if self._session.locator in names else picture.locator
        there = min(max(names.index(here) + by, 0), len(names) - 1)
        if names[there] != here:
            self._session.go_to(names[there])

    def _show_evidence(self, evidence: Evidence) -> None:
        for box in self._boxes:
            self.view.scene().removeItem(box)
        self._boxes.clear()
        for index, scored in enumerate(evidence.regions):
            is_manual = scored.origin == MANUAL
            box = BoxItem(
                scored.region,
                letter=tag(index),
                colour=HUMAN_COLOUR if is_manual else AI_COLOUR,
                is_solid=is_manual,
            )
            box.setToolTip(score_words(scored))
            box.on_hover = partial(self._on_hover, index)
            box.on_opened = self._session.zoom_to
            self.view.scene().addItem(box)
            self._boxes.append(box)
        self._show_display(self._session.display)

    def _show_display(self, display: Display) -> None:
        attention = self._session.evidence.map
        self._heat.show_map(attention, display)
        drawn = set(self._session.rois)
        for box in self._boxes:
            # While its rectangle can still be moved by hand, a box is not drawn twice.
            is_doubled = box.is_solid and box.region in drawn
            box.setVisible(display.boxes and not display.is_bare and not is_doubled)
        self.marking.set_visible(is_visible=display.boxes and not display.is_bare)
        self._legend.show_map(attention, display)
        self.measures.set_bare(is_bare=display.is_bare)
        self.corners.set_bare(is_bare=display.is_bare)
        self._place_overlays()

    def _light(self, index: int) -> None:
        for at, box in enumerate(self._boxes):
            box.set_lit(at == index)
        self.marking.set_lit(index)

    def _on_hover(self, index: int, is_over: bool) -> None:
        self._session.light(index if is_over else -1)

    def _on_zoomed(self, _scale: float) -> None:
        self._on_moved_view()
        self._show_soon()

    def _show_soon(self) -> None:
        """Texts follow a zoom or a dragged window at the pace of the eye, not of the mouse."""
        if not self._soon.isActive():
            self._soon.start()

    def _show_scale(self) -> None:
        """Everything that depends on how near and which way up the picture is."""
        picture = self._session.picture
        self._show_texts()
        if picture is None:
            return
        calibration = self.viewing.calibration
        sideways = int(self.view.turn.is_sideways)
        spacing = calibration.mm_per_pixel[sideways] if calibration is not None else None
        self.ruler.show_scale(self.view.scale_now, mm_per_pixel=spacing)
        self._on_moved_view()
        self._place_overlays()

    def _show_texts(self) -> None:
        settings = self._session.settings
        self.corners.show_sight(self._sight(), has_texts=settings.corner_texts)
        if self._session.display.is_bare:
            self.corners.set_bare(is_bare=True)
        self._place_overlays()

    def _sight(self) -> Sight | None:
        picture = self._session.picture
        if picture is None:
            return None
        return Sight(
            picture,
            self.viewing.manner,
            window=self.viewing.window,
            percent=self.view.scale_now * self.devicePixelRatioF() * 100,
            calibration=self.viewing.calibration,
            turn=self._stack,
            hides_patient=self._session.settings.hide_patient,
            sent=tuple(self._session.sent_windows.values()),
        )

    def _on_moved_view(self) -> None:
        self.map.show_seen(self.view.seen(), is_fitted=self.view.is_fitted)

    def _on_look_changed(self) -> None:
        colour = QColor(self._look.colours.canvas)
        self.view.setBackgroundBrush(QBrush(colour))
        self.view.is_calm = self._look.is_calm

    def _place_overlays(self) -> None:
        self._legend.adjustSize()
        self._legend.move(_GAP, self.view.height() - self._legend.height() - _GAP)
        width, height = self.view.width(), self.view.height()
        self.map.move(width - self.map.width() - _GAP, _GAP)
        low = height - self.ruler.height() - _GAP
        left = width - self.ruler.width() - _GAP
        if self._legend.isVisibleTo(self) and left < self._legend.geometry().right() + _GAP:
            # In half a window both have no room side by side.
            low -= self._legend.height() + _GAP
        self.ruler.move(left, low)
        above = self.map.height() + _GAP if self.map.isVisibleTo(self) else 0
        below = self._legend.height() + _GAP if self._legend.isVisibleTo(self) else 0
        lower = self.ruler.height() if self.ruler.isVisibleTo(self) else 0
        self.corners.place(self.view.size(), gap=_GAP, taken=(above, below, lower))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        self._place_overlays()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
