"""Turn a checkpoint into the folder that ships: weights, tokenizer, processor, card."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
import torch
from transformers import LlavaForConditionalGeneration

from inspector_app.domain.errors import InspectorError
from inspector_app.training import embedded_state
from inspector_app.training.embedded_network import Shape, build_processor, without_bars
from inspector_app.training.embedded_state import State
from inspector_app.training.embedded_tokens import ASSISTANT, USER, build_tokenizer
from inspector_app.training.embedded_views import PATCH, SIDE
from inspector_app.training.scene_parts import ALPHABET
from inspector_app.training.scene_questions import NEUTRAL

LARGEST_MB = 25.0

LIMITS = (
    "Trained from scratch on synthetic scenes only; it has never seen a photograph, a real plate "
    "or a patient, and its answers about such pictures mean nothing. It knows these questions and "
    "close wordings of them: the code on a label of a named colour, or on the only label; the "
    "colour of the only label; whether there is a label of a colour; which defect a plate has "
    "(scratch, crack, missing screw, stain or none) and whether it has one; margin (smooth, "
    "spiculated, lobulated), side, density and presence of a nodule. Codes have two to four of "
    f"the characters {ALPHABET}. "
)
SUPERVISED = (
    "Where it looks was supervised: at one language layer the last "
    "prompt token was taught to look at the target, and at all patches alike for the neutral "
    "question."
)
UNSUPERVISED = (
    "A control: nothing taught it where to look. It reads codes worse than the model that ships."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card says about how the weights were made."""

    command: str
    date: str
    seed: int
    steps: str
    duration: str
    machine: str
    figures: tuple[dict[str, Any], ...] = ()
    """Rows of `embedded_watch.as_row`, measured on held-out scenes."""
    supervised: bool = True
    """Whether it was taught where to look."""
    before: tuple[dict[str, Any], ...] = ()
    """The runs whose weights this one started from, the first one first."""


def export(checkpoint: Path, *, folder: Path, facts: Facts, shape: Shape | None = None) -> None:
    """Write the smoothed weights of a checkpoint as a model folder that transformers loads.

    Args:
        checkpoint: Work folder of a training run.
        folder: Becomes the model folder; files that are there are replaced.
        facts: For the card.
        shape: Of the network; the default one when None.

    Raises:
        InspectorError: No checkpoint there, or its weights are not finite or too large to ship.
    """
    shape = shape or Shape()
    tokenizer = build_tokenizer()
    state = embedded_state.fresh(shape, tokenizer=tokenizer, seed=0, device=torch.device("cpu"))
    if not embedded_state.load(state, folder=checkpoint):
        raise InspectorError(
            f"There is no checkpoint in {checkpoint}.", hint="Run: inspector train embedded"
        )
    embedded_state.restored(state, weights=state.smooth)
    network = _settled(state.network)
    # Built aside first: a failure leaves the old model as it was.
    with tempfile.TemporaryDirectory() as aside:
        built = Path(aside)
        with without_bars():
            network.save_pretrained(built)
        build_processor(tokenizer).save_pretrained(built)
        _make_portable(built)
        parameters = sum(value.numel() for value in network.parameters())
        (built / "card.toml").write_bytes(
            tomli_w.dumps(_card(facts, shape=shape, parameters=parameters)).encode()
        )
        size_mb = (built / "model.safetensors").stat().st_size / 1e6
        if size_mb > LARGEST_MB:
            raise InspectorError(f"The weights take {size_mb:.1f} MB, more than {LARGEST_MB:.0f}.")
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(built.iterdir()):
            shutil.copyfile(file, folder / file.name)


def _settled(network: LlavaForConditionalGeneration) -> LlavaForConditionalGeneration:
    """The network in half precision, checked to stay finite."""
    network.train(mode=False)
    network.set_attn_implementation("sdpa")
    network.to(torch.float16)  # type: ignore[arg-type]
    for name, value in network.named_parameters():
        if not bool(torch.isfinite(value).all()):
            raise InspectorError(f"The weights of {name} are not finite in half precision.")
    return network


def _make_portable(folder: Path) -> None:
    """Say float32 in the config: fp16 is only how the weights are stored."""
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    for part in (config, config["text_config"], config["vision_config"]):
        part["dtype"] = "float32"
    file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _card(facts: Facts, *, shape: Shape, parameters: int) -> dict[str, Any]:
    """The card as it goes into TOML."""
    return {
        "name": "embedded",
        "family": "llava",
        "title": "Inspector embedded (5 M, synthetic scenes)",
        "licence": "Apache-2.0",
        "parameters": parameters,
        "languages": ["en"],
        "limits": LIMITS + (SUPERVISED if facts.supervised else UNSUPERVISED),
        "prompt": {
            "template": "{images}" + USER + " {question}" + ASSISTANT,
            "neutral": NEUTRAL,
            "suffix": "",
        },
        "attention": {"layer": shape.map_layer},
        "view": {"side": SIDE, "patch": PATCH},
        "training": {
            "command": facts.command,
            "date": facts.date,
            "seed": facts.seed,
            "steps": facts.steps,
            "duration": facts.duration,
            "machine": facts.machine,
            "before": [dict(run) for run in facts.before],
            "figures": [dict(row) for row in facts.figures],
        },
    }


def loaded_state(checkpoint: Path, *, shape: Shape | None = None) -> State | None:
    """A checkpoint with its smoothed weights in place, for measuring; None where there is none."""
    tokenizer = build_tokenizer()
    state = embedded_state.fresh(
        shape or Shape(), tokenizer=tokenizer, seed=0, device=torch.device("cpu")
    )
    if not embedded_state.load(state, folder=checkpoint):
        return None
    embedded_state.restored(state, weights=state.smooth)
    state.network.train(mode=False)
    return state
