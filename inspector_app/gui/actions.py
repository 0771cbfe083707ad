"""Everything the window can do, by name, icon and key."""

import re
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from inspector_app.gui.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look

_CONTEXT = "actions"

# name: (text, keys, icon, whether it is a switch)
_TABLE: dict[str, tuple[str, tuple[str, ...], str, bool]] = {
    "open": (QT_TRANSLATE_NOOP("actions", "&Open pictures …"), ("Ctrl+O",), "picture", False),
    "folder": (
        QT_TRANSLATE_NOOP("actions", "Open a &folder …"),
        ("Ctrl+Shift+O",),
        "folder",
        False,
    ),
    "samples": (QT_TRANSLATE_NOOP("actions", "Open the &samples"), (), "views", False),
    "reread": (QT_TRANSLATE_NOOP("actions", "&Read again"), ("F5",), "reload", False),
    "clear": (QT_TRANSLATE_NOOP("actions", "&Empty the worklist"), (), "trash", False),
    "save_png": (
        QT_TRANSLATE_NOOP("actions", "Save annotated &picture …"),
        ("Ctrl+S",),
        "save-picture",
        False,
    ),
    "save_pdf": (
        QT_TRANSLATE_NOOP("actions", "Save &report as PDF …"),
        ("Ctrl+P",),
        "pdf",
        False,
    ),
    "save_json": (QT_TRANSLATE_NOOP("actions", "Save record as &JSON …"), (), "text", False),
    "quit": (QT_TRANSLATE_NOOP("actions", "&Quit"), ("Ctrl+Q",), "", False),
    "previous": (
        QT_TRANSLATE_NOOP("actions", "&Previous picture"),
        ("P", "Left", "PgUp"),
        "previous",
        False,
    ),
    "next": (
        QT_TRANSLATE_NOOP("actions", "&Next picture"),
        ("N", "Space", "Right", "PgDown"),
        "next",
        False,
    ),
    "fit": (QT_TRANSLATE_NOOP("actions", "&Fit the picture"), ("F", "Ctrl+0"), "fit", False),
    "actual": (
        QT_TRANSLATE_NOOP("actions", "&One pixel to one pixel"),
        ("1", "Ctrl+1"),
        "actual",
        False,
    ),
    "zoom_in": (
        QT_TRANSLATE_NOOP("actions", "Zoom &in"),
        ("+", "=", "Ctrl++", "Ctrl+="),
        "zoom-in",
        False,
    ),
    "zoom_out": (QT_TRANSLATE_NOOP("actions", "Zoom o&ut"), ("-", "Ctrl+-"), "zoom-out", False),
    "heat": (QT_TRANSLATE_NOOP("actions", "Show the &heat"), ("H",), "heat", True),
    "boxes": (QT_TRANSLATE_NOOP("actions", "Show the &boxes"), ("B",), "boxes", True),
    "grid": (QT_TRANSLATE_NOOP("actions", "Show the token &grid"), ("G",), "", True),
    "alone": (QT_TRANSLATE_NOOP("actions", "The picture &alone"), ("F11",), "", True),
    "draw": (QT_TRANSLATE_NOOP("actions", "&Draw a rectangle"), ("R",), "rectangle", True),
    "remove": (
        QT_TRANSLATE_NOOP("actions", "Remove the drawn rec&tangles"),
        ("Shift+Del",),
        "trash",
        False,
    ),
    "inspect": (
        QT_TRANSLATE_NOOP("actions", "&Inspect"),
        ("Return", "Enter", "Ctrl+Return"),
        "inspect",
        False,
    ),
    "stop": (QT_TRANSLATE_NOOP("actions", "&Stop"), (), "stop", False),
    "question": (QT_TRANSLATE_NOOP("actions", "Type a &question"), ("Q", "Ctrl+L"), "", False),
    "views": (
        QT_TRANSLATE_NOOP("actions", "&What the model saw …"),
        ("V",),
        "views",
        False,
    ),
    "settings": (QT_TRANSLATE_NOOP("actions", "&Settings …"), ("Ctrl+,",), "settings", False),
    "layout": (QT_TRANSLATE_NOOP("actions", "Panels as at &first"), (), "", False),
    "about": (QT_TRANSLATE_NOOP("actions", "&About and keys …"), ("F1",), "help", False),
    "escape": (QT_TRANSLATE_NOOP("actions", "Stop, then deselect"), ("Esc",), "", False),
}


class Actions(QObject):
    """One QAction each, with text, keys and icon that follow language and theme."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._actions: dict[str, QAction] = {}
        for name, (_text, keys, _icon, is_switch) in _TABLE.items():
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

    def show_abilities(self, session: Session) -> None:
        """Only what can be done now can be chosen."""
        is_open = session.picture is not None
        is_stored = session.inspection is not None and session.inspection.id is not None
        has_pictures = session.worklist.rowCount() > 0
        able = {
            **dict.fromkeys(("fit", "actual", "zoom_in", "zoom_out", "draw"), is_open),
            **dict.fromkeys(("save_png", "save_pdf", "save_json"), is_stored),
            **dict.fromkeys(("previous", "next", "clear"), has_pictures),
            "reread": session.locator is not None,
            "views": session.inspection is not None,
            "remove": bool(session.rois),
            "samples": bool(session.samples),
            "stop": session.asking.is_running,
        }
        for name, is_able in able.items():
            self._actions[name].setEnabled(is_able)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        for name, (text, keys, _icon, _is_switch) in _TABLE.items():
            words = QCoreApplication.translate(_CONTEXT, text)
            action = self._actions[name]
            action.setText(words)
            plain = plain_text(words)
            action.setToolTip(f"{plain} ({keys[0]})" if keys else plain)

    def _draw(self) -> None:
        for name, (_text, _keys, icon, _is_switch) in _TABLE.items():
            if icon:
                self._actions[name].setIcon(self._look.icon(icon))


def plain_text(words: str) -> str:
    """An action's name without its mnemonic and without dots."""
    return re.sub(r"\(&\w\)", "", words).replace("&", "").rstrip(" …")
