"""In the toolbar: which preset is in use, and the others that can be chosen."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from inspector_app.domain.preset_document import PresetEntry
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.presets import Presets, about_of, title_of
from inspector_app.gui.theme import Look

_ICONS = {"medical": "medical", "industrial": "industrial", "text": "text"}
_WIDEST = 220


class PresetButton(QToolButton):
    """A menu of presets.

    Signals:
        editor_wanted: The user wants to see and change them.
        match_wanted: The user wants two prompt templates compared.
    """

    editor_wanted = Signal()
    match_wanted = Signal()

    def __init__(self, presets: Presets, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets, self._look = presets, look
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(_WIDEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        presets.shown.connect(self.retranslate)
        presets.listed.connect(self.retranslate)
        look.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        preset = self._presets.current
        if preset is None:
            words, tip = self.tr("No preset"), self.tr("Choose a named way of working.")
        else:
            is_left = self._presets.is_left
            title = inert(title_of(preset), limit=40)
            words = self.tr("{title}, changed").format(title=title) if is_left else title
            tip = self.tr("Preset in use: {title}").format(title=title)
            if about := inert(about_of(preset), limit=400):
                tip += "\n" + about
            if is_left:
                tip += "\n" + self.tr(
                    "Strategy, crops, gate or regions were chosen otherwise since."
                )
        room = _WIDEST - 60
        self.setText(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(tip)
        icon = _ICONS.get(preset.trade if preset is not None else "", "done")
        self.setIcon(self._look.icon(icon))

    def _fill(self) -> None:
        self._menu.clear()
        self._group.deleteLater()
        self._group = group = QActionGroup(self)
        current = self._presets.current
        for entry in self._presets.entries:
            action = self._entry(entry)
            action.setChecked(current is not None and current.name == entry.name)
            group.addAction(action)
        self._menu.addSeparator()
        none = self._menu.addAction(self.tr("No preset"))
        none.setCheckable(True)
        none.setChecked(current is None)
        none.triggered.connect(lambda: self._presets.choose(""))
        group.addAction(none)
        self._menu.addSeparator()
        edit = self._menu.addAction(self.tr("Edit presets …"))
        edit.triggered.connect(self.editor_wanted)
        match = self._menu.addAction(self.tr("Compare two prompt templates …"))
        match.triggered.connect(self.match_wanted)

    def _entry(self, entry: PresetEntry) -> QAction:
        # In a menu an ampersand would underline the next letter.
        title = inert(title_of(entry.preset), limit=60).replace("&", "&&")
        action = self._menu.addAction(title)
        action.setCheckable(True)
        action.setToolTip(plain_tip(inert(about_of(entry.preset), limit=400) or title))
        action.triggered.connect(lambda: self._presets.choose(entry.name))
        return action

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
