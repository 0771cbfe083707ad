"""An answer of which the first word is said; what follows can wait."""

from dataclasses import dataclass
from typing import Protocol

from inspector_app.domain.answer import Answer
from inspector_app.domain.attention import AttentionRows
from inspector_app.domain.messages import Steps


class Begun(Protocol):
    """What `Reading.begin` gives."""

    @property
    def rows(self) -> AttentionRows | None:
        """The last prompt token's attention rows, where they were asked for."""

    def finished(self) -> Steps[Answer]:
        """The whole answer; says the rest of it, as far as it is not said yet."""


@dataclass(frozen=True, slots=True)
class Said:
    """A `Begun` that was said to its end at once.

    Attributes:
        answer: All of it.
        rows: Where they were asked for.
    """

    answer: Answer
    rows: AttentionRows | None = None

    def finished(self) -> Steps[Answer]:
        """The answer."""
        yield from ()
        return self.answer
