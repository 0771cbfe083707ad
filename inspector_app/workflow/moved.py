"""Pictures that are not where they were, found again by what is in them."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from inspector_app.domain.locator import join, split
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.resume import Listed
from inspector_app.domain.stamp import FileStamp

_MOST_FILES = 20_000
"""So many files are looked at before the search ends."""

_NO_DISKS = frozenset(map(Path, ("/proc", "/sys", "/dev")))
"""Files in them are the kernel's: some of these never end, or wait for ever."""

_DEPTH = 3

_ALIKE = (
    frozenset((".tif", ".tiff")),
    frozenset((".jpg", ".jpeg", ".jpe", ".jfif")),
    # Archives name them without an ending, or by a UID.
    frozenset((".dcm", ".dicom", ".ima", "")),
)
"""Endings of one kind of file; any other is alike to itself alone."""


def find_moved(listed: Sequence[Listed]) -> Steps[dict[str, str]]:
    """Where the missing pictures of a worklist are now.

    Looked for in the folders of the list and in what is left of those that are gone, three
    folders deep. A file is the same where its content has the same hash; one that was never
    opened, where name and size are the same.

    Args:
        listed: The worklist, with what is known of each file.

    Returns:
        New locators by old ones, of those that were found.
    """
    missing = []
    for at, one in enumerate(listed):
        if at % 100 == 0:
            yield Step("open", at, len(listed))
        if FileStamp.of(one.locator).size < 0 and one.size > 0 and "://" not in one.locator:
            missing.append(one)
    if not missing:
        return {}
    sizes = {one.size for one in missing}
    by_size: dict[int, list[Path]] = {}
    for at, (path, size) in enumerate(_files(_places(listed))):
        if at % 100 == 0:
            yield Step("open", at, 0)
        if size in sizes:
            by_size.setdefault(size, []).append(path)
    found, hashes = dict[str, str](), dict[Path, str]()
    for at, one in enumerate(missing):
        yield Step("open", at, len(missing))
        _path, number = split(one.locator)
        same = (path for path in by_size.get(one.size, ()) if _is_same(path, one, hashes))
        if (there := next(same, None)) is not None:
            found[one.locator] = join(str(there), number)
    return found


def find_file(sha256: str, *, place: Path, folders: Sequence[Path] = ()) -> Steps[Path | None]:
    """The file with this content, where nothing is known but what it holds.

    Looked for in the given folders, then around its old place as in `find_moved`. Its ending
    still tells the same kind of file: of a disk full of films none is read in search of a PNG.

    Args:
        sha256: Of its bytes, lower-case hex.
        place: Where it was.
        folders: Where it may be, too; they are searched first.

    Returns:
        None where it is not found.
    """
    around = [*folders, *_places([Listed(str(place))])]
    endings = _endings_like(place)
    same = [path for path, _size in _files(around) if _ending_of(path) in endings]
    # Most are moved without being renamed, or without more than their ending.
    same.sort(key=lambda path: (path.name != place.name, path.stem != place.stem))
    for at, path in enumerate(same):
        yield Step("open", at, len(same))
        if _hash_of(path) == sha256:
            return path
    return None


def _endings_like(path: Path) -> frozenset[str]:
    """The endings that a file of the same kind may have, in lower case."""
    ending = _ending_of(path)
    return next((alike for alike in _ALIKE if ending in alike), frozenset((ending,)))


def _ending_of(path: Path) -> str:
    """In lower case; the last number of a UID is none."""
    ending = path.suffix.lower()
    return "" if ending[1:].isdecimal() else ending


def _is_same(path: Path, one: Listed, hashes: dict[Path, str]) -> bool:
    if not one.sha256:
        return path.name == Path(split(one.locator)[0]).name
    if path not in hashes:
        hashes[path] = _hash_of(path)
    return hashes[path] == one.sha256


def _hash_of(path: Path) -> str:
    """Lower-case hex; "" where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _places(listed: Iterable[Listed]) -> list[Path]:
    """Folders to look in: those of the list, or the nearest one above that is still there."""
    places: dict[Path, None] = {}
    for one in listed:
        folder = Path(split(one.locator)[0]).parent
        is_gone = not folder.is_dir()
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        places[folder] = None
        # A folder beside is where things are sorted into.
        if not is_gone and folder.parent != folder.parent.parent:
            places[folder.parent] = None
    return list(places)


def _files(places: Sequence[Path]) -> Iterator[tuple[Path, int]]:
    """(path, size in bytes), near places first; links are not followed."""
    seen = set(_NO_DISKS)
    left = _MOST_FILES
    due = [(place, 0) for place in places]
    while due and left > 0:
        folder, depth = due.pop(0)
        if folder in seen:
            continue
        seen.add(folder)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            left -= 1
            try:
                if entry.is_dir(follow_symlinks=False) and depth < _DEPTH:
                    due.append((Path(entry.path), depth + 1))
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
            except OSError:
                continue
