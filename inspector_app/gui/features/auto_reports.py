"""Reports that the preset in use wants: after every inspection, or at the end of a shift."""

from PySide6.QtCore import QLocale, QObject

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import PresetReports
from inspector_app.domain.preset_messages import FileReports
from inspector_app.gui.session import Session


class AutoReports(QObject):
    """Lives as long as the window.

    Args:
        session: Tells of inspections, and files what is wanted.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._of_shift: dict[PresetReports, list[int]] = {}
        session.asking.finished.connect(self.take)

    def take(self, request: Inspect, inspection: Inspection) -> None:
        """An inspection is finished, asked for or made ahead."""
        preset = self._session.preset
        if preset is None or not request.save or inspection.id is None:
            return
        wanted = preset.reports
        if not wanted.formats:
            return
        if wanted.after == "inspection":
            self._file((inspection.id,), wanted)
        elif self._session.shift_notes:
            self._of_shift.setdefault(wanted, []).append(inspection.id)

    def end_shift(self) -> None:
        """Operator mode was left: file what was inspected since it began."""
        waiting, self._of_shift = self._of_shift, {}
        for wanted, numbers in waiting.items():
            self._file(tuple(numbers), wanted)

    def _file(self, numbers: tuple[int, ...], wanted: PresetReports) -> None:
        is_chinese = QLocale().language() == QLocale.Language.Chinese
        self._session.desk.file_reports(
            FileReports(
                numbers,
                wanted,
                language="zh_CN" if is_chinese else "en",
                hides_patient=self._session.settings.hide_patient,
                known_masks=self._session.known_masks,
            )
        )
