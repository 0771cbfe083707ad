"""Train the embedded model to its end and write its model folder."""

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

from inspector_app.domain.messages import Step, Steps
from inspector_app.files import make_folder
from inspector_app.runtime.devices import choose, machine
from inspector_app.training.embedded import Options, train
from inspector_app.training.embedded_export import Facts, export


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
    # What would stand in the way at the end is found before an hour of training.
    choose(options.device, "auto")
    for needed in (options.work, folder):
        make_folder(needed)
    for progress in train(options):
        yield Step(progress.stage, progress.done, progress.total, progress)
    command = ["inspector", "train", "embedded", "--work", "WORK", "--seed", str(options.seed)]
    facts = Facts(
        command=shlex.join(command),
        date=datetime.now(UTC).date().isoformat(),
        seed=options.seed,
        steps=f"{options.read_steps} reading, {options.joint_steps} joint",
        duration=f"{(time.monotonic() - begun) / 60:.0f} min in the last run",
        machine=machine(),
    )
    yield Step("save", 0, 1)
    export(options.work, folder=folder, facts=facts, shape=options.shape)
    return folder
