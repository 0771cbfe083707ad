"""What a checkpoint needs in memory, told from its architecture before a byte of it is there.

The network is built without weights (on torch's "meta" device), its parameters are counted,
and to them comes what a prompt of the family's own keeps and passes through one layer: the
whole picture, two crops, a question and its answer.
"""

import logging
from collections.abc import Mapping
from typing import Any

import torch
import transformers
from transformers import PreTrainedModel
from transformers.utils import logging as transformers_logging

from inspector_app.runtime.precision import eight_bit_language_bytes, language_bytes

PICTURES, WORDS = 3, 320
"""Of a prompt: the whole and two crops; tokens of question, template and answer."""

_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2, "int8": 2}
_MIB = 2**20


def on_paper(architecture: Mapping[str, Any]) -> PreTrainedModel:
    """A network of this architecture, without weights.

    Args:
        architecture: As in a checkpoint's `config.json`: `architectures`, `model_type`, and
            the sizes of its parts.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: transformers does not know it.
    """
    settings = dict(architecture)
    (name,) = settings.pop("architectures")
    kind: Any = getattr(transformers, name)
    config = transformers.AutoConfig.for_model(settings.pop("model_type"), **settings)
    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity(logging.CRITICAL)
    try:
        with torch.device("meta"):
            whole: PreTrainedModel = kind(config)
        whole.tie_weights()
    finally:
        transformers_logging.set_verbosity(level)
    return whole


def parameters(whole: PreTrainedModel) -> int:
    """How many there are; shared ones count once."""
    return sum(one.numel() for one in whole.parameters())


def prompt_tokens(whole: PreTrainedModel, *, picture: int) -> int:
    """Tokens of a prompt with `PICTURES` pictures, or as many as the model takes at all.

    Args:
        whole: On paper or not.
        picture: Most tokens of one picture, as its family tells.
    """
    text: Any = whole.config.get_text_config()
    return min(PICTURES * picture + WORDS, int(text.max_position_embeddings))


def memory_mib(whole: PreTrainedModel, *, picture: int) -> dict[str, int]:
    """MiB that weights and a prompt take, by precision.

    Args:
        whole: On paper or not.
        picture: Most tokens of one picture, as its family tells.
    """
    tokens = prompt_tokens(whole, picture=picture)
    return {name: round(_need(whole, name, tokens=tokens) / _MIB) for name in _BYTES}


def _need(whole: PreTrainedModel, precision: str, *, tokens: int) -> int:
    size = _BYTES[precision]
    weights = parameters(whole) * size
    if precision == "int8":
        sixteen = language_bytes(whole) // _item_size(whole) * size
        weights += eight_bit_language_bytes(whole) - sixteen
    text: Any = whole.config.get_text_config()
    heads = int(text.num_attention_heads)
    shared = int(getattr(text, "num_key_value_heads", None) or heads)
    width = int(getattr(text, "head_dim", None) or text.hidden_size // heads)
    kept = 2 * int(text.num_hidden_layers) * shared * width
    passing = 4 * int(text.hidden_size) + 2 * int(text.intermediate_size)
    return weights + tokens * (kept + passing) * size


def _item_size(whole: PreTrainedModel) -> int:
    return next(whole.parameters()).element_size()
