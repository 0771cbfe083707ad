"""The report of the shown inspection, page by page, before it is saved: these very bytes."""

from PySide6.QtCore import QEvent, QSize, Qt
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
from inspector_app.gui.dialogs import files
from inspector_app.gui.language import Language
from inspector_app.gui.parts import muted
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
        self.words = muted()
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.words)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._buttons)
        session.inspection_changed.connect(lambda _found: self._make())
        session.desk.failed.connect(lambda _problem: self._say())
        self.retranslate()
        self.resize(760, 760)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Preview of the report"))
        self.save.setText(self.tr("Save this report …"))
        self._say()

    def _make(self) -> None:
        inspection = self._session.inspection
        if not self.isVisible():
            return
        self._clear()
        if inspection is None or inspection.id is None:
            self._say()
            return
        self.words.setText(self.tr("The report is being made …"))
        wanted = PreviewReport(
            inspection.id, self._language.code, self._session.settings.hide_patient
        )
        self._session.desk.preview(wanted, lambda made: self._show(inspection, made))

    def _show(self, inspection: Inspection, made: Preview) -> None:
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
        self.save.setEnabled(self._shown is not None)
        if self._shown is not None:
            words = self.tr("What is saved is exactly what stands here.")
        elif self._session.inspection is None:
            words = self.tr("There is no inspection to report about.")
        elif self._session.inspection.id is None:
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
