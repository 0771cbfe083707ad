"""A picture read at another resolution than the model takes in by itself."""

from collections.abc import Callable, Sequence

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.ports import Reading, VisionModel


def read_at(model: VisionModel, views: Sequence[View], *, resolution: float) -> Reading:
    """Let a model read views, each at so many times its own side.

    Args:
        model: Reads at its own side where `resolution` is 1.
        views: In prompt order; one where the resolution is another.
        resolution: See `domain.preset.Options`.

    Raises:
        WrongUse: the model reads pictures at one side only, or there are several views.
    """
    if resolution == 1:
        return model.read(views)
    read_larger: Callable[..., Reading] | None = getattr(model, "read_larger", None)
    if read_larger is None:
        raise WrongUse(
            f'"{model.facts.name}" reads pictures at one resolution only.',
            hint="Set the input resolution of the preset to 1.",
        )
    if len(views) > 1:
        raise WrongUse(
            "Several grey windows are read at the model's own resolution only.",
            hint="Set the input resolution of the preset to 1, or send one window.",
        )
    return read_larger(views[0], side=side_at(model, resolution=resolution))


def side_at(model: VisionModel, *, resolution: float) -> int:
    """So many times the model's own side, in whole cells of its grid."""
    cell = int(getattr(model, "cell_side", 1))
    return max(1, round(resolution * model.input_side / cell)) * cell


def can_resolve(model: VisionModel) -> bool:
    """Whether the model reads pictures at other resolutions than its own."""
    return hasattr(model, "read_larger")
