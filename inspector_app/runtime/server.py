"""Speaking to an OpenAI-compatible server: its words as they come, its troubles in words.

vLLM, Ollama, LM Studio and `transformers serve` are such servers; see `dialect` for what their
words mean.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx2

from inspector_app.domain.errors import InspectorError, ModelTrouble, WrongUse
from inspector_app.domain.foreign import parsed_json
from inspector_app.runtime.dialect import Piece, error_of, error_text, piece_of

RETRIES = 4
"""Times that a busy server (429, 5xx) is asked again."""
LONGEST = 100_000
"""Characters after which an answer is no answer."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_GLANCE_S = 0.05
_BUSY = {408, 429, 500, 502, 503, 504, 529}
# What was asked is wrong, not the server.
_TOO_LARGE = 413
_NOT_THIS = {400, _TOO_LARGE, 414, 422, 431}
_LARGEST_TOLD, _MOST_TOLD = 8 << 20, 64 << 20
# Silences of full patience that signs of life may fill, as of a server that keeps a queue.
_TRICKLE = 10
_KEY_REFUSED = {401, 403}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is and how long to wait for it.

    Attributes:
        url: Up to and with "/v1".
        model: The name it gives the model.
        key: Secret that it wants, or "".
        patience_s: Longest silence that is waited for.
        pause_s: Before a busy server is asked again the first time; doubles.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    patience_s: float = 60.0
    pause_s: float = _FIRST_PAUSE_S

    @property
    def origin(self) -> str:
        """Scheme, host and port, without anything secret."""
        address = httpx2.URL(self.url)
        port = "" if address.port is None else f":{address.port}"
        return f"{address.scheme}://{address.host}{port}"

    def models(self) -> Iterator[tuple[str, ...] | None]:
        """The models it has, as the last thing; None while waiting.

        An empty tuple where it does not tell.

        Raises:
            ModelTrouble: see `chat`.
        """
        return _waited(self._models)

    def chat(
        self, messages: list[dict[str, Any]], *, max_tokens: int, logprobs: bool
    ) -> Iterator[Piece | None]:
        """The answer piece by piece; None while waiting, a twentieth of a second at a time.

        Leaving the iterator closes the connection.

        Args:
            messages: The conversation.
            max_tokens: Longest answer.
            logprobs: Ask for probabilities too.

        Raises:
            WrongUse: the server refuses what it is asked.
            ModelTrouble: it does not answer, is busy for too long, breaks off, or speaks
                another dialect.
        """
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if logprobs:
            body |= {"logprobs": True, "top_logprobs": 2}
        return stepped(lambda: self._pieces(body))

    async def _models(self) -> tuple[str, ...]:
        with self._in_words():
            async with self._client() as client, client.stream("GET", f"{self.url}/models") as got:
                told = await self._all_of(got)
                if got.status_code in _KEY_REFUSED:
                    raise self._refused(got.status_code, told)
                if got.status_code != httpx2.codes.OK or not _is_json(got):
                    return ()
                with suppress(ValueError, TypeError, KeyError):
                    return tuple(str(entry["id"]) for entry in parsed_json(told)["data"])
                return ()

    async def _pieces(self, body: dict[str, Any]) -> AsyncIterator[Piece]:
        with self._in_words():
            async with self._client() as client:
                for turn in range(RETRIES + 1):
                    request = client.build_request(
                        "POST", f"{self.url}/chat/completions", json=body
                    )
                    response = await client.send(request, stream=True)
                    try:
                        if response.status_code == httpx2.codes.OK:
                            async for piece in self._read(response):
                                yield piece
                            return
                        told = await self._all_of(response)
                        if response.status_code not in _BUSY or turn == RETRIES:
                            raise self._refused(response.status_code, told)
                        wish = wished_pause(response.headers)
                    finally:
                        await response.aclose()
                    usual = self.pause_s * 2**turn
                    await asyncio.sleep(min(_LONGEST_PAUSE_S, usual if wish is None else wish))

    async def _read(self, response: httpx2.Response) -> AsyncIterator[Piece]:
        """The pieces of a good response, streamed or whole.

        Raises:
            ModelTrouble: it is no answer, or breaks off.
        """
        if "text/html" in response.headers.get("content-type", ""):
            raise self._nonsense("a web page")
        if _is_json(response):
            # Some servers do not stream.
            piece = self._piece(await self._all_of(response), "message")
            if not piece.is_answer:
                raise self._nonsense("something that is no answer")
            yield piece
            return
        length = count = 0
        has_begun = has_ended = False
        async for data in self._events(response):
            if data == b"[DONE]":
                has_ended = True
                break
            piece = self._piece(data, "delta")
            has_begun, has_ended = has_begun or piece.is_answer, has_ended or bool(piece.end)
            length, count = length + len(piece.text), count + 1
            if max(length, count) > LONGEST:
                raise self._nonsense("more than any answer can hold")
            yield piece
        if not has_begun and (has_ended or not count):
            raise self._nonsense("something that is no answer")
        if not has_ended:
            raise ModelTrouble(
                f"The server at {self.origin} broke off in the middle of its answer.",
                hint="Ask again, or look at the server.",
            )

    async def _events(self, response: httpx2.Response) -> AsyncIterator[bytes]:
        """What stands behind each "data:" of a stream of events."""
        waiting = b""
        told = 0
        silence = _Silence(self)
        blocks = response.aiter_bytes()
        while (block := await silence.until(blocks)) is not None:
            told += len(block)
            *lines, waiting = (waiting + block).replace(b"\r\n", b"\n").split(b"\n")
            if told > _MOST_TOLD or len(waiting) > _LARGEST_TOLD:
                raise self._nonsense("more than any answer can hold")
            for line in lines:
                if line.startswith(b"data:"):
                    silence.is_broken()
                    yield line.removeprefix(b"data:").strip()
        if waiting.startswith(b"data:"):
            yield waiting.removeprefix(b"data:").strip()

    async def _all_of(self, response: httpx2.Response) -> bytes:
        """The body, as long as it is no longer than any answer can be."""
        told = b""
        silence, blocks = _Silence(self), response.aiter_bytes()
        while (block := await silence.until(blocks)) is not None:
            told += block
            if len(told) > _LARGEST_TOLD:
                raise self._nonsense("more than any answer can hold")
        return told

    def _piece(self, data: bytes, part: str) -> Piece:
        try:
            content = parsed_json(data.decode("utf-8", "replace"))
            error = error_of(content)
            piece = Piece() if error else piece_of(content, part)
        except ValueError as error_of_theirs:
            raise self._nonsense("something that is no answer") from error_of_theirs
        if error:
            raise self._refused(*error)
        return piece

    def _client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        patience = httpx2.Timeout(self.patience_s, connect=min(10.0, self.patience_s))
        return httpx2.AsyncClient(headers=headers, timeout=patience, follow_redirects=False)

    def _refused(self, status: int, told: Any) -> InspectorError:
        """What it means that a server does not do what it was asked.

        Args:
            status: Of the answer.
            told: Its body, or what was parsed of it.
        """
        words = error_text(told)
        if self.key:
            # Some repeat the key that they refuse.
            words = words.replace(self.key, "…")
        said = f': "{words}"' if words else f" (status {status})"
        where = f"The server at {self.origin}"
        if status in _KEY_REFUSED:
            return ModelTrouble(
                f"{where} does not accept the key{said}.",
                hint="Give the right one with: inspector models add-server.",
            )
        if status in _BUSY:
            return ModelTrouble(
                f"{where} is too busy or in trouble{said}.",
                hint="Ask again later, or look at the server.",
            )
        if status == httpx2.codes.NOT_FOUND:
            return ModelTrouble(
                f'{where} has no model "{self.model}" there{said}.',
                hint='Check the address (it ends in "/v1") and the name of the model.',
            )
        if status in _NOT_THIS:
            hint = "Shorten the question, or zoom into fewer regions."
            if status == _TOO_LARGE:
                hint = "Write a smaller side on its card, or zoom into fewer regions."
            return WrongUse(f"{where} refuses what it was asked{said}.", hint=hint)
        if 300 <= status < 400:
            return ModelTrouble(
                f"{where} sends on to another address (status {status}), where nothing is sent.",
                hint="Add that address itself with: inspector models add-server.",
            )
        return ModelTrouble(f"{where} does not answer{said}.", hint="Look at the server.")

    def _nonsense(self, what: str) -> ModelTrouble:
        return ModelTrouble(
            f"The server at {self.origin} answered with {what}.",
            hint='It must be OpenAI-compatible; its address usually ends in "/v1".',
        )

    def _in_words(self) -> "_InWords":
        return _InWords(self)


@dataclass(frozen=True, slots=True)
class _InWords:
    """Turns what the network says into words for the user."""

    server: Server

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        where = f"The server at {self.server.origin}"
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            raise ModelTrouble(
                f"{where} cannot be reached.", hint="Check that it runs, and its address."
            ) from error
        if isinstance(error, httpx2.TimeoutException):
            raise ModelTrouble(
                f"{where} said nothing for {self.server.patience_s:.0f} s.",
                hint="Ask again, or look at the server.",
            ) from error
        if isinstance(error, httpx2.HTTPError | httpx2.StreamError):
            raise ModelTrouble(
                f"{where} broke the connection.", hint="Ask again, or look at the server."
            ) from error


@dataclass(slots=True)
class _Silence:
    """How long a server has said nothing, though signs of life may have come."""

    server: Server
    lasted_s: float = 0.0

    async def until(self, blocks: AsyncIterator[bytes]) -> bytes | None:
        """The next block; None behind the last.

        Raises:
            ModelTrouble: it has been silent for too long.
        """
        begun = time.monotonic()
        block: bytes | None = await anext(blocks, None)
        self.lasted_s += time.monotonic() - begun
        if self.lasted_s > _TRICKLE * self.server.patience_s:
            raise ModelTrouble(
                f"The server at {self.server.origin} kept the line open for "
                f"{self.lasted_s:.0f} s and said nothing.",
                hint="Ask again, or look at the server.",
            )
        return block

    def is_broken(self) -> None:
        """It said something."""
        self.lasted_s = 0.0


def stepped(begin: Callable[[], AsyncIterator[T]]) -> Iterator[T | None]:
    """An asynchronous iterator from a thread of its own loop; None while it waits."""
    loop = asyncio.new_event_loop()
    stream = begin()
    task: asyncio.Task[Any] | None = None
    end = object()

    async def following() -> Any:
        return await anext(stream, end)

    try:
        while True:
            task = loop.create_task(following())
            while not task.done():
                loop.run_until_complete(asyncio.wait({task}, timeout=_GLANCE_S))
                if not task.done():
                    yield None
            value = task.result()
            if value is end:
                return
            yield value
    finally:
        if task is not None and not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        closing: Any = stream
        loop.run_until_complete(closing.aclose())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _waited(begin: Callable[[], Awaitable[T]]) -> Iterator[T | None]:
    async def once() -> AsyncIterator[T]:
        yield await begin()

    return stepped(once)


def _is_json(response: httpx2.Response) -> bool:
    return "application/json" in response.headers.get("content-type", "")


def wished_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds that a busy server wants to be left alone; None where it does not say.

    Source: RFC 9110, 10.2.3: whole seconds, or the date of another try.
    """
    wish = headers.get("retry-after", "").strip()
    with suppress(ValueError):
        seconds = float(wish)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    with suppress(ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(wish)
        # A date without a zone is one of Greenwich.
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    return None
