"""Which state of a file something was read from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from inspector_app.domain.locator import split


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What the disk tells of a file without reading it; another stamp means another state.

    Attributes:
        locator: Of the picture, a number behind the path included.
        size: In bytes; -1 where there is no such file.
        changed_ns: Times of change of content and of entry in nanoseconds since 1970, and the
            file's number on the disk; empty where there is no such file.
    """

    locator: str
    size: int
    changed_ns: tuple[int, ...]

    @classmethod
    def of(cls, locator: str) -> Self:
        """The state at this moment; never raises, but waits for the disk."""
        try:
            state = Path(split(locator)[0]).stat()
        except (OSError, ValueError):
            return cls(locator, -1, ())
        # Copying tools may set the time of change back, but never that of the entry.
        return cls(locator, state.st_size, (state.st_mtime_ns, state.st_ctime_ns, state.st_ino))

    @property
    def date_ns(self) -> int:
        """When the content was changed last, in nanoseconds since 1970; 0 where unknown."""
        return self.changed_ns[0] if self.changed_ns else 0
