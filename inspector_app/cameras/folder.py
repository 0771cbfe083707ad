"""A folder into which another program puts pictures: `folder:/some/folder`.

A file is taken once it is complete: its size and time have not changed from one look to the
next. What lay there before is not taken.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import Arrival, FoundCamera
from inspector_app.domain.ports import Stream

TITLE = "Watched folder"
IS_STEADY = False

_PREFIX = "folder:"
_LOOK_S = 0.2
_HALF_DONE = (".part", ".tmp", ".temp", ".crdownload", ".partial", ".filepart")


@dataclass(frozen=True, slots=True)
class _State:
    """Of one file; another one means that it was written to."""

    size: int
    changed_ns: int
    inode: int


class FolderStream:
    """A folder and what is known of the files in it.

    Args:
        folder: Of which sub-folders are left out.
        pause: Waits so many seconds between two looks.
    """

    def __init__(self, folder: Path, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._folder = folder
        self._pause = pause
        self._taken = self._look()
        self._growing: dict[str, _State] = {}

    def read(self) -> Arrival | None:
        """Look once, after a pause; the newest complete file that was not taken yet.

        Raises:
            UnreadablePicture: the folder is gone.
        """
        self._pause(_LOOK_S)
        now = self._look()
        fresh = {name: state for name, state in now.items() if self._taken.get(name) != state}
        complete = [
            name for name, state in fresh.items() if self._growing.get(name) == state and state.size
        ]
        self._growing = {name: state for name, state in fresh.items() if name not in complete}
        self._taken = {name: state for name, state in self._taken.items() if name in now}
        if not complete:
            return None
        self._taken.update({name: now[name] for name in complete})
        newest = max(complete, key=lambda name: (now[name].changed_ns, name))
        return Arrival(path=str(self._folder / newest), missed=len(complete) - 1)

    def close(self) -> None:
        """Nothing is held."""

    def _look(self) -> dict[str, _State]:
        found = {}
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if not _is_of_interest(entry):
                        continue
                    state = entry.stat()
                    found[entry.name] = _State(state.st_size, state.st_mtime_ns, entry.inode())
        except FileNotFoundError:
            # A file may go between being listed and being looked at; the folder may not.
            if self._folder.is_dir():
                return found
            raise no_folder(self._folder) from None
        except OSError as error:
            raise no_folder(self._folder) from error
        return found


def accepts(address: str) -> bool:
    """Whether it begins with `folder:`."""
    return address.lower().startswith(_PREFIX)


def found() -> tuple[FoundCamera, ...]:
    """None: any folder may be one."""
    return ()


def open(address: str) -> Stream:
    """Begin to watch.

    Raises:
        UnreadablePicture: there is no such folder, or it may not be read.
    """
    folder = Path(address[len(_PREFIX) :]).expanduser()
    if not address[len(_PREFIX) :].strip() or not folder.is_dir():
        raise no_folder(folder)
    return FolderStream(folder)


def no_folder(folder: Path) -> UnreadablePicture:
    """What to say when it cannot be looked into."""
    return UnreadablePicture(
        f"The folder {folder} cannot be watched.",
        hint="Check the name, the drive, and the right to read it.",
    )


def _is_of_interest(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    return not name.startswith((".", "~")) and not name.endswith(_HALF_DONE) and entry.is_file()
