"""A model that answers by script, looks where it is told, and counts what it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionRows, TokenGrid
from inspector_app.domain.begun import Begun, Said
from inspector_app.domain.errors import OutOfMemory
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import ModelFacts, Passes
from inspector_app.domain.messages import Step, Words
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region

CELLS = 8
LAYERS = 3
FACTS = ModelFacts("fake", "llava", "cpu", "float32", "f" * 64)
HEADS = 2

Script = Callable[[tuple[Region, ...], str], Answer]
Call = tuple[str, tuple[Region, ...], str]


def said(text: str, *, sure: float = 0.9) -> Answer:
    """An answer of one token with this probability."""
    return Answer(text, (Token(text, float(np.log(sure))),), margin=2 * sure - 1, runner_up="?")


def agreeing(boxes: tuple[Region, ...], question: str) -> Answer:
    """No, whatever is shown."""
    return said("no")


@dataclass
class FakeModel:
    """A VisionModel (see `domain/ports.py`) without a network.

    Attributes:
        answers: What it says to these views and this question.
        peak: (x, y) in frame pixels of the cell that questions heat; None heats none.
        full_at: OutOfMemory is raised by calls for which this is true.
        calls: Everything it was asked: (what, the views' regions, question), in order.
        longest: How long answers were allowed to be.
        waits: Whether what it begins has to be finished; "rest" is then among the calls.
        beside: What it was asked to finish beside another answer.
    """

    answers: Script = agreeing
    peak: tuple[float, float] | None = None
    full_at: Callable[[Call], bool] = lambda call: False
    facts: ModelFacts = FACTS
    can_attend: bool = True
    can_backpropagate: bool = True
    has_logprobs: bool = True
    layers: int = LAYERS
    default_layer: int = 1
    input_side: int = 16
    passes: Passes = field(default_factory=Passes)
    calls: list[Call] = field(default_factory=list)
    longest: set[int | None] = field(default_factory=set)
    waits: bool = False
    beside: list[Begun | None] = field(default_factory=list)

    def read(self, views: Sequence[View]) -> "FakeReading":
        return FakeReading(self, tuple(views), work="read")

    def note(self, what: str, views: Sequence[View], question: str = "") -> None:
        call = (what, tuple(view.region for view in views), question)
        self.calls.append(call)
        if self.full_at(call):
            raise OutOfMemory("There was not enough memory.", hint="Close other programs.")

    def count(self, what: str, question: str | None = None) -> int:
        """How often it was asked this (of this question)."""
        return sum(call[0] == what and question in {None, call[2]} for call in self.calls)


class FakeReading:
    """A Reading (see `domain/ports.py`) of a FakeModel."""

    def __init__(self, model: FakeModel, views: tuple[View, ...], *, work: str, old: int = 0):
        model.note(work, views)
        model.passes += Passes(vision=len(views) - old)
        self.model, self.views = model, views

    @property
    def grids(self) -> tuple[TokenGrid, ...]:
        return tuple(TokenGrid(CELLS, CELLS, *map(float, view.region.box)) for view in self.views)

    def prompt(self, question: str) -> str:
        return "<image>" * len(self.views) + f"\nUSER: {question}\nASSISTANT:"

    def begin(self, question: str, **wishes: Any) -> Any:
        answer, rows = yield from self.ask(question, **wishes)
        if not self.model.waits:
            return Said(answer, rows)
        return FakeBegun(self, question, answer, rows)

    def ask(
        self,
        question: str,
        *,
        layers: Sequence[int] = (),
        max_tokens: int | None = None,
        beside: Begun | None = None,
    ) -> Any:
        self.model.beside.append(beside)
        whose = "whole" if len(self.views) == 1 else "zoomed"
        self.model.note("ask", self.views, question)
        self.model.longest.add(max_tokens)
        yield Step("ask", 0, 2, Words("", whose))
        answer = self.model.answers(tuple(view.region for view in self.views), question)
        self.model.passes += Passes(language=1, tokens_prefilled=10)
        yield Step("ask", 1, 2, Words(answer.text, whose))
        return answer, self._rows(question, layers) if layers else None

    def attend(self, question: str, *, layers: Sequence[int]) -> AttentionRows:
        self.model.note("attend", self.views, question)
        return self._rows(question, layers)

    def gradient(self, question: str, *, layer: int) -> AttentionRows:
        self.model.note("gradient", self.views, question)
        return self._rows(question, (layer,))

    def pixel_gradient(self, question: str) -> tuple[np.ndarray, TokenGrid]:
        self.model.note("pixel_gradient", self.views, question)
        box = self.views[0].region.box
        grid = TokenGrid(CELLS * 14, CELLS * 14, *map(float, box))
        return self._heat(question, grid), grid

    def resemblance(
        self,
        question: str,
        *,
        words: str,  # noqa: ARG002  one place for all
        layers: Sequence[int],
    ) -> np.ndarray:
        self.model.note("resemblance", self.views, question)
        return np.tile(self._heat(question, self.grids[0]), (len(layers), 1, 1, 1))

    def extended(self, views: Sequence[View]) -> "FakeReading":
        both = (*self.views, *views)
        return FakeReading(self.model, both, work="extended", old=len(self.views))

    def _rows(self, question: str, layers: Sequence[int]) -> AttentionRows:
        heat = np.concatenate([self._heat(question, grid).ravel() for grid in self.grids])
        values = np.tile(heat, (len(layers), HEADS, 1)).astype(np.float32)
        return AttentionRows(values, tuple(layers), self.grids)

    def _heat(self, question: str, grid: TokenGrid) -> np.ndarray:
        heat = np.full((grid.rows, grid.cols), 0.01, np.float32)
        coarse = replace(grid, rows=CELLS, cols=CELLS)
        at = None if self.model.peak is None else coarse.cell_at(*self.model.peak)
        if at is not None and question != NEUTRAL:
            fine = grid.rows // CELLS
            row, col = at[0] * fine, at[1] * fine
            heat[row : row + fine, col : col + fine] = 1.0
        return heat


@dataclass
class FakeBegun:
    """A Begun (see `domain/begun.py`) of a model that waits."""

    reading: FakeReading
    question: str
    answer: Answer
    rows: AttentionRows | None

    def finished(self) -> Any:
        self.reading.model.note("rest", self.reading.views, self.question)
        yield Step("ask", 2, 2, Words(self.answer.text, "whole"))
        return self.answer
