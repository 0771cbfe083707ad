"""How good a picture is for judging; measured by `imaging.quality` and `imaging.writing`."""

from dataclasses import dataclass

from inspector_app.domain.region import Region
from inspector_app.domain.rule import PictureLimits


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured on the pixels.

    Attributes:
        blur: Standard deviation of the blur at the strongest edges, in pixels; None where the
            picture has no edge to tell by.
        overexposed: Part of the picture that is burnt out, 0..1.
        underexposed: Part of the picture that is black, 0..1.
        letters: Longest line of what looks like writing, in letters; 0 for none.
        writing: Where the lines of writing are.
    """

    blur: float | None
    overexposed: float
    underexposed: float
    letters: int = 0
    writing: tuple[Region, ...] = ()

    def doubt(self, limits: PictureLimits) -> str | None:
        """Why nothing can be judged by this picture, as a sentence of verdicts; or None."""
        blur, over, under = limits.most_blur, limits.most_overexposed, limits.most_underexposed
        # Written so that what is not a number is a doubt too.
        if over is not None and not self.overexposed <= over:
            return "the picture is over-exposed"
        if under is not None and not self.underexposed <= under:
            return "the picture is too dark"
        if blur is not None and self.blur is None:
            return "nothing in the picture is sharp enough to tell by"
        if blur is not None and self.blur is not None and not self.blur <= blur:
            return "the picture is blurred"
        return None

    def has_writing(self, limits: PictureLimits) -> bool:
        """Whether there is more writing than belongs into such a picture."""
        return limits.most_letters is not None and self.letters > limits.most_letters
