"""What the rooms promise each other, as protocols.

`VisionModel` and `Reading` are the heart: a picture that a model has read once, and
everything that can be asked of it without reading it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionMap, AttentionRows, Map, TokenGrid
from inspector_app.domain.begun import Begun
from inspector_app.domain.coordinates import Coordinates
from inspector_app.domain.errors import InspectorError
from inspector_app.domain.filing import Letterhead, Standing
from inspector_app.domain.frame import Frame, Pixels, View
from inspector_app.domain.inspection import Inspection, ModelFacts, Passes
from inspector_app.domain.live import Arrival, FoundCamera, Live, Shot
from inspector_app.domain.messages import Steps
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Reading(Protocol):
    """Pictures that a model has already seen, cached as vision features and prefix.

    All prompts continue from the cached prefix; none of the methods changes it, so they
    can be called in any order and give what a fresh full forward would give.
    """

    @property
    def views(self) -> tuple[View, ...]:
        """The pictures, in prompt order."""

    @property
    def grids(self) -> tuple[TokenGrid, ...]:
        """How each view's tokens lie over the Frame, in prompt order."""

    def prompt(self, question: str) -> str:
        """The text for these pictures, with image placeholders unexpanded."""

    def begin(
        self, question: str, *, layers: Sequence[int] = (), max_tokens: int | None = None
    ) -> Steps[Begun]:
        """Say the first word of an answer; arguments and errors are those of `ask`."""

    def ask(
        self,
        question: str,
        *,
        layers: Sequence[int] = (),
        max_tokens: int | None = None,
        beside: Begun | None = None,
    ) -> Steps[tuple[Answer, AttentionRows | None]]:
        """Answer greedily, token by token (`Step.sample` is the text so far).

        Args:
            question: The user's words, without template.
            layers: Capture the last prompt token's rows at these layers in the same
                forward; empty captures nothing and returns None for the rows.
            max_tokens: Longest answer; None for the card's.
            beside: An answer begun on pictures that these ones begin with. It may go on in
                the same forwards, where a second word costs next to nothing; its
                `finished` then has less to say, or nothing; its words come as those of
                "whole". No answer changes by it.

        Raises:
            WrongUse: the prompt is longer than the model's context.
            OutOfMemory: the device has no room.
        """

    def attend(self, question: str, *, layers: Sequence[int]) -> AttentionRows:
        """The rows alone; the network is left after the deepest wanted layer."""

    def gradient(self, question: str, *, layer: int) -> AttentionRows:
        """The rows at `layer` times the rectified gradient of the answer's first token.

        A * ReLU(d log p* / d A) per head. Source: arXiv:2502.17422, section 4.2.
        """

    def pixel_gradient(self, question: str) -> tuple[Map, TokenGrid]:
        """Size of d log p* / d pixel over the first view.

        Returns:
            (h, w) float32 Euclidean norm over RGB at the resolution the network sees, and
            the grid that says where these h x w cells lie over the Frame.
            Source: arXiv:2502.17422, section 4.3.
        """

    def extended(self, views: Sequence[View]) -> "Reading":
        """A new Reading with more pictures after these; the prefix is reused."""


class VisionModel(Protocol):
    """A loaded checkpoint that can read pictures."""

    @property
    def facts(self) -> ModelFacts:
        """What really runs."""

    @property
    def layers(self) -> int:
        """Number of language-model layers."""

    @property
    def default_layer(self) -> int:
        """The card's layer for maps."""

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""

    @property
    def can_attend(self) -> bool:
        """Whether `attend` and `ask(layers=...)` work."""

    @property
    def can_backpropagate(self) -> bool:
        """Whether `gradient` and `pixel_gradient` work."""

    @property
    def has_logprobs(self) -> bool:
        """Whether answers carry probabilities."""

    @property
    def passes(self) -> Passes:
        """All work done since loading; take the difference of two of these."""

    def read(self, views: Sequence[View]) -> Reading:
        """Send the pictures through vision tower and prefix, once.

        Raises:
            OutOfMemory: the device has no room.
        """


class Job(Protocol[T_co]):
    """Something to do with a model, for one of several that share it."""

    def __call__(self, model: VisionModel, now: Callable[[], float], /) -> T_co:
        """Do it.

        Args:
            model: Answers as the loaded one does; its `passes` count this job's work alone.
            now: Seconds, counting of each common forward this job's share.
        """


@runtime_checkable
class Sharing(Protocol):
    """A VisionModel that serves several jobs in the same forwards."""

    def in_lockstep(
        self, jobs: Sequence[Job[T]], *, most: int
    ) -> Steps[tuple[list[T | InspectorError], int]]:
        """Do all jobs at the same time; each gets what it would get alone, but for rounding.

        Args:
            jobs: Each is called once, in a thread of its own. What they share beside the model
                must bear that.
            most: Most of them in one forward.

        Returns:
            What each gave, or what went wrong with it; and `most`, less where memory ended.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What a search heard about a part of the picture.

    Attributes:
        answer: What the model said.
        map: Where the last prompt token looked in the part; None where the model does not tell.
    """

    answer: Answer
    map: AttentionMap | None = None


class Look(Protocol):
    """What a crop strategy may ask about the open picture.

    Maps come joined over all tiles when the picture is large enough to be read in two
    stages. Every method is a job: it yields between forwards.
    """

    @property
    def layer(self) -> int:
        """The layer maps are read from."""

    @property
    def can_attend(self) -> bool:
        """Whether `attention` works with this model."""

    @property
    def can_backpropagate(self) -> bool:
        """Whether `gradient` and `pixel_gradient` work with this model."""

    @property
    def can_compare(self) -> bool:
        """Whether `resemblance` works with this model."""

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""

    @property
    def coordinates(self) -> Coordinates:
        """How this model counts when it names a box."""

    def boxes(self, text: str) -> tuple[Region, ...]:
        """The boxes that an answer of this model names, in pixels of the picture."""

    def attention(self, question: str, *, is_whole: bool = False) -> Steps[AttentionMap]:
        """The last prompt token's mean row; `layers` holds every captured layer.

        Args:
            question: The user's words, or the neutral question.
            is_whole: Of the whole picture's reading only, however large the picture is.
        """

    def gradient(self, question: str) -> Steps[AttentionMap]:
        """The gradient-weighted mean row at `layer`."""

    def pixel_gradient(self, question: str) -> Steps[AttentionMap]:
        """Gradient size per network pixel; the grid is as fine as the network's input."""

    def resemblance(self, question: str, *, words: str) -> Steps[AttentionMap]:
        """How much the picture's value vectors resemble those of the question's words."""

    def ask(
        self, question: str, *, part: Region | None = None, max_tokens: int | None = None
    ) -> Steps[Glance]:
        """Ask about a part of the picture by itself, or about the whole; None for the whole.

        The answer is the search's own: nobody is shown it as an answer to the question.
        """

    def ask_about(
        self, question: str, *, pixels: Pixels, max_tokens: int | None = None
    ) -> Steps[Glance]:
        """Ask about a picture drawn for it, (h, w, 3) uint8, such as a sheet of parts.

        The map, if any, is over these pixels.
        """

    def doubt(self, reason: str) -> None:
        """Say why the search cannot be relied on: no verdict will be PASS."""


class Source(Protocol):
    """A plug-in of `sources/`: a module with these names.

    Locators are `path` or `path#N` (see `domain.locator`). Optional names, asked for with
    `getattr` and described in `sources`: `count(locator)`, `contents(locator)`,
    `preview(locator, *, side)`, `series(locators)`, `IS_MOVING`.
    """

    TITLE: str

    def accepts(self, locator: str) -> bool:
        """Whether the first bytes look like its kind; cheap, and never raises."""

    def open(self, locator: str) -> Frame:
        """Read the picture (the first where none is named), upright; nothing is changed.

        Raises:
            UnreadablePicture: missing, damaged, too large, or no picture.
        """


class Stream(Protocol):
    """An open camera; only the thread that opened it speaks to it."""

    def read(self) -> Arrival | None:
        """Wait for the next picture, a few seconds at most.

        Returns:
            The picture, or None when the camera is there but has none yet.

        Raises:
            UnreadablePicture: it is gone, silent, or gives nonsense.
        """

    def close(self) -> None:
        """Give the camera back; never raises."""


class Camera(Protocol):
    """A plug-in of `cameras/`: a module with these names.

    Attributes:
        TITLE: For people.
        IS_STEADY: Pictures keep coming, so silence means that the last one is stale.
    """

    TITLE: str
    IS_STEADY: bool

    def accepts(self, address: str) -> bool:
        """Whether the address is of its kind; never raises and touches no device."""

    def found(self) -> tuple[FoundCamera, ...]:
        """The cameras there are, where they can be told without opening them; never raises."""

    def open(self, address: str) -> Stream:
        """Connect, within a few seconds.

        Raises:
            UnreadablePicture: missing, busy, refused, or it does not answer.
        """


class Watching(Protocol):
    """A camera with its own thread, as others see it: no call ever waits for the camera."""

    @property
    def address(self) -> str:
        """Without password."""

    def newest(self) -> Shot | None:
        """The newest picture, however old; None before the first."""

    def live(self) -> Live:
        """How the camera is at this moment."""

    def close(self, *, patience_s: float = 0.0) -> bool:
        """Send the thread home; whether it has gone within `patience_s`."""


class CropStrategy(Protocol):
    """A plug-in of `crops/`: a module with these names.

    Attributes:
        TITLE: For people.
        NEEDS: What a search must be able to do with the model: "ask" (every model can),
            "attend", "backpropagate". Empty for what searches nothing.
    """

    TITLE: str
    NEEDS: tuple[str, ...]

    def propose(
        self, frame: Frame, question: Question, options: Options, *, look: Look
    ) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
        """Regions worth a closer look, best first, and the map they were read from."""


class Family(Protocol):
    """A plug-in of `families/`."""

    def load(self, folder: Path, *, device: str, precision: str) -> VisionModel:
        """Load the checkpoint in `folder` (with its `card.toml`)."""


class Report(Protocol):
    """A plug-in of `reports/`: a module with these names."""

    TITLE: str
    SUFFIX: str

    def write(
        self,
        inspection: Inspection,
        destination: Path,
        *,
        frame: Frame | None,
        language: str,
        standing: Standing,
        letterhead: Letterhead,
    ) -> None:
        """Write the file beside its destination and rename it.

        Raises:
            CannotWrite: the folder refuses or the disk is full.
        """
