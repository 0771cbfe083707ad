"""A second picture beside the first, moved, turned and windowed with it while they are linked."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector_app.gui.canvas.corners import Corners, Sight
from inspector_app.gui.canvas.feeding import Feeder
from inspector_app.gui.canvas.grid_item import GridItem
from inspector_app.gui.canvas.hands import Tool
from inspector_app.gui.canvas.picture_item import PictureItem
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.canvas.view import View
from inspector_app.gui.choices import Choices
from inspector_app.gui.picture import AS_OPENED, Picture, Tone
from inspector_app.gui.theme import Look
from inspector_app.gui.viewing import Manner, Viewing

_GAP = 10


class ComparePane(QWidget):
    """Shows a picture that was put aside, next to the one that is open.

    Args:
        other: The view of the open picture.
        viewing: How that is looked at.
        choices: The settings.
        look: Colours.
        feeder: Makes what is seen ready for the screen.
    """

    def __init__(
        self, other: View, viewing: Viewing, choices: Choices, look: Look, *, feeder: Feeder
    ) -> None:
        super().__init__()
        self._other = other
        self._viewing = viewing
        self._choices = choices
        self._look = look
        self._picture: Picture | None = None
        self._tone: Tone = AS_OPENED
        self._is_following = False
        self.is_linked = True
        self.view = View(self)
        self._shown, self._grid = PictureItem(feeder), GridItem()
        self.view.scene().addItem(self._shown)
        self.view.scene().addItem(self._grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
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
        self._viewing.tone_changed.connect(self._follow_tone)
        self._viewing.turn_changed.connect(self._follow_turn)
        self._viewing.tool_changed.connect(self._take)
        self.view.windowed.connect(self._on_windowed)
        self.view.rested.connect(self._viewing.rest)
        self.view.zoomed.connect(lambda _scale: self._show_texts())
        self._choices.settings_changed.connect(lambda _settings: self._show_texts())
        self._look.changed.connect(self._on_look_changed)

    @property
    def picture(self) -> Picture | None:
        """What was put aside, or None."""
        return self._picture

    def show_picture(self, picture: Picture | None) -> None:
        """Put a picture beside the open one; None closes the pane."""
        self._picture = picture
        self._shown.set_pyramid(picture.pyramid if picture is not None else None)
        self._grid.show_picture(picture)
        self.setVisible(picture is not None)
        if picture is not None:
            self.view.set_size(picture.size)
            self._follow_tone(self._viewing.manner.tone, False)
            self._follow_turn(self._viewing.manner.turn)
            self._take(self._viewing.tool)
            self._follow(self._other)

    def set_linked(self, *, is_on: bool) -> None:
        """Whether both move, turn and are windowed together."""
        self.is_linked = is_on
        if is_on:
            self._follow_tone(self._viewing.manner.tone, False)
            self._follow_turn(self._viewing.manner.turn)
            self._follow(self._other)

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
        is_alike = self._picture.pyramid.is_deep == self._viewing.is_deep
        self._tone = tone if is_alike else Tone(is_inverted=tone.is_inverted)
        self._shown.set_tone(self._tone, is_hasty=is_hasty)
        self._show_texts()

    def _follow_turn(self, turn: Turn) -> None:
        if self._picture is not None and self.is_linked:
            self.view.set_turn(turn)
            self._show_texts()

    def _take(self, tool: Tool) -> None:
        self.view.hands = self._viewing.hands
        self.view.set_tool(Tool.WINDOW if tool == Tool.WINDOW else Tool.HAND)

    def _on_windowed(self, dx: float, dy: float) -> None:
        if self.is_linked:
            self._viewing.drag_window(dx, dy)

    # Showing -------------------------------------------------------------------------

    def _show_texts(self) -> None:
        picture = self._picture
        if picture is None:
            self._corners.show_sight(None, has_texts=False)
            return
        sight = Sight(
            picture,
            Manner(tone=self._tone, turn=self.view.turn),
            window=self._tone.window or picture.provenance.window,
            percent=self.view.scale_now * self.devicePixelRatioF() * 100,
            calibration=None,
            hides_patient=self._choices.settings.hide_patient,
        )
        self._corners.show_sight(sight, has_texts=self._choices.settings.corner_texts)
        self._corners.place(QSize(self.width(), self.height()), gap=_GAP)

    def _on_look_changed(self) -> None:
        self.view.setBackgroundBrush(QBrush(QColor(self._look.colours.canvas)))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.view.setAccessibleName(self.tr("Compared picture"))
        self._show_texts()

    def resizeEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_texts()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
