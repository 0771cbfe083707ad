"""The report of the shown inspection, page by page, before it is saved: these very bytes."""

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QHideEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.filing import Preview
from inspector_app.domain.frame import Pixels
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.record_messages import PreviewReport
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.gui.dialogs import files
from inspector_app.gui.dialogs.mask_field import MaskField
from inspector_app.gui.language import Language
from inspector_app.gui.masks import key_of
from inspector_app.gui.parts import let_enter_be, muted
from inspector_app.gui.picture import image_of
from inspector_app.gui.session import Session


class PreviewDialog(QDialog):
    """Pages of the report as a reader of PDF shows them."""

    def __init__(
        self, session: Session, language: Language, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._language = language
        self._shown: tuple[Inspection, Preview] | None = None
        self._hides = False
        self._typed_of = ""
        self.words = muted()
        self.masks = MaskField()
        self.masks.take.show()
        self.pages: list[QLabel] = []
        self._sheets = QWidget()
        self._column = QVBoxLayout(self._sheets)
        self._column.setSpacing(16)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._sheets)
        self._scroll.setWidgetResizable(True)
        self.save = QPushButton()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.rejected.connect(self.close)
        self.save.clicked.connect(self._save)
        let_enter_be(self._buttons)
        self._arrange()
        self.masks.typed.connect(self._say)
        self.masks.changed.connect(self._on_masks)
        self.masks.take.clicked.connect(self._take_drawn)
        session.inspection_changed.connect(lambda _found: self._make())
        session.settings_changed.connect(self._on_settings)
        session.regions.changed.connect(lambda _rois: self._offer_drawn())
        session.desk.failed.connect(lambda _problem: self._say())
        self.retranslate()
        self.resize(760, 760)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.words)
        layout.addWidget(self.masks)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._buttons)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Preview of the report"))
        self.masks.line.setToolTip(
            self.tr(
                "In every report about this picture that leaves out names. Write none where you "
                "looked and there is no writing in the pixels; without either, what looks like "
                "writing is painted over, and a picture that may name a patient is left out."
            )
        )
        self.save.setText(self.tr("Save this report …"))
        self._say()

    def _make(self) -> None:
        inspection = self._session.inspection
        if not self.isVisible():
            return
        self._clear()
        is_stored = inspection is not None and inspection.id is not None
        self.masks.setVisible(is_stored and self._session.settings.hide_patient)
        if inspection is None or not is_stored:
            self._say()
            return
        with QSignalBlocker(self.masks):
            self.masks.set_size(inspection.size)
            # What is typed and not finished stays while the picture does.
            if self._typed_of != (key := key_of(inspection.provenance)):
                self._typed_of = key
                self.masks.set_masks(self._session.masks.of(inspection))
        self._offer_drawn()
        self._ask(inspection)

    def _ask(self, inspection: Inspection) -> None:
        if inspection.id is None:
            return
        self._clear()
        self.words.setText(self.tr("The report is being made …"))
        hides, masks = self._session.settings.hide_patient, self._session.masks_of(inspection)
        wanted = PreviewReport(inspection.id, self._language.code, hides, masks)
        self._hides = hides
        self._session.desk.preview(wanted, lambda made: self._show(inspection, made))

    def _on_settings(self, settings: Settings) -> None:
        if settings.hide_patient != self._hides:
            self._make()

    def _on_masks(self) -> None:
        inspection = self._session.inspection
        if inspection is None or self.masks.isHidden():
            return
        if self.masks.problem is None and not self._is_masked(inspection):
            self._session.masks.keep(inspection, self.masks.masks)
            self._ask(inspection)
        else:
            self._say()

    def _is_masked(self, inspection: Inspection) -> bool:
        """Whether the report is made, or being made, with what stands in the field."""
        if self.masks.isHidden():
            return True
        known = self._session.masks.of(inspection)
        return self.masks.problem is None and self.masks.masks == known

    def _offer_drawn(self) -> None:
        self.masks.take.setEnabled(bool(self._drawn()))

    def _take_drawn(self) -> None:
        self.masks.set_masks(self._drawn())

    def _drawn(self) -> tuple[Region, ...]:
        """Boxes about the regions on the picture that are meant as masks."""
        inspection, picture = self._session.inspection, self._session.picture
        if inspection is None or picture is None:
            return ()
        if key_of(picture.provenance) != key_of(inspection.provenance):
            return ()
        names = {"mask", self.tr("mask").casefold()}
        drawn = self._session.regions.all
        named = [roi for roi in drawn if roi.name.strip().casefold() in names]
        boxes = (roi.shape.bounds(inspection.size) for roi in named or drawn)
        return tuple(box for box in boxes if box is not None)

    def _show(self, inspection: Inspection, made: Preview) -> None:
        current = self._session.inspection
        if current is None or current.id != inspection.id:
            # Pages that come late may tell what is not to be seen now.
            return
        self._clear()
        self._shown = (inspection, made)
        for number, pixels in enumerate(made.pages, start=1):
            page = QLabel()
            page.setPixmap(self._pixmap(pixels))
            page.setAccessibleName(self.tr("Page {number}").format(number=number))
            self._column.addWidget(page)
            self.pages.append(page)
        self._say()

    def _pixmap(self, pixels: Pixels) -> QPixmap:
        ratio = self.devicePixelRatioF()
        image = image_of(pixels)
        width = int(660 * ratio)
        fitted = image.scaled(
            QSize(width, image.height() * width // max(1, image.width())),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(fitted)

    def _clear(self) -> None:
        self._shown = None
        for page in self.pages:
            self._column.removeWidget(page)
            page.deleteLater()
        self.pages = []
        self.save.setEnabled(False)

    def _say(self) -> None:
        inspection = self._session.inspection
        is_current = self._shown is not None and self._is_masked(self._shown[0])
        self.save.setEnabled(is_current)
        if is_current:
            words = self.tr("What is saved is exactly what stands here.")
        elif self._shown is not None:
            words = self.tr("These pages do not follow what is typed yet.")
        elif inspection is None:
            words = self.tr("There is no inspection to report about.")
        elif inspection.id is None:
            words = self.tr("This inspection could not be stored, so there is no record to show.")
        else:
            words = ""
        self.words.setText(words)

    def _save(self) -> None:
        if self._shown is None:
            return
        inspection, made = self._shown
        hides = self._session.settings.hide_patient
        name = files.destination(self, inspection, suffix="pdf", hides_patient=hides)
        if name:
            self._session.desk.keep_preview(made.content, name)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)
        self._make()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        super().hideEvent(event)
        self._clear()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._make()
        super().changeEvent(event)
