"""The benchmarks: `inspector bench ...`."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from inspector_app.cli.labelled import bench_layers, bench_size, bench_tune
from inspector_app.cli.terminal import (
    JsonFile,
    ModelName,
    Quiet,
    Seed,
    Strategies,
    Strategy,
    finish,
    show,
)

Turns = Annotated[int, typer.Option(help="Repetitions of each arm.", min=1)]
Memory = Annotated[bool, typer.Option(help="Measure peak memory too.")]
ProcessorTime = Annotated[
    bool, typer.Option("--processor-time", help="Count processor time: for busy machines.")
]
benches = typer.Typer(help="Measure; ratios are of one run.", no_args_is_help=True)


def from_app(name: str) -> Callable[..., Any]:
    """A function of the composed program; the command line does not know Qt."""
    import importlib  # noqa: PLC0415  only here

    unattended = importlib.import_module("inspector_app.app.unattended")
    found: Callable[..., Any] = getattr(unattended, name)
    return found


@benches.command("engine")
def bench_engine(
    turns: Turns = 5,
    json_file: JsonFile = None,
    memory: Memory = True,
    processor_time: ProcessorTime = False,
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
    turns: Turns = 3,
    json_file: JsonFile = None,
    memory: Memory = True,
    processor_time: ProcessorTime = False,
    quiet: Quiet = False,
) -> None:
    """What `engine` measures, for every local family at its real depth."""
    from inspector_app.workflow.bench.families import run  # noqa: PLC0415  reads torch

    steps = run(families=family or (), turns=turns, memory=memory, processor_time=processor_time)
    show(finish(steps, quiet=quiet), json_file)


@benches.command("batch")
def bench_batch(  # noqa: PLR0913, PLR0917  one parameter an option
    crops: Strategies = None,
    pictures: Annotated[int, typer.Option(help="Inspected at the same time.", min=2, max=16)] = 16,
    turns: Turns = 3,
    model: ModelName = "embedded",
    processor_time: ProcessorTime = False,
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
    seed: Seed = 0,
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
    seed: Seed = 0,
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


benches.command("size")(bench_size)
benches.command("layers")(bench_layers)
benches.command("tune")(bench_tune)


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
