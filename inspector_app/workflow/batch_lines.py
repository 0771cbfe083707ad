"""The file of a batch's results: a line of JSON a picture, each safe before the next."""

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspector_app.domain.document import to_document
from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.stamp import FileStamp
from inspector_app.domain.verdict import Outcome
from inspector_app.files import refusal


@dataclass(slots=True)
class Lines:
    """The file of results: appended to, a line at a time, each safe before the next.

    Attributes:
        path: Of the file.
        done: Line by picture.
    """

    path: Path
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path) -> "Lines":
        """Read what is there, and cut off a line that was not finished.

        Raises:
            WrongUse: a whole line is none of ours.
            CannotWrite: the file refuses.
        """
        lines = cls(path)
        try:
            content = path.read_bytes() if path.exists() else b""
            whole = content[: content.rfind(b"\n") + 1]
            if len(whole) < len(content):
                os.truncate(path, len(whole))
        except OSError as error:
            raise refusal(error, path) from error
        for text in whole.splitlines():
            try:
                line = json.loads(text)
                lines.done[line["picture"]] = line
            except (ValueError, TypeError, KeyError) as error:
                raise WrongUse(
                    f"{path} holds a line that no batch has written.",
                    hint="Choose another folder for the results.",
                ) from error
        return lines

    def add(self, line: dict[str, Any]) -> None:
        """Append a line; when this returns, it survives a loss of power.

        Raises:
            CannotWrite: the disk is full or refuses; no half of the line stays.
        """
        content = json.dumps(line, ensure_ascii=True, allow_nan=False).encode() + b"\n"
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                length = os.fstat(handle).st_size
                try:
                    written = os.write(handle, content)
                    if written < len(content):
                        raise OSError(28, os.strerror(28))
                    os.fsync(handle)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(handle, length)
                    raise
            finally:
                os.close(handle)
        except OSError as error:
            raise refusal(error, self.path) from error
        self.done[line["picture"]] = line

    def left_of(self, pictures: Iterable[str]) -> list[str]:
        """Those that have no line, or whose file is another than the one the line is about."""
        return [picture for picture in pictures if not self._is_done(picture)]

    def _is_done(self, picture: str) -> bool:
        line = self.done.get(picture)
        if line is None:
            return False
        # Lines of older versions do not say which file they are about.
        known = line.get("file")
        return known is None or known == _state(FileStamp.of(picture))


def failed(picture: str, error: InspectorError, *, stamp: FileStamp) -> dict[str, Any]:
    """A line for a picture that got no answer: never anything better than CHECK."""
    return {
        "picture": picture,
        "outcome": Outcome.CHECK.value,
        "reason": error.sentence(),
        "record": None,
        "sha256": None,
        "file": _state(stamp),
        "answer": None,
        "whole": None,
        "zoomed": None,
        "regions": [],
        "ms": None,
    }


def told(picture: str, found: Inspection, *, stamp: FileStamp) -> dict[str, Any]:
    """A line for an inspection."""
    document = to_document(found)
    verdict, answers = document["verdict"], document["answers"]
    zoomed = answers["zoomed"]
    return {
        "picture": picture,
        "outcome": verdict["outcome"] if verdict else "",
        "reason": verdict["reason"] if verdict else "",
        "record": found.id,
        "sha256": found.provenance.sha256,
        "file": _state(stamp),
        "answer": found.answer.text,
        "whole": answers["whole"]["text"],
        "zoomed": zoomed["text"] if zoomed else None,
        "regions": [region["box"] for region in document["regions"]],
        "ms": sum(document["timings_ms"].values()),
    }


def _state(stamp: FileStamp) -> list[int]:
    """[bytes, nanoseconds since 1970 of the last change], -1 bytes where there is no file."""
    return [stamp.size, stamp.date_ns]
