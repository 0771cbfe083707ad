"""The help: sections to choose from, a search, and the text."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QIcon, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector_app.gui.help_pages import START, Section, names_in, sections
from inspector_app.gui.language import Language
from inspector_app.gui.parts import filter_field, muted
from inspector_app.gui.theme import Look

_NAME = Qt.ItemDataRole.UserRole
_WIDTH = 220
_AIR = 9
_LINE = 125


class HelpDialog(QDialog):
    """Searchable, without a network, in the language of the window; it does not block the work.

    Args:
        look: For the colour of what was searched for.
        language: Which text is read.
        keys_of: Keys of an action by its name.
    """

    def __init__(
        self,
        look: Look,
        language: Language,
        *,
        keys_of: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._language, self._keys_of = look, language, keys_of
        self._sections: tuple[Section, ...] = ()
        self._name = START
        self.search = filter_field()
        self.list = QListWidget()
        self.list.setFixedWidth(_WIDTH)
        self.none = muted()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.close)
        self._arrange()
        self.search.textChanged.connect(lambda _words: self._on_searched())
        self.search.returnPressed.connect(self.text.setFocus)
        self.list.currentItemChanged.connect(self._on_chosen)
        look.changed.connect(self._show)
        self.retranslate()
        self.resize(860, 680)

    def _arrange(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.search)
        side.addWidget(self.list, 1)
        side.addWidget(self.none)
        self.search.setFixedWidth(_WIDTH)
        self.none.setFixedWidth(_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(side)
        row.addWidget(self.text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(row, 1)
        layout.addWidget(self._buttons)

    def open_at(self, name: str) -> None:
        """Show a section by its name."""
        self._name = name
        self.search.clear()
        self._fill()
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    @property
    def section(self) -> str:
        """Name of the section that is shown; "" where nothing was found."""
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Help"))
        self.search.setPlaceholderText(self.tr("Search the help"))
        self.search.setAccessibleName(self.tr("Search the help"))
        self.list.setAccessibleName(self.tr("Sections"))
        self.text.setAccessibleName(self.tr("Help text"))
        self.none.setText(self.tr("Nothing in the help has these words."))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        self._fill()

    def _on_searched(self) -> None:
        self._fill()

    def _fill(self) -> None:
        # Keys may have been changed since.
        self._sections = sections(self._language.code, keys_of=self._keys_of)
        names = names_in(self._sections, self.search.text())
        chosen = self._name if self._name in names else next(iter(names), "")
        with QSignalBlocker(self.list):
            self.list.clear()
            for one in self._sections:
                if one.name in names:
                    item = QListWidgetItem(one.title)
                    item.setData(_NAME, one.name)
                    self.list.addItem(item)
                    if one.name == chosen:
                        self.list.setCurrentItem(item)
        self.none.setVisible(not names)
        self._show()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._name = str(item.data(_NAME))
            self._show()

    def _show(self) -> None:
        found = next((one for one in self._sections if one.name == self.section), None)
        if found is None:
            self.text.clear()
            return
        self.text.setMarkdown(f"## {found.title}\n\n{found.text}")
        self._space()
        self._mark(self.search.text().split())

    def _space(self) -> None:
        """Air between paragraphs and lines, which Markdown has none of."""
        cursor = QTextCursor(self.text.document())
        form = QTextBlockFormat()
        form.setBottomMargin(_AIR)
        form.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)

    def _mark(self, words: list[str]) -> None:
        """Light up what was searched for."""
        form = QTextCharFormat()
        form.setBackground(QColor(self._look.colours.accent))
        form.setForeground(QColor(self._look.colours.on_accent))
        marks = []
        for word in words:
            cursor = self.text.document().find(word)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(cursor)
                mark.format = form
                marks.append(mark)
                cursor = self.text.document().find(word, cursor)
        self.text.setExtraSelections(marks)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
