"""Reports that a preset wants, written after a command."""

from collections.abc import Sequence

from inspector_app.cli.terminal import finish, warn
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_messages import FileReports


def file_reports(numbers: Sequence[int], preset: Preset, *, quiet: bool) -> None:
    """Write what the preset wants about these stored inspections, and say where.

    Raises:
        WrongUse: a format is not known, or holds only one inspection.
        CannotWrite: the folder refuses; the inspections are stored all the same.
    """
    if not preset.reports.formats:
        return
    from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

    workbench = Workbench()
    try:
        request = FileReports(tuple(numbers), preset.reports)
        placed = finish(workbench.perform(request), quiet=quiet)
    finally:
        workbench.close()
    # Not with the answer: that may be read by a program.
    warn(f"{len(placed)} reports written, the last is {placed[-1]}.")
