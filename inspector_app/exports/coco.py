"""COCO: one `annotations.json` with images, categories and boxes.

Source: cocodataset.org/#format-data.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from inspector_app.domain.document import to_json
from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.exchange import (
    Annotated,
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
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import NOTICE
from inspector_app.files import write_whole
from inspector_app.imaging.png import write_png

TITLE = "COCO"
FILE = "annotations.json"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write `annotations.json`, and the pictures into `images`.

    Everything is kept: what COCO itself has no place for stands in `attributes`.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    images, annotations, categories = list[Any](), list[Any](), dict[str, int]()
    things, missing = list[Thing](), 0
    for number, one in enumerate(pictures, start=1):
        yield Step("save", number - 1, 0)
        name = f"{one.name}.png"
        if with_pictures and one.pixels is not None:
            write_png(one.pixels, folder / "images" / name)
        missing += one.pixels is None
        images.append(
            {
                "id": number,
                "file_name": name,
                "width": one.size[0],
                "height": one.size[1],
                "inspector": {"path": one.locator, "sha256": one.sha256, "page": one.page},
            }
        )
        things += one.things
        for thing in one.things:
            category = categories.setdefault(thing.label, len(categories) + 1)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": category,
                    **_where(thing.shape),
                    "iscrowd": 0,
                    "attributes": thing_document(thing),
                }
            )
    document = {
        "info": {"description": NOTICE, "version": "1.0"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [
            {"id": number, "name": label, "supercategory": ""}
            for label, number in categories.items()
        ],
    }
    write_whole(folder / FILE, to_json(document).encode("utf-8"))
    lost = [*losses(things, kinds=tuple(ShapeKind), keeps_words=True, turns=True)]
    return (*lost, *unseen(missing * with_pictures))


def read(place: Path) -> Iterator[Annotated]:
    """The pictures of a COCO file, or of the folder that holds one.

    Raises:
        UnreadableRecord: it is no such file.
    """
    file = place / FILE if place.is_dir() else place
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        labels = {entry["id"]: str(entry["name"]) for entry in document["categories"]}
        things: dict[Any, list[Thing]] = {entry["id"]: [] for entry in document["images"]}
        for entry in document["annotations"]:
            label = labels[entry["category_id"]]
            things[entry["image_id"]].append(
                read_thing(label, _shape(entry), entry.get("attributes") or {})
            )
        found = [_read_picture(entry, things[entry["id"]]) for entry in document["images"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableRecord(
            f"{file.name} is no COCO file that can be read ({type(error).__name__}: {error}).",
            hint="Give the JSON file with images, annotations and categories.",
        ) from error
    yield from found


def _read_picture(entry: Mapping[str, Any], things: list[Thing]) -> Annotated:
    own = entry.get("inspector") or {}
    return Annotated(
        name=Path(str(entry["file_name"])).stem,
        locator=str(own.get("path") or entry["file_name"]),
        sha256=str(own.get("sha256", "")),
        page=int(own.get("page", 1)),
        size=picture_size(entry["width"], entry["height"]),
        things=tuple(things),
    )


def _where(shape: Shape | None) -> dict[str, Any]:
    if shape is None:
        return {"bbox": [], "area": 0, "segmentation": []}
    x0, y0, x1, y1 = bounding(shape)
    outline = [side for point in shape.outline for side in point]
    return {
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": shape.area,
        "segmentation": [outline] if shape.has_area else [],
    }


def _shape(entry: Mapping[str, Any]) -> Shape | None:
    if (entry.get("attributes") or {}).get("shape") is not None:
        return None  # the exact one is read from there
    outlines = entry.get("segmentation")
    if isinstance(outlines, list) and len(outlines) == 1 and len(outlines[0]) > 8:
        sides = [finite(side) for side in outlines[0]]
        return Shape(ShapeKind.POLYGON, tuple(zip(sides[::2], sides[1::2], strict=True)))
    box = entry.get("bbox")
    if not box:
        return None
    x, y, width, height = (finite(side) for side in box)
    return rectangle(x, y, x + width, y + height)
