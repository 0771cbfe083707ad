"""Dialogs that need what takes long to read: made when they are first wanted."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from inspector_app.gui.language import Language
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look


def late_dialogs(
    session: Session, look: Look, language: Language, *, parent: QWidget
) -> dict[str, Callable[[], QDialog]]:
    """What makes each of them, by the name of the action that opens it."""

    def statistics() -> QDialog:
        from inspector_app.gui.dialogs.statistics import StatisticsDialog  # noqa: PLC0415  late

        return StatisticsDialog(session, look, language, parent=parent)

    def preview() -> QDialog:
        from inspector_app.gui.dialogs.preview import PreviewDialog  # noqa: PLC0415  late

        return PreviewDialog(session, language, parent=parent)

    def export() -> QDialog:
        from inspector_app.gui.dialogs.export import ExportDialog  # noqa: PLC0415  late

        return ExportDialog(session, parent=parent)

    return {"statistics": statistics, "preview": preview, "export": export}
