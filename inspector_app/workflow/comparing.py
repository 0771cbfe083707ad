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
from inspector_app.domain.comparison import Comparison
from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, OpenPicture, Request, Step, Steps

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


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it.

    Attributes:
        names: Of the two ways.
        found: Counts and test.
        unreadable: Pictures that could not be opened; they count for neither.
    """

    names: tuple[str, str]
    found: Comparison
    unreadable: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """For the terminal."""
        found, (a, b) = self.found, self.names
        right_a, right_b = found.both + found.only_a, found.both + found.only_b
        told = [
            f"{found.count} questions: A ({a}) right {right_a}, B ({b}) right {right_b}",
            f"only A right {found.only_a}, only B right {found.only_b}, "
            f"McNemar's exact test p = {found.p:.3g}",
        ]
        if found.better:
            told.append(f"{found.better} is right more often; chance alone would rarely show this.")
        else:
            told.append("The difference may be chance: no claim.")
        told += [f"left out, could not be opened: {name}" for name in self.unreadable]
        return told

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        found = self.found
        return {
            "a": self.names[0],
            "b": self.names[1],
            "count": found.count,
            "both_right": found.both,
            "only_a_right": found.only_a,
            "only_b_right": found.only_b,
            "neither_right": found.neither,
            "p": found.p,
            "better": found.better,
            "unreadable": list(self.unreadable),
        }


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
