"""How to look: the choices that go with a question, and named sets of them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from inspector_app.domain.check_kinds import Check
from inspector_app.domain.golden import Golden
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.shape import Point, Shape, ShapeKind

PRESET_NOTE = "preset "
"""How the note begins that says which preset an inspection was made with."""

MOST_ROIS = 32
"""Regions of interest that a picture can have."""

MOST_TOGETHER = 4
"""Crops that are shown to the model at once."""

_NO_SAMPLES = Golden()


@dataclass(frozen=True, slots=True)
class Cut:
    """What belongs to a region drawn by hand beside the box about it.

    Attributes:
        outline: Corners of a turned rectangle or a polygon in Frame pixels: the pixels of the
            box whose middle lies outside are shown grey. Empty for the box itself.
        name: For people.
        question: Asked of this region alone; "" for the common one.
        expected: Texts of which the answer to `question` must be one; empty demands nothing.
        checks: What the answer on this region alone must pass, whatever it was asked.
    """

    outline: tuple[Point, ...] = ()
    name: str = ""
    question: str = ""
    expected: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def is_asked_alone(self) -> bool:
        """Whether the region must be asked about by itself."""
        return bool(self.question or self.checks)


@dataclass(frozen=True, slots=True)
class Options:
    """How a crop strategy works and what is done with its crops.

    Attributes:
        count: Most crops that are shown enlarged, 1..4.
        gate: Leave the picture unzoomed when the whole answer's weakest token has at least
            this probability; None zooms always. Source: confidence gates as in
            arXiv:2603.00171.
        rois: Regions drawn by hand, for the manual strategy.
        cuts: What belongs to each of `rois`, in their order; empty where nothing does.
        inside: Whether a search is kept inside `rois`.
        layer: Read the map from this layer instead of the card's; None for the card's.
        each_crop: Ask about each crop by itself as well, when there are several.
        max_tokens: Longest answer; None for the card's.
        windows: Grey windows through which a picture of more than 8 bits is shown, each a view
            of its own, as texts (see `imaging.wishes`); the maps are of the first. Empty shows
            the picture as it was opened.
        scales: How many times larger than whole the picture is searched, for the tiles.
        merge_overlap: Boxes of the same thing that overlap by more than this (intersection over
            union) become one.
        fuse_boxes: Whether such boxes are averaged; else the best is kept.
        reweighting: Factor, 1..2, of an experiment: the whole picture once more with so much more
            attention to some of its tokens.
        reweight_by: Which tokens: "regions" those of the regions that are looked at closer,
            "map" each as much as the map shows; "" leaves the experiment out.
        mixing: Weight of the whole picture, 0..1, of another experiment: an answer whose words
            are each the likeliest of whole picture and crops alone; None leaves it out.
        crop_scales: How many times larger than the place that was found it is shown: 2 adds
            the middle of it, cut twice as close, as a crop of its own.
        token_budget: Most picture tokens in a prompt: more crops than fit are left out. None
            for what the model takes.
        budget: Most questions that a search may ask of parts of the picture before it gives
            what it has; None for the strategy's own limit.
        resolution: How many times the side that the model takes in a picture is read at; more
            tokens for the same picture, where the model can (`VisionModel` with `read_larger`).
    """

    count: int = 1
    gate: float | None = None
    rois: tuple[Region, ...] = ()
    layer: int | None = None
    each_crop: bool = True
    max_tokens: int | None = None
    windows: tuple[str, ...] = ()
    scales: tuple[float, ...] = (1.0, 2.0, 4.0)
    merge_overlap: float = 0.5
    fuse_boxes: bool = False
    budget: int | None = None
    resolution: float = 1.0
    cuts: tuple[Cut, ...] = ()
    inside: bool = False
    reweighting: float = 1.0
    reweight_by: Literal["", "regions", "map"] = ""
    mixing: float | None = None
    crop_scales: tuple[float, ...] = (1.0,)
    token_budget: int | None = None

    def __post_init__(self) -> None:
        self._check_reading()
        if not 1 <= self.count <= 4:
            raise ValueError(f"1 to 4 crops, not {self.count}")
        if self.budget is not None and self.budget < 1:
            raise ValueError(f"a search needs a budget of at least 1 question, not {self.budget}")
        if not self.scales or not all(0 < scale <= 8 for scale in self.scales):
            raise ValueError(f"scales lie above 0 and up to 8, not {self.scales}")
        if not self.crop_scales or not all(1 <= scale <= 8 for scale in self.crop_scales):
            raise ValueError(f"crops are shown at scales from 1 to 8, not {self.crop_scales}")
        if not 0 <= self.merge_overlap <= 1:
            raise ValueError(f"an overlap lies between 0 and 1, not at {self.merge_overlap}")

        if not 1 <= self.reweighting <= 2:
            raise ValueError(f"attention is raised by a factor of 1 to 2, not {self.reweighting}")
        if self.reweight_by not in {"", "regions", "map"}:
            raise ValueError(f"attention is raised by regions or map, not {self.reweight_by}")
        if self.mixing is not None and not 0 <= self.mixing <= 1:
            raise ValueError(f"the whole picture weighs 0 to 1, not {self.mixing}")

    def _check_reading(self) -> None:
        """What concerns how pictures are read."""
        if not 0.5 <= self.resolution <= 4:
            raise ValueError(f"a resolution lies between 0.5 and 4, not at {self.resolution}")
        if self.token_budget is not None and self.token_budget < 1:
            raise ValueError(f"a prompt has room for at least 1 token, not {self.token_budget}")

    @property
    def has_experiments(self) -> bool:
        """Whether any experiment is wanted."""
        return bool(self.reweight_by) or self.mixing is not None

    def cut_of(self, index: int) -> Cut:
        """What belongs to one of `rois`, by its number."""
        is_told = len(self.cuts) == len(self.rois) and index < len(self.cuts)
        return self.cuts[index] if is_told else Cut()

    @property
    def bare(self) -> "Options":
        """Without what belongs to one picture: regions and grey windows."""
        return replace(self, rois=(), cuts=(), inside=False, windows=())


@dataclass(frozen=True, slots=True)
class Wording:
    """How a preset puts its question.

    Attributes:
        template: Name of a prompt template, or "" for the question as it stands.
        language: Of the template: "en" or "zh_CN".
        variables: (name, words) that take the places of the template.
        neutral: The neutral question.
    """

    template: str = ""
    language: str = "en"
    variables: tuple[tuple[str, str], ...] = ()
    neutral: str = NEUTRAL


@dataclass(frozen=True, slots=True)
class FixedRegion:
    """A region of interest that a preset brings to every picture.

    Attributes:
        box: Half open (x0, y0, x1, y1), before it is turned; of whole pixels, or of the
            picture's width and height in per cent.
        name: For people; may be empty.
        unit: "pixels" or "percent".
        question: Asked of this region alone; "" for the preset's own.
        checks: What the answer on this region alone must pass.
        angle: Of the box about its middle on the picture, in degrees, clockwise.
        corners: (x, y) of a polygon, in `unit`; empty for the box.
        expected: Texts of which the answer to `question` must be one; empty demands nothing.
        colour: Number in the window's colours; None for the next one.
        is_locked: Whether it is kept from being moved, changed and deleted.
    """

    box: tuple[float, float, float, float]
    name: str = ""
    unit: str = "pixels"
    question: str = ""
    checks: tuple[Check, ...] = ()
    angle: float = 0.0
    corners: tuple[Point, ...] = ()
    expected: tuple[str, ...] = ()
    colour: int | None = None
    is_locked: bool = False

    def on(self, size: tuple[int, int]) -> Region:
        """The whole pixels of a picture of (width, height), half open; at least one.

        Pixels stay as they are, even where they reach outside: whoever uses them refuses.
        """
        if self.has_outline:
            # What of an outline reaches over the edge is not looked at; all of it outside is.
            return self.shape_on(size).bounds(size) or Region(*size, size[0] + 1, size[1] + 1)
        x0, y0, x1, y1 = self.box
        if self.unit == "percent":
            width, height = size
            x0, x1 = (width * x / 100 for x in (x0, x1))
            y0, y1 = (height * y / 100 for y in (y0, y1))
        left, top = math.floor(x0 + 0.5), math.floor(y0 + 0.5)
        right, bottom = math.floor(x1 + 0.5), math.floor(y1 + 0.5)
        if self.unit == "percent":
            left, top = min(left, size[0] - 1), min(top, size[1] - 1)
        return Region(left, top, max(right, left + 1), max(bottom, top + 1))

    @property
    def has_outline(self) -> bool:
        """Whether it is something else than an upright rectangle."""
        return bool(self.corners or self.angle)

    def shape_on(self, size: tuple[int, int]) -> Shape:
        """What it is on a picture of (width, height)."""
        if not self.has_outline:
            return Shape.of(self.on(size))
        across, down = (side / 100 for side in size) if self.unit == "percent" else (1.0, 1.0)
        if self.corners:
            placed = tuple((x * across, y * down) for x, y in self.corners)
            return Shape(ShapeKind.POLYGON, placed)
        x0, y0, x1, y1 = self.box
        placed = ((x0 * across, y0 * down), (x1 * across, y1 * down))
        return Shape(ShapeKind.RECTANGLE, placed, self.angle)

    def cut_on(self, size: tuple[int, int]) -> Cut:
        """What belongs to its box on a picture of (width, height)."""
        outline = self.shape_on(size).outline if self.has_outline else ()
        expected = self.expected if self.question else ()
        return Cut(outline, self.name, self.question, expected, self.checks)


def cuts_worth(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """What belongs to regions; empty where no outline, question or rule is among it."""
    made = tuple(cuts)
    return made if any(cut.outline or cut.is_asked_alone for cut in made) else ()


@dataclass(frozen=True, slots=True)
class Targets:
    """What a preset is expected to reach; None where nothing is.

    Attributes:
        accuracy: Share of right answers, 0..1, on labelled pictures.
        latency_ms: From the question to the last word, once the model is loaded.
    """

    accuracy: float | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True)
class PresetReports:
    """Reports that are written without anybody asking for them.

    Attributes:
        formats: Plug-ins of `reports/`; none writes nothing.
        after: "inspection" writes each one's own; "batch" one about all of a folder that was
            worked through, or of a shift.
        folder: Where they go; "" for the folder `reports` beside the records.
    """

    formats: tuple[str, ...] = ()
    after: str = "inspection"
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A named way of working: what to ask, of which model, and how to look.

    What a preset's file carries beside this (see `presets.schema`) is kept in the file for
    the parts of the program that will use it.

    Attributes:
        name: Of its file, without the ending.
        title: For people.
        strategy: Name of a crop strategy.
        options: Its options; regions of interest stand in `rois` until a picture is open.
        question: The question it begins with, in the user's words.
        wording: How the question is put.
        model: Name of a model or its folder; "" for the one in the settings.
        precision: "auto", "float32", "bfloat16", "float16", "int8", or "" for that of the settings.
        rois: Regions it brings to every picture, for the manual strategy.
        rules: How answers become a verdict; None judges as without a preset.
        targets: What it is expected to reach.
        trade: "medical", "industrial", "text", or "" for none of them.
        title_zh: The title in Chinese; "" for `title`.
        reading: "first" where a person reads before the program's findings are shown, "with" where
            they are shown at once; "" as the settings say.
        ahead: Pictures that are inspected before they are opened, 0 for none; None as the
            settings say.
        template_picture: The picture on which the regions were drawn, so that they follow the
            part; "" where they stay where they are.
        golden: Samples whose verdicts must be right before an operator's parts are inspected.
        serial: Where a part's serial number comes from in operator mode: "scanner", "code" (in
            the picture), or "name" (of the file).
        batch: Pictures that may go through the network at once.
        reports: What is written without being asked for.
        about: What it is for, and what it cannot do.
        about_zh: The same in Chinese; "" for `about`.
        version: Changes with anything that its file says; "" where it is in no file.
    """

    name: str
    title: str
    strategy: str
    options: Options
    question: str = ""
    wording: Wording = Wording()
    model: str = ""
    precision: str = ""
    rois: tuple[FixedRegion, ...] = ()
    rules: Rules | None = None
    targets: Targets = Targets()
    trade: str = ""
    title_zh: str = ""
    ahead: int | None = None
    reading: str = ""
    template_picture: str = ""
    golden: Golden = _NO_SAMPLES
    serial: str = "scanner"
    batch: int = 16
    reports: PresetReports = PresetReports()
    about: str = ""
    about_zh: str = ""
    version: str = field(default="", compare=False)

    def note(self, *, strategy: str, options: Options, is_redrawn: bool = False) -> str:
        """What a record says of it, for an inspection by this strategy and these options.

        Args:
            strategy: Which finds the regions.
            options: Of the inspection; the regions in them count nothing.
            is_redrawn: Whether a person's regions, or none, stand in the place of its own. Where
                it has none, drawing some is no change.
        """
        is_left = strategy != self.strategy or options.bare != self.options.bare
        is_left = is_left or (is_redrawn and bool(self.rois))
        words = f"{PRESET_NOTE}{self.name} {self.version}".strip()
        return f"{words}, changed" if is_left else words

    def inside(self, size: tuple[int, int]) -> tuple[FixedRegion, ...]:
        """Its regions that lie in a picture of (width, height); what reaches outside is left out.

        What a polygon or a turned box has beyond the edge is cut.
        """
        return tuple(roi for roi in self.rois if (box := roi.on(size)).clipped(size) == box)

    def laid_on(self, size: tuple[int, int]) -> tuple[Region, ...]:
        """The boxes of `inside`."""
        return tuple(roi.on(size) for roi in self.inside(size))

    def cuts_on(self, size: tuple[int, int]) -> tuple[Cut, ...]:
        """What belongs to each of `laid_on`; empty where nothing does."""
        return cuts_worth(roi.cut_on(size) for roi in self.inside(size))

    def options_for(self, size: tuple[int, int], *, is_deep: bool = True) -> Options:
        """The options for one picture, with the regions laid on it.

        Args:
            size: (width, height) of the picture.
            is_deep: Whether it has more than 8 bits; grey windows are for such pictures only.
        """
        laid = tuple(roi.on(size) for roi in self.rois)
        cuts = cuts_worth(roi.cut_on(size) for roi in self.rois)
        windows = self.options.windows if is_deep else ()
        return replace(self.options, rois=laid, cuts=cuts, windows=windows)
