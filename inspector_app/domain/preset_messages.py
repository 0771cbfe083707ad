"""What the window asks the worker for because of a preset; part of `messages.Request`."""

from dataclasses import dataclass

from inspector_app.domain.exporting import KnownMasks
from inspector_app.domain.preset import Preset, PresetReports


@dataclass(frozen=True, slots=True)
class FileReports:
    """Write the reports that a preset wants without being asked. Finished carries the paths.

    Attributes:
        ids: Stored inspections, at least one.
        reports: Which, and where they go.
        language: Of what the program itself says in them: "en", "zh_CN".
        hides_patient: Leave out the pictures' names and folders.
        known_masks: Boxes said of single pictures, which are painted over in these.
    """

    ids: tuple[int, ...]
    reports: PresetReports
    language: str = "en"
    hides_patient: bool = False
    known_masks: KnownMasks = ()


@dataclass(frozen=True, slots=True)
class CompareTemplates:
    """Ask labelled questions by two prompt templates. Finished carries a `comparison.Compared`.

    Attributes:
        labels: Path of a CSV file with the columns picture, question, expected.
        preset: Everything but the template.
        a: Name of a template; "" for the bare question.
        b: Another one.
        language: Of both: "en", "zh_CN".
        model: Who answers, as in `LoadModel`.
        device: Likewise.
        precision: Likewise.
    """

    labels: str
    preset: Preset
    a: str
    b: str
    language: str = "en"
    model: str = "embedded"
    device: str = "auto"
    precision: str = "auto"


PresetRequest = CompareTemplates | FileReports
