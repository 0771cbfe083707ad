"""A loaded checkpoint as the rooms see it, and what all families check when they load one."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.card import Card
from inspector_app.domain.errors import InspectorError, ModelTrouble
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import ModelFacts, Passes
from inspector_app.domain.messages import Steps
from inspector_app.domain.ports import Job, T
from inspector_app.runtime import checkpoint, lockstep, probe
from inspector_app.runtime.album import Album, Eyes
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.devices import Placement
from inspector_app.runtime.few_rows import quicken
from inspector_app.runtime.network import Network, Picture
from inspector_app.runtime.pictures import Preprocessing
from inspector_app.runtime.precision import bytes_of
from inspector_app.runtime.reading import CachedReading
from inspector_app.runtime.speech import Speech
from inspector_app.runtime.trouble import is_out_of_memory

Loaded = TypeVar("Loaded", bound=PreTrainedModel)


class LocalEyes(Eyes, Protocol):
    """The vision side of a checkpoint in memory."""

    @property
    def whole(self) -> PreTrainedModel:
        """The checkpoint."""

    @property
    def network(self) -> Network:
        """Its language model."""

    @property
    def input_side(self) -> int:
        """Side in pixels of the largest square that it takes in."""

    @property
    def picture_tokens(self) -> int:
        """Most tokens that a picture takes in a prompt."""

    @property
    def keeps_shape(self) -> bool:
        """Whether a picture that is no square is neither squashed nor cut."""


class OneSize:
    """What eyes have in common whose tower takes all pictures at one size."""

    __slots__ = ()

    keeps_shape = False

    processing: Preprocessing
    patch: int
    network: Network

    @property
    def input_side(self) -> int:
        """Longest side in pixels of what the tower takes in."""
        return max(self.processing.input_size)

    def pixels(self, views: Sequence[View]) -> Tensor:
        """(views, 3, h, w): what the vision tower takes."""
        stacked = torch.from_numpy(np.stack([self.processing.pixels(view) for view in views]))
        place = self.network.placement
        return stacked.to(place.device, place.dtype)

    def grid(self, view: View) -> TokenGrid:
        """How the view's patches lie over the Frame."""
        return self.processing.grid(view, patch=self.patch)

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""
        return self.processing.grid(view, patch=1)


@dataclass(frozen=True, slots=True, eq=False)
class LocalModel:
    """A loaded checkpoint (see `domain.ports.VisionModel`)."""

    facts: ModelFacts
    eyes: LocalEyes
    speech: Speech
    can_attend: bool = field(default=True, init=False)
    can_backpropagate: bool = field(default=True, init=False)
    has_logprobs: bool = field(default=True, init=False)

    @property
    def card(self) -> Card:
        """Its card."""
        return self.speech.card

    @property
    def layers(self) -> int:
        """Number of language-model layers."""
        return self.eyes.network.depth

    @property
    def default_layer(self) -> int:
        """The card's layer for maps."""
        return self.card.layer

    @property
    def input_side(self) -> int:
        """Longest side in pixels that the vision tower takes in one picture."""
        return self.eyes.input_side

    @property
    def keeps_shape(self) -> bool:
        """Whether a picture that is no square is neither squashed nor cut."""
        return self.eyes.keeps_shape

    @property
    def passes(self) -> Passes:
        """All work done since loading."""
        return self.eyes.network.passes

    @property
    def context(self) -> int:
        """Most tokens that a prompt and its answer may have."""
        return self.eyes.network.context

    @property
    def picture_tokens(self) -> int:
        """Most tokens that a picture takes in a prompt."""
        return self.eyes.picture_tokens

    def prompt_tokens(self, question: str, *, pictures: int) -> int:
        """Most tokens of the prompt with so many pictures, without reading any."""
        one, two = (
            len(self.speech.encode(self.speech.text(question, pictures=count))) for count in (1, 2)
        )
        # One token of each picture's text stands for all that the picture takes.
        return one + (pictures - 1) * (two - one) + pictures * (self.picture_tokens - 1)

    def memory_bytes(self, tokens: int) -> int:
        """Weights, and the keys, values and hidden states of a prompt of so many tokens."""
        config: Any = self.eyes.whole.config
        text = config.text_config
        heads = int(text.num_attention_heads)
        shared = int(getattr(text, "num_key_value_heads", None) or heads)
        width = int(getattr(text, "head_dim", None) or text.hidden_size // heads)
        kept = 2 * int(text.num_hidden_layers) * shared * width
        # What one layer holds while it works: its input, output, and the two gates.
        passing = 4 * int(text.hidden_size) + 2 * int(text.intermediate_size)
        each = (kept + passing) * self.eyes.network.placement.dtype.itemsize
        return bytes_of(self.eyes.whole.parameters()) + tokens * each

    def seen(self, views: Sequence[View]) -> tuple[tuple[Picture, ...], Album]:
        """What the tower makes of the pictures, and the album that keeps it."""
        if not views:
            raise ValueError("at least one view")
        album = Album()
        with self.eyes.network.working("read the picture"):
            return album.pictures(views, see=self.eyes.seen), album

    def read(self, views: Sequence[View]) -> CachedReading:
        """Send the pictures through the vision tower, once.

        The prefix is filled by the first prompt, in the same forward as its question.
        """
        eyes = self.eyes
        pictures, album = self.seen(views)
        return CachedReading(
            network=eyes.network,
            eyes=eyes,
            speech=self.speech,
            views=tuple(views),
            pictures=pictures,
            cache=PromptCache(eyes.network.depth),
            album=album,
        )

    def in_lockstep(
        self, jobs: Sequence[Job[T]], *, most: int
    ) -> Steps[tuple[list[T | InspectorError], int]]:
        """Several jobs whose forwards are made together; see `domain.ports.Sharing`."""
        table, networks = lockstep.seats(self.eyes.network, count=len(jobs), most=most)
        turn = Lock()

        def encode(text: str) -> Sequence[int]:
            # A tokenizer may be changed by a call, and not by two at once.
            with turn:
                return self.speech.encode(text)

        speech = replace(self.speech, encode=encode)
        calls = []
        for job, network in zip(jobs, networks, strict=True):
            eyes: Any = self.eyes
            model = replace(self, eyes=replace(eyes, network=network), speech=speech)
            calls.append(partial(job, model, network.now))
        ended = yield from lockstep.run(table, calls, seated=networks)
        return ended, table.most


def network_of(whole: PreTrainedModel, *, placement: Placement, levels: int = 0) -> Network:
    """The language side of a checkpoint whose parts are called as in all newer ones.

    Its attention is set to the one that can be probed.

    Args:
        whole: Frozen, in evaluation mode, on the device.
        placement: Where `whole` is.
        levels: How many of the first layers add something to their output.

    Raises:
        ModelTrouble: some layers see only the last tokens.
    """
    refuse_sliding(whole.config.get_text_config().to_dict())
    whole.set_attn_implementation({"text_config": probe.install(), "vision_config": "sdpa"})
    parts: Any = whole
    text, language = parts.config.text_config, parts.model.language_model
    depth = int(text.num_hidden_layers)
    # What is added must find all tokens there.
    if levels < depth:
        probe.narrow(language.layers[-1])
    quicken(whole)
    return Network(
        language=language,
        head=parts.lm_head,
        embed=parts.get_input_embeddings(),
        depth=depth,
        context=int(text.max_position_embeddings),
        placement=placement,
    )


def facts_of(card: Card, *, placement: Placement, weights_sha256: str, depth: int) -> ModelFacts:
    """What is put on record.

    Raises:
        ModelTrouble: the card names a layer that the model does not have.
    """
    if not 0 <= card.layer < depth:
        raise ModelTrouble(
            f'The card of "{card.name}" names layer {card.layer}; '
            f"the model has layers 0 to {depth - 1}.",
            hint="Correct the layer in card.toml.",
        )
    names = (placement.device_name, placement.dtype_name)
    return ModelFacts(card.name, card.family, *names, weights_sha256, languages=card.languages)


def glance(network: Network, *, look: Callable[[], Tensor], width: int, folder: Path) -> None:
    """Send a picture through the tower: what does not fit there is found now.

    Args:
        network: Of the checkpoint.
        look: Gives the features (..., width) of a picture.
        width: That the language model reads.
        folder: Of the checkpoint, for words.

    Raises:
        ModelTrouble: the tower makes nothing that the language model could read.
        OutOfMemory: the device has no room.
    """
    trouble: Exception | None = None
    with network.working("try the vision tower"), torch.no_grad():
        try:
            features = look()
            if features.shape[-1] != width or not features.isfinite().all():
                trouble = ValueError("what it makes is not what the language model reads")
        except Exception as error:
            if is_out_of_memory(error):
                raise
            trouble = error
    if trouble is not None:
        raise ModelTrouble(
            f"The vision tower of the model in {folder} does not work ({type(trouble).__name__}).",
            hint="Its config.json is damaged: copy or download the whole checkpoint again.",
        ) from trouble


def weights_of(kind: type[Loaded], folder: Path, *, placement: Placement) -> tuple[Loaded, str]:
    """A checkpoint with its weights, and their SHA-256, which is taken meanwhile.

    Args:
        kind: The checkpoint's class; it has a part for words and one for pictures.
        folder: Of the checkpoint.
        placement: Where it shall be.

    Raises:
        ModelTrouble: incomplete or damaged.
        OutOfMemory: the device has no room.
    """
    files = checkpoint.weight_files(folder)
    with ThreadPoolExecutor(max_workers=1) as beside:
        hashed = beside.submit(checkpoint.sha256_of, files)
        whole = checkpoint.load_network(
            kind,
            folder,
            placement=placement,
            attention={"text_config": probe.install(), "vision_config": "sdpa"},
        )
    return whole, hashed.result()


def processor_of(folder: Path) -> tuple[dict[str, Any], str]:
    """What the folder's processor does to pictures, and the file that says it.

    Raises:
        ModelTrouble: no file does.
    """
    path = folder / "preprocessor_config.json"
    if path.is_file():
        return checkpoint.read_json(path), str(path)
    path = folder / "processor_config.json"
    saved = checkpoint.read_json(path).get("image_processor")
    return (saved if isinstance(saved, dict) else {}), str(path)


def check_parts(
    config: Mapping[str, Any], *, towers: Sequence[str], languages: Sequence[str], folder: Path
) -> None:
    """Refuse towers and language models that were never tried.

    Args:
        config: The checkpoint's.
        towers: Kinds of vision towers that are known, the usual one first.
        languages: Likewise, of language models.
        folder: Of the checkpoint, for words.

    Raises:
        ModelTrouble: an unknown part, or attention that cannot be rolled back.
    """
    text, vision = config.get("text_config") or {}, config.get("vision_config") or {}
    for part, known in ((vision, towers), (text, languages)):
        kind = part.get("model_type", known[0])
        if kind not in known:
            raise ModelTrouble(
                f'The checkpoint in {folder} has a part of the kind "{kind}", '
                "which this family cannot load.",
                hint=f"It loads: {', '.join(known)}.",
            )
    refuse_sliding(text, where=f"in {folder}")


def refuse_sliding(text: Mapping[str, Any], *, where: str = "of this checkpoint") -> None:
    """Refuse attention that cannot be rolled back.

    Args:
        text: The language model's part of `config.json`; or all its settings, with those that
            the file leaves to transformers (a Mistral slides where nothing is said).
        where: Completes "The language model ...".

    Raises:
        ModelTrouble: some layers see only the last tokens.
    """
    kinds = text.get("layer_types") or ()
    slides = text.get("sliding_window") and text.get("use_sliding_window", True)
    if slides or any(kind != "full_attention" for kind in kinds):
        raise ModelTrouble(
            f"The language model {where} sees only a sliding window of its prompt, "
            "which is not supported.",
            hint="Take a checkpoint with full attention.",
        )
