"""Train the embedded model to its end and write its model folder."""

import shlex
import time
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.files import make_folder
from inspector_app.runtime.devices import choose, machine
from inspector_app.training.embedded import Options, train
from inspector_app.training.embedded_export import Facts, export
from inspector_app.training.embedded_losses import UNSUPERVISED, Weights


def recipe(  # noqa: PLR0913  one parameter an option
    work: Path,
    *,
    seed: int,
    device: str,
    start: Path | None = None,
    steps: int | None = None,
    read_steps: int | None = None,
    rate: float | None = None,
    supervised: bool = True,
) -> Options:
    """How to train, from what the command line was told; the shipped recipe for the rest.

    Raises:
        WrongUse: A rate that is no learning rate.
    """
    usual = Options(work=work, seed=seed, device=device, start=start)
    if rate is not None and not 0 < rate < 1:
        raise WrongUse(f"A learning rate is above 0 and below 1, not {rate}.")
    return replace(
        usual,
        joint_steps=steps or usual.joint_steps,
        read_steps=read_steps or usual.read_steps,
        joint_rate=usual.joint_rate if rate is None else rate,
        weights=Weights() if supervised else UNSUPERVISED,
    )


def train_and_export(options: Options, *, out: Path | None) -> Steps[Path]:
    """Train from where the work folder stands, then export.

    Args:
        options: How, on which device, and in which work folder.
        out: Model folder to write; "model" in the work folder when None, so that nothing
            shipped is replaced unasked.

    Raises:
        InspectorError: a folder cannot be used, or there is no such device.
    """
    folder, begun = out or options.work / "model", time.monotonic()
    before = runs_before(options.start) if options.start else ()
    # What would stand in the way at the end is found before an hour of training.
    choose(options.device, "auto")
    for needed in (options.work, folder):
        make_folder(needed)
    for progress in train(options):
        yield Step(progress.stage, progress.done, progress.total, progress)
    command = ["inspector", "train", "embedded", "--work", "WORK", "--seed", str(options.seed)]
    command += ["--steps", str(options.joint_steps), "--rate", str(options.joint_rate)]
    reading = f"{options.read_steps} reading"
    if not options.start and options.read_steps != Options(options.work).read_steps:
        command += ["--read-steps", str(options.read_steps)]
    if not options.weights.supervises_attention:
        command += ["--no-attention-supervision"]
    if options.start:
        command += ["--from", "BEFORE"]
        reading = f"{options.heads_steps} of the patch classifiers alone"
    facts = Facts(
        command=shlex.join(command),
        date=datetime.now(UTC).date().isoformat(),
        seed=options.seed,
        steps=f"{reading}, {options.joint_steps} joint",
        duration=f"{(time.monotonic() - begun) / 60:.0f} min in the last run",
        machine=machine(),
        supervised=options.weights.supervises_attention,
        before=before,
    )
    yield Step("save", 0, 1)
    export(options.work, folder=folder, facts=facts, shape=options.shape)
    return folder


def runs_before(folder: Path) -> tuple[dict[str, Any], ...]:
    """The runs that led to the weights in a model folder, from its card; the first one first.

    Raises:
        WrongUse: There is no card, or it tells of no training.
    """
    try:
        card = tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))
        run = dict(card["training"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(
            f"{folder} is not the folder of a model that this command made.",
            hint="Give a folder whose card.toml tells how it was trained.",
        ) from error
    run.pop("figures", None)
    return (*run.pop("before", ()), run)
