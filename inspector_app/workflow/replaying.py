"""A stored inspection made again, from the same picture with the same model, and compared."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from inspector_app.domain.answer import Answer
from inspector_app.domain.document import to_document
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, LoadModel, Steps
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.domain.wording import tag
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
    """

    record: Inspection
    again: Inspection
    differences: tuple[str, ...]


def replay(workbench: Workbench, number: int, *, model: str = "") -> Steps[Replayed]:
    """Make inspection `number` again with what it names, and compare.

    Args:
        workbench: Holds the store; the model is loaded into it.
        number: Of the record.
        model: Name or folder of the model; "" for the name in the record.

    Raises:
        WrongUse: there is no such record.
        UnreadableRecord: it is damaged.
        UnreadablePicture: its picture is gone, or another one now.
        ModelTrouble: the model cannot be loaded.
    """
    record: Inspection = yield from workbench.perform(OpenRecord(number))
    if workbench.frame_of(record) is None:
        raise UnreadablePicture(
            f"{record.provenance.locator} is gone, or is another picture than in record {number}.",
            hint="Put the picture of that time back in its place.",
        )
    facts = record.model
    device = "cuda" if facts.device.startswith("cuda") else "cpu"
    tower = "onnx" if "ONNX Runtime" in facts.device else "torch"
    again = yield from workbench.perform(
        Inspect(
            locator=record.provenance.locator,
            question=record.question,
            strategy=record.strategy,
            options=record.options,
            model=LoadModel(model or facts.name, device, facts.dtype, tower),
            save=False,
        )
    )
    return Replayed(record, again, tuple(differences(record, again)))


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
