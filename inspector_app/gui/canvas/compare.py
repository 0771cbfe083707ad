"""A second picture beside the first, moved, turned and windowed with it while they are linked."""

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from inspector_app.domain.messages import Problem
from inspector_app.gui.canvas.corners import Corners, Sight
from inspector_app.gui.canvas.feeding import Feeder
from inspector_app.gui.canvas.grid_item import GridItem
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.canvas.picture_item import PictureItem
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.canvas.view import View
from inspector_app.gui.facts import Notice
from inspector_app.gui.picture import AS_OPENED, Picture, Tone
from inspector_app.gui.session import Session
from inspector_app.gui.stacks import Stacks
from inspector_app.gui.theme import Look
from inspector_app.gui.viewing import Manner, Viewing

_GAP = 10
_MARK = 2


class ComparePane(QWidget):
    """Shows another picture next to the one that is open, and is leafed through by itself.

    Args:
        other: The view of the open picture.
        viewing: How that is looked at.
        session: Knows the worklist and the settings.
        look: Colours.
        feeder: Makes what is seen ready for the screen.

    Signals:
        changed: Another picture, or none, is shown.
    """

    changed = Signal()

    def __init__(
        self, other: View, viewing: Viewing, session: Session, look: Look, *, feeder: Feeder
    ) -> None:
        super().__init__()
        self._other = other
        self._main = viewing
        self._session = session
        self._look = look
        self._picture: Picture | None = None
        self._locator = ""
        self._tone: Tone = AS_OPENED
        self._is_following = False
        self.is_linked = True
        self.stacks: Stacks | None = None
        self.viewing = Viewing(session, self)
        self.view = View(self)
        self._shown, self._grid = PictureItem(feeder), GridItem()
        self.view.scene().addItem(self._shown)
        self.view.scene().addItem(self._grid)
        self._mark = QFrame()
        self._mark.setFixedHeight(_MARK)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._mark)
        layout.addWidget(self.view)
        self._corners = Corners(self)
        self._listen()
        self._on_look_changed()
        self.hide()
        self.retranslate()

    def _listen(self) -> None:
        for view in (self._other, self.view):
            view.moved.connect(lambda view=view: self._follow(view))
            view.zoomed.connect(lambda _scale, view=view: self._follow(view))
        self._main.tone_changed.connect(self._follow_tone)
        self._main.turn_changed.connect(self._follow_turn)
        self._main.tool_changed.connect(self._take)
        self.viewing.tone_changed.connect(self._show_own_tone)
        self.viewing.turn_changed.connect(self._show_own_turn)
        self.view.windowed.connect(self._on_windowed)
        self.view.rested.connect(self._on_rested)
        self.view.zoomed.connect(lambda _scale: self._show_texts())
        self.view.leafed.connect(self.leaf)
        self.view.stepped.connect(self.go)
        self.view.installEventFilter(self)
        self._session.settings_changed.connect(lambda _settings: self._show_texts())
        self._look.changed.connect(self._on_look_changed)

    @property
    def picture(self) -> Picture | None:
        """What is compared with the open picture, or None."""
        return self._picture

    @property
    def has_focus(self) -> bool:
        """Whether keys are for this half."""
        return self._picture is not None and self.view.hasFocus()

    @property
    def _leading(self) -> Viewing:
        """Whose window and turn this half has."""
        return self._main if self.is_linked else self.viewing

    def show_picture(self, picture: Picture | None) -> None:
        """Put a picture beside the open one; None closes the pane."""
        is_alike = picture is not None and picture.size == self.view.picture_size
        place = self.view.center, self.view.scale_now, self.view.is_fitted
        self._picture = picture
        self._locator = picture.locator if picture is not None else ""
        self._shown.set_pyramid(picture.pyramid if picture is not None else None)
        self._grid.show_picture(picture)
        self.setVisible(picture is not None)
        if picture is None:
            self.viewing.show_picture(None, left_at=None)
            self.changed.emit()
            return
        # The view fits a new picture; the one that is open does not follow in this.
        self._is_following = True
        self.view.set_size(picture.size)
        self._is_following = False
        self.viewing.show_picture(picture, left_at=None)
        if self.is_linked:
            self._follow_tone(self._main.manner.tone, False)
            self._follow_turn(self._main.manner.turn)
            self._follow(self._other)
        elif is_alike and not place[2]:
            self.view.look(place[0], place[1])
        self._take(self._main.tool)
        self._show_stack()
        self.changed.emit()

    def set_linked(self, *, is_on: bool) -> None:
        """Whether both move, turn and are windowed together."""
        if self.is_linked and not is_on:
            # Each goes on from where both were.
            self.viewing.set_manner(Manner(tone=self._tone, turn=self.view.turn))
        self.is_linked = is_on
        if is_on:
            self._follow_tone(self._main.manner.tone, False)
            self._follow_turn(self._main.manner.turn)
            self._follow(self._other)

    # Leafing -------------------------------------------------------------------------

    def go(self, by: int) -> None:
        """The picture `by` places further on in the worklist, as it is shown there."""
        there = self._session.shown.neighbour(self._locator, by=by)
        if there is not None:
            self.go_to(there)

    def leaf(self, by: int) -> None:
        """The picture `by` places further on in the stack."""
        names = self._stack()
        if len(names) < 2:
            return
        here = self._locator if self._locator in names else names[0]
        there = min(max(names.index(here) + by, 0), len(names) - 1)
        if names[there] != here:
            self.go_to(names[there])

    def go_to(self, locator: str) -> None:
        """Show this picture here; the open one stays."""
        # Fast wheels run ahead of the pictures: the next step counts from here.
        self._locator = locator
        self._session.desk.open_beside(locator, opened=self._on_opened, refused=self._on_refused)

    def _on_opened(self, picture: Picture) -> None:
        if self._picture is not None and picture.locator == self._locator:
            self.show_picture(picture)

    def _on_refused(self, problem: Problem) -> None:
        if self._picture is not None:
            self._locator = self._picture.locator
        self._session.noticed.emit(Notice.of(problem))

    def _stack(self) -> tuple[str, ...]:
        if self._picture is None or self.stacks is None:
            return ()
        return self.stacks.of(self._picture)

    def _show_stack(self) -> None:
        self.view.has_stack = len(self._stack()) > 1
        self._show_texts()

    # Following -----------------------------------------------------------------------

    def _follow(self, leader: View) -> None:
        """Bring the other view to where the leader stands, by shares of the pictures."""
        if self._picture is None or not self.is_linked or self._is_following:
            return
        follower = self.view if leader is self._other else self._other
        if 0 in leader.picture_size or 0 in follower.picture_size:
            return
        self._is_following = True
        try:
            if leader.is_fitted:
                follower.fit()
                return
            across, down = (
                theirs / own
                for theirs, own in zip(follower.picture_size, leader.picture_size, strict=True)
            )
            center = leader.center
            follower.look(
                QPointF(center.x() * across, center.y() * down), leader.scale_now / across
            )
        finally:
            self._is_following = False

    def _follow_tone(self, tone: Tone, is_hasty: bool) -> None:
        if self._picture is None or not self.is_linked:
            return
        # Grey values of one kind are not those of the other.
        is_alike = self._picture.pyramid.is_deep == self._main.is_deep
        self._show_tone(tone if is_alike else Tone(is_inverted=tone.is_inverted), is_hasty)

    def _follow_turn(self, turn: Turn) -> None:
        if self._picture is not None and self.is_linked:
            self.view.set_turn(turn)
            self._show_texts()

    def _show_own_tone(self, tone: Tone, is_hasty: bool) -> None:
        if self._picture is not None and not self.is_linked:
            self._show_tone(tone, is_hasty)

    def _show_own_turn(self, turn: Turn) -> None:
        if self._picture is not None and not self.is_linked:
            self.view.set_turn(turn)
            self._show_texts()

    def _show_tone(self, tone: Tone, is_hasty: bool) -> None:
        self._tone = tone
        self._shown.set_tone(tone, is_hasty=is_hasty)
        self._show_texts()

    def _take(self, tool: Tool) -> None:
        self.view.hands = self._main.hands
        self.view.set_tool(Tool.WINDOW if tool == Tool.WINDOW else Tool.HAND)

    def _on_windowed(self, dx: float, dy: float) -> None:
        self._leading.drag_window(dx, dy)

    def _on_rested(self) -> None:
        self._leading.rest()

    # Showing -------------------------------------------------------------------------

    def _show_texts(self) -> None:
        picture = self._picture
        if picture is None:
            self._corners.show_sight(None, has_texts=False)
            return
        names = self._stack() if self.view.has_stack else ()
        name = picture.locator
        sight = Sight(
            picture,
            Manner(tone=self._tone, turn=self.view.turn),
            window=self._tone.window or picture.provenance.window,
            percent=self.view.scale_now * self.devicePixelRatioF() * 100,
            calibration=None,
            turn=(names.index(name) + 1, len(names)) if name in names else None,
            hides_patient=self._session.settings.hide_patient,
        )
        self._corners.show_sight(sight, has_texts=self._session.settings.corner_texts)
        self._corners.place(QSize(self.width(), self.height()), gap=_GAP)

    def _on_look_changed(self) -> None:
        self.view.setBackgroundBrush(QBrush(QColor(self._look.colours.canvas)))
        self._show_mark()

    def _show_mark(self) -> None:
        """A line over the half that keys are for."""
        colours = self._look.colours
        colour = colours.accent if self.view.hasFocus() else colours.canvas
        self._mark.setStyleSheet(f"background: {colour}")

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.view.setAccessibleName(self.tr("Compared picture"))
        self._show_texts()

    # Events --------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_mark()
            # The switch may belong to this half now.
            self.changed.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_texts()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
