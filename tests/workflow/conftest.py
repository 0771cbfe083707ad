"""Pictures on disk, and a workbench whose family is a fake."""

import numpy as np
import pytest
import tomli_w
from PIL import Image

from inspector_app import paths
from inspector_app.domain.frame import View
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region
from inspector_app.families import llava
from inspector_app.workflow import gathering, places
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from inspector_app.workflow.workbench import Workbench
from tests.fakes.hub import REPOSITORY, Hub, serving
from tests.fakes.look import fake_frame
from tests.fakes.model import FakeModel, said
from tests.fakes.steps import walk
from tests.fakes.tiny_llava import Plan, save
from tests.workflow.pulled import ARCHITECTURE, SMALL

QUESTION = "Is there a crack?"
SEARCHES = ("relative_attention", "gradient_attention", "pixel_gradient")
PEAK = (330.0, 70.0)
TWO = (Region(0, 0, 40, 40), Region(300, 200, 350, 250))

CARD = """
name = "fake"
family = "llava"
title = "Fake"
[prompt]
template = "{images} {question}"
[attention]
layer = 1
"""


def whole_then(zoomed, *, whole="no", sure=0.9):
    """A script: one answer to the whole picture, another once crops are shown."""
    return lambda boxes, question: said(whole if len(boxes) == 1 else zoomed, sure=sure)


def manual(*boxes, **more):
    """What makes a request one for regions drawn by hand."""
    return {"strategy": "manual", "options": Options(rois=boxes, **more)}


def ask_for(locator="picture.png", **changes):
    """A request with the given parts."""
    names = {"question": QUESTION, "strategy": "relative_attention", "options": Options()}
    return Inspect(locator, **{**names, **changes})


class Told:
    """One inspection of a frame by a fake model: its steps and its record."""

    def __init__(self, model, size=(400, 300), *, opened=None, **changes):
        self.model = model
        if opened is None:
            frame = fake_frame(size)
            opened = Opened(frame, model, model.read([View.of(frame)]))
        self.opened = opened
        self.steps, self.found = walk(inspect(opened, ask_for(**changes), clock=Clock()))

    @property
    def stages(self):
        """The stages in the order in which they began."""
        return list(dict.fromkeys(step.stage for step in self.steps))


def looking():
    """A fake model that looks at `PEAK`."""
    return FakeModel(peak=PEAK)


@pytest.fixture
def bench():
    """A workbench as the program has it, closed at the end."""
    made = Workbench()
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path):
    """A file of noise, 400 x 300."""
    return write_picture(tmp_path / "picture.png")


def write_picture(path, *, size=(400, 300), seed=0):
    """A PNG of noise; returns its path as text."""
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).save(path)
    return str(path)


class Bench:
    """A workbench whose family hands out fakes, one a load."""

    def __init__(self, folder):
        self.bench = Workbench()
        self.folder = folder
        self.models = []
        self.next_model = FakeModel
        self.loads = []

    def load(self, folder, *, device, precision):
        assert folder == self.folder
        self.loads.append((device, precision))
        model = self.next_model()
        self.models.append(model)
        return model

    def request(self, locator, **changes):
        return ask_for(locator, model=LoadModel(str(self.folder)), **changes)


@pytest.fixture
def fake_bench(tmp_path, monkeypatch):
    """A workbench with fakes in the place of the family's checkpoints."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "card.toml").write_text(CARD, encoding="utf-8")
    made = Bench(folder)
    monkeypatch.setattr(llava, "load", made.load)
    yield made
    made.bench.close()


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """A real checkpoint, tiny and of random weights."""
    return save(tmp_path_factory.mktemp("tiny") / "model", Plan(context=512))


@pytest.fixture
def impatient(monkeypatch):
    """Pulls that wait for nothing, in small blocks, from no other hub."""
    monkeypatch.setattr(gathering, "_FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(gathering, "_LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(places, "_BLOCK", 1 << 16)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)


@pytest.fixture
def card():
    """A card without weights, such as those that come with the program."""
    folder = paths.user_models() / "some-model"
    folder.mkdir(parents=True)
    told = {
        "name": "some-model",
        "family": "llava",
        "prompt": {"template": "{images}\nUSER: {question}\nASSISTANT:"},
        "attention": {"layer": 2},
        "checkpoint": {"repository": REPOSITORY},
        "architecture": {"architectures": [ARCHITECTURE]},
    }
    (folder / "card.toml").write_bytes(tomli_w.dumps(told).encode())
    return folder


@pytest.fixture
def hub():
    """A hub with the small checkpoint."""
    with serving(Hub(dict(SMALL))) as running:
        yield running
