"""InstructBLIP: queries that read the question stand between the picture and the words."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.region import Region
from inspector_app.families import instructblip
from tests.fakes import command
from tests.fakes.steps import finish
from tests.fakes.tiny_blip import PATCH, QUERIES, SIDE, Plan, save

Q, OTHER = "What is on the red label?", "Is there a crack?"
CELLS = (SIDE // PATCH) ** 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(tmp_path_factory.mktemp("blip"), Plan())


@pytest.fixture(scope="module")
def model(folder):
    return load(folder)


def load(folder, *, precision="float32"):
    return instructblip.load(folder, device="cpu", precision=precision)


def view(size=(120, 90), box=None):
    pixels = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return View.of(Frame(pixels, Provenance("noise", "", "test")), box)


def test_the_language_model_gets_queries_and_the_map_lies_on_patches(model):
    reading = model.read([view()])

    rows = reading.attend(Q, layers=(1,))

    # 256 positions of a prompt of 32 picture tokens and some words would be a map of nothing.
    assert rows.values.shape == (1, 4, CELLS)
    assert (reading.grids[0].rows, reading.grids[0].cols) == (SIDE // PATCH,) * 2
    assert model.picture_tokens == QUERIES
    # A mean over queries of what each spreads over patches can be no more than what they got.
    assert 0 < rows.values[0].mean(axis=0).sum() < 1


def test_another_question_makes_another_picture_of_the_same_features(model):
    before = model.passes
    reading = model.read([view()])

    looks = [reading._looks(question)[0] for question in (Q, OTHER, Q)]

    assert model.passes.vision - before.vision == 1
    assert not np.allclose(looks[0].picture.features, looks[1].picture.features, atol=1e-3)
    assert looks[2] is looks[0]


def test_the_zoomed_question_shares_the_first_picture(model):
    reading = model.read([view()])
    finish(reading.ask(Q))
    before = model.passes

    finish(reading.extended([view(box=Region(10, 10, 50, 60))]).ask(Q, max_tokens=1))

    spent = model.passes - before
    words = len(model.speech.encode(reading.prompt(Q))) - 1
    assert spent.vision == 1
    assert spent.tokens_prefilled == QUERIES + words


def test_the_begin_mark_stands_behind_the_pictures(model):
    ids = model.speech.encode(model.speech.text(Q, pictures=3))

    assert ids[:4] == [3, 3, 3, 1]
    assert model.prompt_tokens(Q, pictures=3) == len(ids) - 3 + 3 * QUERIES


@pytest.mark.parametrize("size", [(120, 90), (90, 120), (64, 64), (1, 1), (9000, 30)])
def test_the_grid_covers_the_whole_picture_whatever_its_shape(model, size):
    (grid,) = model.read([view(size)]).grids

    assert (grid.x0, grid.y0, grid.x1, grid.y1) == (0, 0, *size)
    assert grid.cell == (size[0] / 4, size[1] / 4)


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_fewer_bits_answer_and_attend(folder, precision):
    model = load(folder, precision=precision)
    reading = model.read([view()])

    answer, rows = finish(reading.ask(Q, layers=(0,)))

    assert model.facts.dtype == precision
    assert answer.tokens
    assert np.isfinite(rows.values).all()
    assert reading.gradient(Q, layer=1).values.shape == (1, 4, CELLS)


def test_a_question_that_the_queries_cannot_read_is_refused(model):
    with pytest.raises(WrongUse, match="the queries read 200 tokens"):
        finish(model.read([view()]).ask("Why? " * 60))


def test_an_empty_question_is_refused(model):
    with pytest.raises(WrongUse, match="empty"):
        model.read([view()]).attend("  ", layers=(0,))


def changed(folder, tmp_path, name, change):
    """A copy of the folder with one of its files changed."""
    save(tmp_path / "changed", Plan())
    path = tmp_path / "changed" / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return tmp_path / "changed"


def test_a_card_with_a_wrong_entry_is_refused(folder, tmp_path):
    spoiled = changed(
        folder, tmp_path, "card.toml", lambda text: text.replace("entry = 2", "entry = 3")
    )

    with pytest.raises(ModelTrouble, match="cross attention 3; there are 0 to 2"):
        load(spoiled)


def test_a_checkpoint_without_a_picture_token_is_refused(folder, tmp_path):
    def without(text):
        config = json.loads(text)
        return json.dumps({key: one for key, one in config.items() if "image_token" not in key})

    with pytest.raises(ModelTrouble, match="older than the token"):
        load(changed(folder, tmp_path, "config.json", without))


def test_a_checkpoint_without_the_queries_tokenizer_is_refused(tmp_path):
    lacking = save(tmp_path / "lacking", Plan())
    for path in (lacking / "qformer_tokenizer").iterdir():
        path.unlink()

    with pytest.raises(ModelTrouble, match="qformer_tokenizer"):
        load(lacking)


def test_it_is_asked_from_the_command_line_like_any_other(folder, tmp_path, capfd):
    Image.fromarray(view((200, 150)).pixels).save(tmp_path / "picture.png")

    told = command.run(
        capfd,
        "ask",
        tmp_path / "picture.png",
        "-q",
        Q,
        "--model",
        folder,
        "--crops",
        "relative_attention",
        "--json",
        "-",
        "--quiet",
    )

    assert told.code == 0, told.err
    record = json.loads(told.out)
    assert record["model"]["family"] == "instructblip"
    assert record["maps"]
    assert record["answers"]["whole"]["text"]
