"""The files of one checkpoint as they come: continued, compared, looked into."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector_app import files
from inspector_app.domain.checkpoint import Arriving, Part, wants_code
from inspector_app.domain.errors import CannotWrite, ModelTrouble
from inspector_app.domain.foreign import parsed_json
from inspector_app.domain.messages import Step, Steps
from inspector_app.workflow.manifest import hash_of
from inspector_app.workflow.places import Begins, BrokenOff, Place, paused

TRIES = 6
"""Connections in a row that may bring nothing before a pull gives up."""

_SPARE_BYTES = 256 << 20
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0
HALF = ".half"
"""Ends the names of files that are not whole yet."""


def check_config(content: bytes, *, architectures: Sequence[str], where: str) -> None:
    """Refuse what would not be loaded anyway, before its weights come.

    Raises:
        ModelTrouble: it is no config, is quantised, or of another architecture.
    """
    try:
        config: Any = parsed_json(content)
        named = str((config.get("architectures") or ["nothing"])[0])
    except (ValueError, AttributeError, TypeError, IndexError, KeyError) as error:
        raise ModelTrouble(
            f"The config.json of {where} cannot be read.", hint="Take another source."
        ) from error
    if config.get("quantization_config"):
        raise ModelTrouble(
            f"The checkpoint at {where} is quantised, which is not supported.",
            hint="Take the float16 or bfloat16 checkpoint.",
        )
    if architectures and named not in architectures:
        raise ModelTrouble(
            f"The checkpoint at {where} is a {named}, not what the card describes.",
            hint=f"Expected: {', '.join(architectures)}.",
        )


@dataclass(slots=True, eq=False)
class _Growing:
    """A file that is on its way.

    Attributes:
        path: Where it gathers.
        digest: SHA-256 of what is there.
        size: Bytes that are there.
    """

    path: Path
    digest: Any
    size: int


class Gathering:
    """The files of one pull as they come.

    Args:
        place: Where they come from.
        folder: Where they gather.
        architectures: What `config.json` may name; empty for any.
    """

    def __init__(self, place: Place, folder: Path, *, architectures: Sequence[str] = ()) -> None:
        self._place, self._folder = place, folder
        self._architectures = tuple(architectures)
        self._done = self._total = 0

    def all_of(self, parts: Sequence[Part]) -> Steps[tuple[Part, ...]]:
        """Every file, with the SHA-256 that it really has."""
        self._total = sum(max(0, part.size) for part in parts)
        self._look_for_room(parts)
        arrived = []
        for part in parts:
            before = self._done
            came = yield from self._one(part)
            self._done = before + came.size
            arrived.append(came)
            if part.name.endswith(".json"):
                self._look_into(part)
        return tuple(arrived)

    def _look_into(self, part: Part) -> None:
        """Refuse a file that says that the checkpoint could not be loaded anyway."""
        path, where = self._folder / part.name, self._place.called
        content = path.read_bytes()
        try:
            if wants_code(part.name, content):
                raise ModelTrouble(
                    f"The model at {where} wants to run Python code of its own ({part.name}).",
                    hint="For safety only checkpoints that transformers itself knows are taken.",
                )
            if part.name == "config.json":
                check_config(content, architectures=self._architectures, where=where)
        except ModelTrouble:
            path.unlink()
            raise

    def _look_for_room(self, parts: Sequence[Part]) -> None:
        here = sum(
            path.stat().st_size
            for part in parts
            for path in (self._folder / part.name, self._half(part))
            if path.is_file()
        )
        needed = self._total - here
        free = shutil.disk_usage(self._folder).free
        if needed > 0 and free < needed + _SPARE_BYTES:
            raise CannotWrite(
                f'The disk has {_gigabytes(free)} free, and "{self._folder.name}" needs '
                f"{_gigabytes(needed + _SPARE_BYTES)} more.",
                hint="Free some space, or move INSPECTOR_HOME to another disk.",
            )

    def _half(self, part: Part) -> Path:
        return self._folder / (part.name + HALF)

    def _one(self, part: Part) -> Steps[Part]:
        """One file, whole and as published."""
        whole, half = self._folder / part.name, self._half(part)
        files.make_folder(whole.parent)
        if whole.is_file():
            # From an earlier pull; believed only as far as its hash goes.
            _rename(whole, half)
        if part.size < 0 or not (part.sha256 or part.blob_sha1):
            half.unlink(missing_ok=True)
        begun = half.is_file() and half.stat().st_size > 0
        came = yield from self._fetched(part, half)
        if begun and not _is_right(part, came):
            half.unlink()
            came = yield from self._fetched(part, half)
        if not _is_right(part, came):
            half.unlink()
            raise ModelTrouble(
                f"{part.name} from {self._place.called} is not what was published: its hash "
                "is another one.",
                hint="Try again, or take another mirror.",
            )
        _rename(half, whole)
        return replace(part, size=came.size, sha256=came.digest.hexdigest())

    def _fetched(self, part: Part, half: Path) -> Steps[_Growing]:
        """Bring the rest of a file behind what is there."""
        came = yield from self._found(part, half)
        tries = 0
        while came.size != part.size or not half.is_file():
            start, ended = came.size, None
            try:
                yield from self._connection(part, came)
            except BrokenOff as error:
                ended = error
            if ended is None and (part.size < 0 or came.size >= part.size):
                break
            tries = 0 if came.size > start else tries + 1
            if tries >= TRIES:
                words = str(ended or f"{self._place.called} broke the connection")
                raise ModelTrouble(
                    f"{words}, again and again.",
                    hint="Pull it again later: it goes on where it stopped.",
                ) from ended
            yield from self._wait(part, ended, tries=tries, done=came.size)
        return came

    def _found(self, part: Part, half: Path) -> Steps[_Growing]:
        """What an earlier pull left of a file."""
        if half.is_file() and self._goes_on(half, size=part.size):
            digest = yield from hash_of(half, name=part.name, before=self._done, total=self._total)
            return _Growing(half, digest, half.stat().st_size)
        half.unlink(missing_ok=True)
        return _Growing(half, hashlib.sha256(), 0)

    @staticmethod
    def _goes_on(half: Path, *, size: int) -> bool:
        """Whether a file can be gone on with; one that a model shares is never written into."""
        there = half.stat()
        return there.st_size == size or (there.st_size < size and there.st_nlink == 1)

    def _wait(self, part: Part, ended: BrokenOff | None, *, tries: int, done: int) -> Steps[None]:
        usual = _FIRST_PAUSE_S * 2**tries
        pause = min(_LONGEST_PAUSE_S, max(usual, ended.pause_s if ended else 0.0))
        words = str(ended or f"{self._place.called} broke the connection")
        for _ in paused(pause):
            yield self._step(part, done, waits=words)

    def _connection(self, part: Part, came: _Growing) -> Steps[None]:
        """Put what one connection brings on the disk."""
        blocks: Any = self._place.bytes_of(part, start=came.size)
        try:
            with came.path.open("ab") as stream:
                for block in blocks:
                    if isinstance(block, Begins) and block != came.size:
                        # The server does not continue files: from the beginning then.
                        stream.truncate(0)
                        came.digest, came.size = hashlib.sha256(), 0
                    elif isinstance(block, bytes):
                        stream.write(block)
                        came.digest.update(block)
                        came.size += len(block)
                    if 0 <= part.size < came.size:
                        break
                    yield self._step(part, came.size)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise files.refusal(error, self._folder / part.name) from error
        finally:
            blocks.close()

    def _step(self, part: Part, done: int, *, waits: str = "") -> Step:
        here = self._done + done
        return Step("fetch", here, self._total, Arriving(part.name, here, self._total, waits))


def _rename(path: Path, to: Path) -> None:
    try:
        path.replace(to)
    except OSError as error:
        raise files.refusal(error, to) from error


def _is_right(part: Part, came: _Growing) -> bool:
    """Whether a file is the published one, as far as its source told."""
    if part.size >= 0 and came.size != part.size:
        return False
    if part.sha256:
        return bool(came.digest.hexdigest() == part.sha256)
    if part.blob_sha1:
        content = came.path.read_bytes()
        # Git names a file by this; it is no secret's keeper here.
        told = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return told.hexdigest() == part.blob_sha1
    return True


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
