"""What the session tells the user: what bars a question, records that changed or are not kept."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.messages import Problem
from inspector_app.gui.choices import Choices
from inspector_app.gui.facts import MANUAL, Kind, Notice


def no_picture_in(folder: str) -> Notice:
    """A folder was opened for nothing."""
    text = QCoreApplication.translate("Session", "There is no picture in {folder}.")
    hint = QCoreApplication.translate(
        "Session", "Choose a folder with PNG, JPEG, TIFF or DICOM files."
    )
    return Notice(Kind.TROUBLE, text.format(folder=folder), hint=hint)


def no_picture() -> Notice:
    """There is nothing to ask about."""
    text = QCoreApplication.translate("Session", "No picture is open.")
    hint = QCoreApplication.translate("Session", "Open or drop one first.")
    return Notice(Kind.INFO, text, hint=hint)


def reads_first() -> Notice:
    """A line's verdicts were wished while the reader reads first."""
    text = QCoreApplication.translate("Session", "You read first: no verdict is shown by itself.")
    hint = QCoreApplication.translate("Session", 'Switch "Read first, then AI" off for that.')
    return Notice(Kind.INFO, text, hint=hint)


def bar_of(choices: Choices, *, is_served: bool, draw_first: str) -> Notice | None:
    """What bars the question as it is chosen, whatever picture it is about; None for nothing.

    Args:
        choices: Question, strategy and rectangles.
        is_served: Whether the loaded model can do what the strategy needs.
        draw_first: How to draw a rectangle, in words.
    """
    if not choices.question.strip():
        text = QCoreApplication.translate("Session", "The question is empty.")
        hint = QCoreApplication.translate("Session", "Type what you want to know.")
    elif not is_served:
        text = QCoreApplication.translate("Session", "This model cannot serve the chosen strategy.")
        hint = QCoreApplication.translate(
            "Session", "Choose one that is not greyed out, or another model."
        )
    elif choices.strategy == MANUAL and not choices.rois:
        text, hint = QCoreApplication.translate("Session", "No rectangle is drawn."), draw_first
    else:
        return None
    return Notice(Kind.INFO, text, hint=hint)


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


def record_of_another_state(*, is_gone: bool, has_picture: bool = True) -> Notice:
    """A record is shown whose file is gone, or another one now."""
    text = (
        QCoreApplication.translate("Session", "The file is no longer where it was.")
        if is_gone
        else QCoreApplication.translate("Session", "The file has changed since this inspection.")
    )
    hint = (
        QCoreApplication.translate("Session", "Shown is the picture that the record kept.")
        if has_picture
        else QCoreApplication.translate("Session", "The record kept no picture.")
    )
    return Notice(Kind.INFO, text, hint=hint)
