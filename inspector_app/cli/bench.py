"""The benchmarks: `inspector bench ...`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from inspector_app import files, presets
from inspector_app.cli.access import acting
from inspector_app.cli.asking import wanted_model
from inspector_app.cli.terminal import (
    Count,
    JsonFile,
    ModelName,
    PresetName,
    Quiet,
    Strategy,
    finish,
    say,
    show,
)
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import LoadModel
from inspector_app.domain.operators import Right
from inspector_app.domain.preset import Options, Preset

benches = typer.Typer(help="Measure; ratios are of one run.", no_args_is_help=True)


def from_app(name: str) -> Callable[..., Any]:
    """A function of the composed program; the command line does not know Qt."""
    import importlib  # noqa: PLC0415  only here

    unattended = importlib.import_module("inspector_app.app.unattended")
    found: Callable[..., Any] = getattr(unattended, name)
    return found


@benches.command("engine")
def bench_engine(
    turns: Annotated[int, typer.Option(help="Repetitions of each arm.", min=1)] = 5,
    json_file: JsonFile = None,
    memory: Annotated[bool, typer.Option(help="Measure peak memory too.")] = True,
    processor_time: Annotated[
        bool, typer.Option("--processor-time", help="Count processor time: for busy machines.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """The shared-prefix engine against the published procedure and against the floor."""
    from inspector_app.workflow.bench.engine import run  # noqa: PLC0415  reads torch

    show(
        finish(run(turns=turns, memory=memory, processor_time=processor_time), quiet=quiet),
        json_file,
    )


@benches.command("families")
def bench_families(
    family: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be said again.")
    ] = None,
    turns: Annotated[int, typer.Option(help="Repetitions of each arm.", min=1)] = 3,
    json_file: JsonFile = None,
    memory: Annotated[bool, typer.Option(help="Measure peak memory too.")] = True,
    processor_time: Annotated[
        bool, typer.Option("--processor-time", help="Count processor time: for busy machines.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """What `engine` measures, for every local family at its real depth."""
    from inspector_app.workflow.bench.families import run  # noqa: PLC0415  reads torch

    steps = run(families=family or (), turns=turns, memory=memory, processor_time=processor_time)
    show(finish(steps, quiet=quiet), json_file)


@benches.command("batch")
def bench_batch(  # noqa: PLR0913, PLR0917  one parameter an option
    crops: Annotated[
        list[str] | None, typer.Option(help="Only this strategy; may be given several times.")
    ] = None,
    pictures: Annotated[int, typer.Option(help="Inspected at the same time.", min=2, max=16)] = 16,
    turns: Annotated[int, typer.Option(help="Repetitions of each arm.", min=1)] = 3,
    model: ModelName = "embedded",
    processor_time: Annotated[
        bool, typer.Option("--processor-time", help="Count processor time: for busy machines.")
    ] = False,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Pictures inspected together against one by one: time, and whether all is the same."""
    from inspector_app.workflow.bench.batch import STRATEGIES, run  # noqa: PLC0415  reads torch

    steps = run(
        strategies=crops or STRATEGIES,
        pictures=pictures,
        turns=turns,
        model=model,
        processor_time=processor_time,
    )
    show(finish(steps, quiet=quiet), json_file)


@benches.command("killed")
def bench_killed(  # noqa: PLR0913, PLR0917  one parameter an option
    pictures: Annotated[int, typer.Option(help="In the folder.", min=2)] = 1000,
    kills: Annotated[int, typer.Option(help="How often the batch is killed.", min=1)] = 5,
    crops: Strategy = "whole",
    model: ModelName = "embedded",
    seed: Annotated[int, typer.Option(help="Other seeds kill at other moments.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """A batch that is killed again and again: was every picture inspected exactly once?"""
    from inspector_app.workflow.bench.killed import run  # noqa: PLC0415  only here

    steps = run(pictures=pictures, kills=kills, strategy=crops, model=model, seed=seed)
    show(finish(steps, quiet=quiet), json_file)


@benches.command("planted")
def bench_planted(
    scenes: Annotated[int, typer.Option(help="Scenes of each trade.", min=1)] = 20,
    fuse: Annotated[bool, typer.Option(help="Average boxes of the same thing.")] = True,
    model: ModelName = "embedded",
    seed: Annotated[int, typer.Option(help="Other seeds draw other scenes.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Small things in scenes of 4,000 x 4,000 pixels, searched in tiles of several scales."""
    from inspector_app.workflow.bench.planted import run  # noqa: PLC0415  reads torch

    show(finish(run(scenes=scenes, fuse=fuse, model=model, seed=seed), quiet=quiet), json_file)


@benches.command("checkpoints")
def bench_checkpoints(  # noqa: PLR0913, PLR0917  one parameter an option
    model: Annotated[
        list[str] | None, typer.Option(help="Only this card; may be said again.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N.")] = "auto",
    precision: Annotated[str, typer.Option(help="auto, float32, bfloat16, float16.")] = "auto",
    turns: Annotated[int, typer.Option(help="Repetitions of each chain.", min=1)] = 5,
    scale: Annotated[
        int, typer.Option(help="Times narrower and shallower, to try it; 1 as published.", min=1)
    ] = 1,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Published layouts with random weights: each preset's time by stage, and peak memory."""
    from inspector_app.workflow.bench.checkpoints import run  # noqa: PLC0415  reads torch

    steps = run(models=model or (), device=device, precision=precision, turns=turns, scale=scale)
    show(finish(steps, quiet=quiet), json_file)


@benches.command("embedded")
def bench_embedded(
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 300,
    model: ModelName = "embedded",
    seed: Annotated[int, typer.Option(help="Other seeds draw other scenes.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Accuracy on held-out scenes: whole picture, each strategy, and honest controls."""
    from inspector_app.workflow.bench.embedded import run  # noqa: PLC0415  reads torch

    show(finish(run(scenes=scenes, model=model, seed=seed), quiet=quiet), json_file)


@benches.command("precision")
def bench_precision(
    scenes: Annotated[int, typer.Option(help="Scenes of each trade.", min=1)] = 100,
    model: ModelName = "embedded",
    device: Annotated[str, typer.Option(help="cpu, cuda.")] = "cpu",
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """What fewer bits save in memory, and how many answers stay those of float32."""
    from inspector_app.workflow.bench.precision import run  # noqa: PLC0415  reads torch

    show(finish(run(scenes=scenes, model=model, device=device), quiet=quiet), json_file)


@benches.command("size")
def bench_size(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Annotated[
        Path | None,
        typer.Argument(help="JSON of image, question, answers, box; none draws scenes."),
    ] = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 100,
    crops: Annotated[
        list[str] | None, typer.Option(help="Only this strategy; may be given several times.")
    ] = None,
    bins: Annotated[
        list[str] | None, typer.Option("--bin", help="Only scenes of: small, medium, large.")
    ] = None,
    boxes: Annotated[str, typer.Option(help="How the study writes boxes: xyxy or xywh.")] = "xyxy",
    count: Count = None,
    experiments: Annotated[
        bool, typer.Option("--experiments", help="Raised attention and mixed answers too.")
    ] = False,
    model: ModelName = "embedded",
    seed: Annotated[int, typer.Option(help="Other seeds draw other scenes.", min=0)] = 0,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the table.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw it: .svg, .png or .pdf.")] = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Accuracy by size of the target: whole, every strategy, and controls of equal cost."""
    from inspector_app.workflow.bench.chart import check_ending, write_chart  # noqa: PLC0415
    from inspector_app.workflow.bench.size import Pictures, run  # noqa: PLC0415  reads torch

    if figure is not None:
        # Better now than after an hour.
        check_ending(figure)
    pictures = Pictures(
        study=study,
        is_width_height=_is_width_height(boxes),
        scenes=scenes,
        bins=_known_bins(bins or ()),
        seed=seed,
    )
    steps = run(
        pictures,
        model=model,
        strategies=crops or (),
        options=Options(count=count or 1),
        experiments=experiments,
    )
    found = finish(steps, quiet=quiet)
    show(found, json_file)
    if csv_file is not None:
        files.write_whole(csv_file, found.as_csv().encode())
    if figure is not None:
        write_chart(found, figure)


@benches.command("layers")
def bench_layers(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Annotated[
        Path | None,
        typer.Argument(help="JSON of image, question, answers, box; none draws scenes."),
    ] = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 50,
    bins: Annotated[
        list[str] | None, typer.Option("--bin", help="Only scenes of: small, medium, large.")
    ] = None,
    boxes: Annotated[str, typer.Option(help="How the study writes boxes: xyxy or xywh.")] = "xyxy",
    model: Annotated[
        list[str] | None,
        typer.Option(help="Name of a model, or its folder; may be given several times."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Other seeds draw other scenes.", min=0)] = 0,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the table.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw it: .svg, .png or .pdf.")] = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Attention inside the true box, layer by layer, for right and wrong answers apart."""
    from inspector_app.workflow.bench.chart import check_ending  # noqa: PLC0415
    from inspector_app.workflow.bench.layers import run  # noqa: PLC0415  reads torch
    from inspector_app.workflow.bench.layers_table import write_figure  # noqa: PLC0415
    from inspector_app.workflow.bench.size import Pictures  # noqa: PLC0415  reads torch

    if figure is not None:
        check_ending(figure)
    pictures = Pictures(
        study=study,
        is_width_height=_is_width_height(boxes),
        scenes=scenes,
        bins=_known_bins(bins or ()),
        seed=seed,
    )
    found = finish(run(pictures, models=model or ("embedded",)), quiet=quiet)
    show(found, json_file)
    if csv_file is not None:
        files.write_whole(csv_file, found.as_csv().encode())
    if figure is not None:
        write_figure(found, figure)


@benches.command("tune")
def bench_tune(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Annotated[
        Path | None,
        typer.Argument(help="JSON of image, question, answers; none draws scenes."),
    ] = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 10,
    crops: Annotated[
        list[str] | None, typer.Option(help="Only this strategy; may be given several times.")
    ] = None,
    boxes: Annotated[str, typer.Option(help="How the study writes boxes: xyxy or xywh.")] = "xyxy",
    preset: PresetName = "",
    save: Annotated[
        str, typer.Option(help="Keep the choice as a preset of this name, made of --preset.")
    ] = "",
    model: ModelName = "embedded",
    seed: Annotated[int, typer.Option(help="Other seeds divide otherwise.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Which strategy, count of crops, scales and gate suit your own labelled pictures."""
    from inspector_app.workflow.bench.size import Pictures  # noqa: PLC0415  reads torch
    from inspector_app.workflow.bench.tune import run  # noqa: PLC0415  reads torch

    if save:
        acting(Right.PRESETS)
        presets.check_name(save)
    base = presets.preset(preset) if preset else Preset(save, save, "auto", Options())
    pictures = Pictures(
        study=study, is_width_height=_is_width_height(boxes), scenes=scenes, seed=seed
    )
    wanted = wanted_model(base, LoadModel(model)).model
    found = finish(run(pictures, model=wanted, strategies=crops or ()), quiet=quiet)
    show(found, json_file)
    if save:
        tuned = found.chosen.onto(base)
        path = presets.save_preset(replace(tuned, name=save, title=tuned.title or save))
        say(f"Kept as the preset {save}: {path}")


def _is_width_height(boxes: str) -> bool:
    if boxes not in {"xyxy", "xywh"}:
        raise WrongUse(f'"{boxes}" is no way to write boxes.', hint="Choose xyxy or xywh.")
    return boxes == "xywh"


def _known_bins(bins: Sequence[str]) -> tuple[str, ...]:
    known = ("small", "medium", "large")
    unknown = [name for name in bins if name not in known]
    if unknown:
        raise WrongUse(f'There is no size bin "{unknown[0]}".', hint=f"Choose: {', '.join(known)}.")
    return tuple(name for name in known if not bins or name in bins)


@benches.command("window")
def bench_window(
    seconds: Annotated[float, typer.Option(help="How long to pan.", min=1)] = 30,
    json_file: JsonFile = None,
) -> None:
    """Start-up time, and gaps of the event loop while the model runs and the canvas pans."""
    show(from_app("measure_window")(seconds), json_file)


@benches.command("canvas")
def bench_canvas(
    seconds: Annotated[float, typer.Option(help="How long to drag.", min=4)] = 60,
    json_file: JsonFile = None,
) -> None:
    """From event to paint while the model runs; big pictures until they are seen, and memory."""
    show(from_app("measure_canvas")(seconds), json_file)


class TradesPart(StrEnum):
    """What `bench trades` can measure by itself."""

    ACCURACY = "accuracy"
    REGISTRATION = "registration"
    INJECTIONS = "injections"


@benches.command("trades")
def bench_trades(  # noqa: PLR0913, PLR0917  one parameter an option
    cases: Annotated[
        int, typer.Option(help="Parts that moved, and as many wrong ones; 0 for none.", min=0)
    ] = 500,
    pictures: Annotated[
        int, typer.Option(help="Pictures with commands in them; 0 for none.", min=0)
    ] = 200,
    scenes: Annotated[
        int, typer.Option(help="Held-out scenes for each shipped preset; 0 for none.", min=0)
    ] = 300,
    part: Annotated[
        TradesPart | None, typer.Option(help="Only this part.", show_default=False)
    ] = None,
    model: ModelName = "embedded",
    processes: Annotated[int, typer.Option(help="At work at the same time.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="Other seeds draw other cases.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Presets against their aims; parts that moved; words in pictures that command a PASS."""
    from inspector_app.workflow.bench.trades import run  # noqa: PLC0415  reads torch

    steps = run(
        cases=cases if part in {None, TradesPart.REGISTRATION} else 0,
        pictures=pictures if part in {None, TradesPart.INJECTIONS} else 0,
        scenes=scenes if part in {None, TradesPart.ACCURACY} else 0,
        model=model,
        processes=processes,
        seed=seed,
    )
    show(finish(steps, quiet=quiet), json_file)


@benches.command("sources")
def bench_sources(
    count: Annotated[
        int, typer.Option(help="Damaged copies of each format; 10,000 for the full bench.", min=1)
    ] = 200,
    seed: Annotated[int, typer.Option(help="Other seeds make other copies.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Time to open pictures; damaged files and bombs through the decoder's process."""
    from inspector_app.workflow.bench.sources import run  # noqa: PLC0415  only here

    show(finish(run(count=count, seed=seed), quiet=quiet), json_file)


@benches.command("records")
def bench_records(
    records: Annotated[int, typer.Option(help="Inspections in the store.", min=1)] = 100_000,
    pictures: Annotated[int, typer.Option(help="In the large report.", min=1)] = 500,
    kills: Annotated[
        int, typer.Option(help="Kill the program so often instead, and see what is lost.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Other seeds draw other records.", min=0)] = 0,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Open, search and add to many records, and write reports about them."""
    if kills:
        show(from_app("measure_kills")(kills, seed), json_file)
        return
    from inspector_app.workflow.bench.records import run  # noqa: PLC0415  only here

    show(finish(run(records=records, pictures=pictures, seed=seed), quiet=quiet), json_file)
