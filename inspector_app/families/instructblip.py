"""InstructBLIP: a tower, queries that read the question too, and a Vicuna language model.

The tower's patches reach the language model through 32 queries of a Q-Former, which has read
the prompt. So only the tower's work is shared between questions; see `runtime.queried`.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import InstructBlipForConditionalGeneration

from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.runtime import checkpoint, devices, local, probe
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.cards import read_card
from inspector_app.runtime.few_rows import quicken
from inspector_app.runtime.local import LocalModel, OneSize
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.queried import Queried, QueriedReading
from inspector_app.runtime.speech import Speech, speech_of

TITLE = "InstructBLIP"

ARCHITECTURES = ("InstructBlipForConditionalGeneration",)
TOWERS = ("instructblip_vision_model",)
LANGUAGES = ("llama",)
ENTRY = 2
"""Which of the Q-Former's cross attentions the map is read from, counted from 0."""

# Of the ways to compute attention only the eager one gives its weights.
_ATTENTION = {"vision_config": "sdpa", "qformer_config": "eager"}
Read = Callable[[str], Sequence[int]]


def picture_tokens(config: Any, *, card: Card) -> int:  # noqa: ARG001  every family's call
    """Tokens that a picture takes in a prompt, told from `config.json` alone: one a query."""
    return int(config.num_query_tokens)


@dataclass(frozen=True, slots=True, eq=False)
class BlipEyes(OneSize):
    """Tower, queries and projector, with the processor's geometry.

    Attributes:
        whole: The checkpoint.
        processing: What is done to a picture before the tower.
        patch: Side of a patch in pixels.
        network: Counts the work.
        marks: Gives each picture its number.
        read: Text to the token numbers that the queries read.
        entry: Which cross attention the map is read from.
    """

    whole: InstructBlipForConditionalGeneration
    processing: Preprocessing
    patch: int
    network: Network
    marks: Iterator[int]
    read: Read
    entry: int

    @property
    def queries(self) -> int:
        """How many there are."""
        return int(self.whole.config.num_query_tokens)

    @property
    def picture_tokens(self) -> int:
        """Tokens that a picture takes in a prompt: one a query."""
        return self.queries

    def features(self, pixels: Tensor) -> Tensor:
        """(views, 1 + patches, width): what the tower makes; keeps the graph."""
        made: Tensor = self.whole.vision_model(pixel_values=pixels).last_hidden_state
        return made

    @torch.no_grad()
    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once, without a graph."""
        features = self.network.see(self.features, self.pixels(views))
        self.network.count(vision=len(views))
        return tuple(Picture(one, -next(self.marks), 1) for one in features)

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """The view's pixels, and the tower's picture of them, with the graph."""
        pixels = self.pixels([view]).requires_grad_()
        with torch.enable_grad():
            return pixels, Picture(self.features(pixels)[0], 0, 1)

    def asked(self, picture: Picture, prompt: str) -> Queried:
        """What the queries make of the tower's picture, with a prompt in mind.

        Raises:
            WrongUse: the prompt is longer than the queries can read.
        """
        ids = torch.tensor([list(self.read(prompt))], device=self.network.placement.device)
        former: Any = self.whole.config.qformer_config
        room = int(former.max_position_embeddings)
        if ids.shape[1] > room:
            raise WrongUse(
                f"The question is too long: the queries read {room} tokens, and it has "
                f"{ids.shape[1]}.",
                hint="Shorten the question.",
            )
        kept: list[Tensor] = []
        handle = self._cross().register_forward_hook(
            lambda _part, _given, made: kept.append(made[1])
        )
        try:
            made = self._formed(picture, ids)
        finally:
            handle.remove()
        return Queried(Picture(made, -next(self.marks), 0), kept[0], picture.skip)

    def _formed(self, picture: Picture, ids: Tensor) -> Tensor:
        """(queries, width of the language model)."""
        parts: Any = self.whole
        query_tokens = parts.query_tokens
        dtype = parts.language_projection.weight.dtype
        within = next(parts.qformer.parameters()).dtype
        tower = picture.features[None].to(within)
        mask = torch.ones(1, query_tokens.shape[1] + ids.shape[1], device=ids.device)
        formed = parts.qformer(
            input_ids=ids,
            attention_mask=mask.long(),
            query_embeds=query_tokens.to(within),
            encoder_hidden_states=tower,
            encoder_attention_mask=torch.ones(tower.shape[:2], dtype=torch.long, device=ids.device),
            return_dict=True,
        )
        queries = formed.last_hidden_state[:, : query_tokens.shape[1]]
        made: Tensor = parts.language_projection(queries.to(dtype))[0]
        return made

    def _cross(self) -> nn.Module:
        """The cross attention that the map is read from."""
        return crosses(self.whole)[self.entry]


@dataclass(frozen=True, slots=True, eq=False)
class BlipModel(LocalModel):
    """A loaded checkpoint (see `domain.ports.VisionModel`)."""

    def read(self, views: Sequence[View]) -> QueriedReading:  # type: ignore[override]  # as good
        """Send the pictures through the vision tower, once."""
        eyes = self.eyes
        assert isinstance(eyes, BlipEyes)
        pictures, album = self.seen(views)
        return QueriedReading(
            network=eyes.network,
            eyes=eyes,
            speech=self.speech,
            views=tuple(views),
            pictures=pictures,
            cache=PromptCache(eyes.network.depth),
            album=album,
        )


def load(folder: Path, *, device: str, precision: str) -> BlipModel:
    """Load the checkpoint in `folder` (with its `card.toml`).

    Args:
        folder: Config, both tokenizers, processor, safetensors and card.
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32", "bfloat16", "float16" or "int8".

    Raises:
        ModelTrouble: incomplete, damaged, refused, or of another family.
        OutOfMemory: the device has no room.
    """
    card = read_card(folder)
    place = devices.choose(device, precision)
    config = checkpoint.read_config(folder, architectures=ARCHITECTURES)
    local.check_parts(config, towers=TOWERS, languages=LANGUAGES, folder=folder)
    if config.get("image_token_index", config.get("image_token_id")) is None:
        raise ModelTrouble(
            f"The checkpoint in {folder} is older than the token that stands for pictures.",
            hint="Take the newest revision of its repository.",
        )
    saved, where = local.processor_of(folder)
    processing = Preprocessing.from_mapping(saved, where=where)
    reader = checkpoint.load_tokenizer(folder / "qformer_tokenizer")
    whole, weights_sha256 = _weights(folder, placement=place)
    model = assemble(
        whole,
        placement=place,
        processing=processing,
        speech=_pictures_first(speech_of(folder, card=card, whole=whole)),
        read=reader.encode,
        weights_sha256=weights_sha256,
    )
    _glance(model, folder=folder)
    return model


def assemble(
    whole: InstructBlipForConditionalGeneration,
    *,
    placement: devices.Placement,
    processing: Preprocessing,
    speech: Speech,
    read: Read,
    weights_sha256: str,
) -> BlipModel:
    """Put a model together from parts that are already in memory.

    Args:
        whole: Frozen, in evaluation mode, on the device; its attention is set here.
        placement: Where `whole` is.
        processing: Of pictures.
        speech: Card and tokenizer; pictures stand before the begin mark.
        read: Text to the token numbers that the queries read.
        weights_sha256: For the record.

    Raises:
        ModelTrouble: card, processor and checkpoint do not fit together.
    """
    whole.set_attn_implementation(_ATTENTION | {"text_config": probe.install()})
    network, card = _network(whole, placement=placement), speech.card
    facts = local.facts_of(
        card, placement=placement, weights_sha256=weights_sha256, depth=network.depth
    )
    vision: Any = whole.config.vision_config
    if processing.input_size != (int(vision.image_size),) * 2:
        raise ModelTrouble(
            f'The processor of "{card.name}" makes pictures of {processing.input_size}, '
            f"but the vision tower takes {vision.image_size} x {vision.image_size}.",
            hint="Take the processor's file that came with the checkpoint.",
        )
    patch, entry = int(vision.patch_size), _entry(card, whole)
    eyes = BlipEyes(whole, processing, patch, network, count(1), read, entry)
    # What the language model reads of a picture are queries, which lie nowhere in it.
    return BlipModel(replace(facts, can_reweight=False), eyes, speech)


def _weights(
    folder: Path, *, placement: devices.Placement
) -> tuple[InstructBlipForConditionalGeneration, str]:
    """The checkpoint, and the SHA-256 of its weights, which is taken meanwhile."""
    files = checkpoint.weight_files(folder)
    with ThreadPoolExecutor(max_workers=1) as beside:
        hashed = beside.submit(checkpoint.sha256_of, files)
        whole = checkpoint.load_network(
            InstructBlipForConditionalGeneration,
            folder,
            placement=placement,
            attention=_ATTENTION | {"text_config": probe.install()},
        )
    return whole, hashed.result()


def _network(
    whole: InstructBlipForConditionalGeneration, *, placement: devices.Placement
) -> Network:
    parts: Any = whole
    text, language = parts.config.text_config, parts.language_model
    probe.narrow(language.model.layers[-1])
    quicken(whole)
    return Network(
        language=language.model,
        head=language.lm_head,
        embed=language.get_input_embeddings(),
        depth=int(text.num_hidden_layers),
        context=int(text.max_position_embeddings),
        placement=placement,
    )


def crosses(whole: InstructBlipForConditionalGeneration) -> list[nn.Module]:
    """The Q-Former's cross attentions in the order of its blocks; every other block has one."""
    parts: Any = whole
    blocks = parts.qformer.encoder.layer
    return [block.crossattention.attention for block in blocks if block.has_cross_attention]


def _entry(card: Card, whole: InstructBlipForConditionalGeneration) -> int:
    """The card's cross attention, or the usual one.

    Raises:
        ModelTrouble: there is no such one.
    """
    facts: Any = card.facts or {}
    there = len(crosses(whole))
    entry = int(facts.get("attention", {}).get("entry", min(ENTRY, there - 1)))
    if not 0 <= entry < there:
        raise ModelTrouble(
            f'The card of "{card.name}" names cross attention {entry}; there are 0 to {there - 1}.',
            hint="Correct the entry in card.toml.",
        )
    return entry


def _pictures_first(speech: Speech) -> Speech:
    """The same with the begin mark behind the pictures, as the processor puts it."""
    numbers, mark = speech.encode, speech.placeholder

    def encode(text: str) -> list[int]:
        pieces = text.split(mark)
        pictures = sum(1 for _ in takewhile(lambda piece: not piece, pieces[:-1]))
        rest = text[pictures * len(mark) :]
        return [speech.placeholder_id] * pictures + list(numbers(rest))

    return Speech(
        card=speech.card,
        encode=encode,
        decode=speech.decode,
        placeholder=mark,
        placeholder_id=speech.placeholder_id,
        ends=speech.ends,
        picture_text=speech.picture_text,
        reserved=speech.reserved,
    )


def _glance(model: BlipModel, *, folder: Path) -> None:
    """Send a black picture through tower and queries; see `local.glance`."""
    eyes, side = model.eyes, model.input_side
    assert isinstance(eyes, BlipEyes)
    black = View(np.zeros((side, side, 3), np.uint8), Region(0, 0, side, side))
    text: Any = eyes.whole.config.text_config

    def look() -> Tensor:
        tower = Picture(eyes.features(eyes.pixels([black]))[0], 0, 1)
        return eyes.asked(tower, "?").picture.features

    local.glance(eyes.network, look=look, width=int(text.hidden_size), folder=folder)
