"""The picture with its evidence, as the session has it."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector_app.domain.region import Region
from inspector_app.gui.canvas.bearings import MiniMap, Ruler
from inspector_app.gui.canvas.box_item import BoxItem
from inspector_app.gui.canvas.heat_item import HeatItem
from inspector_app.gui.canvas.legend import CornerText, Legend
from inspector_app.gui.canvas.picture_item import PictureItem
from inspector_app.gui.canvas.view import View
from inspector_app.gui.facts import LETTERS, MANUAL, Display, Evidence
from inspector_app.gui.picture import Picture
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.words import score_words

AI_COLOUR = "#ffc400"
HUMAN_COLOUR = "#4fd8ff"
_GAP = 10


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
        self._drawn: list[BoxItem] = []
        self._picture = PictureItem()
        self._heat = HeatItem()
        self.view = View(self)
        self.view.scene().addItem(self._picture)
        self.view.scene().addItem(self._heat)
        self.view.setAccessibleName(self.tr("Picture"))
        self._legend = Legend(look, self)
        self._corner = CornerText(self)
        self.map = MiniMap(look, self)
        self.ruler = Ruler(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._listen()
        self._on_look_changed()
        self._show_picture(session.picture)

    def _listen(self) -> None:
        session = self._session
        session.picture_changed.connect(self._show_picture)
        session.evidence_changed.connect(self._show_evidence)
        session.display_changed.connect(self._show_display)
        session.rois_changed.connect(self._show_drawn)
        session.region_lit.connect(self._light)
        session.zoom_wanted.connect(self.view.travel_to)
        session.drawing_changed.connect(lambda is_on: self.view.set_drawing(is_on=is_on))
        self.view.drawn.connect(self._on_drawn)
        self.view.pointed.connect(self.pointed)
        self.view.zoomed.connect(self._on_zoomed)
        self.view.moved.connect(self._on_moved_view)
        self.map.wanted.connect(self.view.center_on)
        self._look.changed.connect(self._on_look_changed)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.view.setAccessibleName(self.tr("Picture"))
        self._legend.retranslate()
        self._on_zoomed(self.view.scale_now)
        self._show_evidence(self._session.evidence)

    def hold_bare(self, is_held: bool) -> None:
        """While a key is held, nothing lies on the picture."""
        display = self._session.display
        if display.is_bare != is_held:
            self._session.change_display(replace(display, is_bare=is_held))

    def _show_picture(self, picture: Picture | None) -> None:
        self._picture.set_pyramid(picture.pyramid if picture is not None else None)
        size = picture.size if picture is not None else (0, 0)
        self._heat.set_size(size)
        self.map.show_picture(picture)
        if picture is not None:
            self.view.set_size(size)
        self._on_zoomed(self.view.scale_now)

    def _show_evidence(self, evidence: Evidence) -> None:
        for box in self._boxes:
            self.view.scene().removeItem(box)
        self._boxes.clear()
        for index, scored in enumerate(evidence.regions):
            is_manual = scored.origin == MANUAL
            box = BoxItem(
                scored.region,
                letter=LETTERS[index % len(LETTERS)],
                colour=HUMAN_COLOUR if is_manual else AI_COLOUR,
                is_solid=is_manual,
            )
            box.setToolTip(score_words(scored))
            box.on_hover = partial(self._on_hover, index)
            box.on_opened = self._session.zoom_to
            self.view.scene().addItem(box)
            self._boxes.append(box)
        self._show_display(self._session.display)

    def _show_drawn(self, rois: tuple[Region, ...]) -> None:
        # A box that was just moved is in the middle of its own mouse event: it is kept and
        # told its place, for to delete it there would end the program.
        for box, region in zip(self._drawn, rois, strict=False):
            box.set_region(region)
        for box in self._drawn[len(rois) :]:
            self.view.scene().removeItem(box)
        del self._drawn[len(rois) :]
        picture = self._session.picture
        if picture is None:
            return
        for index, region in list(enumerate(rois))[len(self._drawn) :]:
            box = BoxItem(
                region, letter=LETTERS[index], colour=HUMAN_COLOUR, is_solid=True, is_movable=True
            )
            box.limits = Region.whole(picture.size)
            box.on_changed = partial(self._on_moved, index)
            box.on_hover = partial(self._on_hover, index)
            box.on_opened = self._session.zoom_to
            self.view.scene().addItem(box)
            self._drawn.append(box)
        self._show_display(self._session.display)

    def _show_display(self, display: Display) -> None:
        attention = self._session.evidence.map
        self._heat.show_map(attention, display)
        drawn = set(self._session.rois)
        for box in self._boxes:
            # While its rectangle can still be moved by hand, a box is not drawn twice.
            is_doubled = box.is_solid and box.region in drawn
            box.setVisible(display.boxes and not display.is_bare and not is_doubled)
        for box in self._drawn:
            box.setVisible(display.boxes and not display.is_bare)
        self._legend.show_map(attention, display)
        self._place_overlays()

    def _light(self, index: int) -> None:
        for at, box in enumerate(self._boxes):
            box.set_lit(at == index)
        for at, box in enumerate(self._drawn):
            box.set_lit(at == index)

    def _on_hover(self, index: int, is_over: bool) -> None:
        self._session.light(index if is_over else -1)

    def _on_drawn(self, region: Region) -> None:
        self._session.add_roi(region)
        self._session.set_drawing(is_on=False)

    def _on_moved(self, index: int, region: Region) -> None:
        rois = list(self._session.rois)
        rois[index] = region
        self._session.set_rois(rois)

    def _on_zoomed(self, scale: float) -> None:
        picture = self._session.picture
        if picture is None:
            self._corner.hide()
            return
        percent = scale * self.devicePixelRatioF() * 100
        lines = [Path(picture.locator).name, f"{percent:.0f} %"]
        window = picture.provenance.window
        if window is not None:
            lines.append(
                self.tr("window {center:g} ± {half:g}, {name}").format(
                    center=window.center, half=window.width / 2, name=window.name
                )
            )
        lines.extend(picture.provenance.notes)
        self._corner.set_lines(lines)
        self._corner.show()
        frame = picture.frame
        spacing = frame.mm_per_pixel[0] if frame is not None and frame.mm_per_pixel else None
        self.ruler.show_scale(scale, mm_per_pixel=spacing)
        self._on_moved_view()
        self._place_overlays()

    def _on_moved_view(self) -> None:
        self.map.show_seen(self.view.seen(), is_fitted=self.view.is_fitted)

    def _on_look_changed(self) -> None:
        colour = QColor(self._look.colours.canvas)
        self.view.setBackgroundBrush(QBrush(colour))
        self.view.is_calm = self._look.is_calm

    def _place_overlays(self) -> None:
        self._corner.move(_GAP, _GAP)
        self._legend.adjustSize()
        self._legend.move(_GAP, self.height() - self._legend.height() - _GAP)
        self.map.move(self.width() - self.map.width() - _GAP, _GAP)
        low = self.height() - self.ruler.height() - _GAP
        self.ruler.move(self.width() - self.ruler.width() - _GAP, low)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        self._place_overlays()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def value_at(picture: Picture | None, point: QPointF | None) -> tuple[int, int, str] | None:
    """(x, y, value in words) of the pixel under a point, or None outside the picture."""
    if picture is None or point is None:
        return None
    x, y = int(point.x() // 1), int(point.y() // 1)
    width, height = picture.size
    if not (0 <= x < width and 0 <= y < height):
        return None
    if picture.frame is None:
        return x, y, ""
    if picture.frame.values is not None:
        return x, y, f"{picture.frame.values[y, x]:g}"
    red, green, blue = (int(part) for part in picture.frame.pixels[y, x])
    return x, y, str(red) if red == green == blue else f"{red} {green} {blue}"
