"""The vision tower by ONNX Runtime, where it was exported, agrees, and was measured to be faster.

Exported once into the user's cache, from the checkpoint's own weights. What is used is bound to
those weights and to the release of ONNX Runtime that was compared; anything else is left aside,
and torch runs the tower. Only towers in float32 on a CPU that take pictures of one size.
"""

import logging
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from inspector_app import files, paths
from inspector_app.domain.checkpoint import AGREEMENT, Tower
from inspector_app.domain.errors import ModelTrouble
from inspector_app.runtime.checkpoint import sha256_of
from inspector_app.runtime.tower_facts import read_facts, written

_MODEL = "tower.onnx"
_TURNS = 5
_SEED = 11
Features = Callable[[Tensor], Tensor]
Tell = Callable[[str], None]


class OnnxTower:
    """An exported tower in a session of its own.

    Args:
        path: Of the exported model.
        side: Of the pictures it takes.
    """

    def __init__(self, path: Path, *, side: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        # Threads that spin while they wait take the processor from the language model.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library has many kinds, and all mean the same here
            raise ModelTrouble(
                f"The exported vision tower {path} cannot be read.",
                hint="Export it again with: inspector models tower.",
            ) from error
        self._side = side

    @property
    def provider(self) -> str:
        """What really runs it, as the session tells."""
        return str(self._session.get_providers()[0])

    def takes(self, pixels: Tensor) -> bool:
        """Whether these are pictures of the size it was made for."""
        return tuple(pixels.shape[1:]) == (3, self._side, self._side)

    def __call__(self, pixels: Tensor) -> Tensor:
        """(views, tokens, width) of (views, 3, side, side) float32; picture after picture."""
        made = [self._session.run(None, {"pixels": picture[None].numpy()})[0] for picture in pixels]
        return torch.from_numpy(np.concatenate(made))


class _Exported(nn.Module):
    """Tower and projector as one module, for the exporter."""

    def __init__(self, whole: nn.Module, features: Features) -> None:
        super().__init__()
        self.whole = whole
        self._features = features

    def forward(self, pixels: Tensor) -> Tensor:
        """(1, tokens, width) of (1, 3, side, side)."""
        return self._features(pixels)


def export(
    whole: nn.Module,
    features: Features,
    *,
    side: int,
    weights_sha256: str,
    made_of: str = "",
    tell: Tell = lambda _stage: None,
) -> Tower:
    """Write the tower into the user's cache, compare it with torch, and measure both.

    What was there stays until the new one is whole.

    Args:
        whole: The checkpoint, in float32 on the CPU.
        features: Tower and projector: pixels to what the language model takes.
        side: Of the pictures.
        weights_sha256: Of the checkpoint.
        made_of: Of it too, see `Tower`.
        tell: Hears what comes next: "export", "compare", "save".

    Raises:
        ModelTrouble: the packages for it are missing, or it cannot be exported.
        CannotWrite: the disk refuses.
    """

    def make(making: Path) -> Tower:
        tell("export")
        pixels = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(_SEED))
        _write(whole, features, pixels=pixels, path=making / _MODEL)
        tell("compare")
        tower = _measured(features, pixels, folder=making, weights_sha256=weights_sha256)
        tell("save")
        return replace(tower, made_of=made_of)

    return written(place_of(weights_sha256), make)


def place_of(weights_sha256: str) -> Path:
    """The folder in the cache for the tower of a checkpoint."""
    return paths.towers() / weights_sha256[:16]


def _write(whole: nn.Module, features: Features, *, pixels: Tensor, path: Path) -> None:
    """Write tower and projector as one file."""
    module = _Exported(whole, features).eval()
    try:
        with _quietly(), torch.no_grad():
            torch.onnx.export(
                module,
                (pixels,),
                str(path),
                input_names=["pixels"],
                output_names=["features"],
                dynamo=True,
                external_data=True,
                verbose=False,
            )
    except ImportError as error:
        raise ModelTrouble(
            "Exporting needs the packages onnx and onnxscript.",
            hint='Install them with: pip install "inspector-vision[onnx]".',
        ) from error
    except OSError as error:
        raise files.refusal(error, path) from error
    except Exception as error:  # whatever the exporter stumbles over in a tower
        raise ModelTrouble(
            f"The vision tower cannot be exported ({type(error).__name__}).",
            hint="Torch goes on running it.",
        ) from error


def known(folder: Path, *, weights_sha256: str) -> Tower | None:
    """What was measured of the tower in a folder; None where it does not hold any more."""
    told = read_facts(folder, release=onnxruntime.__version__)
    if told is None or told.weights_sha256 != weights_sha256 or told.onnx_sha256 != _hash(folder):
        return None
    return told


def opened(
    folder: Path, *, weights_sha256: str, side: int, choice: str = "auto"
) -> OnnxTower | None:
    """The exported tower, if it still holds and is to be used.

    Args:
        folder: Of the cache.
        weights_sha256: Of the checkpoint.
        side: Of the pictures.
        choice: "auto", "torch" or "onnx"; see `Tower.is_used`.
    """
    told = None if choice == "torch" else known(folder, weights_sha256=weights_sha256)
    if told is None or not told.is_used(choice):
        return None
    try:
        return OnnxTower(folder / _MODEL, side=side)
    except ModelTrouble:
        return None


def _measured(features: Features, pixels: Tensor, *, folder: Path, weights_sha256: str) -> Tower:
    tower = OnnxTower(folder / _MODEL, side=pixels.shape[-1])
    with torch.no_grad():
        wanted, found = features(pixels), tower(pixels)
        difference = float((wanted - found).abs().max() / wanted.abs().max().clamp_min(1e-12))
        by_torch, by_onnx = [], []
        # In turns, so that a busy moment meets both.
        for _ in range(_TURNS):
            by_torch.append(_timed(lambda: features(pixels)))
            by_onnx.append(_timed(lambda: tower(pixels)))
    return Tower(
        weights_sha256,
        _hash(folder),
        onnxruntime.__version__,
        tower.provider,
        difference,
        sorted(by_torch)[_TURNS // 2],
        sorted(by_onnx)[_TURNS // 2],
        torch.get_num_threads(),
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def _hash(folder: Path) -> str:
    return sha256_of(sorted(path for path in folder.glob(f"{_MODEL}*") if path.is_file()))


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the exporter's diary from the user's terminal."""
    loud = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [one.level for one in loud]
    for one in loud:
        one.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for one, level in zip(loud, levels, strict=True):
            one.setLevel(level)


def in_words(tower: Tower) -> str:
    """One line for people."""
    use = "it is used from now on" if tower.is_used("auto") else "torch goes on running the tower"
    return (
        f"{tower.provider}: {tower.onnx_ms:.1f} ms a picture, torch "
        f"{tower.torch_ms:.1f} ms ({tower.ratio:.2f}), {tower.threads} threads; "
        f"largest difference {tower.difference:.0e} (allowed {AGREEMENT:.0e}): {use}."
    )
