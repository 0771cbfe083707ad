"""One finished look at one picture: the record."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.fusion import Vote, vote
from inspector_app.domain.locator import split
from inspector_app.domain.measure import Measured
from inspector_app.domain.placement import Placement
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.relation import is_relational
from inspector_app.domain.saying import has_chinese
from inspector_app.domain.trial import Trial
from inspector_app.domain.verdict import Verdict
from inspector_app.domain.wording import tag

NOT_STORED = "not stored: "
"""How the note begins that says why an inspection could not be stored."""

_LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"
NAME_LEFT_OUT = (
    "the name of the picture's file was left out; what is written in its pixels is still there"
)

PIXELS_LEFT_OUT = "the picture and the name of its file were left out: a name may be written in it"
WRITING_PAINTED_OVER = (
    "the name of the picture's file was left out, and what looks like writing was painted over"
)
PAINTED_OVER = (
    "the name of the picture's file was left out, and boxes were painted over in its pixels"
)
BOXES_PAINTED_OVER = "boxes were painted over in the picture's pixels"

MADE_AHEAD = "inspected ahead, before anybody asked"
"""The note of an inspection that was made while the user looked at another picture."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The model that really ran.

    Attributes:
        name: Of its card.
        family: Plug-in that loaded it.
        device: Such as "cpu" or "cuda:0 (NVIDIA H200)".
        dtype: Precision of the weights in use: "float32", "bfloat16", "float16",
            or "int8" where those of the language part were rounded to eight bits.
        weights_sha256: Over all weight files in name order, lower-case hex.
        can_attend: Whether it lets its attention be read; told while it is loaded, not
            kept in records.
        can_backpropagate: Whether gradients can be had of it; likewise.
        can_reweight: Whether attention to chosen picture tokens can be raised; likewise.
        limits: What its card says it does not know; likewise, and no part of what it is.
        languages: Of the questions that it understands; likewise. Empty where nobody said.
    """

    name: str
    family: str
    device: str
    dtype: str
    weights_sha256: str
    can_attend: bool = True
    can_backpropagate: bool = True
    can_reweight: bool = True
    limits: str = field(default="", compare=False)
    languages: tuple[str, ...] = field(default=(), compare=False)

    def understands(self, question: str) -> bool:
        """Whether a question is in a language that it knows, as far as anybody said."""
        return not self.languages or ("zh" if has_chinese(question) else "en") in self.languages


@dataclass(frozen=True, slots=True)
class Passes:
    """Work done by the network.

    Attributes:
        vision: Pictures sent through the vision tower.
        language: Forwards through the language model, decoding steps included.
        tokens_prefilled: Prompt tokens (picture tokens included) the language model read.
    """

    vision: int = 0
    language: int = 0
    tokens_prefilled: int = 0

    def __add__(self, other: "Passes") -> "Passes":
        return Passes(
            self.vision + other.vision,
            self.language + other.language,
            self.tokens_prefilled + other.tokens_prefilled,
        )

    def __sub__(self, other: "Passes") -> "Passes":
        return Passes(
            self.vision - other.vision,
            self.language - other.language,
            self.tokens_prefilled - other.tokens_prefilled,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ShownView:
    """What the model was really shown: enough to check it a year later.

    Attributes:
        pixels: (h, w, 3) uint8 RGB exactly as given to the processor, unless `given` says
            that a record kept a smaller copy; read-only. None in records whose pictures
            were not kept.
        region: What of the Frame it shows.
        given: (width, height) of the pixels given to the processor, where `pixels` are not
            these; None where they are.
        sha256: Of the pixels given to the processor (RGB bytes, row by row), lower-case
            hex; needed only where `pixels` are not these, "" else.
        window: The grey window it was shown through, where several were sent; None where the
            one of the provenance holds.
    """

    pixels: NDArray[np.uint8] | None
    region: Region
    given: tuple[int, int] | None = None
    sha256: str = ""
    window: Window | None = None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) given to the processor; of the region where nothing is known."""
        if self.given is not None:
            return self.given
        if self.pixels is None:
            return self.region.size
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """The whole story of one question about one picture.

    Attributes:
        provenance: Where the picture came from.
        size: (width, height) of the Frame.
        model: What ran.
        question: The user's words.
        prompt: As fed to the processor with the whole picture, placeholders unexpanded.
        zoomed_prompt: The same with the crops; "" when nothing was zoomed.
        neutral_prompt: The neutral question's prompt; "" when none was asked.
        strategy: Name of the crop strategy.
        options: Its options.
        regions: Where it was zoomed, best first.
        whole: Answer on the whole picture alone.
        zoomed: Answer with the crops; None when nothing was zoomed.
        crop_answers: Answer that each crop gave by itself (with the whole picture), in the
            order of `regions`; empty where not asked.
        trials: What experiments answered; no verdict and no vote takes them into account.
        verdict: Or None where the question has none.
        placement: Where the part of the template lies; None where none was looked for or found.
        map: Where the model looked, or None where no map was made.
        views: What the model was shown: the whole picture through each of the options'
            windows, then each crop through each of them.
        notes: What happened on the way that a reader must know, in words
            ("stepped down to 2 crops: out of memory", "not zoomed: ...").
        passes: Work done.
        timings_ms: Wall time by stage, in order.
        created: ISO 8601 with time zone, when it finished.
        software: Program and version.
        id: Record number once stored, else None.
        measures: What people had measured on the picture by then.
    """

    provenance: Provenance
    size: tuple[int, int]
    model: ModelFacts
    question: str
    prompt: str
    strategy: str
    options: Options
    whole: Answer
    created: str
    software: str
    zoomed_prompt: str = ""
    neutral_prompt: str = ""
    regions: tuple[ScoredRegion, ...] = ()
    zoomed: Answer | None = None
    crop_answers: tuple[Answer, ...] = ()
    verdict: Verdict | None = None
    placement: Placement | None = None
    map: AttentionMap | None = None
    views: tuple[ShownView, ...] = ()
    notes: tuple[str, ...] = ()
    passes: Passes = Passes()
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: int | None = None
    measures: tuple[Measured, ...] = ()
    trials: tuple[Trial, ...] = ()

    @property
    def unstored(self) -> str:
        """Why it is not stored, in words; "" where it is, or was not to be."""
        said = (note for note in self.notes if note.startswith(NOT_STORED))
        return next(said, "").removeprefix(NOT_STORED)

    @property
    def answer(self) -> Answer:
        """The last word: zoomed where there was zooming, else whole.

        Of a question about where things lie, what all views come to: crops cannot tell.
        """
        if self.zoomed is None:
            return self.whole
        return self.vote.winner if is_relational(self.question) else self.zoomed

    @property
    def vote(self) -> Vote:
        """What the answers on the whole picture, with the crops, and of each crop come to."""
        by_crop = [(tag(index), answer) for index, answer in enumerate(self.crop_answers)]
        return vote(self.question, whole=self.whole, zoomed=self.zoomed, by_crop=by_crop)

    def view_of(self, index: int) -> ShownView | None:
        """The crop at `index` of `regions` as it was shown (through the first window), or None."""
        at = max(1, len(self.windows)) * (1 + index)
        return self.views[at] if at < len(self.views) else None

    @property
    def windows(self) -> tuple[Window, ...]:
        """The grey windows of which each was a view; empty where none were wished."""
        seen = dict.fromkeys(view.window for view in self.views)
        return tuple(window for window in seen if window is not None)

    @property
    def was_made_ahead(self) -> bool:
        """Whether it was made before anybody asked about this picture."""
        return MADE_AHEAD in self.notes

    def lightened(self) -> "Inspection":
        """Without the pixels of the whole picture, which its Frame has too: to be kept at hand."""
        whole = Region.whole(self.size)
        views = tuple(
            replace(view, pixels=None) if _is_untouched(view, whole) else view
            for view in self.views
        )
        return replace(self, views=views)

    def completed(self, frame: Frame) -> "Inspection":
        """What `lightened` left out, put back from the same picture.

        Raises:
            ValueError: `frame` is another picture, or the same through another window.
        """
        if frame.provenance != self.provenance or frame.size != self.size:
            raise ValueError("an inspection is completed from the picture it is about")
        views = tuple(
            replace(view, pixels=frame.cut(view.region))
            if view.pixels is None and _is_untouched(view, frame.region)
            else view
            for view in self.views
        )
        return replace(self, views=views)

    @property
    def agrees(self) -> bool | None:
        """Whether whole and zoomed answers say the same; None when nothing was zoomed."""
        return None if self.zoomed is None else self.whole.agrees_with(self.zoomed)


def _is_untouched(view: ShownView, whole: Region) -> bool:
    """Whether a view shows the whole picture in the pixels of its Frame."""
    return view.region == whole and view.window is None and view.given is None


def nameless(inspection: Inspection, *, note: str = NAME_LEFT_OUT) -> Inspection:
    """The same without the picture's path: files and folders are named after patients.

    What went wrong with a file names it, too: in notes and reasons its path, its folder and its
    name are left out. Nothing else of a record tells who the patient is, but for what is written
    in the pixels and what people typed.

    Args:
        inspection: The record.
        note: Says what was left out.
    """
    source, verdict = inspection.provenance, inspection.verdict
    file = Path(split(source.locator)[0])
    folder = str(file.parent) if file.is_absolute() else ""
    # The longest first: a path holds its folder, and its name.
    names = [name for name in (source.locator, str(file), folder, file.name) if len(name) > 1]

    def bare(text: str) -> str:
        for name in names:
            text = text.replace(name, _LEFT_OUT)
        return text

    if verdict is not None:
        flags = tuple(map(bare, verdict.flags))
        verdict = replace(
            verdict, reason=bare(verdict.reason), detail=bare(verdict.detail), flags=flags
        )
    return replace(
        inspection,
        provenance=replace(source, locator="", notes=tuple(map(bare, source.notes))),
        verdict=verdict,
        notes=(*map(bare, inspection.notes), note),
    )
