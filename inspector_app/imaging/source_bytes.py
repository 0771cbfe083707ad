"""The bytes of a picture file, or one clear sentence why there are none."""

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.locator import split

MOST_BYTES = 4 << 30
"""Larger files are refused before they are read."""
MOST_PIXELS = 400_000_000
"""Larger pictures are refused by their header, before any pixel is decoded."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceBytes:
    """A file's content as it was read, once.

    Attributes:
        path: Where it was.
        content: All of it.
        sha256: Of `content`, lower-case hex.
    """

    path: Path
    content: bytes
    sha256: str


def read_source(locator: str) -> SourceBytes:
    """Read a file whole, so that what is decoded is what was hashed.

    Args:
        locator: A path, or `path#N` for a picture in it.

    Raises:
        UnreadablePicture: there is no such file, it is a folder or a device, it is empty
            or too large, or the system refuses.
    """
    path = Path(split(locator)[0])
    size = _checked(path)
    if size > MOST_BYTES:
        raise UnreadablePicture(
            f"{path.name} is {size / 1e9:.1f} GB large, more than this program reads.",
            hint="Save a smaller part of the picture and open that.",
        )
    try:
        content = path.read_bytes()
    except (OSError, MemoryError) as error:
        raise _refused(path, error) from error
    if not content:
        raise _empty(path)
    return SourceBytes(path, content, hashlib.sha256(content).hexdigest())


@contextmanager
def opened_source(locator: str) -> Iterator[BinaryIO]:
    """The file itself, for what its header alone tells.

    Raises:
        UnreadablePicture: as `read_source`.
    """
    path = Path(split(locator)[0])
    if _checked(path) == 0:
        raise _empty(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise _refused(path, error) from error
    with file:
        yield file


def beginning(locator: str, *, length: int = 256) -> bytes:
    """The first bytes of a file, to tell its kind; b"" where it cannot be read."""
    path = Path(split(locator)[0])
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(length)
    except (OSError, ValueError):
        return b""


def check_readable(locator: str) -> None:
    """Say what stands in the way of reading a file.

    Raises:
        UnreadablePicture: as `read_source`, without reading it all.
    """
    path = Path(split(locator)[0])
    if _checked(path) == 0:
        raise _empty(path)
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise _refused(path, error) from error


def check_pixels(size: tuple[int, int], *, name: str) -> None:
    """Refuse a (width, height) that would not fit into memory, before decoding.

    Raises:
        UnreadablePicture: more than `MOST_PIXELS`, or no pixel at all.
    """
    width, height = size
    if width < 1 or height < 1:
        raise UnreadablePicture(f"{name} has no pixels.", hint="Save it again as PNG or TIFF.")
    if width * height > MOST_PIXELS:
        raise too_many_pixels(f"{name} ({width} x {height})")


def check_number(number: int, *, held: int, name: str) -> None:
    """Refuse the `number`-th picture of a file that holds only `held`.

    Raises:
        UnreadablePicture: there is no such picture.
    """
    if number > held:
        only = "only one picture" if held == 1 else f"only {held} pictures"
        raise UnreadablePicture(
            f"{name} holds {only}, not {number}.", hint="Open the file again to see which."
        )


def too_many_pixels(name: str) -> UnreadablePicture:
    """What to tell the user about a picture above the limit."""
    return UnreadablePicture(
        f"{name} has more than the {MOST_PIXELS // 1_000_000} million pixels that this program "
        "opens.",
        hint="Cut out the part that matters and open that.",
    )


def damaged(name: str, error: BaseException) -> UnreadablePicture:
    """What to tell the user when a decoder gave up."""
    if isinstance(error, MemoryError):
        return UnreadablePicture(
            f"There is not enough memory to open {name}.",
            hint="Close other programs or open a smaller picture.",
        )
    return UnreadablePicture(
        f"{name} is damaged, incomplete or of a kind this program cannot read.",
        hint="Open it in another program and save it again as PNG or TIFF.",
    )


def _checked(path: Path) -> int:
    """Size in bytes of a regular file."""
    try:
        met = path.stat()
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    if stat.S_ISDIR(met.st_mode):
        raise UnreadablePicture(
            f"{path} is a folder, not a picture.",
            hint="Open it as a folder or choose a file in it.",
        )
    if not stat.S_ISREG(met.st_mode):
        raise UnreadablePicture(f"{path} is not a file.", hint="Choose a picture file.")
    return met.st_size


def _empty(path: Path) -> UnreadablePicture:
    return UnreadablePicture(f"{path.name} is empty.", hint="Copy the file again from its origin.")


def _refused(path: Path, error: BaseException) -> UnreadablePicture:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UnreadablePicture(
            f"There is no file {path}.", hint="Check the name, or whether a drive is missing."
        )
    if isinstance(error, PermissionError):
        return UnreadablePicture(
            f"This program may not read {path}.", hint="Ask for the right to read it, or copy it."
        )
    if isinstance(error, MemoryError):
        return damaged(path.name, error)
    said = error.strerror if isinstance(error, OSError) else None
    return UnreadablePicture(
        f"{path.name or path} could not be read: {said or 'the name is not valid'}.",
        hint="Check the name and the drive.",
    )
