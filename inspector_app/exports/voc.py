"""Pascal VOC: an XML file for each picture. Source: host.robots.ox.ac.uk/pascal/VOC, devkit."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

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
from inspector_app.domain.shape import ShapeKind
from inspector_app.domain.wording import inert
from inspector_app.files import make_folder, write_whole
from inspector_app.imaging.png import write_png

TITLE = "Pascal VOC"
_MOST_BYTES = 64 * 2**20
_SHARE = "pixel parts of edges: VOC counts whole pixels from 1"


def write(
    pictures: Iterable[Annotated], folder: Path, *, with_pictures: bool = True
) -> Steps[tuple[str, ...]]:
    """Write `Annotations/*.xml`, and the pictures into `JPEGImages` (as PNG).

    A picture on which nothing was found has a file without objects: a negative.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    things, missing = list[Thing](), 0
    make_folder(folder / "Annotations")
    for done, one in enumerate(pictures):
        yield Step("save", done, 0)
        if with_pictures and one.pixels is not None:
            write_png(one.pixels, folder / "JPEGImages" / f"{one.name}.png")
        missing += one.pixels is None
        things += one.things
        content = ET.tostring(_element(one), encoding="utf-8", xml_declaration=True)
        write_whole(folder / "Annotations" / f"{one.name}.xml", content)
    lost = [*losses(things, kinds=(ShapeKind.RECTANGLE,), keeps_words=False, turns=False)]
    if any(
        thing.shape is not None and not all(side.is_integer() for side in bounding(thing.shape))
        for thing in things
    ):
        lost.append(_SHARE)
    return (*lost, *unseen(missing * with_pictures))


def read(place: Path) -> Iterator[Annotated]:
    """The pictures of a VOC file, or of a folder of them.

    Raises:
        UnreadableRecord: one of them is no such file.
    """
    folder = place / "Annotations" if (place / "Annotations").is_dir() else place
    files = sorted(folder.glob("*.xml")) if folder.is_dir() else [place]
    if not files:
        raise UnreadableRecord(f"There is no VOC file in {folder}.", hint="Give its folder.")
    for file in files:
        try:
            yield _read(file)
        except (OSError, ValueError, AttributeError, ET.ParseError) as error:
            raise UnreadableRecord(
                f"{file.name} is no VOC file that can be read ({type(error).__name__}: {error}).",
                hint="Give an XML file with annotation, size and object.",
            ) from error


def _element(one: Annotated) -> ET.Element:
    root = ET.Element("annotation")
    _add(root, "folder", "JPEGImages")
    _add(root, "filename", f"{one.name}.png")
    _add(root, "path", one.locator)
    source = ET.SubElement(root, "source")
    _add(source, "database", "Inspector")
    _add(source, "sha256", one.sha256)
    _add(source, "page", str(one.page))
    size = ET.SubElement(root, "size")
    for name, side in zip(("width", "height", "depth"), (*one.size, 3), strict=True):
        _add(size, name, str(side))
    _add(root, "segmented", "0")
    for thing in one.things:
        if thing.shape is None:
            continue
        item = ET.SubElement(root, "object")
        _add(item, "name", thing.label)
        _add(item, "pose", "Unspecified")
        x0, y0, x1, y1 = bounding(thing.shape)
        is_cut = x0 < 0 or y0 < 0 or x1 > one.size[0] or y1 > one.size[1]
        _add(item, "truncated", str(int(is_cut)))
        _add(item, "difficult", "0")
        box = ET.SubElement(item, "bndbox")
        # VOC counts from 1, and its last pixel belongs to the box; ours are half open from 0.
        left, above = math.floor(x0) + 1, math.floor(y0) + 1
        # What has no width still lies on one pixel.
        right, below = max(left, math.ceil(x1)), max(above, math.ceil(y1))
        for name, edge in zip(
            ("xmin", "ymin", "xmax", "ymax"), (left, above, right, below), strict=True
        ):
            _add(box, name, str(edge))
    return root


def _add(parent: ET.Element, name: str, text: str) -> None:
    # XML cannot hold control characters at all, not even escaped.
    ET.SubElement(parent, name).text = inert(text)


def _read(file: Path) -> Annotated:
    content = file.read_bytes()
    if len(content) > _MOST_BYTES:
        raise ValueError("it is too large")
    # No document type, so no entity can grow without end or name another file.
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ValueError("it declares a document type")
    root = ET.fromstring(content)
    things = []
    for item in root.findall("object"):
        edges = [finite(_text(item, f"bndbox/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")]
        shape = rectangle(edges[0] - 1, edges[1] - 1, edges[2], edges[3])
        things.append(read_thing(_text(item, "name"), shape, {}))
    return Annotated(
        name=file.stem,
        locator=root.findtext("path") or root.findtext("filename") or f"{file.stem}.png",
        sha256=root.findtext("source/sha256") or "",
        page=int(root.findtext("source/page") or 1),
        size=picture_size(_text(root, "size/width"), _text(root, "size/height")),
        things=tuple(things),
    )


def _text(item: ET.Element, path: str) -> str:
    found = item.findtext(path)
    if found is None:
        raise ValueError(f"there is no {path}")
    return found.strip()
