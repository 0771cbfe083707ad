"""Checkpoints with a value that makes no sense, and what is said of them."""

import json

import numpy as np

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import LoadModel
from inspector_app.workflow.workbench import Workbench
from tests.fakes.steps import finish


def spoil(file, path, value):
    """Put a value into a JSON file, at the end of a path of keys."""
    saved = json.loads(file.read_text())
    at = saved
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    file.write_text(json.dumps(saved))


def trouble_with(folder):
    """The trouble that loading a checkpoint and asking it makes; None where there is none."""
    bench = Workbench()
    try:
        finish(bench.load(LoadModel(str(folder), "cpu")))
        pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
        frame = Frame(pixels, Provenance("a", "0" * 64, "PNG"))
        reading = bench.model_in_use().read([View.of(frame)])
        finish(reading.ask("What is it?", layers=(2,), max_tokens=2))
    except ModelTrouble as trouble:
        return trouble
    finally:
        bench.close()
    return None
