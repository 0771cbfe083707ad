"""Checkpoints as files: which of a model's files are wanted, and what is on this computer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from inspector_app.domain.foreign import parsed_json

MANIFEST = "manifest.json"
"""Beside the weights: name, size and SHA-256 of each file that came."""

AGREEMENT = 1e-3
"""Largest difference of an exported tower's features, relative to the largest feature."""
FASTER = 0.9
"""Largest share of torch's time at which an exported tower is preferred."""

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]{0,120}")
_DEEPEST = 3
_WANTED = (".safetensors", ".json", ".jinja", ".txt", ".model")
_PAPERS = ("LICENSE", "LICENCE", "NOTICE")
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
"""Weights that can run code when they are opened."""
_CODE = "auto_map"
# Their keys are words of the vocabulary and names of weights.
_LISTS = ("tokenizer.json", "vocab.json", "added_tokens.json", ".index.json")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a checkpoint, as its source tells of it.

    Attributes:
        name: Path inside the checkpoint, with "/".
        size: In bytes; -1 where the source does not tell.
        sha256: Lower-case hex, or "" where the source does not tell.
        blob_sha1: Git's own hash of the content, or "".
    """

    name: str
    size: int = -1
    sha256: str = ""
    blob_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a source has of a checkpoint.

    Attributes:
        parts: Its files.
        revision: The commit, or "" where the source knows none.
        origin: Where it is, for people and the manifest.
    """

    parts: tuple[Part, ...]
    revision: str
    origin: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """A sample: how much of a pull is here.

    Attributes:
        name: Of the file that is on its way.
        done: Bytes of all files that are here.
        total: Bytes of all files; 0 while not known.
        waits: Why nothing comes at the moment, in a few words; else "".
    """

    name: str
    done: int
    total: int
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Tower:
    """How a vision tower that was exported for ONNX Runtime compared with torch.

    Attributes:
        weights_sha256: Of the checkpoint it was made from.
        onnx_sha256: Of the exported files.
        release: Of ONNX Runtime.
        provider: What the session ran on, as it tells itself.
        difference: Largest, relative to the largest feature.
        torch_ms: One picture, the middle of several turns.
        onnx_ms: The same.
        threads: For both.
        made_of: The checkpoint's folder and its files of weights, by which a list knows it
            without reading them; "" where nobody told.
    """

    weights_sha256: str
    onnx_sha256: str
    release: str
    provider: str
    difference: float
    torch_ms: float
    onnx_ms: float
    threads: int
    made_of: str = ""

    @property
    def ratio(self) -> float:
        """Time of ONNX Runtime over that of torch."""
        return self.onnx_ms / self.torch_ms

    @property
    def agrees(self) -> bool:
        """Whether it may be used at all."""
        return self.difference <= AGREEMENT

    @property
    def is_faster(self) -> bool:
        """Whether it is used where nobody chose."""
        return self.ratio <= FASTER

    def is_used(self, choice: str) -> bool:
        """Whether it runs instead of torch.

        Args:
            choice: "auto", "torch" or "onnx".
        """
        return self.agrees and (choice == "onnx" or (choice == "auto" and self.is_faster))


class Presence(StrEnum):
    """What is on this computer of a model."""

    READY = "ready"
    ABSENT = "absent"
    PARTIAL = "partial"
    SERVER = "server"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model in one line of the chooser.

    Attributes:
        name: What is chosen.
        title: For people.
        family: Of its card.
        licence: Of its card.
        limits: Of its card.
        presence: What is on this computer.
        folder: Where its card is.
        bytes_here: Of its files on this computer, those half pulled included.
        repository: Where it is pulled from; "" where it is not.
        memory_mib: (precision, MiB) it needs; empty where nobody counted.
        can_load: Whether this program has its family.
        trouble: What is wrong with it, in a sentence; else "".
        tower: Its vision tower for ONNX Runtime; None where there is none that still holds.
        can_export: Whether there can be one; True too where nobody looked yet.
        revision: The commit that is here; "" where nobody told.
    """

    name: str
    title: str
    family: str
    licence: str
    limits: str
    presence: Presence
    folder: str
    bytes_here: int = 0
    repository: str = ""
    memory_mib: tuple[tuple[str, int], ...] = ()
    can_load: bool = True
    trouble: str = ""
    tower: Tower | None = None
    can_export: bool = False
    revision: str = ""


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models, and what there is to hold them.

    Attributes:
        lines: The models.
        free_mib: Memory of the computer that nobody uses.
        card_mib: The same of the graphics card; None where there is none or nobody looked.
        disk_bytes: Free where pulled models are kept.
        own_mib: Memory of the computer that this program itself takes and could give back.
        own_card_mib: The same of the graphics card.
    """

    lines: tuple[ModelLine, ...]
    free_mib: int
    card_mib: int | None
    disk_bytes: int
    own_mib: int = 0
    own_card_mib: int = 0

    def held_by(self, name: str, *, precision: str, on_card: bool) -> int:
        """MiB that come free when the model in use goes; a new one is loaded after that.

        Args:
            name: Of the model in use.
            precision: That it runs in.
            on_card: Whether it runs on the graphics card.
        """
        needs = (dict(line.memory_mib) for line in self.lines if line.name == name)
        # What it needs is more than it holds where its weights are only mapped.
        own = self.own_card_mib if on_card else self.own_mib
        return min(next(needs, {}).get(precision, 0), own)

    def once_freed(self, held_mib: int, *, on_card: bool) -> "ModelList":
        """The same with so much more that is free."""
        if on_card and self.card_mib is not None:
            return replace(self, card_mib=self.card_mib + held_mib)
        return self if on_card else replace(self, free_mib=self.free_mib + held_mib)


@dataclass(frozen=True, slots=True)
class ListModels:
    """Which models there are. Finished carries a `ModelList`."""


@dataclass(frozen=True, slots=True)
class PullModel:
    """Bring a model's files to this computer; goes on where it was stopped.

    Finished carries the folder. Samples are `Arriving`.

    Attributes:
        name: Of its card.
        source: "" for the hub; the address of a mirror; or a folder.
    """

    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class VerifyModel:
    """Compare a model's files with its manifest. Finished carries the number of files."""

    name: str


@dataclass(frozen=True, slots=True)
class AddModel:
    """Copy a checkpoint in a folder to the models. Finished carries its name there."""

    folder: str


@dataclass(frozen=True, slots=True)
class ExportTower:
    """Export a model's vision tower for ONNX Runtime. Finished carries a `Tower`."""

    name: str


ModelRequest = ListModels | PullModel | VerifyModel | AddModel | ExportTower


def is_safe(name: str) -> bool:
    """Whether a file's name can only mean a place inside the checkpoint."""
    parts = name.split("/")
    return len(parts) <= _DEEPEST and all(_PART.fullmatch(part) for part in parts)


def is_wanted(name: str) -> bool:
    """Whether a file of a checkpoint is of use here; nothing that is code or a pickle is."""
    if not is_safe(name) or name in (MANIFEST, "card.toml"):
        return False
    last = name.rpartition("/")[2]
    return last.endswith(_WANTED) or last.upper().startswith(_PAPERS)


def wants_code(name: str, content: bytes) -> bool:
    """Whether a JSON file of a checkpoint names Python code of its own to be run.

    Args:
        name: Of the file.
        content: Its bytes; what is no JSON names nothing.
    """
    if name.endswith(_LISTS):
        return False
    try:
        waiting: list[Any] = [parsed_json(content)]
    except ValueError:
        return False
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if _CODE in found:
                return True
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
    return False


def fits(memory_mib: Mapping[str, int], precision: str, *, free_mib: int) -> bool | None:
    """Whether a model's need is met; None where nobody counted it."""
    need = memory_mib.get(precision)
    return None if need is None else need <= free_mib
