"""A stored inspection made again, from the same picture with the same model, and compared."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inspector_app.domain.answer import Answer
from inspector_app.domain.document import to_document
from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.locator import join, split
from inspector_app.domain.messages import Inspect, LoadModel, Steps
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.wording import tag
from inspector_app.workflow.moved import find_file
from inspector_app.workflow.workbench import Workbench

ROUNDING = 1e-3
"""Log-probabilities and maps (as a part of their peak) may differ by this much: other
processors and other numbers of threads add in another order."""


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """A record beside its repetition.

    Attributes:
        record: As it is stored.
        again: As it was made now; not stored.
        differences: What is not the same, in words; empty where everything is.
        moved_to: Where the picture was found; "" where it is in its place.
    """

    record: Inspection
    again: Inspection
    differences: tuple[str, ...]
    moved_to: str = ""


def replay(
    workbench: Workbench, number: int, *, model: str = "", folders: Sequence[Path] = ()
) -> Steps[Replayed]:
    """Make inspection `number` again with what it names, and compare.

    A picture that is not in its place is looked for by its content.

    Args:
        workbench: Holds the store; the model is loaded into it.
        number: Of the record.
        model: Name or folder of the model; "" for the name in the record.
        folders: Where the picture is looked for, too.

    Raises:
        WrongUse: there is no such record, or no such folder.
        UnreadableRecord: it is damaged.
        UnreadablePicture: its picture is gone, or another one now, and was not found.
        ModelTrouble: the model cannot be loaded.
    """
    for folder in folders:
        if not folder.is_dir():
            raise WrongUse(f"There is no folder {folder}.", hint="Name one that holds pictures.")
    record: Inspection = yield from workbench.perform(OpenRecord(number))
    locator = yield from _locator_now(workbench, record, folders)
    facts = record.model
    device = "cuda" if facts.device.startswith("cuda") else "cpu"
    tower = "onnx" if "ONNX Runtime" in facts.device else "torch"
    again = yield from workbench.perform(
        Inspect(
            locator=locator,
            question=record.question,
            strategy=record.strategy,
            options=record.options,
            model=LoadModel(model or facts.name, device, facts.dtype, tower),
            save=False,
        )
    )
    moved_to = "" if locator == record.provenance.locator else locator
    # That it lies elsewhere makes it no other picture.
    return Replayed(record, again, tuple(differences(_at(record, locator), again)), moved_to)


def _locator_now(workbench: Workbench, record: Inspection, folders: Sequence[Path]) -> Steps[str]:
    """Where the very picture of a record is now.

    Raises:
        UnreadablePicture: it is neither in its place nor found by its content.
    """
    source = record.provenance
    if workbench.frame_of(record) is not None:
        return source.locator
    path, number = split(source.locator)
    # What a camera sent is not looked for on the disk.
    if source.sha256 and "://" not in path:
        found = yield from find_file(source.sha256, place=Path(path), folders=folders)
        if found is not None:
            locator = join(str(found), number)
            if workbench.frame_of(_at(record, locator)) is not None:
                return locator
    raise UnreadablePicture(
        f"{source.locator} is gone, or is another picture than in record {record.id}, "
        "and the picture of that time was not found near it.",
        hint="Put the picture of that time back in its place, or name its folder: --pictures DIR.",
    )


def _at(record: Inspection, locator: str) -> Inspection:
    """The same record of a picture in another place."""
    return replace(record, provenance=replace(record.provenance, locator=locator))


def differences(record: Inspection, again: Inspection) -> Iterator[str]:
    """Say what differs between two inspections, the causes before the effects."""
    one, other = to_document(record), to_document(again)
    for name, key in (
        ("the picture", "image"),
        ("the model", "model"),
        ("the prompt", "prompt"),
        ("the zoomed prompt", "zoomed_prompt"),
        ("the neutral prompt", "neutral_prompt"),
    ):
        if one[key] != other[key]:
            yield _told(name, _changed(one[key], other[key]))
    if one["software"] != other["software"]:
        yield _told("the program", f"{one['software']}, now {other['software']}")
    boxes = [[list(found.region.box) for found in each.regions] for each in (record, again)]
    if boxes[0] != boxes[1]:
        yield _told("the regions", f"{boxes[0]}, now {boxes[1]}")
    shown = [[view["sha256"] for view in document["views"]] for document in (one, other)]
    if shown[0] != shown[1]:
        yield "the pictures that the model was shown are not the same"
    yield from _map_difference(record, again)
    yield from _answer_difference("the whole answer", record.whole, again.whole)
    yield from _answer_difference("the zoomed answer", record.zoomed, again.zoomed)
    if len(record.crop_answers) == len(again.crop_answers):
        pairs = zip(record.crop_answers, again.crop_answers, strict=True)
        for index, (was, now) in enumerate(pairs):
            yield from _answer_difference(f"the answer to crop {tag(index)}", was, now)
    if one["verdict"] != other["verdict"]:
        yield _told("the verdict", _changed(one["verdict"], other["verdict"]))


def _map_difference(record: Inspection, again: Inspection) -> Iterator[str]:
    if record.map is None or again.map is None:
        if record.map is not again.map:
            yield "one of the two has no map"
        return
    was, now = record.map.values, again.map.values
    if was.shape != now.shape:
        yield _told("the map", f"{was.shape} cells, now {now.shape}")
        return
    peak = float(np.abs(was).max())
    apart = float(np.abs(was - now).max())
    if apart > ROUNDING * peak:
        yield f"the map differs by {apart / peak:.1%} of its peak" if peak else "the map was empty"


def _answer_difference(name: str, was: Answer | None, now: Answer | None) -> Iterator[str]:
    if was is None or now is None:
        if was is not now:
            yield f"{name} is there only once"
        return
    if was.text != now.text:
        yield _told(name, f'"{was.text}", now "{now.text}"')
        return
    pairs = zip(was.tokens, now.tokens, strict=False)
    apart = max((_apart(one.logprob, other.logprob) for one, other in pairs), default=0.0)
    if apart > ROUNDING:
        yield f"{name} is the same, its log-probabilities differ by {apart:.2g}"


def _apart(one: float | None, other: float | None) -> float:
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return abs(one - other)


def _changed(was: object, now: object) -> str:
    """What differs, entry by entry where both have entries."""
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return f"{was}, now {now}"
    changed = [key for key in was if was[key] != now.get(key)]
    return "; ".join(f"{key} {was[key]}, now {now.get(key)}" for key in changed)


def _told(name: str, what: str) -> str:
    return f"{name}: {what}"
