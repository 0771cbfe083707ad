"""Qwen2.5-VL: a tower with windows that takes pictures of any shape, and a Qwen2 language model.

Every token stands for 28 x 28 pixels; positions are counted in rows and columns.
"""

from pathlib import Path

from transformers import Qwen2_5_VLForConditionalGeneration

from inspector_app.runtime import patchwork
from inspector_app.runtime.patchwork import Kind, PatchworkModel, picture_tokens

__all__ = ["KIND", "TITLE", "load", "picture_tokens"]

TITLE = "Qwen2.5-VL"

KIND = Kind(Qwen2_5_VLForConditionalGeneration, "qwen2_5_vl_text", levels=lambda _config: 0)


def load(folder: Path, *, device: str, precision: str) -> PatchworkModel:
    """Load the checkpoint in `folder`; see `patchwork.load`."""
    return patchwork.load(KIND, folder, device=device, precision=precision)
