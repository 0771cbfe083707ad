"""Dialogs that need what takes long to read: made when they are first wanted."""

from PySide6.QtWidgets import QDialog, QWidget

from inspector_app.gui.language import Language
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look


def statistics(session: Session, look: Look, language: Language, *, parent: QWidget) -> QDialog:
    """What the stored inspections come to, with charts."""
    from inspector_app.gui.dialogs.statistics import StatisticsDialog  # noqa: PLC0415  late

    return StatisticsDialog(session, look, language, parent=parent)
