"""Qwen3-VL: a tower that takes pictures of any shape, and a Qwen3 language model.

Every token stands for 32 x 32 pixels; positions are counted in rows and columns. What some
layers of the tower saw is added behind the first layers of the language model (DeepStack).
"""

from pathlib import Path

from transformers import Qwen3VLForConditionalGeneration

from inspector_app.runtime import patchwork
from inspector_app.runtime.patchwork import Kind, PatchworkModel, picture_tokens

__all__ = ["KIND", "TITLE", "load", "picture_tokens"]

TITLE = "Qwen3-VL"

KIND = Kind(
    Qwen3VLForConditionalGeneration,
    "qwen3_vl_text",
    levels=lambda config: len(config.vision_config.deepstack_visual_indexes),
)


def load(folder: Path, *, device: str, precision: str) -> PatchworkModel:
    """Load the checkpoint in `folder`; see `patchwork.load`."""
    return patchwork.load(KIND, folder, device=device, precision=precision)
