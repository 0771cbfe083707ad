"""What people did, in words for the menu."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.gesture import Verb
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

_CONTEXT = "verbs"
_WORDS = {
    Verb.DRAWN: QT_TRANSLATE_NOOP("verbs", "draw"),
    Verb.MOVED: QT_TRANSLATE_NOOP("verbs", "move"),
    Verb.RESIZED: QT_TRANSLATE_NOOP("verbs", "resize"),
    Verb.TURNED: QT_TRANSLATE_NOOP("verbs", "turn"),
    Verb.RENAMED: QT_TRANSLATE_NOOP("verbs", "rename"),
    Verb.RECOLOURED: QT_TRANSLATE_NOOP("verbs", "colour"),
    Verb.LOCKED: QT_TRANSLATE_NOOP("verbs", "lock"),
    Verb.UNLOCKED: QT_TRANSLATE_NOOP("verbs", "unlock"),
    Verb.ASKED: QT_TRANSLATE_NOOP("verbs", "own question"),
    Verb.DUPLICATED: QT_TRANSLATE_NOOP("verbs", "duplicate"),
    Verb.DELETED: QT_TRANSLATE_NOOP("verbs", "delete"),
    Verb.MEASURED: QT_TRANSLATE_NOOP("verbs", "measure"),
    Verb.ACCEPTED: QT_TRANSLATE_NOOP("verbs", "accept"),
    Verb.REJECTED: QT_TRANSLATE_NOOP("verbs", "reject"),
    Verb.REOPENED: QT_TRANSLATE_NOOP("verbs", "take back"),
    Verb.EDITED: QT_TRANSLATE_NOOP("verbs", "edit"),
    Verb.ADDED: QT_TRANSLATE_NOOP("verbs", "add"),
    Verb.COPIED: QT_TRANSLATE_NOOP("verbs", "copy"),
    Verb.JUDGED: QT_TRANSLATE_NOOP("verbs", "verdict"),
    Verb.NOTED: QT_TRANSLATE_NOOP("verbs", "note"),
    Verb.READ: QT_TRANSLATE_NOOP("verbs", "first reading"),
    Verb.CHECKED: QT_TRANSLATE_NOOP("verbs", "golden samples"),
    Verb.UNDO: "",
    Verb.REDO: "",
}


def verb_words(verb: Verb) -> str:
    """In the language of the moment."""
    return QCoreApplication.translate(_CONTEXT, _WORDS[verb])
