"""What a server has said so far, and the answer that it makes."""

import math
from dataclasses import dataclass, field

from inspector_app.domain.answer import Answer, Token
from inspector_app.runtime.server import Choice, Piece


@dataclass(slots=True)
class Heard:
    """An answer while it comes.

    Attributes:
        text: All of it so far.
        choices: Its tokens, where the server weighs them.
        pieces: How often something came.
        prompt_tokens: Length of the prompt as the server counts it.
    """

    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    pieces: int = 0
    prompt_tokens: int = 0

    @property
    def count(self) -> int:
        """Tokens so far, or pieces where the server does not tell tokens."""
        return max(len(self.choices), self.pieces)

    def hear(self, piece: Piece) -> None:
        """Take what came."""
        self.text += piece.text
        self.choices.extend(piece.choices)
        self.pieces += bool(piece.text)
        self.prompt_tokens = max(self.prompt_tokens, piece.prompt_tokens)

    def answer(self) -> Answer:
        """What was said. Probabilities count only where they cover the whole text."""
        text = self.text.strip()
        said = "".join(choice.text for choice in self.choices)
        if not self.choices or text not in said:
            return Answer(text, (Token(text, None),) if text else (), None)
        # An end mark is told by some servers as a token; it is no word of the answer.
        while self.choices and len(said) - len(self.choices[-1].text) >= said.index(text) + len(
            text
        ):
            said = said[: len(said) - len(self.choices.pop().text)]
        tokens = tuple(Token(choice.text, choice.logprob) for choice in self.choices)
        margin, runner_up = _margin(self.choices[0]) if self.choices else (None, "")
        return Answer(text, tokens, margin, runner_up)


def _margin(first: Choice) -> tuple[float | None, str]:
    """p1 - p2 of the first token, and the text of the second."""
    others = [rival for rival in first.rivals if rival[0] != first.text]
    if not others:
        return None, ""
    text, logprob = max(others, key=lambda rival: rival[1])
    return max(0.0, math.exp(first.logprob) - math.exp(logprob)), text.strip()
