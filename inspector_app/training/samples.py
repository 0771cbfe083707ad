"""The sample pictures that come with the program, drawn by the scene generator."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector_app.training.scene_parts import Scene, Trade
from inspector_app.training.scenes import make_scene

_CHOSEN = "the seed was chosen among several so that the picture shows what the program is for."
NOTES = {
    True: f"Synthetic, with fonts, textures and layouts that training never saw; {_CHOSEN}",
    False: f"Synthetic, in the manner of the training scenes but from another seed; {_CHOSEN}",
}
"""By whether the scene is held out."""

# The window's words for the trades.
_TRADE_WORDS: dict[Trade, str] = {"text": "text", "plate": "industrial", "tissue": "medical"}


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """One sample picture."""

    file: str
    trade: Trade
    title: str
    seed: int
    share: float
    size: tuple[int, int]
    """(width, height)."""
    absent: bool = False
    held_out: bool = True


PLANS: tuple[SamplePlan, ...] = (
    SamplePlan(
        "workbench.jpg", "text", "Workbench, five tags", 4, 0.0015, (1600, 1200), held_out=False
    ),
    SamplePlan("shelf.jpg", "text", "Shelf labels", 103, 0.003, (1280, 960)),
    SamplePlan("parcels.png", "text", "Parcels", 200, 0.006, (720, 600), held_out=False),
    SamplePlan(
        "warehouse.jpg",
        "text",
        "Warehouse, 12 megapixels",
        303,
        0.0006,
        (4000, 3000),
        held_out=False,
    ),
    SamplePlan("flange.jpg", "plate", "Flange plate", 403, 0.0012, (1400, 1100)),
    SamplePlan("cover.jpg", "plate", "Gearbox cover", 503, 0.002, (1200, 1200), held_out=False),
    SamplePlan("panel.tif", "plate", "Machine panel", 603, 0.003, (800, 640), held_out=False),
    SamplePlan(
        "clean.jpg",
        "plate",
        "Plate without a defect",
        708,
        0.002,
        (1200, 900),
        absent=True,
        held_out=False,
    ),
    SamplePlan(
        "slice.png", "tissue", "Tissue slice, 16 bit", 804, 0.002, (900, 800), held_out=False
    ),
    SamplePlan("section.jpg", "tissue", "Tissue section", 903, 0.0012, (1400, 1200)),
    SamplePlan("field.jpg", "tissue", "Tissue field", 1000, 0.003, (1024, 1100), held_out=False),
)


def write_samples(folder: Path, *, plans: tuple[SamplePlan, ...] = PLANS) -> list[Path]:
    """Draw the samples into a folder, with an `index.json` that says what is in them.

    Args:
        folder: Made if it is not there; files of the same names are replaced.
        plans: Which pictures.

    Returns:
        The files written, the index last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, entries = [], []
    for plan in plans:
        scene = drawn(plan)
        file = folder / plan.file
        if plan.trade == "tissue" and file.suffix == ".png":
            _write_deep(file, pixels=scene.pixels, seed=plan.seed)
        else:
            _write(file, scene=scene)
        files.append(file)
        entries.append(_entry(plan, scene=scene))
    index = folder / "index.json"
    index.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    return [*files, index]


def drawn(plan: SamplePlan) -> Scene:
    """The scene of a plan."""
    return make_scene(
        plan.trade,
        seed=plan.seed,
        share=plan.share,
        size=plan.size,
        held_out=plan.held_out,
        absent=plan.absent,
        # Their seeds were chosen before training printed its fonts in many ways.
        as_cut=True,
    )


def _entry(plan: SamplePlan, *, scene: Scene) -> dict[str, Any]:
    """What the index says about a sample."""
    first = scene.questions[0]
    same = [question for question in scene.questions[1:] if question.kind == first.kind]
    others = [question for question in scene.questions[1:] if question.kind != first.kind]
    questions = [question.text for question in (first, *same[:1], *others)]
    return {
        "file": plan.file,
        "trade": _TRADE_WORDS[plan.trade],
        "title": plan.title,
        "questions": list(dict.fromkeys(questions))[:5],
        "expected": scene.answer,
        "box": list(scene.box.box) if scene.box else None,
        "share": round(scene.share, 5),
        "seed": plan.seed,
        "note": NOTES[plan.held_out],
    }


def _write(file: Path, *, scene: Scene) -> None:
    """Save as the suffix says; JPEG at a quality that leaves small print readable."""
    picture = Image.fromarray(scene.pixels)
    if file.suffix == ".jpg":
        picture.save(file, quality=86 if max(scene.size) > 2048 else 90, optimize=True)
    elif file.suffix == ".tif":
        picture.save(file, compression="tiff_adobe_deflate")
    else:
        picture.save(file, optimize=True)


def _write_deep(file: Path, *, pixels: NDArray[np.uint8], seed: int) -> None:
    """Save the grey values spread over twelve bits of a 16-bit PNG, as scanners do."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint16)
    fine = np.random.default_rng(seed).integers(0, 8, grey.shape, dtype=np.uint16)
    Image.fromarray(grey * 13 + 160 + fine).save(file, optimize=True)
