"""Label Studio: tasks with annotations in one JSON file.

Source: labelstud.io/guide/export, "JSON".
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.exchange import (
    Annotated,
    Thing,
    finite,
    losses,
    picture_size,
    read_thing,
    thing_document,
    unseen,
)
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.shape import Shape, ShapeKind, rotated
from inspector_app.domain.wording import inert
from inspector_app.files import write_whole
from inspector_app.imaging.png import write_png

TITLE = "Label Studio"
FILE = "tasks.json"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write `tasks.json`, and the pictures into `images`.

    Everything is kept: what Label Studio has no place for stands in each result's `meta`.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    tasks, things, missing = list[Any](), list[Thing](), 0
    for number, one in enumerate(pictures, start=1):
        yield Step("save", number - 1, 0)
        name = f"{one.name}.png"
        if with_pictures and one.pixels is not None:
            write_png(one.pixels, folder / "images" / name)
        missing += one.pixels is None
        things += one.things
        tasks.append(
            {
                "id": number,
                "data": {
                    "image": f"/data/local-files/?d=images/{name}",
                    "inspector": {
                        "path": one.locator,
                        "sha256": one.sha256,
                        "page": one.page,
                        "width": one.size[0],
                        "height": one.size[1],
                    },
                },
                "annotations": [
                    {
                        "id": number,
                        "was_cancelled": False,
                        "ground_truth": False,
                        "result": [
                            _result(thing, f"r{at}", size=one.size)
                            for at, thing in enumerate(one.things)
                        ],
                    }
                ],
            }
        )
    write_whole(folder / FILE, json.dumps(tasks, ensure_ascii=True, indent=1).encode("ascii"))
    write_whole(folder / "labels.xml", _setup(things).encode("utf-8"))
    lost = [*losses(things, kinds=tuple(ShapeKind), keeps_words=True, turns=True, keeps_whole=True)]
    return (*lost, *unseen(missing * with_pictures))


def read(place: Path) -> Iterator[Annotated]:
    """The pictures of a file that Label Studio exported, or of the folder that holds one.

    Raises:
        UnreadableRecord: it is no such file.
    """
    file = place / FILE if place.is_dir() else place
    try:
        tasks = json.loads(file.read_text(encoding="utf-8"))
        found = [_read_task(task) for task in tasks]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableRecord(
            f"{file.name} is no Label Studio file that can be read"
            f" ({type(error).__name__}: {error}).",
            hint="Export it there as JSON, not JSON-MIN.",
        ) from error
    yield from found


def _result(thing: Thing, id: str, *, size: tuple[int, int]) -> dict[str, Any]:
    base = {
        "id": id,
        "to_name": "image",
        "original_width": size[0],
        "original_height": size[1],
        "image_rotation": 0,
        "meta": {"inspector": thing_document(thing)},
    }
    shape = thing.shape
    if shape is None:
        value: dict[str, Any] = {"choices": [thing.label]}
        return {**base, "type": "choices", "from_name": "whole", "value": value}
    match shape.kind:
        case ShapeKind.RECTANGLE:
            # It turns about its upper left corner as that lies after turning.
            corner, (width, height) = shape.outline[0], shape.size
            kind = "rectanglelabels"
            value = {
                "x": 100 * corner[0] / size[0],
                "y": 100 * corner[1] / size[1],
                "width": 100 * width / size[0],
                "height": 100 * height / size[1],
                "rotation": shape.angle,
            }
        case ShapeKind.POINT:
            kind = "keypointlabels"
            (x, y), *_ = shape.points
            value = {"x": 100 * x / size[0], "y": 100 * y / size[1], "width": 0.5}
        case _:
            kind = "polygonlabels"
            value = {
                "points": [[100 * x / size[0], 100 * y / size[1]] for x, y in shape.points],
                "closed": shape.kind is ShapeKind.POLYGON,
            }
    return {**base, "type": kind, "from_name": kind, "value": {**value, kind: [thing.label]}}


def _read_task(task: Mapping[str, Any]) -> Annotated:
    own = task["data"].get("inspector") or {}
    results = [
        result
        for annotation in task.get("annotations", [])
        if not annotation.get("was_cancelled")
        for result in annotation["result"]
    ]
    image = str(task["data"].get("image", ""))
    sizes = [*results, {"original_width": own.get("width"), "original_height": own.get("height")}]
    size = picture_size(sizes[0]["original_width"], sizes[0]["original_height"])
    things = [thing for result in results for thing in _read_result(result, size=size)]
    name = Path(image.rpartition("=")[2] or image).name
    return Annotated(
        name=Path(name).stem or str(task.get("id", "picture")),
        locator=str(own.get("path") or name),
        sha256=str(own.get("sha256", "")),
        page=int(own.get("page", 1)),
        size=size,
        things=tuple(things),
    )


def _read_result(result: Mapping[str, Any], *, size: tuple[int, int]) -> Iterator[Thing]:
    kind, value = result["type"], result["value"]
    labels = value.get(kind) or value.get("choices")
    if not labels:
        return
    said = (result.get("meta") or {}).get("inspector") or {}
    shape = None if "shape" in said or kind == "choices" else _shape(kind, value, size=size)
    if shape is None and kind != "choices" and "shape" not in said:
        return
    for label in labels:
        yield read_thing(label, shape, said)


def _shape(kind: str, value: Mapping[str, Any], *, size: tuple[int, int]) -> Shape | None:
    across, down = size[0] / 100, size[1] / 100
    if kind in {"rectanglelabels", "rectangle"}:
        x, y = finite(value["x"]) * across, finite(value["y"]) * down
        width, height = finite(value["width"]) * across, finite(value["height"]) * down
        angle = finite(value.get("rotation", 0))
        turn = math.remainder(angle, 360)
        turn = 180.0 if turn == -180 else turn
        middle = rotated((x + width / 2, y + height / 2), turn, about=(x, y))
        corners = (
            (middle[0] - width / 2, middle[1] - height / 2),
            (middle[0] + width / 2, middle[1] + height / 2),
        )
        return Shape(ShapeKind.RECTANGLE, corners, turn)
    if kind in {"polygonlabels", "polygon"}:
        points = tuple((finite(x) * across, finite(y) * down) for x, y in value["points"])
        is_line = len(points) == 2 or value.get("closed") is False
        return Shape(ShapeKind.LINE if is_line else ShapeKind.POLYGON, points)
    if kind in {"keypointlabels", "keypoint"}:
        point = (finite(value["x"]) * across, finite(value["y"]) * down)
        return Shape(ShapeKind.POINT, (point,))
    return None


def _setup(things: Iterable[Thing]) -> str:
    """What a Label Studio project needs to show these labels."""
    labels = sorted({inert(thing.label) for thing in things})
    rows = ["<View>", '  <Image name="image" value="$image"/>']
    for control, name in (
        ("RectangleLabels", "rectanglelabels"),
        ("PolygonLabels", "polygonlabels"),
        ("KeyPointLabels", "keypointlabels"),
    ):
        rows.append(f'  <{control} name="{name}" toName="image">')
        rows += [f"    <Label value={quoteattr(label)}/>" for label in labels]
        rows.append(f"  </{control}>")
    rows.append('  <Choices name="whole" toName="image">')
    rows += [f"    <Choice value={quoteattr(label)}/>" for label in labels]
    return "\n".join([*rows, "  </Choices>", "</View>", ""])
