"""No crop: the whole picture alone."""

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion

TITLE = "Whole picture only"
NEEDS: tuple[str, ...] = ()


def propose(
    frame: Frame,  # noqa: ARG001  every strategy is asked the same way
    question: Question,  # noqa: ARG001
    options: Options,  # noqa: ARG001
    *,
    look: Look,  # noqa: ARG001
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """No region and no map."""
    yield Step("look", 0, 1)
    return (), None
