"""Readings of models that look at a picture with the question in mind.

Between tower and language model stand a few queries that read the prompt, too: what the
language model gets of a picture is another for each question. So only the tower's work is
shared between questions; everything else is a reading of its own for each, over one cache.

The language model's attention lies on the queries. Multiplied with the queries' attention to
the patches it lies on the picture. Source: arXiv:2502.17422, section 4.1.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionRows, Map, TokenGrid
from inspector_app.domain.begun import Begun
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Steps
from inspector_app.runtime.album import Album
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.gradients import input_slope, pixel_slope
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.reading import BegunAnswer, CachedReading, Shown
from inspector_app.runtime.speech import Speech
from inspector_app.runtime.trials import mixed_with

KEPT_QUESTIONS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Queried:
    """A picture as the queries saw it, with one question in mind.

    Attributes:
        picture: What the language model gets: one token a query.
        weights: (1, heads, queries, patches) attention of the queries, as it stands in the graph.
        skip: How many of the first patches belong to no cell (a class token).
    """

    picture: Picture
    weights: Tensor
    skip: int

    @property
    def map(self) -> Tensor:
        """(queries, cells) float32, the mean over the heads."""
        return self.over_cells(self.weights.detach())

    def over_cells(self, weights: Tensor) -> Tensor:
        """(queries, cells) float32 of something like `weights`, the mean over the heads."""
        return weights[0].float().mean(dim=0)[:, self.skip :]


class AskingEyes(Protocol):
    """The vision side of such a family."""

    @property
    def queries(self) -> int:
        """How many there are."""

    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower alone, without a graph."""

    def asked(self, picture: Picture, prompt: str) -> Queried:
        """What the queries make of the tower's picture; keeps the graph, if there is one."""

    def pixels(self, views: Sequence[View]) -> Tensor:
        """(views, 3, h, w): what the tower takes."""

    def features(self, pixels: Tensor) -> Tensor:
        """(views, patches, width): what the tower makes; keeps the graph."""

    def grid(self, view: View) -> TokenGrid:
        """How the patches lie over the Frame."""

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""


@dataclass(frozen=True, slots=True, eq=False)
class _QueryEyes:
    """The eyes of an inner reading: its cells are the queries."""

    eyes: AskingEyes

    def grid(self, view: View) -> TokenGrid:
        """The queries in a line; they lie nowhere."""
        whole = self.eyes.grid(view)
        return replace(whole, rows=1, cols=self.eyes.queries)

    def pixel_grid(self, view: View) -> TokenGrid:
        """See `AskingEyes`."""
        return self.eyes.pixel_grid(view)

    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """Never asked for: the outer reading sees."""
        raise NotImplementedError

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """Never asked for: the outer reading traces."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class QueriedReading(Shown):
    """A Reading (see `domain/ports.py`) whose pictures are looked at anew for each question.

    Attributes:
        network: The language model.
        eyes: Tower and queries.
        speech: Template and tokenizer.
        views: In prompt order.
        pictures: The tower's, in prompt order.
        cache: Shared by all questions and extensions.
        album: Views that the tower has seen.
        looks: What the queries saw, by picture and prompt; shared by extensions.
        inner: A reading for each question.
        said: What was last answered, shared by extensions.
    """

    network: Network
    eyes: AskingEyes
    speech: Speech
    views: tuple[View, ...]
    pictures: tuple[Picture, ...]
    cache: PromptCache
    album: Album
    looks: OrderedDict[tuple[int, str], Queried] = field(default_factory=OrderedDict)
    inner: OrderedDict[str, CachedReading] = field(default_factory=OrderedDict)
    said: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def ask(
        self,
        question: str,
        *,
        layers: Sequence[int] = (),
        max_tokens: int | None = None,
        beside: Begun | None = None,
    ) -> Steps[tuple[Answer, AttentionRows | None]]:
        """Answer greedily, token by token; see `domain.ports.Reading.ask`."""
        inner = self._for(question)
        answer, rows = yield from inner.ask(
            question, layers=layers, max_tokens=max_tokens, beside=beside
        )
        return answer, None if rows is None else self._over_patches(rows, question)

    def begin(
        self, question: str, *, layers: Sequence[int] = (), max_tokens: int | None = None
    ) -> Steps[BegunAnswer]:
        """Say the first word; see `domain.ports.Reading.begin`."""
        begun = yield from self._for(question).begin(question, layers=layers, max_tokens=max_tokens)
        if begun.rows is not None:
            begun.rows = self._over_patches(begun.rows, question)
        return begun

    def attend(self, question: str, *, layers: Sequence[int]) -> AttentionRows:
        """The rows alone; the language model is left in the deepest wanted layer."""
        return self._over_patches(self._for(question).attend(question, layers=layers), question)

    def gradient(self, question: str, *, layer: int) -> AttentionRows:
        """The row times its rectified gradient, through the queries' map times its own.

        The row's comes from one token as everywhere; the map's needs a walk back through
        the whole language model, once for each picture.
        """
        rows = self._for(question).gradient(question, layer=layer)
        maps = [self._weighted(question, at) for at in range(len(self.views))]
        return AttentionRows(self._product(rows.values, maps), rows.layers, self.grids)

    def pixel_gradient(self, question: str) -> tuple[Map, TokenGrid]:
        """Size of d log p* / d pixel over the first view, in the network's own pixels."""
        looks = self._looks(question)
        doing = "compute gradients down to the pixels"
        with self.network.working(doing, alone=True), torch.enable_grad():
            pixels = self.eyes.pixels(self.views[:1]).requires_grad_()
            self.network.count(vision=1)
            picture = replace(self.pictures[0], features=self.eyes.features(pixels)[0])
            first = self.eyes.asked(picture, self._words(question)).picture
            pictures = (first, *(look.picture for look in looks[1:]))
            prompt = self.speech.prompt(question, pictures=pictures)
            size = pixel_slope(self.network, prompt, pixels=pixels)
        return _to_array(size), self.eyes.pixel_grid(self.views[0])

    def resemblance(
        self, question: str, *, words: str, layers: Sequence[int]
    ) -> NDArray[np.float32]:
        """Value vectors of words against the picture's; see `domain.abilities.Comparing`."""
        found = self._for(question).resemblance(question, words=words, layers=layers)
        first = self.grids[0]
        values = found[:, :, 0] @ _to_array(self._looks(question)[0].map)
        return values.reshape(*values.shape[:2], first.rows, first.cols)

    def ask_mixed(
        self, question: str, *, views: Sequence[View], share: float, max_tokens: int | None = None
    ) -> Steps[Answer]:
        """See `domain.abilities.Mixing`. Re-weighting there is none: its tokens lie nowhere."""
        alone = self.extended(views)
        crops = alone._looks(question)[len(self.views) :]
        return (
            yield from mixed_with(
                self._for(question),
                tuple(look.picture for look in crops),
                views=views,
                question=question,
                share=share,
                max_tokens=max_tokens,
            )
        )

    def extended(self, views: Sequence[View]) -> "QueriedReading":
        """A new Reading with more pictures after these; what the tower saw is reused."""
        with self.network.working("look at the enlarged parts"):
            more = self.album.pictures(views, see=self.eyes.seen)
        return QueriedReading(
            network=self.network,
            eyes=self.eyes,
            speech=self.speech,
            views=(*self.views, *views),
            pictures=(*self.pictures, *more),
            cache=self.cache,
            album=self.album,
            looks=self.looks,
            said=self.said,
        )

    def _words(self, question: str) -> str:
        """What the queries read: the prompt without its pictures."""
        return self.speech.card.prompt(question, placeholders="").strip()

    def _for(self, question: str) -> CachedReading:
        """The reading for a question, made when it is asked first."""
        if question not in self.inner:
            # Refuses an empty question before anything is computed.
            self.prompt(question)
            self.inner[question] = CachedReading(
                network=self.network,
                eyes=_QueryEyes(self.eyes),
                speech=self.speech,
                views=self.views,
                pictures=tuple(look.picture for look in self._looks(question)),
                cache=self.cache,
                album=self.album,
                said=self.said,
            )
        self.inner.move_to_end(question)
        while len(self.inner) > KEPT_QUESTIONS:
            self.inner.popitem(last=False)
        return self.inner[question]

    def _looks(self, question: str) -> tuple[Queried, ...]:
        """What the queries see in each picture with this question in mind."""
        words = self._words(question)
        with self.network.working("look at the picture", alone=True), torch.no_grad():
            for picture in self.pictures:
                if (picture.mark, words) not in self.looks:
                    self.looks[picture.mark, words] = self.eyes.asked(picture, words)
                self.looks.move_to_end((picture.mark, words))
        found = tuple(self.looks[picture.mark, words] for picture in self.pictures)
        while len(self.looks) > KEPT_QUESTIONS * len(self.pictures):
            self.looks.popitem(last=False)
        return found

    def _over_patches(self, rows: AttentionRows, question: str) -> AttentionRows:
        maps = [_to_array(look.map) for look in self._looks(question)]
        return AttentionRows(self._product(rows.values, maps), rows.layers, self.grids)

    def _product(
        self, values: NDArray[np.float32], maps: Sequence[NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """(layers, heads, cells) of (layers, heads, queries) and a map for each picture."""
        count = self.eyes.queries
        parts = [values[:, :, at * count : (at + 1) * count] @ one for at, one in enumerate(maps)]
        return np.concatenate(parts, axis=2)

    def _weighted(self, question: str, at: int) -> NDArray[np.float32]:
        """(queries, cells): one picture's map times its rectified gradient."""
        pictures = [look.picture for look in self._looks(question)]
        with self.network.working("compute gradients", alone=True), torch.enable_grad():
            tower = self.pictures[at]
            traced = replace(tower, features=tower.features.detach().requires_grad_())
            look = self.eyes.asked(traced, self._words(question))
            pictures[at] = look.picture
            prompt = self.speech.prompt(question, pictures=pictures)
            gradient = input_slope(self.network, prompt, source=look.weights)
        return _to_array(look.over_cells(look.weights.detach().float() * gradient.relu()))


def _to_array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().float().cpu().numpy()
    return np.array(array, dtype=np.float32)
