"""How to look: the choices that go with a question."""

from dataclasses import dataclass

from inspector_app.domain.region import Region


@dataclass(frozen=True, slots=True)
class Options:
    """How a crop strategy works and what is done with its crops.

    Attributes:
        count: Most crops that are shown enlarged, 1..4.
        gate: Leave the picture unzoomed when the whole answer's weakest token has at least
            this probability; None zooms always. Source: confidence gates as in
            arXiv:2603.00171.
        rois: Regions drawn by hand, for the manual strategy.
        layer: Read the map from this layer instead of the card's; None for the card's.
        each_crop: Ask about each crop by itself as well, when there are several.
        max_tokens: Longest answer; None for the card's.
        windows: Grey windows through which a picture of more than 8 bits is shown, each a view
            of its own, as texts (see `imaging.wishes`); the maps are of the first. Empty shows
            the picture as it was opened.
    """

    count: int = 1
    gate: float | None = None
    rois: tuple[Region, ...] = ()
    layer: int | None = None
    each_crop: bool = True
    max_tokens: int | None = None
    windows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 4:
            raise ValueError(f"1 to 4 crops, not {self.count}")


@dataclass(frozen=True, slots=True)
class Preset:
    """A named way of working: strategy, options and the question it begins with."""

    name: str
    title: str
    strategy: str
    options: Options
    question: str = ""
