"""Reports that a preset wants, written after a command."""

from collections.abc import Sequence

from inspector_app.cli.terminal import finish, warn
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_messages import FileReports
from inspector_app.settings import load_settings


def file_reports(numbers: Sequence[int], preset: Preset, *, quiet: bool) -> None:
    """Write what the preset wants about these stored inspections, and say where.

    Names are left out where the settings hide the patient: nobody else is asked.

    Raises:
        WrongUse: a format is not known, or holds only one inspection.
        CannotWrite: the folder refuses; the inspections are stored all the same.
    """
    if not preset.reports.formats:
        return
    from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

    workbench = Workbench()
    try:
        hides = load_settings().hide_patient
        request = FileReports(tuple(numbers), preset.reports, hides_patient=hides)
        placed = finish(workbench.perform(request), quiet=quiet)
    finally:
        workbench.close()
    # Not with the answer: that may be read by a program.
    count = f"{len(placed)} reports" if len(placed) > 1 else "1 report"
    warn(f"{count} written, the last is {placed[-1]}.")
