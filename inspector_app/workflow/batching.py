"""One question asked of every picture of a folder, so that a kill loses nothing.

A folder for the results holds `batch.json` (what is asked, of what, with which model) and
`results.jsonl`: one line a picture, written through to the disk before the next picture
begins. A line that was cut off is written anew. Each inspection is stored before its line is
written and carries the batch and its picture in a note; a picture whose line is missing is
looked for among the records first, and so is inspected exactly once.
"""

import contextlib
import json
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from mimetypes import guess_type
from pathlib import Path
from typing import Any, TypeVar

from inspector_app.domain.document import to_json
from inspector_app.domain.errors import (
    CannotWrite,
    InspectorError,
    ModelTrouble,
    UnreadablePicture,
    WrongUse,
)
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.locator import natural_order, split
from inspector_app.domain.messages import Inspect, ListFolder, OpenPicture, Step, Steps
from inspector_app.domain.running import beneath, end_of
from inspector_app.domain.stamp import FileStamp
from inspector_app.files import make_folder, write_whole
from inspector_app.workflow.batch_lines import Lines, failed, told
from inspector_app.workflow.inspecting import question_of, strategy_for
from inspector_app.workflow.lockstep import MOST, fitting
from inspector_app.workflow.workbench import Workbench

PLAN, RESULTS = "batch.json", "results.jsonl"
_VERSION = 1
# What went wrong with one picture; anything else would go wrong with every one after it.
_OF_ONE_PICTURE = (UnreadablePicture, WrongUse, ModelTrouble)
# Pictures that are held open at the same time, and how often one that changes is inspected.
_HELD_BYTES, _MOST_TURNS = 400_000_000, 3
_TICK_S = 0.05
_CALLED_PICTURES = ("image/", "video/", "application/pdf", "application/dicom")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked of which pictures.

    Attributes:
        folder: Of the pictures.
        out: Where the results go.
        asked: Question, strategy, options and model; its `locator` does not count.
        fitted: Fits the request to a picture, such as regions in per cent to its size.
        most: Most pictures that are inspected at the same time.
        patience_s: A file that cannot be read counts as unreadable once it was left unchanged
            for so many seconds.
    """

    folder: Path
    out: Path
    asked: Inspect
    fitted: Callable[[Inspect, Frame], Inspect] = lambda asked, _: asked
    most: int = MOST
    patience_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What a batch came to.

    Attributes:
        outcomes: How often each outcome came; "" for answers without a verdict.
        before: How many pictures were done already when it began.
        results: The file of lines.
        most: Pictures that were inspected at the same time, at the end.
    """

    outcomes: dict[str, int]
    before: int
    results: Path
    most: int

    @property
    def total(self) -> int:
        """Pictures that have a line."""
        return sum(self.outcomes.values())


def run(workbench: Workbench, batch: Batch, *, resume: bool) -> Steps[Ended]:
    """Inspect every picture that has no line yet, in the order of their names.

    A picture that cannot be opened gets a line with CHECK and the reason, and the others follow.
    Pictures that come into the folder meanwhile, or after a batch that was stopped, are done too,
    and so are those that are replaced by others of the same name: a line for each.

    Args:
        workbench: Holds model and store.
        batch: What to do.
        resume: Go on with what is in `batch.out`.

    Raises:
        WrongUse: results are there already and `resume` was not asked for, or they are of
            another batch; the folder has no pictures.
        UnreadablePicture: there is no such folder.
        ModelTrouble: the model cannot be loaded or gives nonsense.
        CannotWrite: the results or the records cannot be written. What has a line is safe.
    """
    question_of(batch.asked)
    pictures = yield from _listed(workbench, batch.folder)
    if not pictures:
        raise WrongUse(f"There are no pictures in {batch.folder}.", hint="Choose another folder.")
    facts = yield from workbench.load(batch.asked.model)
    strategy_for(batch.asked.strategy, model=workbench.model_in_use())
    make_folder(batch.out)
    key = _key(batch, facts, resume=resume)
    lines = Lines.opened(batch.out / RESULTS)
    before = len(lines.done)
    work = _Work(workbench, batch, key, lines, fitting(workbench.model_in_use(), most=batch.most))
    left = work.left(pictures)
    while left:
        yield from work.through(left)
        # What came or was replaced meanwhile, and what was only being written.
        left = work.left((yield from _listed(workbench, batch.folder)))
        yield from work.patient(left)
    outcomes = Counter(str(line["outcome"]) for line in lines.done.values())
    yield Step("batch", len(lines.done), len(lines.done))
    return Ended(dict(outcomes), before, lines.path, work.most)


def _listed(workbench: Workbench, folder: Path) -> Steps[tuple[str, ...]]:
    known = yield from workbench.perform(ListFolder(str(folder)))
    return (*known, *_doubtful(folder, known=known))


@dataclass(slots=True, eq=False)
class _Work:
    """A batch on its way.

    Attributes:
        workbench: Holds model and store.
        batch: What to do.
        key: Name of the batch.
        lines: What is done.
        most: Pictures that are inspected at the same time; halved where memory ends.
        turns: How often each picture was inspected in this run.
        is_over: Whether nothing more is to be opened.
    """

    workbench: Workbench
    batch: Batch
    key: str
    lines: Lines
    most: int
    turns: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    def through(self, pictures: Sequence[str]) -> Steps[None]:
        """Inspect these, as many at a time as may be."""
        left, self.is_over = deque(pictures), False
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="batch") as beside:
            try:
                while left:
                    now = yield from self._next(left)
                    # Decoded in another process while this one thinks.
                    ahead = beside.submit(self._ahead, [*left][: self.most])
                    yield from self._inspect(now, left=len(left))
                    # Held until the next ones are opened: what nobody holds is forgotten.
                    _held = ahead.result()
            finally:
                self.is_over = True

    def left(self, pictures: Sequence[str]) -> list[str]:
        """What is still to be done; a file that changes all the time is not waited for."""
        return [one for one in self.lines.left_of(pictures) if self.turns[one] < _MOST_TURNS]

    def patient(self, pictures: Sequence[str]) -> Steps[None]:
        """Wait until none of these was changed a moment ago."""
        until = time.monotonic() + _MOST_TURNS * self.batch.patience_s
        while time.monotonic() < until and any(map(self._is_young, pictures)):
            yield Step("batch", len(self.lines.done), len(self.lines.done) + len(pictures))
            time.sleep(_TICK_S)

    def _is_young(self, picture: str) -> bool:
        """Whether a file was changed so lately that somebody may still be writing it."""
        return 0 <= time.time() - FileStamp.of(picture).date_ns / 1e9 < self.batch.patience_s

    def _ahead(self, pictures: Sequence[str]) -> list[Frame]:
        """Get the next pictures into the workbench; what is wrong with one is said in its turn."""
        frames: list[Frame] = []
        for picture in pictures:
            if self.is_over or sum(map(_bytes_of, frames)) > _HELD_BYTES:
                break
            with contextlib.suppress(InspectorError):
                opened = self.workbench.perform(OpenPicture(picture))
                frames.append(end_of(opened))
        return frames

    def _next(self, left: "deque[str]") -> "Steps[list[_Turn]]":
        """The next pictures, opened; as many as may go together."""
        now: list[_Turn] = []
        held = 0
        while left and len(now) < self.most and held < _HELD_BYTES:
            turn = _Turn(left.popleft())
            now.append(turn)
            self.turns[turn.picture] += 1
            done = len(self.lines.done)
            opened = self.workbench.perform(OpenPicture(turn.picture))
            try:
                frame = yield from beneath(
                    opened, stage="batch", done=done, total=done + len(left) + len(now)
                )
                turn.frame, note = frame, self._note(turn.picture)
                held += _bytes_of(frame)
                turn.found = self.workbench.noted(frame.provenance.sha256, note)
                asked = self.batch.asked
                asked = replace(asked, locator=turn.picture, notes=(*asked.notes, note))
                turn.asked = self.batch.fitted(asked, frame)
            except _OF_ONE_PICTURE as error:
                turn.found = error
                if self._is_young(turn.picture) and self.turns[turn.picture] < _MOST_TURNS:
                    # It comes again when the others are done.
                    now.pop()
        return now

    def _inspect(self, now: "Sequence[_Turn]", *, left: int) -> Steps[None]:
        """Inspect, store, and write a line of each, in their order."""
        done = len(self.lines.done)
        asked = [turn.asked for turn in now if turn.found is None and turn.asked is not None]
        together = self.workbench.inspect_together(asked, most=self.most)
        ended = yield from beneath(together, stage="batch", done=done, total=done + len(now) + left)
        self.most, found = ended.most, iter(ended.found)
        for turn in now:
            if turn.found is None:
                one = next(found)
                if isinstance(one, InspectorError) and not isinstance(one, _OF_ONE_PICTURE):
                    raise one
                turn.found = self.workbench.saved(one) if isinstance(one, Inspection) else one
            self.lines.add(turn.line())
            yield Step("batch", len(self.lines.done), len(self.lines.done) + left)

    def _note(self, picture: str) -> str:
        return f"batch {self.key}: {picture}"


@dataclass(slots=True, eq=False)
class _Turn:
    """One picture of a batch.

    Attributes:
        picture: Its locator.
        stamp: The state of its file before it was opened.
        frame: The picture, held until it is done.
        asked: What is asked of it.
        found: Its record, or what went wrong; None where it is still to be inspected.
    """

    picture: str
    stamp: FileStamp = field(init=False)
    frame: Frame | None = None
    asked: Inspect | None = None
    found: Inspection | InspectorError | None = None

    def __post_init__(self) -> None:
        self.stamp = FileStamp.of(self.picture)

    def line(self) -> dict[str, Any]:
        """For the file of results.

        Raises:
            CannotWrite: it was inspected, but not stored.
        """
        found = self.found
        if isinstance(found, InspectorError):
            return failed(self.picture, found, stamp=self.stamp)
        assert found is not None
        if found.unstored:
            raise CannotWrite(
                f"{self.picture} was inspected, but could not be stored: {found.unstored}",
                hint="What was done before is safe: go on with --resume.",
            )
        return told(self.picture, found, stamp=self.stamp)


def _bytes_of(frame: Frame) -> int:
    """Memory of a picture."""
    return frame.pixels.nbytes + (0 if frame.values is None else frame.values.nbytes)


def _doubtful(folder: Path, *, known: Sequence[str]) -> tuple[str, ...]:
    """Files that are called pictures and do not begin like one: they must not go unnoticed."""
    files = {split(locator)[0] for locator in known}
    try:
        inside = sorted(folder.iterdir(), key=lambda entry: natural_order(entry.name))
    except OSError:
        return ()
    return tuple(
        str(entry)
        for entry in inside
        if str(entry) not in files
        and not entry.name.startswith(".")
        and entry.is_file()
        and (guess_type(entry.name)[0] or "").startswith(_CALLED_PICTURES)
    )


def _key(batch: Batch, facts: ModelFacts, *, resume: bool) -> str:
    """Name of this batch, from its plan; a new plan is written where there is none."""
    path = batch.out / PLAN
    plan = _plan(batch, facts)
    if not path.exists():
        if (batch.out / RESULTS).exists():
            raise WrongUse(
                f"{batch.out} holds results without their {PLAN}.", hint="Choose another folder."
            )
        plan["batch"] = secrets.token_hex(8)
        write_whole(path, to_json(plan).encode())
        return str(plan["batch"])
    if not resume:
        raise WrongUse(
            f"{batch.out} already holds the results of a batch.",
            hint="Add --resume to go on with it, or choose another folder.",
        )
    try:
        old = json.loads(path.read_text(encoding="utf-8"))
        name = str(old.pop("batch"))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise WrongUse(
            f"{path} is damaged.", hint="Choose another folder for the results."
        ) from error
    changed = [part for part in plan if old.get(part) != plan[part]]
    if changed or old.keys() != plan.keys():
        raise WrongUse(
            f"The batch in {batch.out} was begun otherwise: {', '.join(changed) or 'its version'}.",
            hint="Ask the same to go on with it, or choose another folder.",
        )
    return name


def _plan(batch: Batch, facts: ModelFacts) -> dict[str, Any]:
    """What must be the same when a batch goes on."""
    asked = batch.asked
    plan = {
        "version": _VERSION,
        "folder": str(batch.folder.absolute()),
        "question": asked.question,
        "neutral": asked.neutral,
        "strategy": asked.strategy,
        "options": asdict(asked.options),
        "rules": None if asked.rules is None else asdict(asked.rules),
        "model": {**asdict(asked.model), "weights_sha256": facts.weights_sha256},
    }
    # As it will be read again: tuples become lists.
    found: dict[str, Any] = json.loads(json.dumps(plan, default=str))
    return found
