"""Open a picture with whichever source knows it, and list those in a folder."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from inspector_app import plugins, sources
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Frame
from inspector_app.domain.locator import join, natural_order, split
from inspector_app.domain.ports import Source
from inspector_app.domain.series import Series
from inspector_app.imaging.resizing import thumbnail
from inspector_app.imaging.source_bytes import check_readable

MOST_LISTED = 10_000
"""A file that claims to hold more pictures is listed up to this one."""


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


def pictures_in(path: str) -> tuple[str, ...]:
    """The pictures that a file holds, in order: `path#1`, `path#2`, ...

    Returns:
        (path,) alone where it holds one or where it cannot be read: why not is said when it is
        opened. An index (DICOMDIR) gives the files it names.
    """
    return _held(path, with_moments=True) or (path,)


def list_pictures(folder: str) -> tuple[str, ...]:
    """The pictures that lie in a folder, in the order people count.

    Sub-folders and hidden files are left out; a file is a picture by its first bytes. Files
    that hold several pictures are expanded; slices of a scan come series by series.

    Raises:
        UnreadablePicture: there is no such folder, or it may not be read.
    """
    path = Path(folder)
    try:
        inside = sorted(path.iterdir(), key=lambda entry: natural_order(entry.name))
    except (OSError, ValueError) as error:
        raise _no_folder(path, error) from error
    shown = (entry for entry in inside if not entry.name.startswith("."))
    files = [str(entry) for entry in shown if source_of(str(entry)) is not None]
    return tuple(dict.fromkeys(_expanded(files)))


def series_in(files: Sequence[str]) -> tuple[Series, ...]:
    """The scans among these files, each in the order of its slices."""
    found: list[Series] = []
    for source in _sources():
        series: Callable[[Sequence[str]], tuple[Series, ...]] | None
        if (series := getattr(source, "series", None)) is not None:
            found.extend(series([file for file in files if source.accepts(file)]))
    return tuple(found)


def _expanded(files: Sequence[str]) -> Iterator[str]:
    """The pictures of all files in order; at the first slice of any scan come all scans."""
    scans = series_in(files)
    slices = [locator for one in scans for locator in one.locators]
    scanned = {split(locator)[0] for locator in slices}
    for file in files:
        if file in scanned:
            yield from slices
            slices = []
        else:
            yield from _held(file, with_moments=False)


def _held(path: str, *, with_moments: bool) -> tuple[str, ...]:
    """The pictures that a file holds; none where it is readable and holds none.

    Args:
        path: Of the file.
        with_moments: Whether the frames of a video are told apart.
    """
    if split(path)[1] is not None:
        return (path,)
    source = source_of(path)
    contents: Callable[[str], tuple[str, ...]] | None = getattr(source, "contents", None)
    if contents is not None and (named := contents(path)):
        return named
    count: Callable[[str], int] | None = getattr(source, "count", None)
    if count is None or (getattr(source, "IS_MOVING", False) and not with_moments):
        return (path,)
    try:
        held = count(path)
    except UnreadablePicture:
        return (path,)
    if held == 1:
        return (path,)
    return tuple(join(path, number) for number in range(1, min(held, MOST_LISTED) + 1))


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
