"""The `inspector train` commands."""

from pathlib import Path
from typing import Annotated

import typer

from inspector_app.cli.terminal import Quiet, finish, say
from inspector_app.domain.wording import inert

trainings = typer.Typer(help="Train models.", no_args_is_help=True)


@trainings.callback()
def _train() -> None:
    """Train models."""


@trainings.command("embedded")
def embedded(  # noqa: PLR0913, PLR0917  one parameter an option
    work: Annotated[Path, typer.Option(help="Folder for drawn scenes and the checkpoint.")],
    out: Annotated[Path | None, typer.Option(help="Model folder to write at the end.")] = None,
    start: Annotated[
        Path | None,
        typer.Option("--from", help="Start from the weights in this model folder."),
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Steps of the joint stage; more is better.", min=1)
    ] = None,
    read_steps: Annotated[
        int | None, typer.Option(help="Steps of the reading stage before it.", min=1)
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Learning rate of the joint stage.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    seed: Annotated[int, typer.Option(help="Same seed, same weights (on a CPU).", min=0)] = 7,
    supervised: Annotated[
        bool,
        typer.Option(
            "--attention-supervision/--no-attention-supervision",
            help="Without it nothing teaches the model where to look: the control of a study.",
        ),
    ] = True,
    quiet: Quiet = False,
) -> None:
    """Train the embedded model from scratch, from earlier weights, or go on where it stopped."""
    from inspector_app.workflow.training import recipe, train_and_export  # noqa: PLC0415  reads torch

    chosen = recipe(
        work,
        seed=seed,
        device=device,
        start=start,
        steps=steps,
        read_steps=read_steps,
        rate=rate,
        supervised=supervised,
    )
    say(inert(str(finish(train_and_export(chosen, out=out), quiet=quiet))))
