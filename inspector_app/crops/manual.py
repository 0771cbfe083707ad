"""Crop the regions that a person drew."""

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import MOST_ROIS, Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion

TITLE = "Drawn by hand"
NEEDS: tuple[str, ...] = ()


def propose(
    frame: Frame,
    question: Question,  # noqa: ARG001  every strategy is asked the same way
    options: Options,
    *,
    look: Look,  # noqa: ARG001
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Take the regions as they are, in the order they were drawn.

    Raises:
        WrongUse: there is none, there are too many, or one reaches outside the picture.
    """
    yield Step("look", 0, 1)
    if not options.rois:
        raise WrongUse("No region is drawn.", hint="Draw a rectangle on the picture first.")
    if len(options.rois) > MOST_ROIS:
        raise WrongUse(
            f"{len(options.rois)} regions are drawn; a picture can have {MOST_ROIS}.",
            hint="Remove some of them.",
        )
    for roi in options.rois:
        if roi.clipped(frame.size) != roi:
            raise WrongUse(
                f"The region {','.join(map(str, roi.box))} reaches outside the picture, "
                f"which is {frame.width} x {frame.height} pixels.",
                hint="Give x0,y0,x1,y1 in pixels of the picture, from its upper left corner.",
            )
    return tuple(ScoredRegion(roi, "manual") for roi in options.rois), None
