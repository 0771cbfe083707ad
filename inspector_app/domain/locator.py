"""Names of pictures: `path`, or `path#N` for the N-th picture of a file that holds several.

Pages of a TIFF or a PDF, frames of a GIF, a DICOM run or a video. N is counted from 1. A file
that really is named `...#N` wins over the N-th picture of `...`.
"""

import re
from pathlib import Path

_NUMBERED = re.compile(r"(?s)(.+)#([1-9][0-9]{0,8})")


def split(locator: str) -> tuple[str, int | None]:
    """The file's path and the picture's number in it.

    Returns:
        (path, N), or (locator, None) where no picture in the file is named. The address of a
        device or a server ("rtsp://...") is never split.
    """
    found = _NUMBERED.fullmatch(locator)
    if found is None or "://" in locator or _is_there(locator):
        return locator, None
    return found[1], int(found[2])


def join(path: str, number: int | None) -> str:
    """The locator of the picture `number`, counted from 1, in the file at `path`.

    Undoes `split`: None stands for a file of one picture.

    Raises:
        ValueError: `number` is below 1.
    """
    if number is None:
        return path
    if number < 1:
        raise ValueError(f"pictures are counted from 1, not {number}")
    return f"{path}#{number}"


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key by which "part 9" comes before "part 10", whatever the case."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part.casefold()) for part in parts
    )


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
