"""Speaking to an OpenAI-compatible server: its words as they come, its troubles in words.

vLLM, Ollama, LM Studio and `transformers serve` are such servers. Source of the wire format:
the chat completions reference of the OpenAI interface, with its `logprobs`.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

from inspector_app.domain.errors import InspectorError, ModelTrouble, WrongUse
from inspector_app.domain.wording import inert

RETRIES = 4
"""Times that a busy server (429, 5xx) is asked again."""
LONGEST = 100_000
"""Characters after which an answer is no answer."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_GLANCE_S = 0.05
_BUSY = {429, 500, 502, 503, 504, 529}
_KEY_REFUSED = {401, 403}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """A token that a server weighed.

    Attributes:
        text: Of the token.
        logprob: Natural logarithm of its probability, at most 0.
        rivals: (text, logprob) of the likeliest tokens there, the chosen one among them.
    """

    text: str
    logprob: float
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What came at once: text, and the tokens it is made of where the server tells."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    prompt_tokens: int = 0


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
            async with self._client() as client:
                response = await client.get(f"{self.url}/models")
                if response.status_code in _KEY_REFUSED:
                    raise self._refused(response.status_code, response.text)
                if response.status_code != httpx2.codes.OK or not _is_json(response):
                    return ()
                with suppress(ValueError, TypeError, KeyError):
                    return tuple(str(entry["id"]) for entry in response.json()["data"])
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
                        told = (await response.aread()).decode("utf-8", "replace")
                        if response.status_code not in _BUSY or turn == RETRIES:
                            raise self._refused(response.status_code, told)
                        pause = _pause(response.headers, self.pause_s * 2**turn)
                    finally:
                        await response.aclose()
                    await asyncio.sleep(pause)

    async def _read(self, response: httpx2.Response) -> AsyncIterator[Piece]:
        """The pieces of a good response, streamed or whole.

        Raises:
            ModelTrouble: it is no answer, or breaks off.
        """
        if "text/html" in response.headers.get("content-type", ""):
            raise self._nonsense("a web page")
        if _is_json(response):
            # Some servers do not stream.
            yield self._piece(_parsed(await response.aread()), "message")
            return
        length, has_ended = 0, False
        async for line in response.aiter_lines():
            if not line.startswith("data:"):
                continue
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                return
            content = _parsed(data)
            piece = self._piece(content, "delta")
            has_ended = has_ended or _finish_reason(content) is not None
            length += len(piece.text)
            if length > LONGEST:
                raise self._nonsense("more than any answer can hold")
            yield piece
        if not has_ended:
            raise ModelTrouble(
                f"The server at {self.origin} broke off in the middle of its answer.",
                hint="Ask again, or look at the server.",
            )

    def _piece(self, content: Any, part: str) -> Piece:
        if isinstance(content, dict) and content.get("error"):
            raise self._refused(400, json.dumps(content))
        try:
            usage = content.get("usage") or {}
            tokens = int(usage.get("prompt_tokens") or 0)
            if not content["choices"]:
                return Piece(prompt_tokens=tokens)
            choice = content["choices"][0]
            text = (choice.get(part) or {}).get("content") or ""
            weighed = (choice.get("logprobs") or {}).get("content") or ()
            if not isinstance(text, str):
                raise TypeError("text")
            return Piece(text, tuple(_choices(weighed)), tokens)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise self._nonsense("something that is no answer") from error

    def _client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        patience = httpx2.Timeout(self.patience_s, connect=min(10.0, self.patience_s))
        return httpx2.AsyncClient(headers=headers, timeout=patience, follow_redirects=False)

    def _refused(self, status: int, text: str) -> InspectorError:
        said = _error_text(text)
        told = f': "{said}"' if said else f" (status {status})"
        if status in _KEY_REFUSED:
            return ModelTrouble(
                f"The server at {self.origin} does not accept the key{told}.",
                hint="Give the right one with: inspector models add-server.",
            )
        if status in _BUSY:
            return ModelTrouble(
                f"The server at {self.origin} is too busy or in trouble{told}.",
                hint="Ask again later, or look at the server.",
            )
        if status == httpx2.codes.NOT_FOUND:
            return ModelTrouble(
                f'The server at {self.origin} has no model "{self.model}" there{told}.',
                hint='Check the address (it ends in "/v1") and the name of the model.',
            )
        return WrongUse(
            f"The server at {self.origin} refuses what it was asked{told}.",
            hint="Shorten the question, or zoom into fewer regions.",
        )

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
        if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
            raise self.server._nonsense("something that is no answer") from error


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


def _choices(weighed: Any) -> Iterator[Choice]:
    """What a server tells of its tokens; a number that is no log-probability tells nothing."""
    for entry in weighed:
        logprob = _logprob(entry.get("logprob"))
        if logprob is None:
            continue
        rivals = [
            (str(rival["token"]), _logprob(rival.get("logprob")))
            for rival in entry.get("top_logprobs") or ()
        ]
        known = tuple((text, value) for text, value in rivals if value is not None)
        yield Choice(str(entry["token"]), logprob, known)


def _logprob(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    # Rounding may put a certain token a hair above 0.
    return min(0.0, float(value)) if math.isfinite(value) and value < 1e-3 else None


def _parsed(content: str | bytes) -> Any:
    return json.loads(content)


def _finish_reason(content: Any) -> Any:
    with suppress(KeyError, TypeError, IndexError, AttributeError):
        return content["choices"][0].get("finish_reason")
    return None


def _is_json(response: httpx2.Response) -> bool:
    return "application/json" in response.headers.get("content-type", "")


def _pause(headers: Mapping[str, str], usual: float) -> float:
    """Seconds before the next try: as the server wishes, within reason."""
    with suppress(ValueError):
        return min(_LONGEST_PAUSE_S, max(0.0, float(headers.get("retry-after", usual))))
    return min(_LONGEST_PAUSE_S, usual)


def _error_text(text: str) -> str:
    """The sentence in an error of a server, short and harmless; "" where there is none."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        found = json.loads(text)
        found = found.get("error", found.get("detail", found.get("message", "")))
        said = found.get("message", "") if isinstance(found, dict) else found
        return inert(str(said), limit=200)
    return ""
