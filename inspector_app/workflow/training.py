"""Train the embedded model to its end and write its model folder."""

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.devices import machine
from inspector_app.training.embedded import Options, train
from inspector_app.training.embedded_export import Facts, export


def train_and_export(*, work: Path, out: Path | None, device: str, seed: int) -> Steps[Path]:
    """Train from where the work folder stands, then export.

    Args:
        work: Folder for drawn scenes and the checkpoint.
        out: Model folder to write; `work / "model"` when None, so that nothing shipped is
            replaced unasked.
        device: "auto", "cpu" or "cuda".
        seed: Same seed, same weights (on a CPU).

    Raises:
        InspectorError: a folder cannot be used.
    """
    options, begun = Options(work=work, seed=seed, device=device), time.monotonic()
    for progress in train(options):
        yield Step(progress.stage, progress.done, progress.total, progress)
    folder = out or work / "model"
    command = ["inspector", "train", "embedded", "--work", "WORK", "--seed", str(seed)]
    facts = Facts(
        command=shlex.join(command),
        date=datetime.now(UTC).date().isoformat(),
        seed=seed,
        steps=f"{options.read_steps} reading, {options.joint_steps} joint",
        duration=f"{(time.monotonic() - begun) / 60:.0f} min in the last run",
        machine=machine(),
    )
    yield Step("save", 0, 1)
    export(work, folder=folder, facts=facts)
    return folder
