"""How a question is put to a checkpoint: the card's template and the folder's tokenizer."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.runtime import checkpoint
from inspector_app.runtime.decoding import Decode
from inspector_app.runtime.network import Picture, Prompt


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """How to put a question to a checkpoint.

    Attributes:
        card: Holds the template.
        encode: Text to token numbers, begin mark included.
        decode: Token numbers to text, special tokens left out.
        placeholder: Text that stands for a picture token.
        placeholder_id: Its token number.
        ends: Token numbers that end an answer.
        picture_text: A picture's text, where marks stand around its placeholder; else empty.
        reserved: Texts that mean something of their own, so that no question may hold them.
    """

    card: Card
    encode: Callable[[str], Sequence[int]]
    decode: Decode
    placeholder: str
    placeholder_id: int
    ends: frozenset[int]
    picture_text: str = ""
    reserved: tuple[str, ...] = ()

    def text(self, question: str, *, pictures: int) -> str:
        """The prompt with one placeholder for each picture.

        Raises:
            WrongUse: the question is empty, or holds the placeholder or another mark.
        """
        if not question.strip():
            raise WrongUse("The question is empty.", hint="Type what you want to know.")
        if self.placeholder in question:
            raise WrongUse(
                f'The question contains "{self.placeholder}", which stands for the picture.',
                hint="Leave it out: the picture is added by itself.",
            )
        for mark in self.reserved:
            if mark in question:
                raise WrongUse(
                    f'The question contains "{mark}", which is a mark between parts of a prompt.',
                    hint="Leave it out.",
                )
        return self.card.prompt(
            question, placeholders=(self.picture_text or self.placeholder) * pictures
        )

    def prompt(self, question: str, *, pictures: Sequence[Picture]) -> Prompt:
        """The tokenised prompt, with as many placeholders as each picture has tokens.

        Raises:
            WrongUse: the question is empty or holds the placeholder itself.
            ModelTrouble: the tokenizer does not keep the placeholders together.
        """
        before, *behind = self.text(question, pictures=len(pictures)).split(self.placeholder)
        text = before + "".join(
            self.placeholder * picture.tokens + words
            for picture, words in zip(pictures, behind, strict=True)
        )
        ids = tuple(self.encode(text))
        here = [at for at, number in enumerate(ids) if number == self.placeholder_id]
        wanted = sum(picture.tokens for picture in pictures)
        ends = list(accumulate(picture.tokens for picture in pictures))
        runs = [here[end - one.tokens : end] for one, end in zip(pictures, ends, strict=True)]
        whole = len(here) == wanted and all(run[-1] - run[0] == len(run) - 1 for run in runs)
        if not whole:
            raise ModelTrouble(
                f"The tokenizer made {len(here)} picture tokens of {wanted}.",
                hint="The tokenizer's files do not belong to this checkpoint.",
            )
        return Prompt(ids, tuple(pictures), tuple(run[0] for run in runs))


def speech_of(
    folder: Path, *, card: Card, whole: PreTrainedModel, marks: tuple[int, int] | None = None
) -> Speech:
    """Template and tokenizer of a checkpoint.

    Args:
        folder: Has the tokenizer's files.
        card: Has the template.
        whole: Its config names the picture token.
        marks: Tokens before and behind each picture; None where there are none.

    Raises:
        ModelTrouble: no tokenizer, or one without the picture token or the marks.
    """
    tokenizer = checkpoint.load_tokenizer(folder)
    # Length is checked where there are words for it; the tokenizer would only print.
    tokenizer.model_max_length = sys.maxsize
    config: Any = whole.config
    number = int(config.image_token_id)
    placeholder = _text_of(number, tokenizer=tokenizer, folder=folder)
    around = [_text_of(mark, tokenizer=tokenizer, folder=folder) for mark in marks or ()]
    before, behind = around or ("", "")

    def encode(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(text, add_special_tokens=True)
        return ids

    def decode(ids: Sequence[int]) -> str:
        return str(
            tokenizer.decode(
                list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )

    return Speech(
        card=card,
        encode=encode,
        decode=decode,
        placeholder=placeholder,
        placeholder_id=number,
        ends=_ends(whole, tokenizer),
        picture_text=before + placeholder + behind,
        reserved=tuple(sorted(set(tokenizer.all_special_tokens) - {placeholder})),
    )


def _text_of(number: int, *, tokenizer: Any, folder: Path) -> str:
    """What stands for a token in a prompt.

    Raises:
        ModelTrouble: nothing does.
    """
    text = tokenizer.convert_ids_to_tokens(number)
    if text is None or tokenizer.encode(text, add_special_tokens=False) != [number]:
        raise ModelTrouble(
            f"The tokenizer in {folder} has no token {number} for pictures.",
            hint="The tokenizer's files do not belong to this checkpoint.",
        )
    return str(text)


def _ends(whole: PreTrainedModel, tokenizer: Any) -> frozenset[int]:
    """Token numbers that end an answer, from wherever the checkpoint names them."""
    config: Any = whole.config
    named: tuple[Any, ...] = (
        getattr(whole.generation_config, "eos_token_id", None),
        config.text_config.eos_token_id,
        tokenizer.eos_token_id,
    )
    ends: set[int | None] = set()
    for value in named:
        ends.update(value if isinstance(value, (list, tuple)) else [value])
    return frozenset(int(value) for value in ends if value is not None)
