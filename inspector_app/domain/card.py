"""A model's card: what a checkpoint is and how to speak to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.foreign import whole_number
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
        languages: Of the questions that it understands, such as ("en",); empty where nobody
            said.
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
    languages: tuple[str, ...] = ()
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
            prompt, attention = _table(card, "prompt"), _table(card, "attention")
            checkpoint = _table(card, "checkpoint", may_lack=True)
            memory = _table(card, "memory", may_lack=True)
            read = cls(
                name=str(card["name"]),
                family=str(card["family"]),
                title=str(card.get("title", card["name"])),
                template=str(prompt["template"]),
                suffix=str(prompt.get("suffix", "")),
                neutral=str(prompt.get("neutral", NEUTRAL)),
                layer=_whole(attention, "layer", least=0),
                licence=str(card.get("licence", "")),
                limits=str(card.get("limits", "")),
                languages=_languages(card),
                max_tokens=_whole({"max_tokens": 20, **prompt}, "max_tokens", least=1),
                repository=str(checkpoint.get("repository", "")),
                revision=str(checkpoint.get("revision", "")),
                memory_mib={key: _whole(memory, key, least=1) for key in memory},
                facts=card,
            )
        except (KeyError, ValueError) as error:
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


def _languages(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the languages that are named; empty where none are.

    Raises:
        ValueError: they are no list: the letters of a word would pass for languages.
    """
    listed = card.get("languages", [])
    if not isinstance(listed, list):
        raise ValueError("'languages'")
    return tuple(str(one) for one in listed)


def _table(card: Mapping[str, Any], entry: str, *, may_lack: bool = False) -> Mapping[str, Any]:
    """A table of the card.

    Raises:
        KeyError: there is none.
        ValueError: it is something else.
    """
    table = card.get(entry, {}) if may_lack else card[entry]
    if not isinstance(table, Mapping):
        raise ValueError(f"'{entry}'")
    return table


def _whole(table: Mapping[str, Any], entry: str, *, least: int) -> int:
    """A whole number of a table.

    Raises:
        KeyError: there is none.
        ValueError: it is something else, or too small to mean anything.
    """
    try:
        return whole_number(table[entry], least=least)
    except ValueError as error:
        raise ValueError(f"'{entry}' ({error})") from error
