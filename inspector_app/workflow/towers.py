"""A model's vision tower, exported for ONNX Runtime, compared and measured.

The exporter works for minutes in one call that nothing can stop, so it runs in a process of its
own, which is ended where the user stops it. What it had written goes with it.
"""

import contextlib
import multiprocessing
import shutil
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

from inspector_app import families, paths, plugins
from inspector_app.domain.checkpoint import Arriving, Tower
from inspector_app.domain.errors import InspectorError, ModelTrouble
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.runtime.tower_facts import MAKING
from inspector_app.workflow.loading import family_of, load_model
from inspector_app.workflow.waking import read_torch

STAGES = ("load", "export", "compare", "save")
_LOOK_S = 0.2
_ENDING_S = 10.0


def can_export(family: ModuleType) -> bool:
    """Whether a family's towers can be exported."""
    return hasattr(family, "export_tower")


def export_tower(name: str) -> Steps[Tower]:
    """Export it; steps tell the stage, and between any two it can be stopped.

    Raises:
        ModelTrouble: its family's tower takes pictures of any size, or cannot be exported.
        OutOfMemory: the model has no room in float32.
        CannotWrite: the disk refuses.
    """
    yield from read_torch()
    folder, card, family = family_of(name)
    if not can_export(family):
        raise ModelTrouble(
            f'The vision tower of "{card.name}" takes pictures of many sizes and is not exported.',
            hint="Torch runs it.",
        )
    import torch  # noqa: PLC0415  read above, in pieces

    yield _step(STAGES[0])
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe(duplex=False)
    wish = _Wish(name, card.family, folder, torch.get_num_threads())
    process = fresh.Process(target=_child, args=(there, wish), daemon=True)
    process.start()
    there.close()
    stage = STAGES[0]
    try:
        while True:
            told = _told(here)
            if isinstance(told, Tower):
                return told
            if isinstance(told, InspectorError):
                raise told
            if isinstance(told, _Bug):
                raise RuntimeError(told.trace)
            stage = told or stage
            yield _step(stage)
    finally:
        process.kill()
        process.join(_ENDING_S)
        here.close()
        for left in paths.towers().glob(f"*.{process.pid}{MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)


def _step(stage: str) -> Step:
    at = STAGES.index(stage)
    return Step(stage, at, len(STAGES), Arriving("", at, len(STAGES)))


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the process is to do.

    Attributes:
        name: Of the model.
        family: Of its card.
        folder: Of the checkpoint.
        threads: That this program computes with; both ways are measured with as many.
    """

    name: str
    family: str
    folder: Path
    threads: int


@dataclass(frozen=True, slots=True)
class _Bug:
    """Something that is ours to mend, from the other process."""

    trace: str


def _told(line: Connection) -> Tower | InspectorError | _Bug | str:
    """What the process says next; "" where it says nothing for a moment.

    Raises:
        ModelTrouble: it is gone without a word.
    """
    try:
        if not line.poll(_LOOK_S):
            return ""
        said: Tower | InspectorError | _Bug | str = line.recv()
    except (EOFError, OSError) as error:
        raise ModelTrouble(
            "The export of the vision tower ended without a word, as when memory is full.",
            hint="Close other programs and try again; torch goes on running the tower.",
        ) from error
    return said


def _child(line: Connection, wish: _Wish) -> None:
    """Load, export, and say how it went."""
    # The program may be gone, or be waiting no more.
    with contextlib.suppress(OSError), line:
        try:
            line.send(_exported(line, wish))
        except InspectorError as error:
            line.send(error)
        except Exception:  # noqa: BLE001  a bug of ours: the program says so
            line.send(_Bug(traceback.format_exc()))


def _exported(line: Connection, wish: _Wish) -> Tower:
    import torch  # noqa: PLC0415  the program has read it; this process has not

    torch.set_num_threads(wish.threads)
    family = plugins.load(families, wish.family)
    plain = LoadModel(wish.name, device="cpu", precision="float32", tower="torch")
    model = load_model(family, wish.folder, plain)
    tower: Tower = family.export_tower(model, folder=wish.folder, tell=line.send)
    return tower
