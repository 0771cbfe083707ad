"""What the model saw: every picture exactly as it was given to it, with its prompt."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.inspection import Inspection, ShownView
from inspector_app.domain.wording import tag
from inspector_app.gui.facts import MANUAL
from inspector_app.gui.painting import painter_on
from inspector_app.gui.panels.windows import window_words
from inspector_app.gui.parts import caption, muted
from inspector_app.gui.picture import Pyramid
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look


class Sheet(QWidget):
    """One view: pixel by pixel, or as large as there is room; never interpolated when enlarged."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pyramid: Pyramid | None = None
        self._is_exact = True
        self._make_room()
        look.changed.connect(self.update)

    def show_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another view."""
        self._pyramid = pyramid
        self._make_room()
        self.update()

    def set_exact(self, *, is_exact: bool) -> None:
        """One pixel of the view on one of the screen, or all of it in the room there is."""
        self._is_exact = is_exact
        self._make_room()
        self.update()

    def _make_room(self) -> None:
        if self._is_exact and self._pyramid is not None:
            ratio = self.devicePixelRatioF()
            width, height = (math.ceil(side / ratio) for side in self._pyramid.size)
            self.setMinimumSize(width, height)
        else:
            self.setMinimumSize(240, 200)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return QSize(560, 460)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        with painter_on(self) as painter:
            painter.fillRect(event.rect(), QColor(self._look.colours.canvas))
            if self._pyramid is not None:
                self._paint_view(painter, self._pyramid, QRectF(event.rect()))

    def _paint_view(self, painter: QPainter, pyramid: Pyramid, seen: QRectF) -> None:
        width, height = pyramid.size
        ratio = self.devicePixelRatioF()
        scale = min(self.width() / width, self.height() / height, 8.0)
        if self._is_exact:
            scale = 1.0 / ratio
        level = pyramid.level_for(scale * self.devicePixelRatioF())
        target = QRectF(0, 0, width * scale, height * scale)
        target.moveCenter(QRectF(self.rect()).center())
        # On whole pixels of the screen, or one to one would be a blur.
        target.moveTopLeft(QPointF(*(int(at * ratio) / ratio for at in target.topLeft().toTuple())))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1.0)
        # Of a picture of a hundred megapixels only what is seen is made ready.
        own = pyramid.extent(level)
        across, down = own.width() / target.width(), own.height() / target.height()
        part = seen.translated(-target.topLeft())
        box = (
            QRectF(part.x() * across, part.y() * down, part.width() * across, part.height() * down)
            .toAlignedRect()
            .adjusted(-1, -1, 1, 1)
            .intersected(own)
        )
        if not box.isEmpty():
            place = QRectF(
                box.x() / across, box.y() / down, box.width() / across, box.height() / down
            )
            painter.drawImage(place.translated(target.topLeft()), pyramid.piece(level, box))


class ViewsDialog(QDialog):
    """The views of the shown inspection, the whole picture first, and the prompts."""

    def __init__(self, session: Session, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.list = QListWidget()
        self.list.setFixedWidth(190)
        self.sheet = Sheet(look)
        self.exact = QCheckBox()
        self.exact.setChecked(True)
        self._area = QScrollArea()
        self._area.setWidget(self.sheet)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self.words = muted()
        self._prompts_title = caption()
        self._prompts = QPlainTextEdit()
        self._prompts.setReadOnly(True)
        self._views: tuple[ShownView, ...] = ()
        self._inspection: Inspection | None = None
        self._pyramids: dict[int, Pyramid] = {}
        self._arrange()
        self.list.currentRowChanged.connect(self._show_view)
        self.exact.toggled.connect(lambda is_on: self.sheet.set_exact(is_exact=is_on))
        session.inspection_changed.connect(self._show)
        self.retranslate()
        self.resize(880, 640)

    def _arrange(self) -> None:
        right = QWidget()
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._area, 1)
        inside.addWidget(self.exact)
        inside.addWidget(self.words)
        prompts = QWidget()
        below = QVBoxLayout(prompts)
        below.setContentsMargins(0, 8, 0, 0)
        below.addWidget(self._prompts_title)
        below.addWidget(self._prompts)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(right)
        split.addWidget(prompts)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(12)
        layout.addWidget(self.list)
        layout.addWidget(split, 1)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("What the model saw"))
        self.list.setAccessibleName(self.tr("Pictures given to the model"))
        self.exact.setText(self.tr("One pixel on one pixel of the screen (1:1)"))
        self._prompts_title.setText(self.tr("Prompts, exactly as given"))
        self._prompts.setAccessibleName(self.tr("Prompts, exactly as given"))
        self._show(self._session.inspection)

    def _show(self, inspection: Inspection | None) -> None:
        self._inspection = inspection
        self._views = inspection.views if inspection is not None else ()
        self._pyramids.clear()
        self.list.clear()
        each = max(1, len(inspection.windows)) if inspection is not None else 1
        for at, view in enumerate(self._views):
            letter = tag(at // each - 1)
            words = self.tr("Crop {letter}").format(letter=letter)
            words = words if at >= each else self.tr("Whole picture")
            if view.window is not None:
                words += f"\n{window_words(view.window)}"
            QListWidgetItem(words, self.list)
        self._prompts.setPlainText(self._prompt_words(inspection))
        if self._views:
            self.list.setCurrentRow(0)
        else:
            self._show_view(-1)

    def _prompt_words(self, inspection: Inspection | None) -> str:
        if inspection is None:
            return ""
        parts = (
            (self.tr("Whole picture"), inspection.prompt),
            (self.tr("Zoomed"), inspection.zoomed_prompt),
            (self.tr("Neutral"), inspection.neutral_prompt),
        )
        return "\n\n".join(f"{name}:\n{prompt}" for name, prompt in parts if prompt)

    def _show_view(self, row: int) -> None:
        view = self._views[row] if 0 <= row < len(self._views) else None
        if view is None:
            self.sheet.show_pyramid(None)
            self.words.setText(self.tr("Nothing was inspected yet."))
            return
        if view.pixels is None:
            self.sheet.show_pyramid(None)
            self.words.setText(self.tr("This record did not keep its pictures."))
            return
        if row not in self._pyramids:
            self._pyramids[row] = self._pyramid_of(view.pixels)
        self.sheet.show_pyramid(self._pyramids[row])
        self.words.setText("\n".join(self._facts_of(view)))

    def _has_outline(self, view: ShownView) -> bool:
        """Whether it shows a region that a person drew as a polygon or turned rectangle."""
        inspection = self._inspection
        if inspection is None or inspection.strategy != MANUAL:
            return False
        at = next((at for at, one in enumerate(inspection.views) if one is view), 0)
        number = at // max(1, len(inspection.windows)) - 1
        return number >= 0 and bool(inspection.options.cut_of(number).outline)

    def _facts_of(self, view: ShownView) -> list[str]:
        """Size, crop, scale, grey window: how the picture became what the model was given."""
        (width, height), (x0, y0, x1, y1) = view.size, view.region.box
        lines = [
            self.tr(
                "{width} x {height} px as given to the processor; it shows x {x0} to {x1},"
                " y {y0} to {y1} of the picture."
            ).format(width=width, height=height, x0=x0, x1=x1, y0=y0, y1=y1)
        ]
        across, down = width / view.region.width, height / view.region.height
        if max(abs(across - 1), abs(down - 1)) < 1e-9:
            lines.append(self.tr("The picture's own pixels, neither enlarged nor reduced."))
        else:
            is_even = round(across, 2) == round(down, 2)
            scale = f"{across:.3g}" if is_even else f"{across:.3g}, {down:.3g}"
            lines.append(self.tr("Scaled by {scale}.").format(scale=scale))
        if self._has_outline(view):
            lines.append(self.tr("What lies outside of the drawn outline was shown in grey."))
        window = view.window
        if window is None and self._inspection is not None:
            window = self._inspection.provenance.window
        if window is not None:
            lines.append(
                self.tr("Grey through the window of width {width} about {center}.").format(
                    width=f"{window.width:.4g}", center=f"{window.center:.4g}"
                )
            )
        if view.pixels is not None and view.given is not None:
            kept = f"{view.pixels.shape[1]} x {view.pixels.shape[0]} px"
            lines.append(self.tr("The record kept a smaller copy ({size}).").format(size=kept))
        return lines

    def _pyramid_of(self, pixels: NDArray[np.uint8]) -> Pyramid:
        """The one the canvas has, where the model saw the very same array."""
        picture = self._session.picture
        if picture is not None and picture.frame is not None and picture.frame.pixels is pixels:
            return picture.pyramid
        return Pyramid(pixels)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
