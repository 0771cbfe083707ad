"""One question asked of every picture of a folder, so that a kill loses nothing.

A folder for the results holds `batch.json` (what is asked, of what, with which model) and
`results.jsonl`: one line a picture, written through to the disk before the next picture
begins. A line that was cut off is written anew. Each inspection is stored before its line is
written and carries the batch and its picture in a note; a picture whose line is missing is
looked for among the records first, and so is inspected exactly once.
"""

import contextlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from mimetypes import guess_type
from pathlib import Path
from typing import Any, TypeVar

from inspector_app.domain.document import to_document, to_json
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
from inspector_app.domain.verdict import Outcome
from inspector_app.files import make_folder, refusal, write_whole
from inspector_app.workflow.inspecting import question_of, strategy_for
from inspector_app.workflow.workbench import Workbench

PLAN, RESULTS = "batch.json", "results.jsonl"
_VERSION = 1
# What went wrong with one picture; anything else would go wrong with every one after it.
_OF_ONE_PICTURE = (UnreadablePicture, WrongUse, ModelTrouble)
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
    """

    folder: Path
    out: Path
    asked: Inspect
    fitted: Callable[[Inspect, Frame], Inspect] = lambda asked, _: asked


@dataclass(frozen=True, slots=True)
class Ended:
    """What a batch came to.

    Attributes:
        outcomes: How often each outcome came; "" for answers without a verdict.
        before: How many pictures were done already when it began.
        results: The file of lines.
    """

    outcomes: dict[str, int]
    before: int
    results: Path

    @property
    def total(self) -> int:
        """Pictures that have a line."""
        return sum(self.outcomes.values())


@dataclass(slots=True)
class _Lines:
    """The file of results: appended to, a line at a time, each safe before the next.

    Attributes:
        path: Of the file.
        done: Line by picture.
    """

    path: Path
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path) -> "_Lines":
        """Read what is there, and cut off a line that was not finished.

        Raises:
            WrongUse: a whole line is none of ours.
            CannotWrite: the file refuses.
        """
        lines = cls(path)
        try:
            content = path.read_bytes() if path.exists() else b""
            whole = content[: content.rfind(b"\n") + 1]
            if len(whole) < len(content):
                os.truncate(path, len(whole))
        except OSError as error:
            raise refusal(error, path) from error
        for text in whole.splitlines():
            try:
                line = json.loads(text)
                lines.done[line["picture"]] = line
            except (ValueError, TypeError, KeyError) as error:
                raise WrongUse(
                    f"{path} holds a line that no batch has written.",
                    hint="Choose another folder for the results.",
                ) from error
        return lines

    def add(self, line: dict[str, Any]) -> None:
        """Append a line; when this returns, it survives a loss of power.

        Raises:
            CannotWrite: the disk is full or refuses; no half of the line stays.
        """
        content = json.dumps(line, ensure_ascii=True, allow_nan=False).encode() + b"\n"
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                length = os.fstat(handle).st_size
                try:
                    written = os.write(handle, content)
                    if written < len(content):
                        raise OSError(28, os.strerror(28))
                    os.fsync(handle)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(handle, length)
                    raise
            finally:
                os.close(handle)
        except OSError as error:
            raise refusal(error, self.path) from error
        self.done[line["picture"]] = line


def run(workbench: Workbench, batch: Batch, *, resume: bool) -> Steps[Ended]:
    """Inspect every picture that has no line yet, in the order of their names.

    A picture that cannot be opened gets a line with CHECK and the reason, and the next one
    follows. Pictures that came into the folder after the batch began are done too.

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
    known = yield from workbench.perform(ListFolder(str(batch.folder)))
    pictures = (*known, *_doubtful(batch.folder, known=known))
    if not pictures:
        raise WrongUse(f"There are no pictures in {batch.folder}.", hint="Choose another folder.")
    facts = yield from workbench.load(batch.asked.model)
    strategy_for(batch.asked.strategy, model=workbench.model_in_use())
    make_folder(batch.out)
    key = _key(batch, facts, resume=resume)
    lines = _Lines.opened(batch.out / RESULTS)
    before = len(lines.done)
    left = [picture for picture in pictures if picture not in lines.done]
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="batch") as beside:
        for at, picture in enumerate(left):
            if at + 1 < len(left):
                # Decoded in another process while this one thinks.
                beside.submit(_ahead, workbench, left[at + 1])
            done, total = before + at, before + len(left)
            line = yield from _line(workbench, batch, picture, key=key, done=done, total=total)
            lines.add(line)
    outcomes = Counter(str(line["outcome"]) for line in lines.done.values())
    yield Step("batch", before + len(left), before + len(left))
    return Ended(dict(outcomes), before, lines.path)


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


def _ahead(workbench: Workbench, picture: str) -> None:
    """Get the next picture into the workbench; what is wrong with it is said in its turn."""
    with contextlib.suppress(InspectorError):
        for _ in workbench.perform(OpenPicture(picture)):
            pass


def _line(
    workbench: Workbench, batch: Batch, picture: str, *, key: str, done: int, total: int
) -> Steps[dict[str, Any]]:
    note = f"batch {key}: {picture}"
    opened = workbench.perform(OpenPicture(picture))
    try:
        frame = yield from _beneath(opened, done=done, total=total)
        found = workbench.noted(frame.provenance.sha256, note)
        if found is None:
            asked = replace(batch.asked, locator=picture, notes=(*batch.asked.notes, note))
            asked = batch.fitted(asked, frame)
            found = yield from _beneath(workbench.perform(asked), done=done, total=total)
    except _OF_ONE_PICTURE as error:
        return _failed(picture, error)
    if found.unstored:
        raise CannotWrite(
            f"{picture} was inspected, but could not be stored: {found.unstored}",
            hint="What was done before is safe: go on with --resume.",
        )
    return _told(picture, found)


def _beneath(steps: Steps[T], *, done: int, total: int) -> Steps[T]:
    """A job for one picture, told as what it is of the whole batch."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value
        yield Step("batch", done, total)


def _failed(picture: str, error: InspectorError) -> dict[str, Any]:
    """A line for a picture that got no answer: never anything better than CHECK."""
    return {
        "picture": picture,
        "outcome": Outcome.CHECK.value,
        "reason": error.sentence(),
        "record": None,
        "sha256": None,
        "answer": None,
        "whole": None,
        "zoomed": None,
        "regions": [],
        "ms": None,
    }


def _told(picture: str, found: Inspection) -> dict[str, Any]:
    """A line for an inspection."""
    document = to_document(found)
    verdict, answers = document["verdict"], document["answers"]
    zoomed = answers["zoomed"]
    return {
        "picture": picture,
        "outcome": verdict["outcome"] if verdict else "",
        "reason": verdict["reason"] if verdict else "",
        "record": found.id,
        "sha256": found.provenance.sha256,
        "answer": found.answer.text,
        "whole": answers["whole"]["text"],
        "zoomed": zoomed["text"] if zoomed else None,
        "regions": [region["box"] for region in document["regions"]],
        "ms": sum(document["timings_ms"].values()),
    }
