"""A small checkpoint on a hub, and what of it a pull brings."""

import json

from tests.fakes.hub import files_of

ARCHITECTURE = "LlavaForConditionalGeneration"
WEIGHTS = bytes(range(256)) * 12_000
SMALL = {
    "config.json": json.dumps({"architectures": [ARCHITECTURE]}).encode(),
    "tokenizer.json": b"{}",
    "LICENSE": b"free",
    "extra/tokenizer.json": b'{"a": 1}',
    "model.safetensors": WEIGHTS,
    "modeling_own.py": b"import os",
    "pytorch_model.bin": b"pickle",
    ".gitattributes": b"*",
}
BROUGHT = {"config.json", "tokenizer.json", "LICENSE", "extra/tokenizer.json", "model.safetensors"}


def brought(folder):
    return {name for name in files_of(folder) if not name.endswith("manifest.json")}
