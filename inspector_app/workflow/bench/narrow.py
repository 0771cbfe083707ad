"""A published architecture made narrower and shallower, its parts in proportion."""

from collections.abc import Mapping
from typing import Any

from inspector_app.domain.errors import WrongUse
from inspector_app.workflow.bench.network import VOCABULARY


def narrowed(architecture: Mapping[str, Any], *, scale: int) -> dict[str, Any]:
    """The same architecture with fewer heads and layers.

    Heads keep their width, and where several share keys and values they go on doing so.

    Args:
        architecture: As on a card: `vision_config` and `text_config`, and the rest.
        scale: Divides heads and layers, and with them the width; 1 changes nothing.

    Raises:
        WrongUse: `scale` is below 1.
    """
    if scale < 1:
        raise WrongUse("The scale is a whole number from 1 on.", hint="1 is as published.")
    if scale == 1:
        return dict(architecture)
    text = _text(architecture["text_config"], scale=scale)
    vision = _vision(architecture["vision_config"], scale=scale)
    if "out_hidden_size" in vision:
        vision["out_hidden_size"] = text["hidden_size"]
    return {**architecture, "text_config": text, "vision_config": vision}


def _text(part: Mapping[str, Any], *, scale: int) -> dict[str, Any]:
    heads, width = int(part["num_attention_heads"]), int(part["hidden_size"])
    shared = int(part.get("num_key_value_heads", heads))
    fewer = max(1, heads // scale)
    # One for all, or as many as there are: both divide the heads.
    sharing = fewer if shared == heads else max(1, fewer * shared // heads)
    made = {
        **part,
        "num_attention_heads": fewer,
        "hidden_size": fewer * (width // heads),
        "intermediate_size": _eights(int(part["intermediate_size"]) * fewer // heads),
        "num_hidden_layers": max(2, int(part["num_hidden_layers"]) // scale),
        # The words of the measuring tokenizer must be in it.
        "vocab_size": max(VOCABULARY, int(part["vocab_size"]) // scale),
    }
    if "num_key_value_heads" in part:
        made["num_key_value_heads"] = sharing if fewer % sharing == 0 else 1
    return made


def _vision(part: Mapping[str, Any], *, scale: int) -> dict[str, Any]:
    # Qwen calls them otherwise than CLIP does.
    names = ("num_heads", "depth") if "depth" in part else _CLIP
    heads, depth = (int(part[name]) for name in names)
    fewer, shallow = max(1, heads // scale), max(4, depth // scale)
    made = {
        **part,
        names[0]: fewer,
        names[1]: shallow,
        "hidden_size": fewer * (int(part["hidden_size"]) // heads),
        "intermediate_size": _eights(int(part["intermediate_size"]) * fewer // heads),
    }
    if "deepstack_visual_indexes" in part:
        # The language part adds one level a layer, and has two at least.
        made["deepstack_visual_indexes"] = [0, shallow // 2]
    return made


_CLIP = ("num_attention_heads", "num_hidden_layers")


def _eights(count: int) -> int:
    """Whole blocks of eight, as the weights of real ones have."""
    return max(8, count // 8 * 8)
