"""What an inspection will take, from the picture's size and the choices alone."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Protocol, runtime_checkable

from inspector_app import crops, plugins
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Inspect
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.preset import MOST_TOGETHER
from inspector_app.imaging.tiling import LONGEST, tiles
from inspector_app.workflow.cropping import most_crops, room_for_crops
from inspector_app.workflow.looking import Kind, tile_side

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {"gradient_attention": "gradient", "pixel_gradient": "pixel_gradient"}
)
"""How a strategy looks, where it is not by attention."""


@runtime_checkable
class Counting(Protocol):
    """A model that can tell what a prompt takes without reading it."""

    @property
    def context(self) -> int:
        """Most tokens that a prompt and its answer may have."""

    @property
    def picture_tokens(self) -> int:
        """Tokens that a picture takes in a prompt."""

    def prompt_tokens(self, question: str, *, pictures: int) -> int:
        """Tokens of the prompt with so many pictures."""

    def memory_bytes(self, tokens: int) -> int:
        """Weights, and what a prompt of so many tokens keeps beside them."""


def foresee(model: VisionModel, frame: Frame, request: Inspect) -> Forecast:
    """What an inspection will take at most, should nothing stop it from zooming.

    Args:
        model: Loaded.
        frame: The picture.
        request: Question, strategy and options.

    Raises:
        WrongUse: no such strategy, or no question.
    """
    strategy = plugins.load(crops, request.strategy)
    options = request.options
    views = max(1, len(options.windows)) if frame.values is not None else 1
    enlarged = most_crops(_crops(strategy, request), options)
    room = room_for_crops(options, model=model, views=views)
    enlarged = enlarged if room is None else min(enlarged, room)
    parts = _tiles(strategy, request, model=model, frame=frame)
    pictures = views * (1 + enlarged) + parts
    if not isinstance(model, Counting):
        return Forecast(pictures)
    each = model.picture_tokens
    words = model.prompt_tokens(request.question, pictures=0)
    idle = model.prompt_tokens(request.neutral, pictures=0) if _asks_idly(strategy, request) else 0
    read = views * each + words + idle + parts * (each + words + idle)
    together = enlarged if enlarged <= MOST_TOGETHER else 1
    if enlarged and together == enlarged:
        read += enlarged * views * each + words
    has_own = any(cut.is_asked_alone for cut in options.cuts)
    are_many = enlarged > 1 and (options.each_crop or together < enlarged)
    if are_many or (enlarged and has_own):
        read += enlarged * (views * each + words)
    if options.reweight_by:
        read += words
    if options.mixing is not None and enlarged:
        # The words once more behind the whole picture, and all of the crops by themselves.
        read += enlarged * views * each + 2 * words
    longest = model.prompt_tokens(request.question, pictures=views * (1 + together))
    return Forecast(
        pictures, each, longest, model.context, read, memory_bytes=model.memory_bytes(longest)
    )


def _crops(strategy: ModuleType, request: Inspect) -> int:
    """Most crops that will be shown."""
    if strategy.NEEDS:
        return request.options.count
    return len(request.options.rois) if request.strategy == "manual" else 0


def _kind(request: Inspect) -> Kind:
    return _KINDS.get(request.strategy, "attention")


def _asks_idly(strategy: ModuleType, request: Inspect) -> bool:
    """Whether the neutral question is asked too."""
    return bool(strategy.NEEDS) and _kind(request) != "gradient" and "ask" not in strategy.NEEDS


def _tiles(strategy: ModuleType, request: Inspect, *, model: VisionModel, frame: Frame) -> int:
    """Parts that are read beside the whole picture."""
    if not strategy.NEEDS:
        return 0
    asked: int = getattr(strategy, "BUDGET", 0)
    if asked:
        return request.options.budget or asked
    if "ask" in strategy.NEEDS and not model.can_attend:
        return 0
    side = LONGEST
    if _kind(request) == "attention":
        side = tile_side(frame.size, input_side=model.input_side)
    count = len(tiles(frame.size, longest=side))
    return count if count > 1 else 0
