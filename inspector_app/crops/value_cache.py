"""Crop where the picture's cached values resemble the words, after asking whether it is there.

Source: FOCUS (NeurIPS 2025), arXiv:2506.21710: value vectors of target words against those of
picture tokens give a map; its best windows are ranked by a yes/no question about each.
Ours: vectors are compared after their mean is taken away (see `runtime.resemblance`), words are
found by rules (see `domain.target`), and the search ends at the first windows that are sure.
"""

from dataclasses import replace

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.leaning import leaning
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Glance, Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.target import exists_question, target_of
from inspector_app.imaging.search import ATTENTION, WindowSearch, find_windows

TITLE = "Value vectors"
NEEDS = ("ask", "attend")
BUDGET = 8
"""Windows that are asked about at most."""
SURE = 0.97
"""A window that leans so far towards yes needs no other beside it."""

_NAME = "value_cache"
# Even a faint window is worth a question; and small ones are wanted, because all are asked about.
_HOW = WindowSearch(least=0.01, power=2.0, reluctance=2.0, margin=0.25)


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Ask about the windows that resemble the words, and keep those that hold the thing."""
    asked = exists_question(question.text)
    words = target_of(question.text) or question.text
    resembling = yield from look.resemblance(asked, words=words)
    windows = find_windows(
        resembling.values,
        grid=resembling.grid,
        size=frame.size,
        input_side=look.input_side,
        count=BUDGET,
        how=_HOW,
    )
    heard: list[tuple[Region, float | None]] = []
    for window in windows[: options.budget or BUDGET]:
        glance = yield from look.ask(asked, part=window.region)
        heard.append(
            (_narrowed(window.region, glance, frame=frame, look=look), leaning(glance.answer))
        )
        if sum(lean is not None and lean >= SURE for _, lean in heard) == options.count:
            break
    return _ranked(heard, count=options.count), replace(resembling, method=_NAME)


def _narrowed(window: Region, glance: Glance, *, frame: Frame, look: Look) -> Region:
    """Where in the window it looked while it answered; the window where that says nothing.

    The map comes with the answer. Value vectors alone place a thing to a token or two, which
    cut off the ends of words (text, small: 0.70 right answers without it).
    """
    if glance.map is None:
        return window
    closer = find_windows(
        glance.map.values,
        grid=glance.map.grid,
        size=frame.size,
        input_side=look.input_side,
        how=ATTENTION,
    )
    return closer[0].region if closer else window


def _ranked(heard: list[tuple[Region, float | None]], *, count: int) -> tuple[ScoredRegion, ...]:
    """Those that hold the thing, surest first; the best one where none seems to.

    A window without a plain yes or no counts as neither, in the order of the map.
    """
    order = sorted(heard, key=lambda one: -(one[1] or 0.0))
    kept = [one for one in order if one[1] is not None and one[1] > 0] or order[:1]
    return tuple(ScoredRegion(region, _NAME, lean) for region, lean in kept[:count])
