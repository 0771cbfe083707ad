"""A model's card: what a checkpoint is and how to speak to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.question import NEUTRAL

IMAGES = "{images}"
QUESTION = "{question}"


@dataclass(frozen=True, slots=True)
class Card:
    """What `models/<name>/card.toml` says.

    Attributes:
        name: Folder name, and what the user types after `--model`.
        family: The plug-in in `families/` that can load it.
        title: For people.
        template: The prompt with `{images}`, and `{question}` behind it; before the pictures
            there may be words that never change. It must end at the answer point, so that
            the last prompt token is the one that speaks.
        suffix: Put after the question's words, such as an answer instruction.
        neutral: The neutral question.
        layer: Language-model layer (from 0) that the maps are read from.
        licence: SPDX expression.
        limits: What the model does not know, in a sentence or two.
        max_tokens: Longest answer.
        repository: Where the weights are published, such as "Qwen/Qwen3-VL-2B-Instruct"; ""
            for a model that is not pulled.
        revision: The commit to pull; "" for the newest.
        memory_mib: What it needs, by precision; empty where nobody counted.
        facts: Everything else on the card, for display.
    """

    name: str
    family: str
    title: str
    template: str
    layer: int
    suffix: str = ""
    neutral: str = NEUTRAL
    licence: str = ""
    limits: str = ""
    max_tokens: int = 20
    repository: str = ""
    revision: str = ""
    memory_mib: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None

    @classmethod
    def from_mapping(cls, card: Mapping[str, Any], *, where: str) -> "Card":
        """Read a parsed `card.toml`.

        Raises:
            ModelTrouble: a needed entry is missing or of the wrong kind.
        """
        try:
            prompt, attention = card["prompt"], card["attention"]
            checkpoint = card.get("checkpoint", {})
            read = cls(
                name=str(card["name"]),
                family=str(card["family"]),
                title=str(card.get("title", card["name"])),
                template=str(prompt["template"]),
                suffix=str(prompt.get("suffix", "")),
                neutral=str(prompt.get("neutral", NEUTRAL)),
                layer=int(attention["layer"]),
                licence=str(card.get("licence", "")),
                limits=str(card.get("limits", "")),
                max_tokens=int(prompt.get("max_tokens", 20)),
                repository=str(checkpoint.get("repository", "")),
                revision=str(checkpoint.get("revision", "")),
                memory_mib={str(key): int(n) for key, n in card.get("memory", {}).items()},
                facts=card,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelTrouble(
                f"The card {where} lacks or misspells the entry {error}.",
                hint="Compare it with models/embedded/card.toml.",
            ) from error
        words, asked, _ = read.template.partition(QUESTION)
        if not asked or words.count(IMAGES) != 1:
            raise ModelTrouble(
                f"The prompt template of {where} must hold {IMAGES} once, and {QUESTION} after it.",
                hint="The pictures come first, so that questions can share them.",
            )
        return read

    def prompt(self, question: str, *, placeholders: str) -> str:
        """The text given to the processor, with image placeholders unexpanded."""
        return self.template.replace(IMAGES, placeholders).replace(
            QUESTION, question.strip() + self.suffix
        )
