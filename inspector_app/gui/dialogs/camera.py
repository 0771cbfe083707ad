"""Which camera? A device of the list, an address, or a folder to watch."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.live import FoundCamera, is_camera_address
from inspector_app.gui.parts import caption, muted

_ADDRESS = Qt.ItemDataRole.UserRole


class CameraDialog(QDialog):
    """Asks for a camera.

    Signals:
        chosen: Its address.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices_title, self._address_title = caption(), caption()
        self.devices = QListWidget()
        self.devices.setMaximumHeight(150)
        self._none = muted()
        self.address = QLineEdit()
        self.folder = QPushButton()
        self._help = muted()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._arrange()
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self.address.textChanged.connect(lambda _text: self._show_ability())
        self.devices.itemClicked.connect(self._take)
        self.devices.itemActivated.connect(self._open_device)
        self.folder.clicked.connect(self._ask_folder)
        self.show_devices(())
        self.retranslate()
        self._show_ability()
        self.resize(480, 380)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.address, 1)
        line.addWidget(self.folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self._devices_title)
        layout.addWidget(self.devices)
        layout.addWidget(self._none)
        layout.addSpacing(8)
        layout.addWidget(self._address_title)
        layout.addLayout(line)
        layout.addWidget(self._help)
        layout.addStretch()
        layout.addWidget(self.buttons)

    def show_devices(self, found: Sequence[FoundCamera]) -> None:
        """The cameras of this machine."""
        self.devices.clear()
        for camera in found:
            item = QListWidgetItem(f"{camera.title}  ·  {camera.address}")
            item.setData(_ADDRESS, camera.address)
            self.devices.addItem(item)
        self.devices.setVisible(bool(found))
        self._none.setVisible(not found)
        if found and not self.address.text():
            self.devices.setCurrentRow(0)
            self.address.setText(found[0].address)

    def _take(self, item: QListWidgetItem) -> None:
        self.address.setText(str(item.data(_ADDRESS)))

    def _open_device(self, item: QListWidgetItem) -> None:
        self._take(item)
        self._choose()

    def _ask_folder(self) -> None:
        if name := QFileDialog.getExistingDirectory(self, self.tr("Watch a folder")):
            self.address.setText(f"folder:{name}")

    def _show_ability(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setEnabled(is_camera_address(self.address.text().strip()))

    def _choose(self) -> None:
        address = self.address.text().strip()
        if is_camera_address(address):
            self.chosen.emit(address)
            self.accept()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Open a camera"))
        self._devices_title.setText(self.tr("Cameras of this computer"))
        self._none.setText(self.tr("No camera was found at this computer."))
        self._address_title.setText(self.tr("Address"))
        self.address.setPlaceholderText("rtsp://192.168.1.20/stream")
        self.address.setAccessibleName(self.tr("Address"))
        self.devices.setAccessibleName(self.tr("Cameras of this computer"))
        self.folder.setText(self.tr("Watch a folder …"))
        self._help.setText(
            self.tr(
                "usb:0 for a USB camera, rtsp:// or http:// for a network camera, genicam:SERIAL"
                " for an industrial camera, folder:/path for pictures that another program puts"
                " there. A password stands in the address; it is not stored."
            )
        )
        for which, words in (
            (QDialogButtonBox.StandardButton.Open, self.tr("Open")),
            (QDialogButtonBox.StandardButton.Cancel, self.tr("Cancel")),
        ):
            self.buttons.button(which).setText(words)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
