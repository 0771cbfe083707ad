"""What a synthetic scene is made of: the picture, the things in it, the questions about it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.region import Region

Trade = Literal["text", "plate", "tissue"]
Pixels = NDArray[np.uint8]

TRADES: tuple[Trade, ...] = ("text", "plate", "tissue")

# Without I, O, Q, 0 and 1: printed part codes leave out what is easily confused.
ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"

COLOURS: tuple[str, ...] = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
DEFECTS: tuple[str, ...] = ("scratch", "crack", "missing screw", "stain")
MARGINS: tuple[str, ...] = ("smooth", "spiculated", "lobulated")

# Everything a patch of a picture can show; the order is the class index in training.
KINDS: tuple[str, ...] = (
    "background",
    "label",
    *DEFECTS,
    "screw",
    "hole",
    "mark",
    *MARGINS,
    "section",
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawn object, target or distractor."""

    kind: str
    """One of `KINDS`."""
    box: Region
    """What the drawing covers, tight, in frame pixels."""
    colour: str = ""
    """For a label: one of `COLOURS`."""
    code: str = ""
    """For a label: what is printed on it."""
    characters: tuple[tuple[float, float, float, float], ...] = ()
    """One (x0, y0, x1, y1) per character of `code`, in frame pixels."""
    density: str = ""
    """For a nodule: "dense" or "faint"."""


@dataclass(frozen=True, slots=True)
class SceneQuestion:
    """A question about a scene with its answer."""

    kind: str
    """A key of `scene_questions.WORDINGS`."""
    text: str
    answer: str
    subject: int | None
    """Index into `Scene.things` of what must be looked at; None where it is absent."""
    key: str = ""
    """The word that says what is meant, as it stands in `text` ("red", "crack")."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of one trade whose contents are known."""

    trade: Trade
    seed: int
    pixels: Pixels
    """(H, W, 3) RGB, 0..255, read-only."""
    things: tuple[Thing, ...]
    """The target first, if there is one; then distractors."""
    questions: tuple[SceneQuestion, ...]
    """The main one first."""
    has_target: bool
    held_out: bool
    """Drawn with fonts, textures and layouts that training never sees."""

    def __post_init__(self) -> None:
        self.pixels.setflags(write=False)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def question(self) -> str:
        """The main question."""
        return self.questions[0].text

    @property
    def answer(self) -> str:
        """The right answer to the main question."""
        return self.questions[0].answer

    @property
    def box(self) -> Region | None:
        """The target, tight; None in a scene without one."""
        return self.things[0].box if self.has_target else None

    @property
    def share(self) -> float:
        """S: area of the target's box over the area of the picture; 0 without a target."""
        width, height = self.size
        return self.things[0].box.area / (width * height) if self.has_target else 0.0
