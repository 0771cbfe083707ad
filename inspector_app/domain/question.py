"""What the user asks."""

from dataclasses import dataclass

NEUTRAL = "Write a general description of the image."


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its neutral twin.

    Attributes:
        text: The user's words, not empty.
        neutral: Asked of the same picture to learn what any question would heat.
            Source: arXiv:2502.17422, section 4.1.
    """

    text: str
    neutral: str = NEUTRAL

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a question needs words")
