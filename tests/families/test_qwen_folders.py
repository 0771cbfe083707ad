"""A Qwen folder that is not right is one clear sentence, and older folders are right."""

import json
import shutil

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.frame import Frame, Provenance, View
from tests.fakes.spoiling import spoil, trouble_with
from tests.fakes.steps import finish
from tests.families.conftest import QWEN_PLANS, Pair

FAMILIES = ("qwen2.5-vl", "qwen3-vl")


@pytest.fixture(scope="module", params=FAMILIES)
def good(request, tmp_path_factory) -> Pair:
    return Pair(tmp_path_factory.mktemp("qwen"), QWEN_PLANS[request.param])


@pytest.fixture
def folder(good, tmp_path):
    """A copy of a good folder, to be spoilt."""
    return shutil.copytree(good.folder, tmp_path / "model")


@pytest.fixture
def load(good):
    return lambda folder: good.family.load(folder, device="cpu", precision="auto")


@pytest.fixture
def refused(folder, load):
    """Checks that the folder is refused with these words."""

    def check(*words: str) -> None:
        with pytest.raises(ModelTrouble) as caught:
            load(folder)
        for word in words:
            assert word in str(caught.value)
        assert caught.value.hint
        assert "\n" not in caught.value.sentence()

    return check


def change(path, **entries):
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def change_part(path, part, **entries):
    saved = json.loads(path.read_text())
    saved[part] = saved[part] | entries
    path.write_text(json.dumps(saved))


def test_a_good_folder_loads_without_a_word(folder, load, capfd):
    model = load(folder)

    told = capfd.readouterr()
    assert told.out + told.err == ""
    assert (model.layers, model.default_layer) == (4, 2)
    # A square of 30 cells.
    assert model.input_side == int(30**0.5 * model.eyes.patching.cell)
    assert len(model.facts.weights_sha256) == 64


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("card.toml", "no card.toml"),
        ("config.json", "no config.json"),
        ("model.safetensors", "no weights"),
        ("tokenizer.json", "tokenizer"),
        ("preprocessor_config.json", "incomplete"),
    ],
)
def test_a_missing_file_is_named(folder, refused, name, words):
    (folder / name).unlink()

    refused(words)


def test_a_checkpoint_of_another_family_is_refused(folder, refused):
    change(folder / "config.json", architectures=["Qwen2VLForConditionalGeneration"])

    refused("Qwen2VLForConditionalGeneration")


def test_another_language_model_is_refused(folder, refused):
    change_part(folder / "config.json", "text_config", model_type="qwen3_vl_moe_text")

    refused("qwen3_vl_moe_text")


def test_a_sliding_window_is_refused(folder, refused):
    change_part(folder / "config.json", "text_config", use_sliding_window=True, sliding_window=128)

    refused("sliding window")


def test_layers_that_slide_are_refused(folder, refused):
    kinds = ["full_attention", "sliding_attention"] * 2
    change_part(folder / "config.json", "text_config", layer_types=kinds)

    refused("sliding window")


@pytest.mark.parametrize("entry", ["patch_size", "merge_size", "temporal_patch_size"])
def test_a_processor_of_another_cell_is_refused(folder, refused, entry):
    change(folder / "preprocessor_config.json", **{entry: 4})

    refused("patches", "vision tower")


@pytest.mark.parametrize(
    "entry", ["image_token_id", "vision_start_token_id", "vision_end_token_id"]
)
def test_a_tokenizer_without_a_picture_token_is_refused(folder, refused, entry):
    change(folder / "config.json", **{entry: 99_999})

    refused("tokenizer", "99999")


def limit(folder, entries: str) -> None:
    """Say other limits on the card."""
    path = folder / "card.toml"
    path.write_text(path.read_text().replace("min_pixels = 1\n", entries))


@pytest.mark.parametrize("entry", ["min_pixels", "max_pixels"])
@pytest.mark.parametrize("value", ["0", '"large"', "1.5", "true"])
def test_a_card_whose_limit_is_no_number_of_pixels_is_refused(folder, refused, entry, value):
    limit(folder, f"{entry} = {value}\n")

    refused(f"view.{entry}")


def test_small_pictures_are_enlarged_where_the_card_does_not_say(folder, load):
    limit(folder, "")
    pixels = np.zeros((30, 30, 3), np.uint8)

    model = load(folder)

    # 256 tokens, had the processor not its own limit of 30, to which cells are rounded up.
    reading = model.read([View.of(Frame(pixels, Provenance("black", "0" * 64, "PNG")))])
    assert reading.grids[0].tokens == 36


def test_the_cards_limit_makes_large_pictures_smaller(folder, load):
    limit(folder, "min_pixels = 1\nmax_pixels = 9000\n")
    pixels = np.zeros((300, 300, 3), np.uint8)

    model = load(folder)

    reading = model.read([View.of(Frame(pixels, Provenance("black", "0" * 64, "PNG")))])
    assert reading.grids[0].tokens <= 9000 // model.eyes.patching.cell**2
    assert model.picture_tokens == 9000 // model.eyes.patching.cell**2


def test_turns_that_do_not_fit_the_heads_are_refused(folder, refused):
    config = json.loads((folder / "config.json").read_text())
    turns = config["text_config"]["rope_parameters"] | {"mrope_section": [2, 2, 2]}
    change_part(folder / "config.json", "text_config", rope_parameters=turns)

    refused("positions")


SPOILT = [
    ("config.json", ("image_token_id",), -1),
    ("config.json", ("text_config",), "x"),
    ("config.json", ("text_config", "hidden_size"), -1),
    ("config.json", ("text_config", "num_hidden_layers"), 0),
    ("config.json", ("text_config", "num_key_value_heads"), 3),
    ("config.json", ("text_config", "rope_parameters"), "x"),
    ("config.json", ("text_config", "vocab_size"), None),
    ("config.json", ("vision_config",), []),
    ("config.json", ("vision_config", "depth"), 0),
    ("config.json", ("vision_config", "num_heads"), 0),
    ("config.json", ("vision_config", "out_hidden_size"), 8),
    ("config.json", ("vision_config", "patch_size"), 0),
    ("config.json", ("vision_config", "spatial_merge_size"), 1),
    ("config.json", ("vision_config", "fullatt_block_indexes"), [99]),
    ("config.json", ("vision_config", "deepstack_visual_indexes"), [99]),
    ("config.json", ("vision_config", "num_position_embeddings"), 0),
    ("preprocessor_config.json", ("size",), {}),
    ("preprocessor_config.json", ("size",), {"shortest_edge": 1, "longest_edge": 1}),
    ("preprocessor_config.json", ("image_mean",), []),
    ("preprocessor_config.json", ("rescale_factor",), "x"),
    ("tokenizer.json", ("added_tokens",), []),
]


@pytest.mark.parametrize(("name", "path", "value"), SPOILT)
def test_a_spoilt_value_is_model_trouble_or_does_no_harm(folder, name, path, value):
    spoil(folder / name, path, value)

    said = trouble_with(folder)

    assert said is None or (said.hint and "\n" not in said.sentence())


# --- folders as they were published --------------------------------------------------------------


def as_published(folder, *, third: bool) -> None:
    """Give a folder the names and the layout of the checkpoints that people have."""
    config = json.loads((folder / "config.json").read_text())
    text = config["text_config"]
    turns = text.pop("rope_parameters")
    text["rope_theta"] = turns.pop("rope_theta")
    text["rope_scaling"] = turns
    if not third:
        del config["text_config"], text["model_type"], text["layer_types"], turns["rope_type"]
        turns["type"] = "mrope"
        text |= {"use_sliding_window": False, "sliding_window": 32768, "max_window_layers": 2}
        config["vision_config"]["model_type"] = "qwen2_5_vl"
        config |= text
        older_names(folder / "model.safetensors")
        processor = json.loads((folder / "preprocessor_config.json").read_text())
        size = processor.pop("size")
        processor |= {"min_pixels": size["shortest_edge"], "max_pixels": size["longest_edge"]}
        (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    (folder / "config.json").write_text(json.dumps(config))


def older_names(path) -> None:
    """Weights as they were called before language models had a place of their own."""
    held = {
        name.replace("model.language_model.", "model.").replace("model.visual.", "visual."): weight
        for name, weight in load_file(path).items()
    }
    save_file(held, path, metadata={"format": "pt"})


def test_a_folder_in_the_published_layout_gives_the_same(good, folder, load, picture):
    views = [picture()]
    wanted, rows = finish(good.load().read(views).ask("Why?", layers=(1, 3)))
    as_published(folder, third=good.plan.is_third)

    found, others = finish(load(folder).read(views).ask("Why?", layers=(1, 3)))

    assert found == wanted
    assert np.array_equal(others.values, rows.values)
