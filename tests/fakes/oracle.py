"""A look at a picture with one planted thing: it says yes where it can see it."""

import math

import numpy as np

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.coordinates import Coordinates, regions_in
from inspector_app.domain.messages import Step
from inspector_app.domain.ports import Glance
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.region import Region

CELLS = 10


class Oracle:
    """Knows where the thing is; tells it as a model would.

    Args:
        size: (width, height) of the picture.
        things: Where they are; none for an empty picture.
        seen_from: A thing is seen in a part that is at most so many times as long as it.
        read_from: The question is answered surely from such a part.
        is_open: Whether maps can be had.
        has_logprobs: Whether probabilities are told.
        says: What it says to everything, instead of yes or no.
        named: What it says when it is asked for a box.
        error: Part of "yes" and "no" that the other one gets.
    """

    layer = 1
    coordinates = Coordinates.THOUSAND

    def __init__(self, size, *things, seen_from=40, read_from=4, is_open=True, **more):
        self.size, self.things = size, things
        self.seen_from, self.read_from = seen_from, read_from
        self.can_attend = self.can_compare = self.can_backpropagate = is_open
        self.has_logprobs = more.pop("has_logprobs", True)
        self.says = more.pop("says", None)
        self.named = more.pop("named", "I do not know.")
        self.error = more.pop("error", 0.01)
        self.input_side = more.pop("input_side", 64)
        assert not more
        self.asked: list[tuple[str, Region | None]] = []

    def boxes(self, text):
        return regions_in(text, how=self.coordinates, size=self.size, shown=self.size)

    def attention(self, question, *, is_whole=False):  # noqa: ARG002  never tiled
        yield Step("look", 0, 1)
        return self._heat(Region.whole(self.size), idle=question == NEUTRAL)

    def gradient(self, question):  # noqa: ARG002  every question is hot there
        yield Step("look", 0, 1)
        return self._heat(Region.whole(self.size), idle=False)

    pixel_gradient = gradient

    def resemblance(self, question, *, words):
        assert words in question
        yield Step("look", 0, 1)
        return self._heat(Region.whole(self.size), idle=False)

    def ask(self, question, *, part=None, max_tokens=None):  # noqa: ARG002  words are short
        yield Step("look", 0, 1)
        self.asked.append((question, part))
        if "bounding box" in question:
            return Glance(self._said(self.named, sure=0.9))
        part = part or Region.whole(self.size)
        common = [(part.intersection(thing), thing) for thing in self.things]
        # Half of a small thing tells nothing; a part that is full of a large one does.
        held = [
            shown
            for shown, thing in common
            if shown is not None and (shown == thing or 2 * shown.area >= part.area)
        ]
        nearest = max((max(thing.size) / max(part.size) for thing in held), default=0)
        heat = self._heat(part, idle=not held) if self.can_attend else None
        if self.says is not None:
            return Glance(self._said(self.says, sure=0.9), heat)
        if question.startswith("Is there"):
            word = "yes" if nearest >= 1 / self.seen_from else "no"
            return Glance(self._said(word, sure=1 - self.error), heat)
        sure = 0.99 if nearest >= 1 / self.read_from else 0.2
        return Glance(self._said("K4", sure=sure), heat)

    def _said(self, text, *, sure):
        if not self.has_logprobs:
            return Answer(text, (Token(text, None),), None)
        return Answer(text, (Token(text, math.log(sure)),), 2 * sure - 1)

    def _heat(self, part, *, idle):
        """Hot where a thing is, if it is not too small; about even otherwise."""
        grid = TokenGrid(CELLS, CELLS, *map(float, part.box))
        values = np.ones((CELLS, CELLS), np.float32)
        for thing in self.things:
            at = grid.cell_at(*thing.center)
            if at is not None and not idle:
                values[at] = 30.0
        return AttentionMap(values, grid, "attention", layer=self.layer)
