"""Everything the window can do, by name, icon and key."""

import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from inspector_app.gui.action_table import TABLE
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look

_CONTEXT = "actions"

_SAVES = ("save_png", "save_pdf", "save_html", "save_csv", "save_json")


class Actions(QObject):
    """One QAction each, with text, keys and icon that follow language and theme."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._actions: dict[str, QAction] = {}
        for name, (_text, keys, _icon, is_switch) in TABLE.items():
            action = QAction(self)
            action.setObjectName(name)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(is_switch)
            self._actions[name] = action
        look.changed.connect(self._draw)
        self._draw()
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> tuple[QAction, ...]:
        """Every action, in the order of the table."""
        return tuple(self._actions.values())

    def on(self, name: str, do: Callable[[], object]) -> None:
        """Do something when an action is called."""
        self._actions[name].triggered.connect(lambda _is_checked=False: do())

    def set_keys(self, bound: Mapping[str, Sequence[str]]) -> None:
        """Give every action its keys, by name."""
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in bound[name]])
        self.retranslate()

    def show_abilities(self, session: Session) -> None:
        """Only what can be done now can be chosen."""
        is_open = session.picture is not None
        is_seen = is_open or session.is_live_shown
        is_answered = session.inspection is not None
        has_pictures = session.worklist.rowCount() > 0
        able = {
            **dict.fromkeys(("fit", "actual", "zoom_in", "zoom_out"), is_seen),
            **dict.fromkeys(("draw", "draw_polygon"), is_open),
            **dict.fromkeys(_SAVES, is_answered),
            **dict.fromkeys(("previous", "next", "clear"), has_pictures),
            "reread": session.locator is not None,
            "views": is_answered,
            "preview": is_answered,
            **dict.fromkeys(("statistics", "export"), not session.read_first.is_hiding),
            "operator": not session.read_first.is_on,
            "end_reading": session.read_first.is_hiding,
            "samples": bool(session.samples),
            "stop": session.is_working,
        }
        for name, is_able in able.items():
            self._actions[name].setEnabled(is_able)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        for name, (text, _keys, _icon, _is_switch) in TABLE.items():
            self.rename(name, QCoreApplication.translate(_CONTEXT, text))

    def rename(self, name: str, words: str) -> None:
        """Say in other words what an action would do now."""
        action = self._actions[name]
        action.setText(words)
        plain = plain_text(words)
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain} ({key})" if key else plain)

    def _draw(self) -> None:
        for name, (_text, _keys, icon, _is_switch) in TABLE.items():
            if icon:
                self._actions[name].setIcon(self._look.icon(icon))


def plain_text(words: str) -> str:
    """An action's name without its mnemonic and without dots."""
    return re.sub(r"\(&\w\)", "", words).replace("&", "").rstrip(" …")
