"""What lies in a model folder, and what is refused.

Weights are read from safetensors only: pickle files can run code when they are opened.
Nothing in a folder is ever imported, and nothing is fetched from a network.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from torch import nn
from transformers import AutoTokenizer, PreTrainedModel
from transformers.utils import logging as transformers_logging

from inspector_app.domain.checkpoint import wants_code
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.foreign import parsed_json
from inspector_app.runtime.devices import Placement
from inspector_app.runtime.precision import to_eight_bits
from inspector_app.runtime.trouble import is_out_of_memory, room_on

_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_INDEX = "model.safetensors.index.json"
_BLOCK = 1 << 22
_STORED = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}

Loaded = TypeVar("Loaded", bound=PreTrainedModel)


def read_json(path: Path) -> dict[str, Any]:
    """One of the checkpoint's JSON files.

    Raises:
        ModelTrouble: missing, unreadable or no JSON object.
    """
    try:
        parsed = parsed_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelTrouble(
            f"The model folder {path.parent} is incomplete: it has no {path.name}.",
            hint="Copy or download the whole checkpoint again.",
        ) from error
    except (OSError, ValueError) as error:
        raise ModelTrouble(
            f"The file {path} of the model cannot be read.",
            hint="Copy or download the whole checkpoint again.",
        ) from error
    if not isinstance(parsed, dict):
        raise ModelTrouble(
            f"The file {path} of the model holds no settings.",
            hint="Copy or download the whole checkpoint again.",
        )
    return parsed


def read_config(folder: Path, *, architectures: Iterable[str]) -> dict[str, Any]:
    """The checkpoint's `config.json`, after a look for everything that is refused.

    Args:
        folder: Of the checkpoint.
        architectures: Class names of transformers that the family can load.

    Raises:
        ModelTrouble: incomplete, of another architecture, quantised, or in need of its
            own code.
    """
    config = read_json(folder / "config.json")
    for path in sorted(folder.glob("*.json")):
        if path.is_file() and wants_code(path.name, _bytes_of(path)):
            raise ModelTrouble(
                f"The model in {folder} wants to run Python code of its own ({path.name}).",
                hint="For safety only checkpoints that transformers itself knows are loaded.",
            )
    named = architecture_of(config)
    if named not in architectures:
        raise ModelTrouble(
            f"The checkpoint in {folder} is a {named}, which this family cannot load.",
            hint=f"It loads: {', '.join(sorted(architectures))}.",
        )
    if config.get("quantization_config"):
        raise ModelTrouble(
            f"The checkpoint in {folder} is quantised, which is not supported.",
            hint="Take the float16 or bfloat16 checkpoint.",
        )
    return config


def architecture_of(config: Mapping[str, Any]) -> str:
    """The class of transformers that a `config.json` names; words where it names none."""
    named = config.get("architectures")
    return str(named[0]) if isinstance(named, list) and named else "thing without a name"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelTrouble(
            f"The file {path} of the model cannot be read.",
            hint="Check the disk and the permissions of the folder.",
        ) from error


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The safetensors of a checkpoint in name order.

    Raises:
        ModelTrouble: there are none, only pickles, or some that the index names are missing.
    """
    found = tuple(sorted(folder.glob("*.safetensors")))
    if not found:
        pickles = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLES)
        if pickles:
            raise ModelTrouble(
                f"The model in {folder} has only pickle weights ({pickles[0]}), "
                "which can run code when they are opened.",
                hint="Convert the checkpoint to safetensors first.",
            )
        raise ModelTrouble(
            f"The model folder {folder} is incomplete: it has no weights.",
            hint="Copy or download its .safetensors files.",
        )
    if (folder / _INDEX).is_file():
        shards = read_json(folder / _INDEX).get("weight_map", {})
        named = set(map(str, shards.values())) if isinstance(shards, dict) else {_INDEX}
        missing = sorted(named - {path.name for path in found})
        if missing:
            raise ModelTrouble(
                f"The model folder {folder} is incomplete: it has no {missing[0]}.",
                hint="Copy or download the missing .safetensors files.",
            )
    return found


def sha256_of(files: Iterable[Path]) -> str:
    """Lower-case hex SHA-256 over the bytes of all files, one after the other."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def load_network(
    kind: type[Loaded], folder: Path, *, placement: Placement, attention: Any
) -> Loaded:
    """Weights from a folder, frozen, finite, in evaluation mode, where they belong.

    Args:
        kind: Class of transformers.
        folder: Of the checkpoint; its files were looked at already.
        placement: Device and precision.
        attention: Attention function(s) by name, as transformers takes them.

    Raises:
        ModelTrouble: weights damaged, missing, of a wrong shape, or not finite.
        OutOfMemory: the device has no room.
    """
    with room_on(placement.device, doing="load the model"), _quietly():
        try:
            made: Any = kind.from_pretrained(
                folder,
                # Eight bits are made of what the file holds, without room for 16 meanwhile.
                dtype=stored_dtype(folder) if placement.eight_bit else placement.dtype,
                attn_implementation=attention,
                local_files_only=True,
                use_safetensors=True,
                trust_remote_code=False,
                # A wrong shape is then reported below instead of raised in words for programmers.
                ignore_mismatched_sizes=True,
                output_loading_info=True,
            )
        except (OSError, ValueError, KeyError, TypeError, SafetensorError, RuntimeError) as error:
            if is_out_of_memory(error):
                raise
            raise ModelTrouble(
                f"The weights in {folder} do not fit the model's config or are damaged "
                f"({_first_line(error)}).",
                hint="Copy or download the whole checkpoint again.",
            ) from error
        network: Loaded = made[0]
        _complete(made[1], folder=folder)
        nn.Module.eval(network)
        network.requires_grad_(requires_grad=False)
        if placement.eight_bit:
            # Looked at before: rounding makes whole numbers of anything.
            check_finite(network, placement=placement, folder=folder)
            to_eight_bits(network, dtype=placement.dtype)
        network = nn.Module.to(network, placement.device)
    check_finite(network, placement=placement, folder=folder)
    return network


def stored_dtype(folder: Path) -> torch.dtype:
    """Of most of the weights in a folder, whatever its config says; float32 where unknown."""
    counts = dict.fromkeys(_STORED.values(), 0)
    for path in weight_files(folder):
        with safe_open(path, "pt") as stored:
            for name in stored.keys():  # noqa: SIM118  it is no mapping
                told = stored.get_slice(name)
                kind = _STORED.get(str(told.get_dtype()), torch.float32)
                counts[kind] += prod(told.get_shape())
    return max(counts, key=lambda kind: counts[kind])


def load_tokenizer(folder: Path) -> Any:
    """The folder's tokenizer, tried on a word.

    Raises:
        ModelTrouble: missing, damaged, or in SentencePiece's own format only.
    """
    if (folder / "tokenizer.model").is_file() and not (folder / "tokenizer.json").is_file():
        raise ModelTrouble(
            f"The tokenizer in {folder} is there in SentencePiece's format only "
            "(tokenizer.model), which is not read.",
            hint="Add the tokenizer.json of the same checkpoint.",
        )
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        tokenizer.decode(tokenizer.encode("a word", add_special_tokens=True))
    except BaseException as error:
        # A panic inside the tokenizers' library is no Exception; an interrupt must pass.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ModelTrouble(
            f"The tokenizer in {folder} is missing or damaged.",
            hint="Copy or download the whole checkpoint again.",
        ) from error
    return tokenizer


def check_finite(network: nn.Module, *, placement: Placement, folder: Path) -> None:
    """Look at every weight once.

    Raises:
        ModelTrouble: one is infinite or no number.
    """
    for name, weight in network.named_parameters():
        if not weight.numel():
            continue
        low, high = torch.aminmax(weight.detach())
        if not (low.isfinite() and high.isfinite()):
            raise ModelTrouble(
                f"The weights in {folder} are not all finite numbers in "
                f"{placement.dtype_name} ({name}).",
                hint="Copy or download the checkpoint again"
                + (
                    ", or choose the precision bfloat16."
                    if placement.dtype is torch.float16
                    else "."
                ),
            )


def _complete(loaded: Mapping[str, Any], *, folder: Path) -> None:
    """Refuse weights that transformers would have made up or left out."""
    wrong = sorted(
        str(key[0] if isinstance(key, tuple) else key)
        for key in loaded.get("mismatched_keys") or ()
    )
    missing = sorted(str(key) for key in loaded.get("missing_keys") or ())
    if wrong or missing:
        what = "of a wrong shape" if wrong else "missing"
        raise ModelTrouble(
            f"The model folder {folder} is incomplete or damaged: the weight "
            f"{(wrong or missing)[0]} is {what}.",
            hint="Copy or download the whole checkpoint again.",
        )


@contextmanager
def _quietly() -> Iterator[None]:
    """No progress bar and no log lines on the user's terminal: errors are raised."""
    level = transformers_logging.get_verbosity()
    bar = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.CRITICAL)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # not typed there
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        if bar:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # as above


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:160].rstrip(".:")
