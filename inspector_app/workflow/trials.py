"""Experiments beside an inspection: answers that are told, and that nothing else depends on."""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.abilities import Mixing, Reweighting
from inspector_app.domain.errors import OutOfMemory, WrongUse
from inspector_app.domain.frame import View
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, Steps
from inspector_app.domain.ports import Reading
from inspector_app.domain.preset import Options
from inspector_app.domain.trial import Trial, TrialKind
from inspector_app.imaging.emphasis import factors_by_map, factors_by_regions
from inspector_app.workflow.following import Followed
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from inspector_app.workflow.stepping import Room

NO_MAP = "experiment left out: there is no map of where the model looked"
NO_REGION = "experiment left out: no region is looked at closer"
NO_MEMORY = "experiment left out: out of memory"


def inspect_and_try(
    opened: Opened,
    asked: Inspect | Followed,
    *,
    clock: Clock,
    notes: tuple[str, ...] = (),
    room: Room | None = None,
) -> Steps[Inspection]:
    """`inspecting.inspect`, then the experiments that its options want.

    Raises:
        WrongUse: as there, and for an experiment that the model cannot serve.
    """
    request = asked.request if isinstance(asked, Followed) else asked
    check_trials(request.options, opened)
    made = yield from inspect(opened, asked, clock=clock, notes=notes, room=room)
    return (yield from with_trials(opened, made))


def check_trials(options: Options, opened: Opened) -> None:
    """Refuse experiments that a model cannot serve, before anything is computed.

    Raises:
        WrongUse: it cannot.
    """
    reading, name = opened.reading, opened.model.facts.name
    if options.reweight_by and not isinstance(reading, Reweighting):
        raise WrongUse(
            f'"{name}" does not let its attention be raised.',
            hint="Leave this experiment out, or take a local model whose picture tokens lie in a "
            "grid, such as LLaVA or Qwen-VL.",
        )
    if options.mixing is not None and not isinstance(reading, Mixing):
        raise WrongUse(
            f'"{name}" does not let two answers be mixed word by word.',
            hint="Leave this experiment out, or take a local model.",
        )


def with_trials(opened: Opened, made: Inspection) -> Steps[Inspection]:
    """A finished inspection with what its experiments answered, and what could not be done.

    Args:
        opened: The picture and its reading.
        made: Verdict and vote stay as they are.
    """
    if not made.options.has_experiments:
        return made
    before, begun = opened.model.passes, time.perf_counter()
    tried: list[Trial] = []
    notes: list[str] = []
    for attempt in (_reweighted, _mixed):
        try:
            found = yield from attempt(opened.reading, made)
        except OutOfMemory:
            # An experiment never costs the inspection that it stands beside.
            found = NO_MEMORY
        if isinstance(found, Trial):
            tried.append(found)
        elif found:
            notes.append(found)
    spent = (time.perf_counter() - begun) * 1000
    return replace(
        made,
        trials=tuple(tried),
        notes=(*made.notes, *dict.fromkeys(notes)),
        passes=made.passes + (opened.model.passes - before),
        timings_ms={**made.timings_ms, "experiment": spent},
    )


def _reweighted(reading: Reading, made: Inspection) -> Steps[Trial | str]:
    """The answer with more attention to some tokens; "" where it is not wanted, else why not."""
    options = made.options
    if not options.reweight_by or not isinstance(reading, Reweighting):
        return ""
    factors = _factors(reading, made)
    if factors is None:
        return NO_MAP if options.reweight_by == "map" else NO_REGION
    answer = yield from reading.ask_reweighted(
        made.question, factors=factors, max_tokens=options.max_tokens
    )
    return Trial(TrialKind.REWEIGHTED, options.reweighting, options.reweight_by, answer)


def _mixed(reading: Reading, made: Inspection) -> Steps[Trial | str]:
    """The answer of whole picture and crops together; likewise."""
    options = made.options
    if options.mixing is None or not isinstance(reading, Mixing):
        return ""
    crops = [
        View(view.pixels, view.region, view.window)
        for view in made.views[len(reading.views) :]
        if view.pixels is not None
    ]
    if not crops:
        return NO_REGION
    answer = yield from reading.ask_mixed(
        made.question, views=crops, share=options.mixing, max_tokens=options.max_tokens
    )
    return Trial(TrialKind.MIXED, options.mixing, "", answer)


def _factors(reading: Reading, made: Inspection) -> NDArray[np.float32] | None:
    """(cells of all views,) factors; None where nothing says which to raise."""
    options, seen = made.options, made.map
    regions = [found.region for found in made.regions]
    factor = options.reweighting
    if options.reweight_by == "map":
        if seen is None:
            return None
        parts = [factors_by_map(grid, seen, factor=factor) for grid in reading.grids]
    else:
        if not regions:
            return None
        parts = [factors_by_regions(grid, regions, factor=factor) for grid in reading.grids]
    return np.concatenate([part.ravel() for part in parts])
