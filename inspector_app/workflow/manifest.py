"""What came with a pull: each file's size and SHA-256, written once and compared afterwards."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector_app import files
from inspector_app.domain.checkpoint import MANIFEST, Arriving, Part, is_safe
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.foreign import parsed_json, whole_number
from inspector_app.domain.messages import Step, Steps

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model folder should hold.

    Attributes:
        name: Of the model.
        repository: Where it is published.
        revision: The commit that came; "" where the source knew none.
        origin: What it came from.
        parts: Its files, each with size and SHA-256.
    """

    name: str
    repository: str
    revision: str
    origin: str
    parts: tuple[Part, ...]

    def as_bytes(self) -> bytes:
        """JSON, for the file."""
        content = {
            "manifest": 1,
            "name": self.name,
            "repository": self.repository,
            "revision": self.revision,
            "origin": self.origin,
            "files": [
                {"name": part.name, "size": part.size, "sha256": part.sha256} for part in self.parts
            ],
        }
        return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def parse_manifest(content: bytes, *, where: str) -> Manifest:
    """Read what `Manifest.as_bytes` wrote.

    Raises:
        ModelTrouble: it is something else.
    """
    try:
        told: Any = parsed_json(content)
        parts = tuple(
            Part(str(one["name"]), whole_number(one["size"], least=0), str(one["sha256"]).lower())
            for one in told["files"]
        )
        name, repository, revision, origin = (
            str(told[key]) for key in ("name", "repository", "revision", "origin")
        )
        if not parts or not all(is_safe(one.name) and len(one.sha256) == 64 for one in parts):
            raise ValueError("files")
    except (ValueError, KeyError, TypeError) as error:
        raise ModelTrouble(
            f"The manifest {where} cannot be read.",
            hint="Pull the model again, or copy its whole folder again.",
        ) from error
    return Manifest(name, repository, revision, origin, parts)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a model folder; None where it has none.

    Raises:
        ModelTrouble: it is damaged.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelTrouble(
            f"The manifest {path} cannot be read: {error.strerror}.",
            hint="Check the permissions of the folder.",
        ) from error
    return parse_manifest(content, where=str(path))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put it beside the weights.

    Raises:
        CannotWrite: see `files`.
    """
    files.write_whole(folder / MANIFEST, manifest.as_bytes())


def check_sizes(folder: Path) -> None:
    """A quick look whether all files that came are still there and whole.

    Raises:
        ModelTrouble: one is missing or of another size.
    """
    manifest = read_manifest(folder)
    for part in () if manifest is None else manifest.parts:
        path = folder / part.name
        size = path.stat().st_size if files.is_file(path) else None
        if size != part.size:
            what = "is missing" if size is None else f"has {size} of {part.size} bytes"
            raise _damaged(folder, part.name, what)
    if manifest is not None:
        _look_for_more(folder, manifest, kinds=(".safetensors",))


def _look_for_more(folder: Path, manifest: Manifest, *, kinds: tuple[str, ...]) -> None:
    """What was put beside the files that came would be loaded with them, or instead.

    Raises:
        ModelTrouble: there is a file of one of these kinds that the manifest does not name.
    """
    came = {part.name for part in manifest.parts} | {MANIFEST}
    try:
        found = sorted(path.name for path in folder.iterdir() if path.suffix in kinds)
    except OSError as error:
        raise ModelTrouble(
            f"The folder {folder} cannot be read: {error.strerror}.",
            hint="Check the disk and the permissions of the folder.",
        ) from error
    for name in found:
        if name not in came:
            raise ModelTrouble(
                f"The model in {folder} is not as it came: {name} was put there afterwards.",
                hint="Take that file out of the folder.",
            )


def verify(folder: Path) -> Steps[int]:
    """Compare every file with the manifest.

    Returns:
        How many files were compared.

    Raises:
        ModelTrouble: there is no manifest, or a file is missing or another one.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ModelTrouble(
            f"The model folder {folder} has no {MANIFEST} to compare with.",
            hint="Only models that were pulled or added have one.",
        )
    check_sizes(folder)
    _look_for_more(folder, manifest, kinds=(".json", ".jinja", ".model"))
    done, total = 0, sum(part.size for part in manifest.parts)
    for part in manifest.parts:
        found = yield from hash_of(folder / part.name, name=part.name, before=done, total=total)
        if found.hexdigest() != part.sha256:
            raise _damaged(folder, part.name, "is not what came")
        done += part.size
    return len(manifest.parts)


def hash_of(path: Path, *, name: str, before: int, total: int) -> Steps[Any]:
    """SHA-256 of a file, as an object that can go on.

    Args:
        path: Of the file.
        name: For the progress.
        before: Bytes that are done already.
        total: Of all.

    Raises:
        ModelTrouble: it cannot be read.
    """
    digest, done = hashlib.sha256(), before
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                done += len(block)
                yield Step("check", done, total, Arriving(name, done, total))
    except OSError as error:
        raise ModelTrouble(
            f"The file {path} cannot be read: {error.strerror}.",
            hint="Check the disk and the permissions of the folder.",
        ) from error
    return digest


def _damaged(folder: Path, name: str, what: str) -> ModelTrouble:
    return ModelTrouble(
        f"The model in {folder} is damaged: {name} {what}.",
        hint=f"Repair it with: inspector models pull {folder.name}.",
    )
