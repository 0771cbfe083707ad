"""What the user is told about records: those that cannot be kept, and pictures that changed."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.messages import Problem
from inspector_app.gui.facts import Kind, Notice


def history_refused(problem: Problem) -> Notice:
    """Work goes on without a history; what that means is said before it is missed."""
    text = QCoreApplication.translate(
        "Session", "Inspections cannot be stored: answers and reports work, history does not."
    )
    reason = f"{problem.text} {problem.hint}".strip()
    return Notice(Kind.TROUBLE, text, hint=reason, trace=problem.trace)


def not_stored(reason: str) -> Notice:
    """This one answer has no record."""
    text = QCoreApplication.translate(
        "Session", "This inspection was not stored. Save a report to keep it."
    )
    return Notice(Kind.TROUBLE, text, hint=reason)


def changed_while_open() -> Notice:
    """What was inspected is not what was on the screen."""
    text = QCoreApplication.translate(
        "Session", "The file was changed after it was opened; it was read again."
    )
    return Notice(Kind.INFO, text)


def record_of_another_state(*, is_gone: bool) -> Notice:
    """A record is shown whose file is gone, or another one now."""
    text = (
        QCoreApplication.translate("Session", "The file is no longer where it was.")
        if is_gone
        else QCoreApplication.translate("Session", "The file has changed since this inspection.")
    )
    hint = QCoreApplication.translate("Session", "Shown is the picture that the record kept.")
    return Notice(Kind.INFO, text, hint=hint)
