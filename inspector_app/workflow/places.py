"""Where a checkpoint's files come from: a hub, a mirror, or a folder such as a USB stick.

A hub (or a mirror that speaks its language) tells commit, sizes and hashes of all files. Any
web server can be a mirror: a model folder that was pulled once, served as it is, tells the
same by its manifest. A folder may lack the manifest; its files are then taken as they are.

The hub's own client is not used: it cannot be stopped in the middle of a file, takes no plain
mirror, and compares no hashes.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx2

from inspector_app import files
from inspector_app.domain.checkpoint import MANIFEST, Contents, Part
from inspector_app.domain.errors import InspectorError, ModelTrouble, WrongUse
from inspector_app.domain.foreign import parsed_json, whole_number
from inspector_app.runtime.server import stepped, wished_pause
from inspector_app.workflow import modelscope
from inspector_app.workflow.manifest import BLOCK, Manifest, parse_manifest, read_manifest
from inspector_app.workflow.web import checked_address, is_page, is_unreached, new_client

HUB = "https://huggingface.co"
_LARGEST_TOLD = 8 << 20
# Small enough that a slow line shows progress.
_BLOCK = 1 << 18
_NOT_FOUND = {404, 410}
_FORBIDDEN = {401, 403}
_BY_HAND = (
    "Connect to the network, name a mirror or a folder with --from, "
    "or copy the folder from another computer."
)


class BrokenOff(Exception):
    """The connection ended before the file did; what came is good and more may come.

    Attributes:
        pause_s: How long the server wants to be left alone; 0 where it does not say.
    """

    def __init__(self, words: str, *, pause_s: float = 0.0) -> None:
        super().__init__(words)
        self.pause_s = pause_s


class Begins(int):
    """Where in the file the bytes that follow begin."""


class Place(Protocol):
    """Somewhere that has checkpoints."""

    @property
    def called(self) -> str:
        """What to call it to the user."""

    def contents(self, name: str, *, repository: str, revision: str) -> Iterator[Contents | None]:
        """What it has of a model, as the last thing; None while waiting.

        Raises:
            ModelTrouble: it cannot be reached, has no such model, or talks nonsense.
        """

    def bytes_of(self, part: Part, *, start: int) -> Iterator[bytes | Begins | None]:
        """First where it begins (at `start`, or at 0 after all), then its blocks.

        None while waiting. Leaving the iterator closes the connection.

        Raises:
            BrokenOff: more may come later.
            ModelTrouble: it will not.
        """


def place_of(source: str) -> Place:
    """The place that a source names: "" is the hub, "modelscope" is ModelScope.

    Raises:
        WrongUse: there is no such folder, or the address is of an unknown kind.
    """
    if source.startswith(("http://", "https://")):
        return Web(checked_address(source))
    if source == modelscope.NAME:
        return Web(modelscope.URL, is_modelscope=True)
    if not source:
        return Web(checked_address(os.environ.get("HF_ENDPOINT") or HUB))
    folder = Path(source).expanduser()
    if not files.is_folder(folder):
        raise WrongUse(
            f"There is no folder {folder} to take a model from.",
            hint='Name a folder, an address that begins with https://, or "modelscope".',
        )
    return Disk(folder)


class Web:
    """A hub or a mirror.

    Args:
        url: Without a slash at its end.
        is_modelscope: Whether it speaks the language of ModelScope.
    """

    def __init__(self, url: str, *, is_modelscope: bool = False) -> None:
        self._url, self._is_modelscope = url, is_modelscope
        self._files = url

    @property
    def called(self) -> str:
        """Its host, without anything secret."""
        address = httpx2.URL(self._url)
        port = "" if address.port is None else f":{address.port}"
        return f"{address.host}{port}"

    def contents(self, name: str, *, repository: str, revision: str) -> Iterator[Contents | None]:
        """Ask it as a hub, then for a manifest, see `Place`."""
        if self._is_modelscope:
            yield (yield from self._from_modelscope(repository, revision))
            return
        wanted = quote(revision or "main", safe="")
        asked = f"{self._url}/api/models/{repository}/revision/{wanted}?blobs=true"
        told = yield from self._told(asked)
        if told is not None:
            yield self._from_hub(told, repository=repository)
            return
        for base in (f"{self._url}/{quote(name)}", self._url):
            told = yield from self._told(f"{base}/{MANIFEST}")
            if told is not None:
                self._files = base
                manifest = parse_manifest(told, where=f"at {self.called}")
                yield Contents(manifest.parts, manifest.revision, manifest.origin)
                return
        raise ModelTrouble(
            f'There is no "{repository or name}" at {self.called}.',
            hint="Check the address; a mirror speaks the hub's language or serves a model's "
            f"folder with its {MANIFEST}.",
        )

    def _from_modelscope(self, repository: str, revision: str) -> Generator[None, None, Contents]:
        asked = modelscope.list_address(self._url, repository=repository, revision=revision)
        told = yield from self._told(asked)
        contents, self._files = modelscope.contents_of(
            told, url=self._url, repository=repository, called=self.called
        )
        return contents

    def bytes_of(self, part: Part, *, start: int) -> Iterator[bytes | Begins | None]:
        """See `Place`."""
        return stepped(lambda: self._blocks(part, start))

    def _from_hub(self, told: bytes, *, repository: str) -> Contents:
        try:
            answer: Any = parsed_json(told)
            commit = str(answer["sha"])
            parts = tuple(_part_of(one) for one in answer["siblings"])
            if not commit.isalnum():
                raise ValueError("sha")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelTrouble(
                f"{self.called} answered with something that is no list of files.",
                hint="Check the address, or try again later.",
            ) from error
        self._files = f"{self._url}/{repository}/resolve/{commit}"
        return Contents(parts, commit, f"{self._url}/{repository}")

    def _told(self, url: str) -> Generator[None, None, bytes | None]:
        """What stands at an address, as the generator's value; None where nothing does."""
        for came in stepped(lambda: self._small(url)):
            if came is None:
                yield None
            else:
                content: bytes | None = came.content
                return content
        return None

    async def _small(self, url: str) -> AsyncIterator["_Told"]:
        try:
            async with new_client() as client, client.stream("GET", url) as response:
                if response.status_code in _FORBIDDEN:
                    raise self._closed(response.status_code)
                if response.status_code in _NOT_FOUND:
                    yield _Told(None)
                    return
                if response.status_code != httpx2.codes.OK:
                    raise ModelTrouble(
                        f"{self.called} is in trouble (status {response.status_code}).",
                        hint="Try again later, or name a mirror or a folder.",
                    )
                content = b""
                async for block in response.aiter_bytes(BLOCK):
                    content += block
                    if len(content) > _LARGEST_TOLD:
                        break
                yield _Told(None if is_page(response) else content)
        except httpx2.HTTPError as error:
            raise self._silent(error) from error

    async def _blocks(self, part: Part, start: int) -> AsyncIterator[bytes | Begins]:
        headers = {"Range": f"bytes={start}-"} if start else {}
        # What is compressed on the way could not be continued in the middle.
        headers["Accept-Encoding"] = "identity"
        url = f"{self._files}/{quote(part.name)}"
        try:
            async with (
                new_client() as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                self._look_at(response, part)
                yield Begins(_begin(response, start))
                async for block in _blocks(response):
                    yield block
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            words = "cannot be reached" if is_unreached(error) else "broke the connection"
            raise BrokenOff(f"{self.called} {words}") from error

    def _look_at(self, response: httpx2.Response, part: Part) -> None:
        """Go on only with what is the file.

        Raises:
            BrokenOff: the server is busy.
            ModelTrouble: it does not give the file.
        """
        status = response.status_code
        if status in (httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT):
            return
        if status in _FORBIDDEN:
            raise self._closed(status)
        if status in _NOT_FOUND:
            raise ModelTrouble(
                f"{self.called} does not have {part.name}.",
                hint="Try another mirror, or a folder.",
            )
        pause = wished_pause(response.headers) or 0.0
        raise BrokenOff(f"{self.called} is busy (status {status})", pause_s=pause)

    def _closed(self, status: int) -> InspectorError:
        return ModelTrouble(
            f"{self.called} does not give this model to everybody (status {status}).",
            hint="Accept its licence and download it in a browser, then name that folder "
            "with --from.",
        )

    def _silent(self, error: httpx2.HTTPError) -> InspectorError:
        if is_unreached(error):
            return ModelTrouble(
                f"{self.called} cannot be reached: this computer seems to be offline.",
                hint=_BY_HAND,
            )
        return ModelTrouble(f"{self.called} broke the connection.", hint="Try again later.")


@dataclass(frozen=True, slots=True)
class _Told:
    """What stood at an address, or that nothing did."""

    content: bytes | None


class Disk:
    """A folder with a checkpoint, or one that holds a folder with it.

    Args:
        folder: As the user named it: the checkpoint itself, what holds a folder of the
            model's name, or the hub's own cache.
    """

    def __init__(self, folder: Path) -> None:
        self._named = folder
        self._files = folder

    @property
    def called(self) -> str:
        """The folder."""
        return str(self._named)

    def holds(self, folder: Path) -> bool:
        """Whether its files are those of a folder."""
        return self._files.resolve() == folder.resolve()

    def contents(self, name: str, *, repository: str, revision: str) -> Iterator[Contents | None]:
        """By its manifest, else by what lies there, see `Place`."""
        yield None
        cached = self._named / f"models--{repository.replace('/', '--')}" / "snapshots"
        candidates = [self._named, self._named / name, *sorted(cached.glob("*"), reverse=True)]
        if revision:
            candidates.insert(0, cached / revision)
        for folder in candidates:
            if files.is_file(folder / "config.json"):
                self._files = folder
                yield _listed(folder)
                return
        raise ModelTrouble(
            f"There is no checkpoint in {self._named}: it has no config.json.",
            hint="Name the folder that holds config.json and the .safetensors files.",
        )

    def bytes_of(self, part: Part, *, start: int) -> Iterator[bytes | Begins | None]:
        """See `Place`."""
        path = self._files / part.name
        try:
            with path.open("rb") as stream:
                stream.seek(start)
                yield Begins(start)
                while block := stream.read(BLOCK):
                    yield block
        except FileNotFoundError as error:
            raise ModelTrouble(
                f"The folder {self._files} does not have {part.name}.",
                hint="Copy the whole checkpoint there again.",
            ) from error
        except OSError as error:
            # A stick that was pulled out may be put in again.
            raise BrokenOff(f"{path} cannot be read: {error.strerror}") from error


def paused(seconds: float) -> Iterator[None]:
    """Wait, a twentieth of a second at a time."""

    async def nothing() -> AsyncIterator[None]:
        await asyncio.sleep(seconds)
        return
        yield

    for _ in stepped(nothing):
        yield None


def _listed(folder: Path) -> Contents:
    manifest: Manifest | None = read_manifest(folder)
    if manifest is not None:
        return Contents(manifest.parts, manifest.revision, manifest.origin)
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    parts = (Part(path.relative_to(folder).as_posix(), path.stat().st_size) for path in found)
    return Contents(tuple(parts), "", str(folder))


def _part_of(told: Any) -> Part:
    """One file as the hub tells of it."""
    large = told.get("lfs") or {}
    return Part(
        str(told["rfilename"]),
        -1 if told.get("size") is None else whole_number(told["size"]),
        str(large.get("sha256", "")).lower(),
        "" if large else str(told.get("blobId") or "").lower(),
    )


def _begin(response: httpx2.Response, start: int) -> int:
    """Where in the file a response begins; a server need not begin where it was asked to."""
    if response.status_code != httpx2.codes.PARTIAL_CONTENT:
        return 0
    told = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    if not told.isdigit() or int(told) != start:
        raise BrokenOff("the server answered with another piece of the file")
    return start


async def _blocks(response: httpx2.Response) -> AsyncIterator[bytes]:
    """What comes, in blocks; what came before a cut is not lost."""
    waiting = b""
    try:
        async for piece in response.aiter_raw():
            waiting += piece
            if len(waiting) >= _BLOCK:
                yield waiting
                waiting = b""
    except (httpx2.HTTPError, httpx2.StreamError):
        if waiting:
            yield waiting
        raise
    if waiting:
        yield waiting
