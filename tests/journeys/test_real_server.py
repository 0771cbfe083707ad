"""The embedded model behind a real server says what it says at home."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from inspector_app import paths
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.families import llava, remote
from inspector_app.workflow.open import open_picture
from tests.fakes.steps import finish

# The prompt of the model's card, as a chat template.
TEMPLATE = (
    "{% for message in messages %}"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% endif %}"
    "{% endfor %}"
    "{{ '\\nUSER: ' }}"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}"
    "{% endfor %}"
    "{% endfor %}"
    "{{ '\\nASSISTANT:' }}"
)
CARD = """
name = "served"
family = "remote"
[server]
url = "http://127.0.0.1:{port}/v1"
model = "{model}"
side = 4096
[prompt]
template = "{{images}}{{question}}"
[attention]
layer = 0
"""
QUESTIONS = ("What is written on the red label?", "What is written on the blue label?")
LABEL = Region(283, 151, 401, 269)


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder with the card of a server that runs the embedded model."""
    folder = tmp_path_factory.mktemp("served")
    model = folder / "model"
    shutil.copytree(paths.shipped_models() / "embedded", model)
    (model / "chat_template.jinja").write_text(TEMPLATE, encoding="utf-8")
    port = free_port()
    (folder / "card.toml").write_text(CARD.format(port=port, model=model), encoding="utf-8")
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(model)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    surroundings = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    surroundings |= {"HF_HOME": str(folder / "hub")}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=surroundings
    ) as server:
        try:
            told = []
            for line in server.stderr:
                told.append(line)
                if "Uvicorn running" in line:
                    break
            else:
                pytest.fail("the server did not start:\n" + "".join(told[-20:]))
            yield folder
        finally:
            server.kill()


def test_a_served_model_answers_as_it_does_at_home_before_and_after_zooming(served):
    frame = open_picture(str(paths.resources() / "samples" / "parcels.png"))
    views = [View.of(frame)]
    closer = [View.of(frame, LABEL)]
    home = llava.load(paths.shipped_models() / "embedded", device="cpu", precision="float32")
    away = remote.load(served, device="auto", precision="auto")

    for question in QUESTIONS:
        said = [
            [
                finish(reading.ask(question, max_tokens=20))[0].text
                for reading in (model.read(views), model.read(views).extended(closer))
            ]
            for model in (home, away)
        ]
        assert said[0] == said[1]
        assert all(said[0])
    # This server keeps its probabilities to itself, and none are made up.
    assert not away.has_logprobs
