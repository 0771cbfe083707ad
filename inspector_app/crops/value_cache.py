"""Crop where the picture's cached values resemble the words, after asking whether it is there.

Source: FOCUS (NeurIPS 2025), arXiv:2506.21710: value vectors of target words against those of
picture tokens give a map; its best windows are ranked by a yes/no question about each.
Ours: vectors are compared after their mean is taken away (see `runtime.resemblance`), words are
found by rules (see `domain.target`), the search ends at the first windows that are sure, and
the crop is where in the window the model looked while it answered.
"""

from dataclasses import replace

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import ScoredRegion
from inspector_app.domain.target import compared_words, exists_question
from inspector_app.imaging.search import ASKED, find_windows
from inspector_app.imaging.verifying import best_checked, checked, settled

TITLE = "Value vectors"
NEEDS = ("ask", "attend")
BUDGET = 8

_NAME = "value_cache"


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Ask about the windows that resemble the words, and keep those that hold the thing."""
    asked = exists_question(question.text)
    words, holding = compared_words(question.text)
    resembling = yield from look.resemblance(holding, words=words)
    windows = find_windows(
        resembling.values,
        grid=resembling.grid,
        size=frame.size,
        input_side=look.input_side,
        count=options.budget or BUDGET,
        how=ASKED,
    )
    parts = [window.region for window in windows]
    heard = yield from checked(parts, asked, size=frame.size, look=look, enough=options.count)
    kept = best_checked(heard, count=options.count)
    places = yield from settled(kept, asked, size=frame.size, look=look)
    regions = tuple(
        ScoredRegion(place, _NAME, one.lean) for place, one in zip(places, kept, strict=True)
    )
    return regions, replace(resembling, method=_NAME)
