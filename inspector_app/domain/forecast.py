"""What an inspection will take, told before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspector_app.domain.inspection import Passes


@dataclass(frozen=True, slots=True)
class Forecast:
    """Work and room that an inspection will take.

    Attributes:
        pictures: That go through the vision tower: the whole one, tiles, crops.
        tokens_a_picture: What each takes in a prompt; None where the model does not tell.
        prompt_tokens: Of the longest prompt, pictures and words; None where it does not tell.
        context: Most tokens that a prompt may have; None where it does not tell.
        tokens_read: Of all prompts together, parts that are shared counted once.
        memory_bytes: Weights, and what a prompt of that length keeps beside them; None where
            the model does not tell.
    """

    pictures: int
    tokens_a_picture: int | None = None
    prompt_tokens: int | None = None
    context: int | None = None
    tokens_read: int | None = None
    memory_bytes: int | None = None

    @property
    def fits(self) -> bool:
        """Whether the longest prompt leaves room for an answer, as far as is known."""
        if self.prompt_tokens is None or self.context is None:
            return True
        return self.prompt_tokens < self.context

    def expected_ms(self, measured: Sequence[tuple[Passes, float]]) -> float | None:
        """How long it will take, from inspections on the same machine; None where there is none.

        Work is counted in tokens: those the language model reads, and as many for each picture
        in the vision tower as it takes in a prompt.

        Args:
            measured: Work and milliseconds of inspections by the same model.
        """
        each, read = self.tokens_a_picture, self.tokens_read
        if each is None or read is None:
            return None
        rates = sorted(
            spent / work
            for passes, spent in measured
            if (work := passes.tokens_prefilled + each * passes.vision) > 0
        )
        if not rates:
            return None
        return rates[len(rates) // 2] * (read + each * self.pictures)
