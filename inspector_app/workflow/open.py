"""Open a picture with whichever source knows it, and list those in a folder."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from inspector_app import plugins, sources
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Frame
from inspector_app.domain.ports import Source
from inspector_app.imaging.resizing import thumbnail
from inspector_app.imaging.source_bytes import check_readable


def open_picture(locator: str) -> Frame:
    """Read a picture upright, with the hash of the bytes it was made of.

    Raises:
        UnreadablePicture: missing, empty, damaged, too large, or no picture at all.
    """
    return _known_source(locator).open(locator)


def open_thumbnail(locator: str, *, side: int) -> NDArray[np.uint8]:
    """A picture as (h, w, 3) uint8 whose longest side is at most `side` pixels.

    Raises:
        UnreadablePicture: as `open_picture`.
    """
    source = _known_source(locator)
    preview: Callable[..., NDArray[np.uint8]] | None = getattr(source, "preview", None)
    if preview is not None:
        return preview(locator, side=side)
    return thumbnail(source.open(locator).pixels, longest=side)


def list_pictures(folder: str) -> tuple[str, ...]:
    """The pictures that lie in a folder, in the order people count.

    Sub-folders and hidden files are left out; a file is a picture by its first bytes.

    Raises:
        UnreadablePicture: there is no such folder, or it may not be read.
    """
    path = Path(folder)
    try:
        inside = sorted(path.iterdir(), key=lambda entry: natural_order(entry.name))
    except (OSError, ValueError) as error:
        raise _no_folder(path, error) from error
    shown = (entry for entry in inside if not entry.name.startswith("."))
    return tuple(str(entry) for entry in shown if source_of(str(entry)) is not None)


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key by which "part 9" comes before "part 10", whatever the case."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part.casefold()) for part in parts
    )


def source_of(locator: str) -> Source | None:
    """The first source that accepts this locator, or None."""
    return next((source for source in _sources() if source.accepts(locator)), None)


def _known_source(locator: str) -> Source:
    check_readable(locator)
    source = source_of(locator)
    if source is None:
        raise UnreadablePicture(
            f"{Path(locator).name} is not a picture this program can read.",
            hint="Open it in another program and save it as PNG or TIFF.",
        )
    return source


def _sources() -> Iterator[Source]:
    for name in plugins.names(sources):
        yield cast(Source, plugins.load(sources, name))


def _no_folder(path: Path, error: Exception) -> UnreadablePicture:
    if isinstance(error, NotADirectoryError):
        return UnreadablePicture(f"{path} is a file, not a folder.", hint="Open it as a picture.")
    if isinstance(error, PermissionError):
        return UnreadablePicture(
            f"This program may not look into {path}.", hint="Ask for the right to read it."
        )
    return UnreadablePicture(
        f"There is no folder {path}.", hint="Check the name, or whether a drive is missing."
    )
