"""The language of OpenAI-compatible servers: what a chunk of an answer says.

Source: the chat completions reference of the OpenAI interface, with its `logprobs`.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from inspector_app.domain.foreign import parsed_json, whole_number
from inspector_app.domain.wording import inert

_SHORT = 200
# What reading a stranger's JSON as if it were what it should be comes to where it is not.
_UNLIKE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


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
    """What came at once: text, and the tokens it is made of where the server tells.

    Attributes:
        text: What was said.
        choices: Its tokens.
        prompt_tokens: Length of the prompt as the server counts it; 0 where it does not tell.
        is_answer: Whether it belongs to an answer, if to an empty part of one.
        end: Why the answer ends here, such as "stop" or "length"; "" where it goes on.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    prompt_tokens: int = 0
    is_answer: bool = False
    end: str = ""


def piece_of(content: Any, part: str) -> Piece:
    """What a chunk says.

    Args:
        content: Parsed.
        part: "delta" of a stream, or "message" of what came whole.

    Raises:
        ValueError: it is no part of an answer.
    """
    try:
        tokens = _tokens(content.get("usage"))
        if not content["choices"]:
            return Piece(prompt_tokens=tokens)
        choice = content["choices"][0]
        said = choice.get(part) or {}
        text = _text_of(said.get("content") or said.get("refusal") or "")
        end = str(choice.get("finish_reason") or "")
    except _UNLIKE as error:
        raise ValueError("no part of an answer") from error
    return Piece(text, tuple(_choices(choice.get("logprobs"))), tokens, True, end)


def error_of(content: Any) -> tuple[int, Any] | None:
    """(status, what it says of it) where a chunk tells of an error; None where it does not."""
    error = content.get("error") if isinstance(content, dict) else None
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 400
    return status, content


def error_text(told: Any) -> str:
    """The sentence in an error of a server, short and harmless; "" where there is none.

    Args:
        told: JSON as text or bytes, or parsed.
    """
    with suppress(*_UNLIKE):
        found = parsed_json(told) if isinstance(told, str | bytes) else told
        found = found.get("error", found.get("detail", found.get("message", "")))
        said = found.get("message", "") if isinstance(found, dict) else found
        return inert(str(said), limit=_SHORT)
    return ""


def _text_of(content: Any) -> str:
    """What was said, at once or in parts."""
    if isinstance(content, str):
        return content
    return "".join(str(part["text"]) for part in content if part.get("type", "text") == "text")


def _tokens(usage: Any) -> int:
    with suppress(*_UNLIKE):
        return whole_number(usage["prompt_tokens"], least=0)
    return 0


def _choices(logprobs: Any) -> Iterator[Choice]:
    """What a server tells of its tokens; what is no log-probability tells nothing."""
    with suppress(*_UNLIKE):
        for entry in logprobs.get("content") or ():
            with suppress(*_UNLIKE):
                logprob = _logprob(entry.get("logprob"))
                if logprob is not None:
                    yield Choice(str(entry["token"]), logprob, _rivals(entry))


def _rivals(entry: Any) -> tuple[tuple[str, float], ...]:
    with suppress(*_UNLIKE):
        told = (
            (str(one["token"]), _logprob(one.get("logprob")))
            for one in entry.get("top_logprobs") or ()
        )
        return tuple((text, value) for text, value in told if value is not None)
    return ()


def _logprob(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    # Rounding may put a certain token a hair above 0. Whole numbers may be beyond any float.
    with suppress(OverflowError):
        return min(0.0, float(value)) if math.isfinite(value) and value < 1e-3 else None
    return None
