"""The embedded model's own tokenizer: words of the questions, single characters for codes."""

from collections.abc import Iterator

import numpy as np
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

from inspector_app.training.scene_parts import ALPHABET, COLOURS, DEFECTS
from inspector_app.training.scene_questions import NEUTRAL, WORDINGS, answer_words

USER = "\nUSER:"
ASSISTANT = "\nASSISTANT:"
IMAGE = "<image>"
SPECIALS = ("<pad>", "<s>", "</s>", "<unk>", IMAGE)

# Codes lose the space before them, so that the first answer token is the first character.
_CODE_SPACE = r" (?=[A-Z0-9](?![a-z]))"
_PIECES = r" ?[A-Z]?[a-z]+|[A-Z]|[0-9]| ?[^\sA-Za-z0-9]|\s+"


def _corpus() -> Iterator[str]:
    """Every wording with every word that can fill it, answers weighted up."""
    fillings = (*COLOURS, *DEFECTS, "nodule", "defect")
    for wordings in WORDINGS.values():
        for wording in wordings:
            for filling in fillings:
                text = wording.format(key=filling)
                yield from (" " + text, " " + text.lower(), " " + text[0].upper() + text[1:])
    for word in answer_words():
        yield from [f" {word}"] * 2000
    yield from [" " + NEUTRAL] * 400


def build_tokenizer() -> PreTrainedTokenizerFast:
    """Train the tokenizer; the same every time."""
    tokenizer = Tokenizer(models.BPE(unk_token=None))
    tokenizer.normalizer = normalizers.Replace(Regex(_CODE_SPACE), "")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=620,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_corpus(), trainer=trainer)
    # One token each, wherever they stand: what comes before cannot merge with them.
    turns = [AddedToken(text, normalized=False, special=False) for text in (USER, ASSISTANT)]
    tokenizer.add_tokens(turns)
    start = SPECIALS.index("<s>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", start)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        additional_special_tokens=[IMAGE],
        extra_special_tokens={"image_token": IMAGE},
        clean_up_tokenization_spaces=False,
        model_max_length=1024,
        padding_side="left",
    )


def character_ids(tokenizer: PreTrainedTokenizerFast) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The token of each character of `ALPHABET`, in order."""
    return np.array([tokenizer.convert_tokens_to_ids(letter) for letter in ALPHABET], np.int64)


def first_token(tokenizer: PreTrainedTokenizerFast, *, word: str) -> int:
    """The first token of a word as it stands inside a question or an answer."""
    return int(tokenizer.encode(f" {word}", add_special_tokens=False)[0])
