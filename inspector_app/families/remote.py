"""A model on an OpenAI-compatible server: it answers, and lets nobody see where it looked.

The card in the model's folder names the server:

    name = "lab"
    family = "remote"
    title = "Qwen3-VL on the lab's server"
    limits = "Pictures are sent to http://lab:8000."
    [server]
    url = "http://lab:8000/v1"
    model = "Qwen/Qwen3-VL-8B-Instruct"
    key = "lab"          # optional: its name in the system's keyring, under "inspector"
    patience_s = 60      # optional: longest silence that is waited for
    side = 1536          # optional: longer pictures are scaled down before they are sent
    [prompt]
    template = "{images}{question}"
    [attention]
    layer = 0            # of no meaning here
"""

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import cv2
import httpx2
import keyring
import numpy as np

from inspector_app import paths
from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionRows, Map, TokenGrid
from inspector_app.domain.begun import Begun, Said
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.foreign import whole_number
from inspector_app.domain.frame import Pixels, View
from inspector_app.domain.inspection import ModelFacts, Passes
from inspector_app.domain.messages import Step, Steps, Words
from inspector_app.domain.region import Region
from inspector_app.domain.wording import inert
from inspector_app.imaging.png import encode_png
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.heard import Heard
from inspector_app.runtime.server import Server

TITLE = "OpenAI-compatible server"
SERVICE = "inspector"
"""Under this name the system's keyring holds the keys."""
PLACEHOLDER = "<image>"
_SIDE = 1536
_GLANCE = 28
T = TypeVar("T")


@dataclass(slots=True)
class _Work:
    """All work done since the model was loaded."""

    passes: Passes = field(default_factory=Passes)


@dataclass(frozen=True, slots=True, eq=False)
class RemoteModel:
    """A model that a server runs (see `domain.ports.VisionModel`).

    Attributes:
        facts: The server stands in the place of the device.
        server: Who answers.
        card: Its card.
        has_logprobs: Whether the server told probabilities when it was asked at the beginning.
        input_side: Longest side in pixels of the pictures that are sent.
        work: What was sent.
    """

    facts: ModelFacts
    server: Server
    card: Card
    has_logprobs: bool
    input_side: int
    work: _Work = field(default_factory=_Work)
    can_attend: bool = field(default=False, init=False)
    can_backpropagate: bool = field(default=False, init=False)
    layers: int = field(default=0, init=False)
    default_layer: int = field(default=0, init=False)

    @property
    def passes(self) -> Passes:
        """All work done since loading; pictures are counted as often as they are sent."""
        return self.work.passes

    def read(self, views: Sequence[View]) -> "RemoteReading":
        """Get the pictures ready; they are sent with each question."""
        if not views:
            raise ValueError("at least one view")
        return RemoteReading(self, tuple(views))


@dataclass(frozen=True, slots=True, eq=False)
class RemoteReading:
    """Pictures for a server (see `domain.ports.Reading`)."""

    model: RemoteModel
    views: tuple[View, ...]

    @property
    def grids(self) -> tuple[TokenGrid, ...]:
        """One cell a view: nothing is known of the server's tokens."""
        return tuple(TokenGrid(1, 1, *map(float, view.region.box)) for view in self.views)

    def prompt(self, question: str) -> str:
        """The words that are sent, with a placeholder for each picture before them."""
        return self.model.card.prompt(question, placeholders=PLACEHOLDER * len(self.views))

    def begin(
        self, question: str, *, layers: Sequence[int] = (), max_tokens: int | None = None
    ) -> Steps[Said]:
        """The answer to its end: nothing is saved by letting a server wait."""
        answer, rows = yield from self.ask(question, layers=layers, max_tokens=max_tokens)
        return Said(answer, rows)

    def ask(
        self,
        question: str,
        *,
        layers: Sequence[int] = (),
        max_tokens: int | None = None,
        beside: Begun | None = None,  # noqa: ARG002  goes on by itself
    ) -> Steps[tuple[Answer, AttentionRows | None]]:
        """Answer word by word; see `domain.ports.Reading.ask`.

        Raises:
            WrongUse: the question is empty or refused by the server; or rows are wanted.
            ModelTrouble: the server is gone, busy, silent or talks nonsense.
        """
        if layers:
            raise self._blind()
        if not question.strip():
            raise WrongUse("The question is empty.", hint="Type what you want to know.")
        card, server, work = self.model.card, self.model.server, self.model.work
        longest = max(1, card.max_tokens if max_tokens is None else max_tokens)
        whose = "whole" if len(self.views) == 1 else "zoomed"
        messages = _messages(self.views, self._words(question), side=self.model.input_side)
        heard = Heard()
        yield Step("ask", 0, longest, Words("", whose))
        pieces = server.chat(messages, max_tokens=longest, logprobs=self.model.has_logprobs)
        for piece in _closing(pieces):
            if piece is not None:
                heard.hear(piece)
            yield Step("ask", heard.count, longest, Words(heard.text.lstrip(), whose))
        sent = Passes(len(self.views), 1, heard.prompt_tokens)
        work.passes = Passes(
            work.passes.vision + sent.vision,
            work.passes.language + sent.language,
            work.passes.tokens_prefilled + sent.tokens_prefilled,
        )
        answer = heard.answer()
        if not answer.text and heard.end == "length":
            raise ModelTrouble(
                f'"{self.model.facts.name}" used up all {longest} tokens of an answer without '
                "a word of it, as models do that think first.",
                hint="Write more max_tokens under [prompt] on its card, or take one that does "
                "not think.",
            )
        yield Step("ask", longest, longest, Words(answer.text, whose))
        return answer, None

    def attend(self, question: str, *, layers: Sequence[int]) -> AttentionRows:  # noqa: ARG002  the protocol's call
        """Not to be had.

        Raises:
            WrongUse: always.
        """
        raise self._blind()

    def gradient(self, question: str, *, layer: int) -> AttentionRows:  # noqa: ARG002  the protocol's call
        """Not to be had.

        Raises:
            WrongUse: always.
        """
        raise self._blind()

    def pixel_gradient(self, question: str) -> tuple[Map, TokenGrid]:  # noqa: ARG002  the protocol's call
        """Not to be had.

        Raises:
            WrongUse: always.
        """
        raise self._blind()

    def extended(self, views: Sequence[View]) -> "RemoteReading":
        """The same pictures and these after them."""
        return replace(self, views=(*self.views, *views))

    def _words(self, question: str) -> str:
        """The prompt without its pictures, which are sent as such."""
        return self.model.card.prompt(question, placeholders="").strip()

    def _blind(self) -> WrongUse:
        return WrongUse(
            f'"{self.model.facts.name}" runs on a server, which does not tell where it looks.',
            hint="Draw the region yourself, or choose a model on this machine.",
        )


def load(folder: Path, *, device: str, precision: str) -> RemoteModel:  # noqa: ARG001  every family's call
    """Connect to the server that the card in `folder` names.

    Args:
        folder: With its `card.toml`.
        device: Of no meaning: the server chooses.
        precision: Likewise.

    Raises:
        ModelTrouble: the card lacks the server or its key; the server is not there, does not
            have the model, takes no pictures, or is none.
    """
    card = read_card(folder)
    key = (card.facts or {}).get("server", {})
    if isinstance(key, Mapping) and key.get("key") and folder.parent != paths.user_models():
        # A card from anywhere could name any key, and any address to send it to.
        raise ModelTrouble(
            f"The card in {folder} wants a key of the system's keyring, which is only given to "
            "servers that were added here.",
            hint="Add the server with: inspector models add-server.",
        )
    return connect(card)


def connect(card: Card) -> RemoteModel:
    """The model that a card names, once its server has answered about a grey picture.

    Raises:
        ModelTrouble: see `load`.
    """
    server, side = server_of(card)
    _find_model(server)
    return RemoteModel(
        facts=ModelFacts(
            card.name,
            card.family,
            server.origin,
            "unknown",
            "",
            can_attend=False,
            can_backpropagate=False,
            can_reweight=False,
        ),
        server=server,
        card=card,
        has_logprobs=_tells_probabilities(server),
        input_side=side,
    )


def server_of(card: Card) -> tuple[Server, int]:
    """The server a card names, with its key, and the longest side of pictures for it.

    Raises:
        ModelTrouble: something is missing, or the keyring does not give the key.
    """
    entries: Any = (card.facts or {}).get("server")
    try:
        url, model = str(entries["url"]).rstrip("/"), str(entries["model"])
        patience, side = (
            float(entries.get("patience_s", 60)),
            whole_number(entries.get("side", _SIDE)),
        )
        address = httpx2.URL(url)
    except (KeyError, TypeError, ValueError, httpx2.InvalidURL) as error:
        raise ModelTrouble(
            f'The card of "{card.name}" lacks or misspells the entry {error} of its server.',
            hint="Write it anew with: inspector models add-server.",
        ) from error
    is_bare = not (address.userinfo or address.query or address.fragment)
    if address.scheme not in {"http", "https"} or not address.host or not is_bare:
        raise ModelTrouble(
            f'The card of "{card.name}" has no address that begins with http:// or https:// '
            "and holds no password, and nothing behind a ? or #.",
            hint="Write it anew with: inspector models add-server.",
        )
    if not (math.isfinite(patience) and patience > 0 and side >= _GLANCE):
        raise ModelTrouble(
            f'The card of "{card.name}" has a patience or a side that makes no sense.',
            hint=f"Give more than 0 seconds and at least {_GLANCE} pixels.",
        )
    return Server(url, model, _key(entries, card=card), patience), side


def _key(entries: Mapping[str, Any], *, card: Card) -> str:
    name = str(entries.get("key", ""))
    if not name:
        return ""
    try:
        key = keyring.get_password(SERVICE, name)
    except Exception as error:  # keyrings let errors of their buses and systems through
        raise ModelTrouble(
            f'The system\'s keyring does not open, so the key "{name}" is not to be had.',
            hint="Unlock the keyring, or use a server without a key.",
        ) from error
    # What is pasted often ends in a line's end.
    key = (key or "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ModelTrouble(
            f'The key "{name}" for "{card.name}" holds letters that no key can have.',
            hint="Put the right one there with: inspector models add-server.",
        )
    if not key:
        raise ModelTrouble(
            f'The system\'s keyring has no key "{name}" for "{card.name}".',
            hint="Put it there with: inspector models add-server.",
        )
    return key


def _find_model(server: Server) -> None:
    """Whether the server has the model, where it tells.

    Raises:
        ModelTrouble: it has others, or is not there.
    """
    known = _last(server.models()) or ()
    if known and server.model not in known:
        raise ModelTrouble(
            f'The server at {server.origin} has no model "{server.model}".',
            hint=f"It has: {inert(', '.join(known[:10]), limit=400)}.",
        )


def _tells_probabilities(server: Server) -> bool:
    """Send a grey picture: whether probabilities came back with the word.

    Raises:
        ModelTrouble: the server takes no pictures, or does not answer.
    """
    grey = View(np.full((_GLANCE, _GLANCE, 3), 128, np.uint8), Region(0, 0, _GLANCE, _GLANCE))
    messages = _messages([grey], "What is this?", side=_GLANCE)

    def told(*, logprobs: bool) -> bool:
        pieces = server.chat(messages, max_tokens=1, logprobs=logprobs)
        weighed = [piece.choices for piece in _closing(pieces) if piece is not None]
        return any(weighed)

    try:
        return told(logprobs=True)
    except WrongUse:
        pass
    try:
        told(logprobs=False)
    except WrongUse as error:
        raise ModelTrouble(
            f'The model "{server.model}" at {server.origin} takes no pictures: {error}',
            hint="Choose a model that sees.",
        ) from error
    return False


def _messages(views: Sequence[View], words: str, *, side: int) -> list[dict[str, Any]]:
    """One message of the user: the pictures in order, then the words."""
    pictures = [
        {"type": "image_url", "image_url": {"url": _data_url(_within(view.pixels, side=side))}}
        for view in views
    ]
    return [{"role": "user", "content": [*pictures, {"type": "text", "text": words}]}]


def _within(pixels: Pixels, *, side: int) -> Pixels:
    """The pixels, averaged down where they are longer than `side`."""
    height, width = pixels.shape[:2]
    share = side / max(width, height)
    if share >= 1:
        return pixels
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _data_url(pixels: Pixels) -> str:
    return "data:image/png;base64," + base64.b64encode(encode_png(pixels)).decode("ascii")


def _closing(pieces: Iterator[T]) -> Iterator[T]:
    """The pieces; the connection is closed when whoever wants them leaves."""
    try:
        yield from pieces
    finally:
        closing: Any = pieces
        closing.close()


def _last(pieces: Iterator[T | None]) -> T | None:
    found = None
    for piece in _closing(pieces):
        found = found if piece is None else piece
    return found
