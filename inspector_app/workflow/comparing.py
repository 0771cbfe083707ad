"""Two prompt templates asked of the same labelled pictures.

Labels are a CSV file with a header: `picture` (a path, from the file's own folder), `question`
(may be left out where the preset has one) and `expected`, the right answer.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector_app.domain import saying
from inspector_app.domain.comparison import Compared, Comparison
from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import (
    Inspect,
    LoadModel,
    OpenPicture,
    Request,
    Step,
    Steps,
)
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_messages import CompareTemplates
from inspector_app.presets import templates

MOST_LABELS = 100_000
_NEEDED = ("picture", "expected")

Perform = Callable[[Request], Steps[Any]]


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled question.

    Attributes:
        picture: Path of the picture.
        question: The user's words; "" for those of the preset.
        expected: The right answer.
    """

    picture: str
    question: str
    expected: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways of asking.

    Attributes:
        name: For people.
        request: Makes the request for a label and a picture's (width, height) and depth.
    """

    name: str
    request: Callable[[Label, tuple[int, int], bool], Inspect]


def way_of(base: Preset, name: str, *, language: str, model: LoadModel | None = None) -> Way:
    """How a preset asks with a template in the place of its own.

    Args:
        base: Everything but the template.
        name: Of the template; "" for the bare question.
        language: Of the template.
        model: Who answers; None for the model of the preset.

    Raises:
        WrongUse: there is no such template.
    """
    if name:
        templates.template(name, language=language)
    wording = replace(base.wording, template=name, language=language)
    asking = replace(base, wording=wording)
    who = model or LoadModel(base.model or "embedded", precision=base.precision or "auto")

    def request(label: Label, size: tuple[int, int], is_deep: bool) -> Inspect:
        return Inspect(
            label.picture,
            templates.worded(asking, label.question),
            base.strategy,
            base.options_for(size, is_deep=is_deep),
            neutral=wording.neutral,
            model=who,
        )

    return Way(name or "bare question", request)


def compared(perform: Perform, request: CompareTemplates) -> Steps[Compared]:
    """What the window asks for: read the labels, and ask them in both ways.

    Raises:
        WrongUse: the labels cannot be used, or there is no such template.
    """
    labels = read_labels(Path(request.labels))
    who = LoadModel(request.model, request.device, request.precision)
    a, b = (
        way_of(request.preset, name, language=request.language, model=who)
        for name in (request.a, request.b)
    )
    return (yield from compare(perform, labels, (a, b)))


def read_labels(path: Path) -> tuple[Label, ...]:
    """The labels in a CSV file.

    Raises:
        WrongUse: it is missing, is no such file, or holds no labels.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))[:MOST_LABELS]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongUse(
            f"The labels {path} could not be read.",
            hint="Give a CSV file in UTF-8 with the columns picture, question, expected.",
        ) from error
    lacking = [name for name in _NEEDED if not rows or name not in rows[0]]
    if lacking:
        raise WrongUse(
            f"The labels {path.name} have no {lacking[0]}.",
            hint="The first line names the columns: picture,question,expected.",
        )
    labels = []
    for number, row in enumerate(rows, 2):
        picture, expected = (row.get("picture") or "").strip(), (row.get("expected") or "").strip()
        if not picture or not expected:
            raise WrongUse(f"Line {number} of {path.name} lacks its picture or its answer.")
        place = str(path.parent.absolute() / picture)
        labels.append(Label(place, (row.get("question") or "").strip(), expected))
    return tuple(labels)


def compare(perform: Perform, labels: Sequence[Label], ways: tuple[Way, Way]) -> Steps[Compared]:
    """Ask every labelled question in both ways; nothing is stored."""
    found, unreadable = Comparison(), []
    for done, label in enumerate(labels):
        yield Step("ask", done, len(labels))
        try:
            frame = yield from perform(OpenPicture(label.picture))
        except UnreadablePicture:
            unreadable.append(label.picture)
            continue
        right = []
        for way in ways:
            asked = way.request(label, frame.size, frame.values is not None)
            made: Inspection = yield from perform(replace(asked, save=False))
            right.append(saying.plain(made.answer.text) == saying.plain(label.expected))
        found = found.counted(a=right[0], b=right[1])
    yield Step("ask", len(labels), len(labels))
    return Compared((ways[0].name, ways[1].name), found, tuple(dict.fromkeys(unreadable)))
