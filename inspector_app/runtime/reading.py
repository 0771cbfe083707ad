"""Pictures that a model has seen, and everything that can be asked of them."""

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
from inspector_app.domain.errors import TooLong, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Step, Steps, Words
from inspector_app.runtime.album import Album, Eyes
from inspector_app.runtime.cache import PromptCache, Tail
from inspector_app.runtime.decoding import MOST_MISTAKES, Draft, Spoken
from inspector_app.runtime.emphasis import emphasis_on
from inspector_app.runtime.gradients import pixel_slope, weighted_row
from inspector_app.runtime.network import Network, Picture, Prompt
from inspector_app.runtime.probe import Probe
from inspector_app.runtime.resemblance import resemblances, span_of
from inspector_app.runtime.speech import Speech
from inspector_app.runtime.together import Growing, Together
from inspector_app.runtime.trials import mixed_with, spoken_out
from inspector_app.runtime.trouble import room_on

# Questions whose rows a Reading keeps; the neutral one is among them for sure.
KEPT_QUESTIONS = 8


class Placing(Protocol):
    """Whoever knows how a picture's cells lie over the Frame."""

    def grid(self, view: View) -> TokenGrid:
        """How a view's cells lie over the Frame."""


class Shown:
    """What every Reading tells of its pictures."""

    __slots__ = ()

    eyes: Placing
    speech: Speech
    views: tuple[View, ...]

    @property
    def grids(self) -> tuple[TokenGrid, ...]:
        """How each view's tokens lie over the Frame, in prompt order."""
        return tuple(self.eyes.grid(view) for view in self.views)

    def prompt(self, question: str) -> str:
        """The text for these pictures, with image placeholders unexpanded."""
        return self.speech.text(question, pictures=len(self.views))


@dataclass(frozen=True, slots=True, eq=False)
class CachedReading(Shown):
    """A Reading (see `domain/ports.py`) on a cache that it shares with its extensions.

    A prompt pays for the tokens it does not share with the one before it, whichever
    Reading of the same picture that came from; results do not depend on the order.

    Attributes:
        network: The language model.
        eyes: The vision side.
        speech: Template and tokenizer.
        views: In prompt order.
        pictures: What the language model gets of them.
        cache: Shared by all Readings that begin with the same picture.
        album: Views that any of them has seen.
        said: What was last answered to each question, as token numbers, by any of them.
        rows: Rows already known: question -> layer -> (heads, tokens).
    """

    network: Network
    eyes: Eyes
    speech: Speech
    views: tuple[View, ...]
    pictures: tuple[Picture, ...]
    cache: PromptCache
    album: Album
    said: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rows: OrderedDict[str, dict[int, NDArray[np.float32]]] = field(default_factory=OrderedDict)

    def ask(
        self,
        question: str,
        *,
        layers: Sequence[int] = (),
        max_tokens: int | None = None,
        beside: Begun | None = None,
    ) -> Steps[tuple[Answer, AttentionRows | None]]:
        """Answer greedily, token by token; see `domain.ports.Reading.ask`."""
        if isinstance(beside, BegunAnswer) and not beside.line.is_done and not layers:
            joined = yield from self._ask_beside(beside, question, max_tokens=max_tokens)
            if joined is not None:
                return (yield from joined.finished()), None
        begun = yield from self._begin(question, layers=layers, max_tokens=max_tokens)
        return (yield from begun.finished()), begun.rows

    def begin(
        self, question: str, *, layers: Sequence[int] = (), max_tokens: int | None = None
    ) -> Steps["BegunAnswer"]:
        """Say the first word; see `domain.ports.Reading.begin`."""
        return (yield from self._begin(question, layers=layers, max_tokens=max_tokens, copied=True))

    def attend(self, question: str, *, layers: Sequence[int]) -> AttentionRows:
        """The rows alone; the network is left in the deepest wanted layer."""
        self._check(layers)
        with self.network.working("look at the picture"), torch.no_grad():
            wanted = frozenset(layers) - self._known(question).keys()
            if wanted:
                probe = Probe(layers=wanted, leave_at=max(wanted))
                prompt = self._tokens(question)
                self.network.forward(prompt, cache=self.cache, probe=probe)
                self._remember(question, prompt, probe.rows)
            return self._assembled(question, layers)

    def gradient(self, question: str, *, layer: int) -> AttentionRows:
        """The row at `layer` times its rectified gradient; see `runtime.gradients`."""
        self._check((layer,))
        prompt = self._tokens(question)
        with self.network.working("compute gradients", alone=True):
            row = weighted_row(self.network, prompt, cache=self.cache, layer=layer)
        return AttentionRows(_to_array(row[:, prompt.cells()])[None], (layer,), self.grids)

    def pixel_gradient(self, question: str) -> tuple[Map, TokenGrid]:
        """Size of d log p* / d pixel over the first view, in the network's own pixels.

        Pixels are counted as the tower gets them, after scaling by mean and deviation.
        """
        prompt = self._tokens(question)
        with self.network.working("compute gradients down to the pixels", alone=True):
            pixels, first = self.eyes.traced(self.views[0])
            self.network.count(vision=1)
            traced = replace(prompt, pictures=(first, *prompt.pictures[1:]))
            size = pixel_slope(self.network, traced, pixels=pixels)
        return _to_array(size), self.eyes.pixel_grid(self.views[0])

    def resemblance(
        self, question: str, *, words: str, layers: Sequence[int]
    ) -> NDArray[np.float32]:
        """Value vectors of words against the picture's; see `domain.abilities.Comparing`."""
        self._check(layers)
        prompt = self._tokens(question)
        tail = prompt.starts[-1] + prompt.pictures[-1].tokens
        span = span_of(words, prompt.ids[tail:], decode=self.speech.decode)
        # A tokenizer may write the words otherwise: then all that was said of the picture counts.
        at = (
            range(len(prompt.ids))[tail:]
            if span is None
            else range(len(prompt.ids))[tail:][span.start : span.stop]
        )
        with self.network.working("compare the picture with the words"):
            found = resemblances(self.network, prompt, cache=self.cache, span=at, layers=layers)
        first = self.grids[0]
        values = _to_array(found[:, :, : first.tokens])
        return values.reshape(*values.shape[:2], first.rows, first.cols)

    def extended(self, views: Sequence[View]) -> "CachedReading":
        """A new Reading with more pictures after these; the prefix is reused."""
        with self.network.working("look at the enlarged parts"):
            more = self.album.pictures(views, see=self.eyes.seen)
        return CachedReading(
            network=self.network,
            eyes=self.eyes,
            speech=self.speech,
            views=(*self.views, *views),
            pictures=(*self.pictures, *more),
            cache=self.cache,
            album=self.album,
            said=self.said,
        )

    def ask_reweighted(
        self, question: str, *, factors: NDArray[np.float32], max_tokens: int | None = None
    ) -> Steps[Answer]:
        """See `domain.abilities.Reweighting`."""
        line = self.line(question, max_tokens=max_tokens)
        if (factors != 1).any():
            device = self.network.placement.device
            emphasis = emphasis_on(line.prompt, factors=factors, device=device)
            line.prompt = replace(line.prompt, emphasis=emphasis)
        return (yield from spoken_out(self, line))

    def ask_mixed(
        self, question: str, *, views: Sequence[View], share: float, max_tokens: int | None = None
    ) -> Steps[Answer]:
        """See `domain.abilities.Mixing`."""
        with self.network.working("look at the enlarged parts"):
            pictures = self.album.pictures(views, see=self.eyes.seen)
        return (
            yield from mixed_with(
                self, pictures, views=views, question=question, share=share, max_tokens=max_tokens
            )
        )

    def line(self, question: str, *, max_tokens: int | None) -> Growing:
        """An answer of which nothing is said."""
        prompt = self._tokens(question)
        longest = self.speech.card.max_tokens if max_tokens is None else max_tokens
        longest = max(1, min(longest, self.network.context - len(prompt.ids)))
        draft = Draft(self.said.get(question, ()))
        return Growing(prompt, Spoken(self.speech.decode, self.speech.ends), draft, longest)

    def _begin(
        self, question: str, *, layers: Sequence[int], max_tokens: int | None, copied: bool = False
    ) -> Steps["BegunAnswer"]:
        """The first word, and rows in passing.

        Args:
            question: The user's words.
            layers: Whose rows to keep.
            max_tokens: Longest answer; None for the card's.
            copied: Whether to keep a copy of the prompt's end, for going on beside another.
        """
        self._check(layers)
        begun = BegunAnswer(self, question, self.line(question, max_tokens=max_tokens))
        yield begun.step()
        with self.network.lock:
            self.speak(begun.line, row_of=(question, layers))
            if layers:
                begun.rows = self._assembled(question, layers)
            if begun.line.is_done:
                self.said[question] = tuple(begun.line.spoken.ids)
            elif copied:
                begun.tail = self._tail(begun.line)
        yield begun.step()
        return begun

    def _ask_beside(
        self, guest: "BegunAnswer", question: str, *, max_tokens: int | None
    ) -> Steps["BegunAnswer | None"]:
        """As much of both answers as forwards for both can say; None where none can be."""
        if guest.tail is None or guest.reading.cache is not self.cache:
            return None
        begun = BegunAnswer(self, question, self.line(question, max_tokens=max_tokens))
        if question == guest.question:
            # What the guest says, as soon as it says it, may be what is said here. Being one
            # word ahead it saves one forward in all, so one mistake is enough.
            begun.line.draft = Draft(guest.line.spoken.ids, mistakes=MOST_MISTAKES - 1)
        both = Together(self.network, self.cache, begun.line, guest.line, guest.tail)
        if not both.is_possible:
            return None
        yield begun.step()
        while not both.is_done:
            with self.network.working("answer the question"):
                if not both.is_possible:
                    break
                said = len(guest.line.spoken.ids)
                both.step()
            now = begun.step()
            if len(guest.line.spoken.ids) > said:
                yield replace(now, sample=Words(guest.line.spoken.text.lstrip(), "whole"))
            yield now
        return begun

    def _tail(self, line: Growing) -> Tail:
        """A copy of the prompt behind its pictures, with the words but the last."""
        prompt = line.prompt
        start = prompt.starts[-1] + prompt.pictures[-1].tokens
        with room_on(self.network.placement.device, doing="answer the question"):
            return self.cache.tail(start, line.read)

    @torch.no_grad()
    def speak(self, line: Growing, *, row_of: tuple[str, Sequence[int]] = ("", ())) -> None:
        """One forward: the next word, those of the draft it confirms, and rows in passing.

        Should another question have used the cache since, it is filled again.

        Args:
            line: The answer; grows.
            row_of: A question and the layers whose rows to keep under it; only where
                nothing is spoken yet.
        """
        tried = line.tried()
        probe = Probe(layers=frozenset(row_of[1]), drafted=len(tried), keep=1 + len(tried))
        with self.network.working("answer the question"):
            hidden = self.network.forward(
                line.with_words(tried),
                cache=self.cache,
                probe=probe,
                prompt_tokens=len(line.prompt.ids),
            )
            line.draft.check(tried, self.network.sound_scores(hidden), spoken=line.spoken)
            if probe.rows:
                self._remember(row_of[0], line.prompt, probe.rows)

    def _tokens(self, question: str) -> Prompt:
        """The tokenised prompt.

        Raises:
            TooLong: it leaves no room for an answer.
        """
        prompt = self.speech.prompt(question, pictures=self.pictures)
        if len(prompt.ids) >= self.network.context:
            count = len(self.views)
            pictures = "1 picture" if count == 1 else f"{count} pictures"
            of_pictures = sum(picture.tokens for picture in self.pictures)
            what = "question is too long"
            if of_pictures > self.network.context // 2 and count > 1:
                what = "model cannot be shown so many pictures at once"
            raise TooLong(
                f"The {what}: with {pictures} it takes {len(prompt.ids)} tokens, "
                f"and the model has room for {self.network.context}.",
                hint="Shorten the question, send fewer windows, or choose another model.",
            )
        return prompt

    def _check(self, layers: Sequence[int]) -> None:
        wrong = [layer for layer in layers if not 0 <= layer < self.network.depth]
        if wrong:
            raise WrongUse(
                f"The model has no layer {wrong[0]}.",
                hint=f"Choose a layer from 0 to {self.network.depth - 1}.",
            )

    def _known(self, question: str) -> dict[int, NDArray[np.float32]]:
        """Rows of a question by layer; it counts as used again."""
        if question in self.rows:
            self.rows.move_to_end(question)
        return self.rows.get(question, {})

    def _remember(self, question: str, prompt: Prompt, rows: dict[int, Tensor]) -> None:
        """Keep rows of a question; the picture never changes, so they stay true."""
        cells = torch.tensor(prompt.cells(), device=self.network.placement.device)
        order = sorted(rows)
        values = _to_array(torch.stack([rows[layer][:, cells] for layer in order]))
        self.rows.setdefault(question, {}).update(zip(order, values, strict=True))
        self.rows.move_to_end(question)
        while len(self.rows) > KEPT_QUESTIONS:
            self.rows.popitem(last=False)

    def _assembled(self, question: str, layers: Sequence[int]) -> AttentionRows:
        """Kept rows in the wanted order."""
        known = self._known(question)
        values = np.stack([known[layer] for layer in layers])
        return AttentionRows(values, tuple(layers), self.grids)


@dataclass(slots=True, eq=False)
class BegunAnswer:
    """An answer of which the first word is said (see `domain.begun.Begun`).

    Attributes:
        reading: Whose answer it is.
        question: The user's words.
        line: The answer so far.
        rows: Attention rows, where they were wanted.
        tail: The prompt's end, for going on beside another answer; None where none is kept.
    """

    reading: CachedReading
    question: str
    line: Growing
    rows: AttentionRows | None = None
    tail: Tail | None = None

    def finished(self) -> Steps[Answer]:
        """The whole answer, once the rest of it is said."""
        reading, line = self.reading, self.line
        while not line.is_done:
            reading.speak(line)
            if not line.is_done:
                yield self.step()
        self.tail = None
        reading.said[self.question] = tuple(line.spoken.ids)
        answer = line.spoken.answer()
        yield self.step(answer.text)
        return answer

    def step(self, text: str | None = None) -> Step:
        """How far it is, and the words so far."""
        line = self.line
        whose = "whole" if len(self.reading.views) == 1 else "zoomed"
        words = line.spoken.text.lstrip() if text is None else text
        done = line.longest if line.is_done else len(line.spoken.ids)
        return Step("ask", done, line.longest, Words(words, whose))


def _to_array(tensor: Tensor) -> NDArray[np.float32]:
    """A float32 array that shares no memory with the network."""
    array: NDArray[np.float32] = tensor.detach().float().cpu().numpy()
    return np.array(array, dtype=np.float32)
