"""What a training run carries from step to step, and its checkpoint on disk."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import AdamW, Muon, Optimizer
from transformers import LlavaForConditionalGeneration, PreTrainedTokenizerFast

from inspector_app.domain.errors import CannotWrite, InspectorError
from inspector_app.training.embedded_network import (
    DenseHeads,
    Shape,
    build_network,
    use_matmul_attention,
    without_bars,
)

WEIGHTS = "weights.safetensors"
PROGRESS = "progress.json"


@dataclass(slots=True)
class State:
    """Network, heads, smoothed weights and optimizers of a run."""

    network: LlavaForConditionalGeneration
    heads: DenseHeads
    smooth: dict[str, Tensor]
    """Moving average of the network's weights: what is measured and shipped."""
    optimizers: tuple[Optimizer, ...]
    stage: str = "read"
    step: int = 0
    """Steps done in this stage."""


def fresh(
    shape: Shape, *, tokenizer: PreTrainedTokenizerFast, seed: int, device: torch.device
) -> State:
    """A run at its start."""
    torch.manual_seed(seed)
    network = build_network(shape, tokenizer=tokenizer)
    network.to(device)  # type: ignore[arg-type]
    heads = DenseHeads(shape.width).to(device)
    use_matmul_attention(network)
    network.train()
    smooth = {name: value.detach().clone() for name, value in network.named_parameters()}
    return State(network, heads, smooth, _optimizers(network, heads))


def _optimizers(network: nn.Module, heads: nn.Module) -> tuple[Optimizer, ...]:
    """Muon for the matrices inside the layers, AdamW for all else."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        inside = ".layers." in name or "multi_modal_projector" in name
        (matrices if inside and parameter.ndim == 2 else others).append(parameter)
    others += list(heads.parameters())
    return (
        Muon(matrices, lr=1e-3, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
        AdamW(others, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01),
    )


def advance(state: State, *, rate: float, keep: float) -> None:
    """One optimizer step at a learning rate, after gradients were made.

    Args:
        state: Changed.
        rate: Learning rate.
        keep: How much of the smoothed weights stays.
    """
    parameters = [*state.network.parameters(), *state.heads.parameters()]
    nn.utils.clip_grad_norm_(parameters, 1.0)
    for optimizer in state.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    with torch.no_grad():
        live = [value.detach() for value in state.network.parameters()]
        # Early in a stage the weights run away from any long average: follow closely at first.
        weight = max(1 - keep, 9 / (state.step + 10))
        torch._foreach_lerp_(list(state.smooth.values()), live, weight)
    state.step += 1


def save(state: State, *, folder: Path, note: dict[str, Any]) -> None:
    """Write a checkpoint beside the old one and rename it.

    Raises:
        CannotWrite: The folder refuses or the disk is full; the old checkpoint is still there.
    """
    tensors: dict[str, Tensor] = {}
    for name, value in state.network.named_parameters():
        tensors[f"network.{name}"] = value.detach()
        tensors[f"smooth.{name}"] = state.smooth[name]
    for name, value in state.heads.named_parameters():
        tensors[f"heads.{name}"] = value.detach()
    for index, optimizer in enumerate(state.optimizers):
        for parameter, slots in optimizer.state_dict()["state"].items():
            for slot, value in slots.items():
                tensors[f"optimizer.{index}.{parameter}.{slot}"] = value
    beside = folder / f".{WEIGHTS}"
    progress = {"stage": state.stage, "step": str(state.step)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The stage and step travel inside the same file: they cannot disagree with the weights.
        save_file({k: v.contiguous() for k, v in tensors.items()}, beside, metadata=progress)
        beside.replace(folder / WEIGHTS)
        told = json.dumps({**note, **progress}, indent=1)
        (folder / PROGRESS).write_text(told, encoding="utf-8")
    except (OSError, SafetensorError) as error:
        beside.unlink(missing_ok=True)
        raise CannotWrite(
            f"The checkpoint cannot be written into {folder}: {error}.",
            hint="Make room there and run the same command again; it goes on where it stopped.",
        ) from error


def load(state: State, *, folder: Path) -> bool:
    """Continue from a checkpoint if there is one.

    Raises:
        InspectorError: The checkpoint belongs to another shape of network.
    """
    file = folder / WEIGHTS
    if not file.exists():
        return False
    tensors = load_file(file)
    try:
        with torch.no_grad():
            for name, value in state.network.named_parameters():
                value.copy_(tensors[f"network.{name}"])
                state.smooth[name].copy_(tensors[f"smooth.{name}"])
            for name, head in state.heads.named_parameters():
                head.copy_(tensors[f"heads.{name}"])
    except (KeyError, RuntimeError) as error:
        raise InspectorError(
            f"The checkpoint in {folder} does not fit this network.",
            hint="Give another --work folder, or remove it to start anew.",
        ) from error
    for index, optimizer in enumerate(state.optimizers):
        slots: dict[int, dict[str, Tensor]] = {}
        prefix = f"optimizer.{index}."
        for name, tensor in tensors.items():
            if name.startswith(prefix):
                parameter, slot = name.removeprefix(prefix).split(".")
                slots.setdefault(int(parameter), {})[slot] = tensor
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": slots, "param_groups": groups})
    progress = _metadata(file)
    state.stage, state.step = progress["stage"], int(progress["step"])
    return True


def begin_from(state: State, *, folder: Path) -> None:
    """Start a run from the weights of a model folder that an earlier run made.

    Args:
        state: A fresh one; changed.
        folder: As `embedded_export.export` writes it.

    Raises:
        InspectorError: No such weights there, or they belong to another shape of network.
    """
    hint = "Give the folder of a model that this command made."
    try:
        with without_bars():
            made = LlavaForConditionalGeneration.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True
            )
        weights = dict(made.named_parameters())
        with torch.no_grad():
            for name, value in state.network.named_parameters():
                value.copy_(weights[name])
                state.smooth[name].copy_(weights[name])
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise InspectorError(f"Training cannot start from {folder}.", hint=hint) from error
    state.stage, state.step = "heads", 0


def _metadata(file: Path) -> dict[str, str]:
    """The metadata in the head of a safetensors file."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        found: dict[str, str] = json.loads(stream.read(length))["__metadata__"]
    return found


def smoothed(state: State) -> dict[str, Tensor]:
    """The live weights, after putting the smoothed ones in their place; see `restored`."""
    live = {name: value.detach().clone() for name, value in state.network.named_parameters()}
    restored(state, weights=state.smooth)
    return live


def restored(state: State, *, weights: dict[str, Tensor]) -> None:
    """Put weights into the network."""
    with torch.no_grad():
        for name, value in state.network.named_parameters():
            value.copy_(weights[name])
