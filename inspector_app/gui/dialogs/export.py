"""Stored inspections as files of other programs, and DICOM files sent to an archive."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.exporting import Exported, ExportRecords, SendFiles
from inspector_app.domain.search import Search
from inspector_app.domain.statistics import Figures
from inspector_app.gui.dialogs.handing import Handing
from inspector_app.gui.dialogs.mask_field import MaskField
from inspector_app.gui.parts import caption, hairline, let_enter_be, muted, plain
from inspector_app.gui.search_bar import SearchBar
from inspector_app.gui.session import Session
from inspector_app.gui.wording.problems import loss_words

_FORMATS = {
    "dicom": "DICOM",
    "coco": "COCO",
    "yolo": "YOLO",
    "voc": "Pascal VOC",
    "label_studio": "Label Studio",
    "conversations": "JSONL",
}
_MOST_ARCHIVES = 8


class ExportDialog(QDialog):
    """Which inspections, as what, where to; and the DICOM files of a folder to an archive."""

    def __init__(self, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._count = 0
        self._counting: int | None = None
        self.bar, self.count, self.elsewhere = SearchBar(columns=3), muted(), muted()
        self.format, self.folder = QComboBox(), QLineEdit()
        self.choose = QPushButton()
        self.pictures, self.nameless, self.masks = QCheckBox(), QCheckBox(), MaskField()
        self.archive, self.user, self.password = QComboBox(), QLineEdit(), QLineEdit()
        self.certificate, self.choose_certificate = QLineEdit(), QPushButton()
        self.write, self.send = QPushButton(), QPushButton()
        self.job = Handing(session.desk)
        self._titles = caption(), caption()
        names = ["format", "folder", "to", "user", "password", "certificate"]
        self._labels = {name: plain() for name in names}
        for label in self._labels.values():
            label.setWordWrap(False)
        self._fields: dict[str, QWidget] = {
            "format": self.format,
            "folder": self.folder,
            "to": self.archive,
            "user": self.user,
            "password": self.password,
            "certificate": self.certificate,
        }
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.close)
        self._set_up()
        self._arrange()
        let_enter_be(self)
        self._connect()
        self.retranslate()
        self.resize(760, 680)

    def _set_up(self) -> None:
        for name, words in _FORMATS.items():
            self.format.addItem(words, name)
        self.archive.setEditable(True)
        self.archive.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.archive.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.pictures.setChecked(True)
        self.nameless.setChecked(self._session.settings.hide_patient)
        self._offer_archives()

    def _arrange(self) -> None:
        take, give = QGridLayout(), QGridLayout()
        for grid in (take, give):
            grid.setSpacing(8)
            grid.setColumnStretch(1, 1)
        take.addWidget(self._labels["format"], 0, 0)
        take.addWidget(self.format, 0, 1)
        take.addWidget(self._labels["folder"], 1, 0)
        take.addWidget(_beside(self.folder, self.choose), 1, 1)
        take.addWidget(self.pictures, 2, 1)
        take.addWidget(self.nameless, 3, 1)
        take.addWidget(self.masks, 4, 0, 1, 2)
        take.addWidget(self.write, 5, 1, Qt.AlignmentFlag.AlignRight)
        give.addWidget(self._labels["to"], 0, 0)
        give.addWidget(self.archive, 0, 1)
        give.addWidget(self._labels["user"], 1, 0)
        give.addWidget(_beside(self.user, self._labels["password"], self.password), 1, 1)
        give.addWidget(self._labels["certificate"], 2, 0)
        give.addWidget(_beside(self.certificate, self.choose_certificate), 2, 1)
        give.addWidget(self.send, 3, 1, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._titles[0])
        layout.addWidget(self.bar)
        layout.addWidget(self.count)
        layout.addWidget(self.elsewhere)
        layout.addLayout(take)
        layout.addWidget(hairline())
        layout.addWidget(self._titles[1])
        layout.addLayout(give)
        layout.addStretch(1)
        layout.addWidget(self.job)
        layout.addWidget(self._buttons)

    def _connect(self) -> None:
        self.bar.changed.connect(self._on_search)
        # How many are found by a verdict tells what was found.
        self._session.read_first.changed.connect(
            lambda: self.close() if self._session.read_first.is_hiding else None
        )
        self.choose.clicked.connect(self._choose_folder)
        self.choose_certificate.clicked.connect(self._choose_certificate)
        self.write.clicked.connect(self._write)
        self.send.clicked.connect(self._send)
        self.job.running.connect(lambda _is_running: self._show_abilities())
        self.job.finished.connect(self._on_finished)
        self.masks.typed.connect(self._show_abilities)
        self.folder.textChanged.connect(lambda _text: self._show_abilities())
        self.archive.editTextChanged.connect(lambda _text: self._show_abilities())

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Export and send"))
        self._titles[0].setText(self.tr("Export inspections"))
        self.elsewhere.setText(
            self.tr("Tables (CSV) and reports about many inspections: Tools > Statistics.")
        )
        self._titles[1].setText(self.tr("Send the DICOM files of the folder to an archive"))
        words = {
            "format": self.tr("As"),
            "folder": self.tr("Folder"),
            "to": self.tr("Archive"),
            "user": self.tr("User"),
            "password": self.tr("Password"),
            "certificate": self.tr("Certificates"),
        }
        for name, label in self._labels.items():
            label.setText(words[name])
            self._fields[name].setAccessibleName(words[name])
            label.setBuddy(self._fields[name])
        # Both forms have one left edge.
        first = [one for name, one in self._labels.items() if name != "password"]
        first.append(self.masks.label)
        widest = max(one.sizeHint().width() for one in first)
        for one in first:
            one.setMinimumWidth(widest)
        self.format.setItemText(5, self.tr("Conversations (JSONL)"))
        self.pictures.setText(self.tr("Write the pictures, too"))
        self.nameless.setText(self.tr("Leave out who the patient is, and names of files"))
        self.nameless.setToolTip(
            self.tr(
                "DICOM PS3.15 basic profile. Writing in the pixels and words that people typed "
                "stay: look at them."
            )
        )
        self.masks.line.setToolTip(
            self.tr(
                "In each picture. Write none where you looked and there is no writing in the "
                "pixels; without either, pictures that may name a patient stay here."
            )
        )
        self.folder.setPlaceholderText(self.tr("A new or empty folder"))
        edit = self.archive.lineEdit()
        if edit is not None:
            edit.setPlaceholderText("TITLE@host:104, http://host:8042/dicom-web")
        self.archive.setToolTip(
            self.tr("TITLE@host:port for C-STORE; an address with http or https for DICOMweb.")
        )
        on_web = self.tr("Only for an archive on the web; it is not kept.")
        self.password.setToolTip(on_web)
        self.user.setPlaceholderText(self.tr("Only on the web"))
        self.user.setToolTip(self.tr("Only for an archive on the web"))
        self.certificate.setPlaceholderText(self.tr("PEM of your site, for https"))
        self.choose.setText(self.tr("Choose …"))
        self.choose.setAccessibleName(self.tr("Choose a folder"))
        self.choose_certificate.setAccessibleName(self.tr("Choose a file of certificates"))
        self.choose_certificate.setText(self.tr("Choose …"))
        self.write.setText(self.tr("Export"))
        self.send.setText(self.tr("Send"))
        self._show_count()

    def _on_search(self, search: Search) -> None:
        self._counting = self._session.desk.count(
            search, self._on_counted, instead_of=self._counting
        )

    def _on_counted(self, found: Figures) -> None:
        self._count = sum(found.total.counts)
        self._show_count()

    def _show_count(self) -> None:
        self.count.setText(self.tr("%n inspections", "", self._count))
        self._show_abilities()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("A new or empty folder"), self.folder.text()
        )
        if name:
            self.folder.setText(name)

    def _choose_certificate(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Certificates"), "", "PEM (*.pem *.crt *.cer);;* (*)"
        )
        if name:
            self.certificate.setText(name)

    def _write(self) -> None:
        self.job.begin(
            ExportRecords(
                self.bar.search(),
                self.format.currentData(),
                self.folder.text().strip(),
                with_pictures=self.pictures.isChecked(),
                hides_patient=self.nameless.isChecked(),
                masks=self.masks.masks,
            )
        )

    def _send(self) -> None:
        address = self.archive.currentText().strip()
        self.job.begin(
            SendFiles(
                self.folder.text().strip(),
                address,
                self.user.text().strip(),
                self.password.text(),
                self.certificate.text().strip(),
            )
        )

    def _on_finished(self, value: object) -> None:
        if isinstance(value, Exported):
            self.job.tell(self._exported_words(value))
        elif isinstance(value, int):
            self.job.tell(self.tr("The archive has stored %n files.", "", value))
            self._keep_archive()

    def _exported_words(self, done: Exported) -> str:
        lines = [self.tr("%n pictures exported.", "", done.pictures)]
        lost = [f"•  {loss_words(words)}" for words in done.lost]
        if lost:
            lines += [self.tr("Not in these files:"), *lost]
        return "\n".join(lines)

    def _keep_archive(self) -> None:
        address = self.archive.currentText().strip()
        settings = self._session.settings
        known = tuple(dict.fromkeys((address, *settings.archives)))[:_MOST_ARCHIVES]
        if known != settings.archives:
            self._session.change_settings(replace(settings, archives=known))
            self._offer_archives()

    def _offer_archives(self) -> None:
        typed = self.archive.currentText()
        with QSignalBlocker(self.archive):
            self.archive.clear()
            self.archive.addItems(self._session.settings.archives)
            if typed:
                self.archive.setCurrentText(typed)

    def _show_abilities(self) -> None:
        is_free = not self.job.is_running and bool(self.folder.text().strip())
        self.write.setEnabled(is_free and self._count > 0 and self.masks.problem is None)
        self.send.setEnabled(is_free and bool(self.archive.currentText().strip()))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)
        self.bar.hurry()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _beside(*parts: QWidget) -> QWidget:
    """Some in one line: fields take the room."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, int(isinstance(part, QLineEdit)))
    return line
