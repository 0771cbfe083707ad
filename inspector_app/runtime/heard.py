"""What a server has said so far, and the answer that it makes."""

import math
import re
from dataclasses import dataclass, field

from inspector_app.domain.answer import Answer, Token
from inspector_app.runtime.dialect import Choice, Piece

# Line ends and tabs are none.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Heard:
    """An answer while it comes.

    Attributes:
        raw: All of it so far, as it came.
        choices: Its tokens, where the server weighs them.
        pieces: How often something came.
        prompt_tokens: Length of the prompt as the server counts it.
        end: Why it ended, as the server tells it; "" where it does not.
    """

    raw: str = ""
    choices: list[Choice] = field(default_factory=list)
    pieces: int = 0
    prompt_tokens: int = 0
    end: str = ""

    @property
    def text(self) -> str:
        """All of it so far, in letters that can be kept and shown."""
        return _readable(self.raw)

    @property
    def count(self) -> int:
        """Tokens so far, or pieces where the server does not tell tokens."""
        return max(len(self.choices), self.pieces)

    def hear(self, piece: Piece) -> None:
        """Take what came."""
        self.raw += piece.text
        self.end = piece.end or self.end
        self.choices.extend(piece.choices)
        self.pieces += bool(piece.text)
        self.prompt_tokens = max(self.prompt_tokens, piece.prompt_tokens)

    def answer(self) -> Answer:
        """What was said. Probabilities count only where they cover the whole text."""
        text = self.raw.strip()
        said = "".join(choice.text for choice in self.choices)
        if not self.choices or text not in said:
            text = self.text.strip()
            return Answer(text, (Token(text, None),) if text else (), None)
        # An end mark is told by some servers as a token; it is no word of the answer.
        while self.choices and len(said) - len(self.choices[-1].text) >= said.index(text) + len(
            text
        ):
            said = said[: len(said) - len(self.choices.pop().text)]
        tokens = tuple(Token(_readable(choice.text), choice.logprob) for choice in self.choices)
        margin, runner_up = _margin(self.choices[0]) if self.choices else (None, "")
        return Answer(self.text.strip(), tokens, margin, _readable(runner_up))


def _readable(text: str) -> str:
    """Text without what no file can hold: halves of letters, and control characters.

    Two halves that came apart, as some servers cut an emoji, are made one again.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", whole)


def _margin(first: Choice) -> tuple[float | None, str]:
    """p1 - p2 of the first token, and the text of the second."""
    others = [rival for rival in first.rivals if rival[0] != first.text]
    if not others:
        return None, ""
    text, logprob = max(others, key=lambda rival: rival[1])
    return max(0.0, math.exp(first.logprob) - math.exp(logprob)), text.strip()
