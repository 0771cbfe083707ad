"""Labelled pictures of one's own: a JSON file of questions, answers and boxes.

    [{"image": "a.png", "question": "Which code?", "answers": ["K4"], "box": [8, 9, 60, 30]}]

The layout of TextVQA_GT_bbox is read too: `image_path` or `image_id` for `image`, `answer` or
`labels` for `answers`, `bbox` for `box`; entries may stand in a list under "data". A box is
[x0, y0, x1, y1] in pixels of the picture, or [x, y, width, height] where the file is read so.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.frame import Frame
from inspector_app.domain.region import Region
from inspector_app.domain.saying import is_yes, plain
from inspector_app.workflow.open import open_picture

MOST_BYTES = 200_000_000
_PICTURE = ("image", "image_path", "file", "image_id")
_ANSWERS = ("answers", "answer", "labels", "label")
_BOX = ("box", "bbox")
_ENDINGS = ("", ".jpg", ".png", ".jpeg")


class Unusable(Exception):
    """Why one entry is left out; the sentence stands in the result."""


@dataclass(frozen=True, slots=True, eq=False)
class StudyCase:
    """A question about a picture, with what is right.

    Attributes:
        name: Of the entry, for people: "entry 3 (a.png)".
        frame: The picture.
        question: What is asked.
        answers: What is right; any of them.
        box: Where the answer can be seen; None where nobody says.
        group: What it is counted under: a trade, or "study".
    """

    name: str
    frame: Frame
    question: str
    answers: tuple[str, ...]
    box: Region | None = None
    group: str = "study"

    def accepts(self, said: str) -> bool:
        """Whether an answer equals one that is right; case, width and edges do not count.

        Where yes or no is right, any plain way to say it is.
        """
        wanted = {plain(answer) for answer in self.answers}
        if plain(said) in wanted:
            return True
        says_yes = is_yes(said)
        return says_yes is not None and says_yes in {is_yes(answer) for answer in self.answers}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a study's file, its picture not opened yet."""

    name: str
    picture: str
    question: str
    answers: tuple[str, ...]
    box: tuple[float, float, float, float] | None

    def case(self) -> StudyCase:
        """The entry with its picture.

        Raises:
            Unusable: the picture cannot be read, or the box lies outside.
        """
        try:
            frame = open_picture(self.picture)
        except InspectorError as error:
            raise Unusable(f"{self.name}: {error}") from error
        box = None
        if self.box is not None:
            x0, y0, x1, y1 = self.box
            corners = math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1)
            whole = (
                Region(*corners) if corners[0] < corners[2] and corners[1] < corners[3] else None
            )
            if whole is None or whole.clipped(frame.size) != whole:
                raise Unusable(
                    f"{self.name}: the box {list(self.box)} does not lie in the picture of "
                    f"{frame.width} x {frame.height} pixels."
                )
            box = whole
        return StudyCase(self.name, frame, self.question, self.answers, box)


@dataclass(frozen=True, slots=True)
class Study:
    """What a file holds.

    Attributes:
        entries: Those that can be tried.
        faults: A sentence for each entry that cannot.
    """

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def read_study(path: Path, *, is_width_height: bool = False) -> Study:
    """The entries of a study's file; pictures are looked for beside it.

    Args:
        path: Of the JSON file.
        is_width_height: Boxes are [x, y, width, height] instead of [x0, y0, x1, y1].

    Raises:
        WrongUse: the file is missing, no JSON, or holds no usable entry.
    """
    entries: list[Entry] = []
    faults: list[str] = []
    for number, listed in enumerate(_listed(path), start=1):
        try:
            entries.append(
                _entry(listed, number=number, folder=path.parent, is_width_height=is_width_height)
            )
        except Unusable as fault:
            faults.append(str(fault))
    if not entries:
        first = f" {faults[0]}" if faults else ""
        raise WrongUse(
            f"{path.name} holds no entry that can be used.{first}",
            hint='Write a list of {"image": ..., "question": ..., "answers": [...], "box": [...]}.',
        )
    return Study(tuple(entries), tuple(faults))


def _listed(path: Path) -> Sequence[Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WrongUse(f"{path.name} is too large for a study.", hint="Split it.")
        found: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read.", hint="Give the study's JSON file.") from error
    except (ValueError, RecursionError) as error:
        raise WrongUse(
            f"{path.name} is no JSON: {error}.", hint="Give a list of entries."
        ) from error
    if isinstance(found, Mapping):
        found = found.get("data")
    if not isinstance(found, list):
        raise WrongUse(f"{path.name} is no list of entries.", hint='Or put it under "data".')
    return found


def _entry(listed: Any, *, number: int, folder: Path, is_width_height: bool) -> Entry:
    """One entry.

    Raises:
        Unusable: something is missing or of the wrong kind.
    """
    if not isinstance(listed, Mapping):
        raise Unusable(f"entry {number} is no object.")
    picture = _first(listed, _PICTURE)
    if not isinstance(picture, str) or not picture or "\0" in picture:
        raise Unusable(f"entry {number} names no picture.")
    name = f"entry {number} ({Path(picture).name})"
    question = listed.get("question")
    if not isinstance(question, str) or not question.strip():
        raise Unusable(f"{name} has no question.")
    answers = _first(listed, _ANSWERS)
    texts = [answers] if isinstance(answers, str | int | float) else answers
    if not isinstance(texts, list):
        texts = []
    known = tuple(dict.fromkeys(str(text) for text in texts if str(text).strip()))
    if not known:
        raise Unusable(f"{name} has no answer.")
    box = _box(_first(listed, _BOX), name=name, is_width_height=is_width_height)
    return Entry(name, _located(picture, folder=folder), question.strip(), known, box)


def _first(listed: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((listed[name] for name in names if listed.get(name) is not None), None)


def _box(
    found: Any, *, name: str, is_width_height: bool
) -> tuple[float, float, float, float] | None:
    if found is None:
        return None
    numbers = found if isinstance(found, list) else []
    is_sound = len(numbers) == 4 and all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        for one in numbers
    )
    if not is_sound:
        raise Unusable(f"{name} has a box that is not four numbers.")
    x0, y0, x1, y1 = (float(one) for one in numbers)
    return (x0, y0, x0 + x1, y0 + y1) if is_width_height else (x0, y0, x1, y1)


def _located(picture: str, *, folder: Path) -> str:
    """The path beside the study; names without an ending are tried with the usual ones."""
    tried = [folder / f"{picture}{ending}" for ending in _ENDINGS]
    return str(next((path for path in tried if path.is_file()), tried[0]))
