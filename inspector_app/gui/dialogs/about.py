"""What the program is, and its keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector_app import __version__
from inspector_app.gui.actions import plain_text
from inspector_app.gui.parts import caption, hairline, muted, plain
from inspector_app.gui.theme import Look


class AboutDialog(QDialog):
    """One page: purpose, notice, and every key that does something.

    Args:
        actions: Their texts and shortcuts make the list of keys.
    """

    def __init__(
        self, actions: Sequence[QAction], look: Look, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = tuple(actions)
        self._symbol = QLabel()
        self._symbol.setPixmap(look.pixmap("program", side=56))
        self._name = plain(f"Inspector {__version__}", role="title")
        self._purpose, self._notice = muted(), plain()
        self._keys_title = caption()
        self._keys = QWidget()
        self._grid = QGridLayout(self._keys)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.close)
        self._arrange()
        self.retranslate()
        self.resize(560, 620)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._name)
        words.addWidget(self._purpose)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._keys.setObjectName("panel")
        self._grid.setContentsMargins(0, 0, 12, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        scroll = QScrollArea()
        scroll.setObjectName("panel")
        scroll.setWidget(self._keys)
        scroll.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._notice)
        layout.addWidget(hairline())
        layout.addWidget(self._keys_title)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._buttons)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("About Inspector and its keys"))
        self._purpose.setText(
            self.tr(
                "Ask a local model about small things in pictures, see where it looked, and read"
                " the answer after zooming. Nothing leaves this computer, unless you choose a"
                " model on a server. Licence: Apache-2.0."
            )
        )
        self._notice.setText(self.tr("For research and quality control. Not for diagnosis."))
        self._keys_title.setText(self.tr("Keys and mouse"))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        self._fill()

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        rows = [
            (plain_text(action.text()), _keys_of(action))
            for action in self._actions
            if action.shortcuts()
        ]
        rows += [
            (self.tr("Ask, while the question has the focus"), self.tr("Enter")),
            (self.tr("The bare picture, while held"), self.tr("Tab")),
            (self.tr("Zoom at the cursor"), self.tr("wheel")),
            (self.tr("Move the picture"), self.tr("drag")),
            (self.tr("Zoom to a crop"), self.tr("click its card")),
            (self.tr("Fit the picture"), self.tr("double click")),
        ]
        for at, (words, keys) in enumerate(rows):
            self._grid.addWidget(plain(words), at, 0)
            self._grid.addWidget(muted(keys), at, 1)
        self._grid.setRowStretch(len(rows), 1)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _keys_of(action: QAction) -> str:
    return ", ".join(
        keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts()
    )
