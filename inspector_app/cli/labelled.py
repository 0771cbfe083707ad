"""The benchmarks on labelled pictures, drawn or one's own: `bench size`, `layers` and `tune`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

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
    Seed,
    Strategies,
    finish,
    say,
    show,
)
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import LoadModel
from inspector_app.domain.operators import Right
from inspector_app.domain.preset import Options, Preset

if TYPE_CHECKING:
    from inspector_app.workflow.bench.layers_table import Studied
    from inspector_app.workflow.bench.size import Pictures
    from inspector_app.workflow.bench.size_table import SizeBench

Found = TypeVar("Found")
Study = Annotated[
    Path | None,
    typer.Argument(help="JSON of image, question, answers, box; none draws scenes."),
]
Bins = Annotated[
    list[str] | None, typer.Option("--bin", help="Only scenes of: small, medium, large.")
]
Boxes = Annotated[str, typer.Option(help="How the study writes boxes: xyxy or xywh.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write the table.")]
Figure = Annotated[Path | None, typer.Option(help="Draw it: .svg, .png or .pdf.")]


def bench_size(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Study = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 100,
    crops: Strategies = None,
    bins: Bins = None,
    boxes: Boxes = "xyxy",
    count: Count = None,
    experiments: Annotated[
        bool, typer.Option("--experiments", help="Raised attention and mixed answers too.")
    ] = False,
    model: ModelName = "embedded",
    seed: Seed = 0,
    csv_file: CsvFile = None,
    figure: Figure = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Accuracy by size of the target: whole, every strategy, and controls of equal cost."""
    from inspector_app.workflow.bench.chart import svg  # noqa: PLC0415
    from inspector_app.workflow.bench.size import run  # noqa: PLC0415  reads torch

    _check_figure(figure)
    pictures = _pictures(study, boxes=boxes, scenes=scenes, bins=bins or (), seed=seed)
    steps = run(
        pictures,
        model=model,
        strategies=crops or (),
        options=Options(count=count or 1),
        experiments=experiments,
    )
    found = finish(steps, quiet=quiet)
    _tell(found, json_file=json_file, csv_file=csv_file)
    _draw(found, svg, figure)


def bench_layers(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Study = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 50,
    bins: Bins = None,
    boxes: Boxes = "xyxy",
    model: Annotated[
        list[str] | None,
        typer.Option(help="Name of a model, or its folder; may be given several times."),
    ] = None,
    seed: Seed = 0,
    csv_file: CsvFile = None,
    figure: Figure = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Attention inside the true box, layer by layer, for right and wrong answers apart."""
    from inspector_app.workflow.bench.layers import run  # noqa: PLC0415  reads torch
    from inspector_app.workflow.bench.layers_table import svg  # noqa: PLC0415

    _check_figure(figure)
    pictures = _pictures(study, boxes=boxes, scenes=scenes, bins=bins or (), seed=seed)
    found = finish(run(pictures, models=model or ("embedded",)), quiet=quiet)
    _tell(found, json_file=json_file, csv_file=csv_file)
    _draw(found, svg, figure)


def bench_tune(  # noqa: PLR0913, PLR0917  one parameter an option
    study: Annotated[
        Path | None,
        typer.Argument(help="JSON of image, question, answers; none draws scenes."),
    ] = None,
    scenes: Annotated[int, typer.Option(help="Scenes per size bin and trade.", min=1)] = 10,
    crops: Strategies = None,
    boxes: Boxes = "xyxy",
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
    from inspector_app.workflow.bench.tune import run  # noqa: PLC0415  reads torch

    if save:
        acting(Right.PRESETS)
        presets.check_name(save)
    base = presets.preset(preset) if preset else Preset(save, save, "auto", Options())
    pictures = _pictures(study, boxes=boxes, scenes=scenes, seed=seed)
    wanted = wanted_model(base, LoadModel(model)).model
    found = finish(run(pictures, model=wanted, strategies=crops or ()), quiet=quiet)
    show(found, json_file)
    if save:
        tuned = found.chosen.onto(base)
        path = presets.save_preset(replace(tuned, name=save, title=tuned.title or save))
        say(f"Kept as the preset {save}: {path}")


def _pictures(
    study: Path | None, *, boxes: str, scenes: int, seed: int, bins: Sequence[str] = ()
) -> "Pictures":
    from inspector_app.workflow.bench.size import Pictures  # noqa: PLC0415  reads torch

    return Pictures(
        study=study,
        is_width_height=_is_width_height(boxes),
        scenes=scenes,
        bins=_known_bins(bins),
        seed=seed,
    )


def _tell(found: "SizeBench | Studied", *, json_file: Path | None, csv_file: Path | None) -> None:
    show(found, json_file)
    if csv_file is not None:
        files.write_whole(csv_file, found.as_csv().encode())


def _draw(found: Found, svg: Callable[[Found], str], figure: Path | None) -> None:
    from inspector_app.workflow.bench.drawing import write_drawing  # noqa: PLC0415  reads typst

    if figure is not None:
        write_drawing(svg(found), figure)


def _check_figure(figure: Path | None) -> None:
    """Better now than after an hour."""
    from inspector_app.workflow.bench.drawing import check_ending  # noqa: PLC0415  reads typst

    if figure is not None:
        check_ending(figure)


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
