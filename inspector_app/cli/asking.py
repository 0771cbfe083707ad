"""How what was typed becomes a request."""

from dataclasses import replace
from typing import Literal

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.region import Region
from inspector_app.presets.templates import worded


def options_from(
    base: Options,
    *,
    count: int | None,
    gate: float | None,
    layer: int | None,
    roi: list[str] | None,
    budget: int | None = None,
) -> Options:
    """The options of a preset, with what was typed in their place.

    Raises:
        WrongUse: something typed makes no sense.
    """
    if gate is not None and not 0 <= gate <= 1:
        raise WrongUse(f"A gate is a probability from 0 to 1, not {gate}.")
    try:
        # What cannot be typed stays the preset's, whatever options there will be.
        return replace(
            base,
            count=base.count if count is None else count,
            gate=base.gate if gate is None else gate,
            rois=tuple(read_box(text) for text in roi) if roi else base.rois,
            cuts=() if roi else base.cuts,
            layer=base.layer if layer is None else layer,
            budget=base.budget if budget is None else budget,
        )
    except ValueError as error:
        raise WrongUse(f"That cannot be done: {error}.") from error


def with_experiments(
    options: Options, *, reweight: float | None, by: str, mix: float | None
) -> Options:
    """The same options with the experiments that were typed.

    Raises:
        WrongUse: a setting makes no sense.
    """
    if by and by not in {"regions", "map"}:
        raise WrongUse(f'"{by}" chooses no picture tokens.', hint="Write: regions or map.")
    if by and reweight is None and not options.reweight_by:
        raise WrongUse("There is no factor to raise attention by.", hint="Give --reweight too.")
    typed = options
    try:
        if reweight is not None or by:
            source: Literal["regions", "map"] = (
                "map" if (by or options.reweight_by) == "map" else "regions"
            )
            factor = options.reweighting if reweight is None else reweight
            typed = replace(typed, reweighting=factor, reweight_by=source)
        return typed if mix is None else replace(typed, mixing=mix)
    except ValueError as error:
        raise WrongUse(f"That cannot be done: {error}.") from error


def read_box(text: str) -> Region:
    """A box typed as x0,y0,x1,y1.

    Raises:
        WrongUse: these are not four whole numbers that make a box.
    """
    try:
        x0, y0, x1, y1 = (int(part) for part in text.split(","))
        return Region(x0, y0, x1, y1)
    except ValueError as error:
        raise WrongUse(
            f'"{text}" is no box.',
            hint="Write x0,y0,x1,y1 in whole pixels, with x0 < x1 and y0 < y1.",
        ) from error


def laid(request: Inspect, preset: Preset, frame: Frame) -> Options:
    """What was typed, and what the preset has for such a picture where nothing was."""
    brought = preset.options_for(frame.size, is_deep=frame.values is not None)
    typed = request.options
    rois = typed.rois or (brought.rois if request.strategy == "manual" else ())
    cuts = brought.cuts if rois == brought.rois else typed.cuts
    return replace(typed, rois=rois, cuts=cuts, windows=typed.windows or brought.windows)


def worked_by(preset: Preset, request: Inspect, frame: Frame) -> Inspect:
    """A request as the preset has it for this picture, and what its record says of that.

    Boxes that were typed and are exactly the preset's own are no change of it.
    """
    own = preset.options_for(frame.size).rois
    is_redrawn = request.options.rois not in {(), own}
    follows = not is_redrawn and request.strategy == preset.strategy
    note = preset.note(strategy=request.strategy, options=request.options, is_redrawn=is_redrawn)
    return replace(
        request,
        options=laid(request, preset, frame),
        notes=(note, *request.notes),
        template=preset.template_picture if follows else "",
    )


def wanted_model(preset: Preset | None, typed: LoadModel) -> LoadModel:
    """The model of the preset, unless one was typed."""
    if preset is None:
        return typed
    usual = LoadModel("embedded")
    name = typed.model if typed.model != usual.model else preset.model or usual.model
    precision = typed.precision if typed.precision != usual.precision else preset.precision
    return replace(typed, model=name, precision=precision or usual.precision)


def default_strategy(preset: str, roi: list[str] | None) -> str:
    """The strategy where none was typed."""
    if roi:
        return "manual"
    return preset or "relative_attention"


def strays(preset: Preset, question: str) -> bool:
    """Whether a typed question is one that the preset's rules were not made for, nor suit."""
    typed = question.strip()
    if not typed or preset.rules is None or preset.rules.suit(typed):
        return False
    return typed not in {preset.question.strip(), worded(preset, "")}
