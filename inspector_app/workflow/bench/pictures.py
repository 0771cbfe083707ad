"""Big pictures for a bench of the canvas: a photograph and a scan, drawn here."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import tifffile

_SEED = 5
_PHOTOGRAPHS = 6


@contextmanager
def drawn() -> Iterator[tuple[tuple[str, ...], str]]:
    """Photographs and a scan in a folder that goes when all is done."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        yield draw_photographs(folder, count=_PHOTOGRAPHS), draw_scan(folder)


@contextmanager
def drawn_photographs(count: int) -> Iterator[tuple[str, ...]]:
    """Photographs in a folder that goes when all is done."""
    with tempfile.TemporaryDirectory() as made:
        yield draw_photographs(Path(made), count=count)


def draw_photographs(folder: Path, *, count: int) -> tuple[str, ...]:
    """JPEG files of 4,000 x 3,000 pixels with the grain of a camera."""
    chance = np.random.default_rng(_SEED)
    made = []
    for number in range(count):
        coarse = chance.integers(0, 245, (60, 80, 3), dtype=np.uint8)
        large = np.asarray(cv2.resize(coarse, (4000, 3000), interpolation=cv2.INTER_LINEAR))
        grainy = large + chance.integers(0, 10, large.shape, dtype=np.uint8)
        _, packed = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, 90])
        path = folder / f"photograph_{number}.jpg"
        path.write_bytes(packed.tobytes())
        made.append(str(path))
    return tuple(made)


def draw_scan(folder: Path, *, side: int = 10_000) -> str:
    """A square TIFF of 16 bits."""
    chance = np.random.default_rng(_SEED)
    coarse = chance.integers(2000, 40_000, (50, 50), dtype=np.uint16)
    values = np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR))
    # The same grain over and over: noise of its own for every pixel takes seconds to draw.
    grain = chance.integers(0, 900, (side // 10, side), dtype=np.uint16)
    for row in range(0, side, side // 10):
        values[row : row + side // 10] += grain
    path = folder / "scan.tif"
    tifffile.imwrite(path, values)
    return str(path)
