"""Conversations for fine-tuning: a JSON line a question, with its boxes; good parts are negatives.

The turns are those of LLaVA's training files (`from`, `value`, `<image>`); boxes are in pixels,
half open.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.exchange import (
    Annotated,
    Asked,
    Thing,
    bounding,
    finite,
    losses,
    picture_size,
    read_thing,
    rectangle,
    thing_document,
    unseen,
)
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.shape import ShapeKind
from inspector_app.files import write_whole
from inspector_app.imaging.png import write_png

TITLE = "Conversations"
FILE = "conversations.jsonl"
IMAGE = "<image>"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write `conversations.jsonl`, and the pictures into `images`.

    A question whose picture shows nothing and was passed is marked as a negative.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    lines, things, missing, unreviewed = list[str](), list[Thing](), 0, 0
    for done, one in enumerate(pictures):
        yield Step("save", done, 0)
        name = f"{one.name}.png"
        if with_pictures and one.pixels is not None:
            write_png(one.pixels, folder / "images" / name)
        missing += one.pixels is None
        things += one.things
        for asked in one.asked:
            unreviewed += not asked.is_reviewed
            lines.append(json.dumps(_line(one, asked, f"images/{name}"), ensure_ascii=True))
    write_whole(folder / FILE, "".join(f"{line}\n" for line in lines).encode("ascii"))
    lost = [*losses(things, kinds=tuple(ShapeKind), keeps_words=True, turns=True, keeps_whole=True)]
    if unreviewed:
        lost.append(
            f"nothing, but {unreviewed} of {len(lines)} answers were confirmed by nobody"
            ' ("reviewed": false)'
        )
    return (*lost, *unseen(missing * with_pictures))


def read(place: Path) -> Iterator[Annotated]:
    """The pictures of such a file, each once, with all its questions.

    Raises:
        UnreadableRecord: it is no such file.
    """
    file = place / FILE if place.is_dir() else place
    grouped: dict[str, Annotated] = {}
    try:
        for text in file.read_text(encoding="utf-8").splitlines():
            if text.strip():
                one = _read_line(json.loads(text))
                known = grouped.get(one.name)
                if known is not None:
                    one = Annotated(
                        one.name, one.locator, one.sha256, one.page, one.size, known.things,
                        (*known.asked, *one.asked),
                    )  # fmt: skip
                grouped[one.name] = one
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableRecord(
            f"{file.name} holds no conversations that can be read"
            f" ({type(error).__name__}: {error}).",
            hint="Each line is a JSON object with image, width, height and conversations.",
        ) from error
    yield from grouped.values()


def _line(one: Annotated, asked: Asked, image: str) -> dict[str, Any]:
    return {
        "id": f"{one.name}-{asked.record}",
        "image": image,
        "path": one.locator,
        "sha256": one.sha256,
        "page": one.page,
        "width": one.size[0],
        "height": one.size[1],
        "conversations": [
            {"from": "human", "value": f"{IMAGE}\n{asked.question}"},
            {"from": "gpt", "value": asked.answer},
        ],
        "boxes": [
            {
                "label": thing.label,
                "box": None if thing.shape is None else list(bounding(thing.shape)),
                "attributes": thing_document(thing),
            }
            for thing in one.things
        ],
        "negative": asked.outcome == "PASS" and not one.things,
        "verdict": asked.outcome,
        "reviewed": asked.is_reviewed,
        "record": asked.record,
    }


def _read_line(entry: Mapping[str, Any]) -> Annotated:
    turns = entry["conversations"]
    asked = tuple(
        Asked(
            question=str(human["value"]).replace(IMAGE, "").strip("\n"),
            answer=str(model["value"]),
            outcome=str(entry.get("verdict", "")),
            is_reviewed=entry.get("reviewed") is True,
            record=entry.get("record"),
        )
        for human, model in zip(turns[::2], turns[1::2], strict=True)
    )
    things = []
    for box in entry.get("boxes", []):
        edges = None if box.get("box") is None else [finite(edge) for edge in box["box"]]
        said = box.get("attributes") or {}
        shape = rectangle(*edges) if edges is not None and "shape" not in said else None
        things.append(read_thing(str(box["label"]), shape, said))
    return Annotated(
        name=Path(str(entry["image"])).stem,
        locator=str(entry.get("path") or entry["image"]),
        sha256=str(entry.get("sha256", "")),
        page=int(entry.get("page", 1)),
        size=picture_size(entry["width"], entry["height"]),
        things=tuple(things),
        asked=asked,
    )
