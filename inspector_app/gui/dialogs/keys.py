"""Which key and which mouse button does what; a key is never given to two things."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.gui.action_table import TABLE
from inspector_app.gui.actions import plain_text
from inspector_app.gui.bindings import BARE, bindings, clash, names, stored, usual
from inspector_app.gui.canvas.hands import Deed, Hands, Roll
from inspector_app.gui.choices import Choices
from inspector_app.gui.parts import caption, filter_field, hairline, muted
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

_CONTEXT = "keys"
_BARE_WORDS = QT_TRANSLATE_NOOP("keys", "Hold: the bare picture")
_MICE = {
    "left": QT_TRANSLATE_NOOP("keys", "Left button"),
    "middle": QT_TRANSLATE_NOOP("keys", "Middle button"),
    "right": QT_TRANSLATE_NOOP("keys", "Right button"),
    "wheel": QT_TRANSLATE_NOOP("keys", "Wheel"),
    "ctrl_wheel": QT_TRANSLATE_NOOP("keys", "Ctrl and wheel"),
    "shift_wheel": QT_TRANSLATE_NOOP("keys", "Shift and wheel"),
}
_DEEDS = {
    Deed.TOOL: QT_TRANSLATE_NOOP("keys", "The tool in hand"),
    Deed.WINDOW: QT_TRANSLATE_NOOP("keys", "Grey window"),
    Deed.PAN: QT_TRANSLATE_NOOP("keys", "Move"),
    Deed.ZOOM: QT_TRANSLATE_NOOP("keys", "Zoom"),
    Roll.LEAF: QT_TRANSLATE_NOOP("keys", "Leaf through the stack, else zoom"),
    Roll.ZOOM: QT_TRANSLATE_NOOP("keys", "Zoom"),
    Roll.NEXT: QT_TRANSLATE_NOOP("keys", "Next picture of the worklist"),
}


def action_words(name: str) -> str:
    """What an action does, in the language of the moment."""
    if name == BARE:
        return QCoreApplication.translate(_CONTEXT, _BARE_WORDS)
    return plain_text(QCoreApplication.translate("actions", TABLE[name][0]))


class KeysDialog(QDialog):
    """Keys by action, and the mouse; each change holds at once."""

    def __init__(self, choices: Choices, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self.filter = filter_field()
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.edit = QKeySequenceEdit()
        self.edit.setClearButtonEnabled(True)
        self.edit.setMaximumSequenceLength(1)
        self.give, self.take, self.usual = QPushButton(), QPushButton(), QPushButton()
        self.words = muted()
        self.mice = {name: QComboBox() for name in _MICE}
        self._labels = {name: QLabel() for name in _MICE}
        self._key_title, self._mouse_title = caption(), caption()
        self.all_usual = QPushButton()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.addButton(self.all_usual, QDialogButtonBox.ButtonRole.ResetRole)
        self._arrange()
        self._listen()
        self.retranslate()
        self.resize(560, 700)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        for button in (self.give, self.take, self.usual):
            button.setAutoDefault(False)
            row.addWidget(button)
        mouse = QFormLayout()
        mouse.setHorizontalSpacing(16)
        for name, field in self.mice.items():
            self._labels[name].setBuddy(field)
            mouse.addRow(self._labels[name], field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._key_title)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        layout.addWidget(self.words)
        layout.addWidget(hairline())
        layout.addWidget(self._mouse_title)
        layout.addLayout(mouse)
        layout.addWidget(self._buttons)

    def _listen(self) -> None:
        self.filter.textChanged.connect(lambda _text: self._show_rows())
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_choice())
        self.edit.keySequenceChanged.connect(lambda _keys: self._show_choice())
        self.give.clicked.connect(self.give_key)
        self.take.clicked.connect(lambda: self._set(()))
        self.usual.clicked.connect(lambda: self._set(usual(self.chosen)))
        self.all_usual.clicked.connect(self._on_all_usual)
        self._buttons.rejected.connect(self.close)
        for name, field in self.mice.items():
            field.activated.connect(lambda _at, name=name: self._on_mouse(name))
        self._choices.settings_changed.connect(lambda _settings: self._show())

    @property
    def chosen(self) -> str:
        """The action in the chosen row; "" where none is."""
        item = self.tree.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    @property
    def _bound(self) -> dict[str, tuple[str, ...]]:
        return bindings(dict(self._choices.settings.keys))

    def choose(self, name: str) -> None:
        """Go to the row of an action."""
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == name:
                self.tree.setCurrentItem(item)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Keys and mouse"))
        self._key_title.setText(self.tr("Keys"))
        self._mouse_title.setText(self.tr("Mouse on the picture"))
        self.filter.setPlaceholderText(self.tr("Filter by name"))
        self.filter.setAccessibleName(self.tr("Filter by name"))
        self.tree.setAccessibleName(self.tr("Keys"))
        self.tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.edit.setAccessibleName(self.tr("New key"))
        self.give.setText(self.tr("Give this key"))
        self.take.setText(self.tr("No key"))
        self.usual.setText(self.tr("As usual"))
        self.all_usual.setText(self.tr("Everything as usual"))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        for name, label in self._labels.items():
            words = QCoreApplication.translate(_CONTEXT, _MICE[name])
            label.setText(words)
            self.mice[name].setAccessibleName(words)
        self._show()

    def _show(self) -> None:
        self._show_rows()
        hands = Hands.of(dict(self._choices.settings.mouse))
        for name, field in self.mice.items():
            now = getattr(hands, name)
            with QSignalBlocker(field):
                field.clear()
                for deed in type(now):
                    field.addItem(QCoreApplication.translate(_CONTEXT, _DEEDS[deed]), deed.value)
                field.setCurrentIndex(field.findData(now.value))

    def _show_rows(self) -> None:
        chosen, wanted = self.chosen, self.filter.text().casefold()
        native = QKeySequence.SequenceFormat.NativeText
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for name, keys in self._bound.items():
                words = action_words(name)
                if wanted in words.casefold():
                    shown = ",  ".join(QKeySequence(key).toString(native) for key in keys)
                    item = QTreeWidgetItem(self.tree, [words, shown])
                    item.setData(0, Qt.ItemDataRole.UserRole, name)
            self.tree.setColumnWidth(0, 300)
        self.choose(chosen or names()[0])
        self._show_choice()

    def _show_choice(self) -> None:
        key = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        found = clash(self._bound, self.chosen, (key,)) if key and self.chosen else None
        self.give.setEnabled(bool(key and self.chosen) and found is None)
        self.take.setEnabled(bool(self.chosen))
        self.usual.setEnabled(bool(self.chosen))
        if found is not None:
            words = self.tr('"{key}" is taken by "{action}"; give that another key first.')
            self.words.setText(words.format(key=found.keys, action=action_words(found.other)))
        else:
            self.words.setText(self.tr("Choose an action, press its new key, and give it."))

    def give_key(self) -> None:
        """Add the key that was pressed to the chosen action, unless it is taken."""
        key = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self._set((*self._bound[self.chosen], key))

    def _set(self, keys: tuple[str, ...]) -> None:
        bound, name = self._bound, self.chosen
        found = clash(bound, name, keys)
        if found is not None:
            words = self.tr('"{key}" is taken by "{action}"; give that another key first.')
            self.words.setText(words.format(key=found.keys, action=action_words(found.other)))
            return
        bound[name] = tuple(dict.fromkeys(keys))
        with QSignalBlocker(self.edit):
            self.edit.clear()
        settings = self._choices.settings
        self._choices.change_settings(replace(settings, keys=stored(bound)))

    def _on_mouse(self, name: str) -> None:
        settings = self._choices.settings
        hands = Hands.of(dict(settings.mouse))
        kind = type(getattr(hands, name))
        changed = replace(hands, **{name: kind(self.mice[name].currentData())})
        if not changed.has_tool:
            self._show()
            self.words.setText(
                self.tr("One button must be left for the tool in hand, or nothing can be drawn.")
            )
            return
        self._choices.change_settings(replace(settings, mouse=changed.as_stored()))

    def _on_all_usual(self) -> None:
        self._choices.change_settings(replace(self._choices.settings, keys=(), mouse=()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
