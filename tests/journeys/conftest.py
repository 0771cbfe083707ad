"""The command line, a small real model, and a picture."""

import numpy as np
import pytest
from PIL import Image

from tests.fakes import command
from tests.fakes.tiny_llava import Plan, save

QUESTION = "Is there a crack?"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A real checkpoint, tiny and of random weights."""
    return save(tmp_path_factory.mktemp("tiny") / "model", Plan(context=512))


@pytest.fixture
def run(capfd):
    """Run the command with these arguments."""
    return lambda *arguments: command.run(capfd, *arguments)


@pytest.fixture
def ask(run, tiny_model):
    """`inspector ask` with the tiny model and a question that can have a verdict."""

    def asked(*arguments, question=QUESTION, model=tiny_model):
        return run("ask", *arguments, "-q", question, "--model", model)

    return asked


@pytest.fixture
def photo(tmp_path):
    """A PNG of noise, 400 x 300."""
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(noise).save(path)
    return path
