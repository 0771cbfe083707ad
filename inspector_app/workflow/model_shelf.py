"""Which models there are, what of them is on this computer, and what there is to hold them."""

import contextlib
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from inspector_app import families, files, paths, plugins
from inspector_app.domain.card import Card
from inspector_app.domain.checkpoint import (
    AddModel,
    ExportTower,
    ListModels,
    ModelLine,
    ModelList,
    ModelRequest,
    Presence,
    PullModel,
    Tower,
    VerifyModel,
)
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.cards import CARD, read_card
from inspector_app.runtime.tower_facts import made_of, towers_in
from inspector_app.workflow.fetching import GATHERING, pull
from inspector_app.workflow.loading import model_folder
from inspector_app.workflow.manifest import check_sizes, read_manifest, verify
from inspector_app.workflow.waking import read_torch

_MIB = 1 << 20
_REMOTE = "remote"


def perform(request: ModelRequest) -> Steps[Any]:
    """Do what a request about models asks; the value is what its docstring promises."""
    match request:
        case ListModels():
            return (yield from list_models())
        case PullModel():
            return (yield from pull(request))
        case VerifyModel():
            return (yield from verify_model(request))
        case AddModel():
            yield from read_torch()
            from inspector_app.workflow.adding import add  # noqa: PLC0415  reads torch

            return (yield from add(Path(request.folder))).name
        case ExportTower():
            from inspector_app.workflow.towers import export_tower  # noqa: PLC0415  reads torch

            return (yield from export_tower(request.name))


def list_models() -> Steps[ModelList]:
    """Every folder with a card, the user's own first; reads neither torch nor weights."""
    names = paths.model_names()
    known = plugins.names(families)
    exported = towers_in(paths.towers())
    lines = []
    for at, name in enumerate(names):
        yield Step("open", at, len(names))
        lines.append(_told_of(_line(name, known=known), exported))
    return ModelList(
        tuple(lines),
        psutil.virtual_memory().available // _MIB,
        free_on_card(),
        shutil.disk_usage(_existing(paths.user_models())).free,
        _own_mib(),
        _own_card_mib(),
    )


def verify_model(request: VerifyModel) -> Steps[int]:
    """See `VerifyModel`; of a model that is not all there, the sentence says so.

    Raises:
        ModelTrouble: see `manifest.verify`.
    """
    return (yield from verify(model_folder(request.name)))


def free_on_card() -> int | None:
    """MiB that are free on the first graphics card; None before torch was read, or without."""
    torch = _read("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    free, _all = torch.cuda.mem_get_info(0)
    return int(free) // _MIB


def _own_mib() -> int:
    """MiB that this process holds for itself, files that are only mapped left out."""
    told = psutil.Process().memory_info()
    # "private" is Windows' own count.
    own: int = getattr(told, "private", told.rss - getattr(told, "shared", 0))
    return own // _MIB


def _own_card_mib() -> int:
    """The same on the first graphics card."""
    torch = _read("torch")
    if torch is None or not torch.cuda.is_available():
        return 0
    return int(torch.cuda.memory_reserved(0)) // _MIB


def _read(name: str) -> Any:
    """A module that was imported; None where it was not, or is being imported right now."""
    module = sys.modules.get(name)
    # Python's own mark: another thread may be in the middle of it.
    is_half = getattr(getattr(module, "__spec__", None), "_initializing", False)
    return None if is_half else module


def _line(name: str, *, known: tuple[str, ...]) -> ModelLine:
    own = paths.user_models() / name
    folder = own if files.is_file(own / CARD) else paths.shipped_models() / name
    try:
        card = read_card(folder)
    except ModelTrouble as error:
        return ModelLine(
            name, name, "", "", "", Presence.DAMAGED, str(folder), trouble=error.sentence()
        )
    presence, trouble = _presence(card, folder)
    half = paths.user_models() / GATHERING / name
    return ModelLine(
        name,
        card.title,
        card.family,
        card.licence,
        card.limits,
        presence,
        str(folder),
        bytes_here=_size(folder) + (_size(half) if files.is_folder(half) else 0),
        repository=card.repository,
        memory_mib=tuple(card.memory_mib.items()),
        can_load=card.family in known,
        trouble=trouble,
    )


def _told_of(line: ModelLine, exported: Mapping[str, Tower]) -> ModelLine:
    """The line with what is known of the files that are here, and of its vision tower."""
    if line.presence != Presence.READY or not line.can_load:
        return line
    # Where torch was not read yet, the family was not either: the export itself says no.
    family = _read(f"{families.__name__}.{line.family}")
    can_export = family is None or hasattr(family, "export_tower")
    tower = exported.get(made_of(Path(line.folder))) if exported else None
    manifest = read_manifest(Path(line.folder))
    revision = "" if manifest is None else manifest.revision
    return replace(line, tower=tower, can_export=can_export, revision=revision)


def _presence(card: Card, folder: Path) -> tuple[Presence, str]:
    """What is there, and what is wrong with it."""
    if card.family == _REMOTE:
        return Presence.SERVER, ""
    if files.is_file(folder / "config.json"):
        try:
            check_sizes(folder)
        except ModelTrouble as error:
            return Presence.DAMAGED, error.sentence()
        return Presence.READY, ""
    half = paths.user_models() / GATHERING / folder.name
    return (Presence.PARTIAL if files.is_folder(half) else Presence.ABSENT), ""


def _size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        # A pull in another process may rename a file at this very moment.
        with contextlib.suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
