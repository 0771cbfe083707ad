"""YOLO: a text file of boxes for each picture, and `data.yaml` with the names.

Source: docs.ultralytics.com/datasets/detect.
"""

import glob
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

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
    unseen,
)
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import inert
from inspector_app.files import make_folder, write_whole
from inspector_app.imaging.conversion import orientation_of
from inspector_app.imaging.png import write_png

TITLE = "YOLO"
NAMES = "data.yaml"
SIZES = "pictures.json"
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
_LYING = 5
"""From this EXIF orientation on, width and height change places."""
_NAME = re.compile(r"^\s*(?:-|\d+\s*:)\s*(?P<name>.+?)\s*$")


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write `labels/*.txt`, `data.yaml`, `pictures.json`, and the pictures into `images`.

    A picture on which nothing was found has an empty text file: a negative.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    names, sizes, things, missing = dict[str, int](), dict[str, object](), list[Thing](), 0
    make_folder(folder / "labels")
    for done, one in enumerate(pictures):
        yield Step("save", done, 0)
        if with_pictures and one.pixels is not None:
            write_png(one.pixels, folder / "images" / f"{one.name}.png")
        missing += one.pixels is None
        sizes[one.name] = {
            "path": one.locator,
            "sha256": one.sha256,
            "page": one.page,
            "width": one.size[0],
            "height": one.size[1],
        }
        lines = [
            _line(names.setdefault(thing.label, len(names)), thing.shape, size=one.size)
            for thing in one.things
            if thing.shape is not None and _has_box(thing.shape)
        ]
        things += one.things
        write_whole(folder / "labels" / f"{one.name}.txt", "".join(lines).encode("ascii"))
    # JSON strings are YAML strings, whatever they hold: no label can be read as anything else.
    rows = [f"  {number}: {json.dumps(inert(name))}\n" for name, number in names.items()]
    head = (
        "path: .\ntrain: images\nval: images\nnames:\n"
        if rows
        else ("path: .\ntrain: images\nval: images\nnames: {}\n")
    )
    write_whole(folder / NAMES, (head + "".join(rows)).encode("utf-8"))
    # The boxes are parts of the picture's sides: without these nobody could tell the pixels.
    write_whole(folder / SIZES, json.dumps(sizes, indent=1).encode("utf-8"))
    lost = [*losses(things, kinds=(ShapeKind.RECTANGLE,), keeps_words=False, turns=False)]
    flat = sum(thing.shape is not None and not _has_box(thing.shape) for thing in things)
    if flat:
        lost.append(f"{flat} points and upright lines altogether: a box needs an area")
    return (*lost, *unseen(missing * with_pictures))


def read(place: Path) -> Iterator[Annotated]:
    """The pictures of a folder that holds `labels` and `data.yaml`.

    Their sizes stand in `pictures.json`, or are those of the files in `images`.

    Raises:
        UnreadableRecord: it holds nothing that can be read.
    """
    try:
        labels = _names((place / NAMES).read_text(encoding="utf-8"))
        sizes = _sizes(place)
        found = []
        for name, said in sizes.items():
            size = picture_size(said["width"], said["height"])
            text = (place / "labels" / f"{_plain(name)}.txt").read_text(encoding="utf-8")
            things = tuple(_things(text, labels, size=size))
            found.append(
                Annotated(
                    name=name,
                    locator=str(said.get("path", "")) or f"{name}.png",
                    sha256=str(said.get("sha256", "")),
                    page=int(said.get("page", 1)),
                    size=size,
                    things=things,
                )
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableRecord(
            f"{place.name} is no YOLO folder that can be read ({type(error).__name__}: {error}).",
            hint=f"It holds labels/*.txt, {NAMES}, and the pictures in images.",
        ) from error
    yield from found


def _has_box(shape: Shape) -> bool:
    x0, y0, x1, y1 = bounding(shape)
    return x0 < x1 and y0 < y1


def _sizes(place: Path) -> dict[str, dict[str, Any]]:
    """Where each picture is and how large, by the name of its text file."""
    if (place / SIZES).is_file():
        said: dict[str, dict[str, Any]] = json.loads((place / SIZES).read_text(encoding="utf-8"))
        return said
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((place / "labels").glob("*.txt")):
        pictures = sorted((place / "images").glob(f"{glob.escape(file.stem)}.*"))
        if not pictures:
            raise ValueError(f"there is no picture {file.stem} in images")
        with Image.open(pictures[0], formats=_FORMATS) as image:
            # Programs that train on these turn them upright first, as this one does.
            turned = orientation_of(image) >= _LYING
            width, height = image.size[::-1] if turned else image.size
        found[file.stem] = {"path": pictures[0].name, "width": width, "height": height}
    return found


def _line(number: int, shape: Shape, *, size: tuple[int, int]) -> str:
    x0, y0, x1, y1 = bounding(shape)
    width, height = size
    sides = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height)
    return f"{number} {' '.join(f'{side:.12f}' for side in sides)}\n"


def _things(text: str, labels: list[str], *, size: tuple[int, int]) -> Iterator[Thing]:
    width, height = size
    for line in text.splitlines():
        if not line.strip():
            continue
        number, *sides = line.split()
        parts = [finite(side) for side in sides]
        label = labels[int(number)] if int(number) >= 0 else labels[len(labels)]
        if len(parts) == 4:
            x, y, wide, high = parts
            edges = (
                (x - wide / 2) * width,
                (y - high / 2) * height,
                (x + wide / 2) * width,
                (y + high / 2) * height,
            )
            # Twelve digits are finer than a millionth of a pixel of any picture there is.
            yield read_thing(label, rectangle(*(round(edge, 6) for edge in edges)), {})
        else:
            points = tuple(
                (x * width, y * height) for x, y in zip(parts[::2], parts[1::2], strict=True)
            )
            yield read_thing(label, Shape(ShapeKind.POLYGON, points), {})


def _names(text: str) -> list[str]:
    """The list of names in a `data.yaml`, written as rows or in one line."""
    _, _, after = text.partition("names:")
    first, _, rest = after.partition("\n")
    if first.strip().startswith("["):
        return [str(name) for name in json.loads(first.strip().replace("'", '"'))]
    found = []
    for line in rest.splitlines():
        match = _NAME.match(line)
        if match is None:
            break
        name = match["name"]
        found.append(str(json.loads(name)) if name.startswith('"') else name.strip("'"))
    return found


def _plain(name: str) -> str:
    if name != Path(name).name or name in {"", ".", ".."}:
        raise ValueError(f"{name!r} is no name of a file")
    return name
