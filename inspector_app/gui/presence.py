"""Who works with the window, and what that person may do."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from inspector_app.domain.operators import Operator, Right, first_with
from inspector_app.domain.search import OPERATOR_NOTE
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

ROLES = (
    QT_TRANSLATE_NOOP("roles", "operator"),
    QT_TRANSLATE_NOOP("roles", "technician"),
    QT_TRANSLATE_NOOP("roles", "engineer"),
    QT_TRANSLATE_NOOP("roles", "admin"),
    QT_TRANSLATE_NOOP("roles", "inspect"),
    QT_TRANSLATE_NOOP("roles", "correct verdicts and findings"),
    QT_TRANSLATE_NOOP("roles", "sign as reviewed"),
    QT_TRANSLATE_NOOP("roles", "change settings"),
    QT_TRANSLATE_NOOP("roles", "sign as approved"),
    QT_TRANSLATE_NOOP("roles", "change presets"),
    QT_TRANSLATE_NOOP("roles", "look after users"),
    QT_TRANSLATE_NOOP("roles", "reviewed"),
    QT_TRANSLATE_NOOP("roles", "approved"),
    QT_TRANSLATE_NOOP("roles", "{meaning} by {name} ({role}), {when}"),
    QT_TRANSLATE_NOOP("roles", "{words}: signed for an earlier state"),
)


class Presence(QObject):
    """One name at a time; where nobody has to sign in, the one that the system knows.

    Signals:
        changed: Somebody else works now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.who = ""
        self.operator: Operator | None = None

    def be(self, who: str, operator: Operator | None = None) -> None:
        """Somebody works from now on; without an account everything is allowed."""
        self.who, self.operator = who, operator
        self.changed.emit()

    def may(self, right: Right) -> bool:
        """Whether whoever works may do something."""
        return self.operator is None or self.operator.may(right)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a record says about who asked."""
        return (f"{OPERATOR_NOTE}{self.who}",) if self.who else ()

    def refusal(self, right: Right) -> Notice | None:
        """Why something cannot be done; None where it can."""
        if self.operator is None or self.operator.may(right):
            return None
        words = self.tr("{name} ({role}) may not {right}.").format(
            name=self.operator.name, role=role_word(self.operator.role), right=role_word(right)
        )
        least = self.tr("That takes the role {role} or a higher one.")
        return Notice(Kind.INFO, words, hint=least.format(role=role_word(first_with(right))))


def role_word(word: str) -> str:
    """A role, right or meaning in the language of the moment."""
    return QCoreApplication.translate("roles", word)
