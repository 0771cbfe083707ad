"""Search a tree of ever smaller parts for the thing, by yes and no; works with any model.

Source: ZoomEye (EMNLP 2025): the picture is divided into four again and again, parts are
visited in the order of how far the model leans towards "it is there", and the search ends as
soon as the question can be answered. Ours: its three questions a part become two ("is it
there?", and the user's own question, whose least sure word tells whether it can be answered);
each part is shown alone instead of beside the whole picture with a frame drawn in it, so that
a leaning is about the part; and two parts of the first level are always looked into.
"""

import heapq
from dataclasses import dataclass, field

from inspector_app.domain.attention import AttentionMap
from inspector_app.domain.frame import Frame
from inspector_app.domain.leaning import leaning
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Look
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.target import exists_question
from inspector_app.imaging.quarters import quarters
from inspector_app.imaging.suppression import suppress

TITLE = "Search by yes and no"
NEEDS = ("ask",)
BUDGET = 40
"""Questions, where the options name no other number."""
DEEPEST = 5
ENOUGH = 0.9
"""The question counts as answered where its least sure word is this probable; ..."""
_PATIENCE, _EASIER = 3, (0.05, 0.1, 0.2)
# ... after as many visits as there are levels times this, by this much less every two visits.
_NAME = "zoom_tree"
_NO_WORD = -0.5
"""What counts for a part of which the model said neither yes nor no."""


@dataclass(order=True, slots=True)
class _Node:
    """A part that was asked about; the best one sorts first."""

    rank: float
    number: int
    part: Region = field(compare=False)
    depth: int = field(compare=False)
    lean: float = field(compare=False)


@dataclass(slots=True, eq=False)
class _Search:
    """What was asked and found so far."""

    frame: Frame
    look: Look
    question: str
    asked: str
    left: int
    nodes: list[_Node] = field(default_factory=list)
    is_mute: bool = False

    def divide(self, part: Region, *, depth: int) -> Steps[list[_Node]]:
        """Ask whether the thing is in each quarter, as long as the budget lasts."""
        found = []
        for quarter in quarters(part, within=self.frame.size):
            if not self.left:
                break
            self.left -= 1
            glance = yield from self.look.ask(self.asked, part=quarter)
            lean = leaning(glance.answer)
            lean = _NO_WORD if lean is None else lean
            # Deeper parts of the same leaning first: they show more.
            found.append(_Node(-lean - 0.01 * depth, len(self.nodes), quarter, depth, lean))
            self.nodes.append(found[-1])
        return found

    def can_answer(self, node: _Node, *, least: float) -> Steps[bool]:
        """Whether the question itself is answered surely from a part."""
        if not self.left or node.lean <= 0:
            return False
        if self.is_mute:
            # A model that tells no probabilities is believed where nothing smaller shows more.
            return self.is_leaf(node)
        self.left -= 1
        glance = yield from self.look.ask(self.question, part=node.part)
        weakest = glance.answer.weakest
        self.is_mute = weakest is None and bool(glance.answer.text)
        return weakest is not None and weakest >= least

    def is_leaf(self, node: _Node) -> bool:
        """Whether a smaller part would show nothing more."""
        return node.depth >= DEEPEST or max(node.part.size) <= self.look.input_side


def propose(
    frame: Frame, question: Question, options: Options, *, look: Look
) -> Steps[tuple[tuple[ScoredRegion, ...], AttentionMap | None]]:
    """Divide, ask, and go on in the most promising part until the question can be answered."""
    yield Step("look", 0, 1)
    if max(frame.size) <= look.input_side:
        return (), None
    budget = options.budget or BUDGET
    search = _Search(frame, look, question.text, exists_question(question.text), budget)
    heap = yield from search.divide(frame.region, depth=1)
    heapq.heapify(heap)
    answered: list[_Node] = []
    visits = 0
    while heap and search.left and len(answered) < options.count:
        node = heapq.heappop(heap)
        visits += 1
        if (yield from search.can_answer(node, least=_least(visits))):
            answered.append(node)
        elif not search.is_leaf(node) and (node.lean > 0 or node.depth == 1):
            for child in (yield from search.divide(node.part, depth=node.depth + 1)):
                heapq.heappush(heap, child)
    return _regions(answered, search.nodes, count=options.count), None


def _least(visits: int) -> float:
    """How sure an answer must be after so many visits."""
    late = visits - _PATIENCE * DEEPEST
    if late < 0:
        return ENOUGH
    steps = late // 2
    eased = sum(_EASIER[min(step, len(_EASIER) - 1)] for step in range(steps + 1))
    return max(0.0, ENOUGH - eased)


def _regions(answered: list[_Node], nodes: list[_Node], *, count: int) -> tuple[ScoredRegion, ...]:
    """Where it could be answered; else the smallest parts that hold the thing, surest first."""
    holding = [node for node in nodes if node.lean > 0]
    holding.sort(key=lambda node: (-node.depth, -node.lean))
    order = [*answered, *holding]
    parts = [node.part for node in order]
    kept = suppress(parts, [-at for at in range(len(parts))], overlap=0.1)
    inside = [
        at
        for at in kept
        if not any(_holds(parts[at], parts[better]) for better in kept if better < at)
    ]
    return tuple(ScoredRegion(parts[at], _NAME, order[at].lean) for at in inside[:count])


def _holds(outer: Region, inner: Region) -> bool:
    return outer.intersection(inner) == inner
