"""A model folder that is not right is one clear sentence with a way out."""

import hashlib
import json
import shutil
import warnings

import pytest
import torch
from safetensors.torch import load_file, save_file

from inspector_app import families, plugins
from inspector_app.domain.errors import InspectorError, ModelTrouble, WrongUse
from inspector_app.families import llava
from tests.fakes.spoiling import spoil, trouble_with
from tests.fakes.steps import finish
from tests.fakes.tiny_llava import Plan, save


@pytest.fixture
def folder(usual, tmp_path):
    """A copy of a good folder, to be spoilt."""
    return shutil.copytree(usual.folder, tmp_path / "model")


def load(folder):
    return llava.load(folder, device="cpu", precision="auto")


def refused(folder, *words) -> str:
    with pytest.raises(ModelTrouble) as caught:
        load(folder)
    said = str(caught.value)
    for word in words:
        assert word in said
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert "\n" not in caught.value.sentence()
    return said


def change(path, **entries):
    saved = json.loads(path.read_text())
    saved.update(entries)
    path.write_text(json.dumps(saved))


def weights(folder, change):
    path = folder / "model.safetensors"
    held = load_file(path)
    change(held)
    save_file(held, path, metadata={"format": "pt"})


def some(held, part):
    return next(name for name in sorted(held) if part in name)


def test_a_good_folder_loads_without_a_word(folder, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = load(folder)
    told = capfd.readouterr()
    assert told.out + told.err == ""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert model.facts.weights_sha256 == digest
    assert (model.facts.device, model.facts.dtype) == ("cpu", "float32")
    assert (model.layers, model.default_layer, model.input_side) == (4, 2, 56)


def test_the_family_is_found_by_the_name_on_the_card(folder):
    assert plugins.load(families, "llava").load(folder, device="cpu", precision="auto").layers == 4


def test_no_such_folder(tmp_path):
    refused(tmp_path / "nowhere", "There is no model folder")


def test_a_file_instead_of_a_folder(folder):
    refused(folder / "config.json", "There is no model folder")


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
def test_a_missing_file_is_named(folder, name, words):
    (folder / name).unlink()
    refused(folder, words)


@pytest.mark.parametrize(
    "name", ["card.toml", "config.json", "preprocessor_config.json", "tokenizer.json"]
)
@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00"])
def test_a_damaged_file_is_model_trouble(folder, name, content):
    (folder / name).write_bytes(content)
    refused(folder)


def test_a_card_with_a_layer_that_does_not_exist(folder):
    card = folder / "card.toml"
    card.write_text(card.read_text().replace("layer = 2", "layer = 4"))
    refused(folder, "layer 4")


@pytest.mark.parametrize("length", [0, 7, 1000, -10])
def test_truncated_weights(folder, length):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    refused(folder, "damaged")


def test_weights_of_a_wrong_shape(folder):
    def spoil(held):
        name = some(held, "layers.1.mlp.up_proj")
        held[name] = held[name][:-1].contiguous()

    weights(folder, spoil)
    refused(folder)


def test_missing_weights(folder):
    weights(folder, lambda held: held.pop(some(held, "layers.1.mlp.up_proj")))
    refused(folder, "missing", "up_proj")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_not_finite(folder, value):
    def spoil(held):
        held[some(held, "layers.1.mlp.up_proj")][0, 0] = value

    weights(folder, spoil)
    refused(folder, "finite", "up_proj")


def test_weights_too_large_for_half_precision(folder):
    def spoil(held):
        held[some(held, "layers.1.mlp.up_proj")][0, 0] = 1e6

    weights(folder, spoil)
    assert load(folder).layers == 4
    with pytest.raises(ModelTrouble, match="finite numbers in float16") as caught:
        llava.load(folder, device="cpu", precision="float16")
    assert "bfloat16" in caught.value.hint


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pth", "weights.ckpt"])
def test_pickle_weights_are_refused_and_never_opened(folder, name):
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"cos\nsystem\n(S'touch /tmp/never'\ntR.")
    refused(folder, "pickle", name)


def test_a_shard_that_the_index_names_is_missing(folder):
    index = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    refused(folder, "model-00002-of-00002.safetensors")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_a_checkpoint_that_wants_its_own_code_is_refused(folder, name):
    change(folder / name, auto_map={"AutoModel": "modeling_evil.Evil"})
    (folder / "modeling_evil.py").write_text("raise SystemExit('ran')")
    refused(folder, "Python code", name)


def test_another_architecture_is_refused(folder):
    change(folder / "config.json", architectures=["Qwen2ForCausalLM"])
    refused(folder, "Qwen2ForCausalLM")


def test_an_unknown_language_model_is_refused(folder):
    saved = json.loads((folder / "config.json").read_text())
    saved["text_config"]["model_type"] = "mamba"
    change(folder / "config.json", text_config=saved["text_config"])
    refused(folder, "mamba")


def test_a_sliding_window_is_refused(folder):
    saved = json.loads((folder / "config.json").read_text())
    saved["text_config"]["sliding_window"] = 128
    change(folder / "config.json", text_config=saved["text_config"])
    refused(folder, "sliding window")


def test_a_quantised_checkpoint_is_refused(folder):
    change(folder / "config.json", quantization_config={"quant_method": "awq"})
    refused(folder, "quantised")


def test_a_processor_of_another_size_is_refused(folder):
    change(folder / "preprocessor_config.json", size={"height": 70, "width": 70})
    refused(folder, "70", "56 x 56")


def test_a_tokenizer_without_the_picture_token_is_refused(folder):
    change(folder / "config.json", image_token_id=99_999, image_token_index=99_999)
    refused(folder, "tokenizer")


def test_weights_in_shards_are_hashed_in_name_order(folder):
    path = folder / "model.safetensors"
    held = load_file(path)
    names = sorted(held)
    files = {"model-00001-of-00002.safetensors": names[::2]}
    files["model-00002-of-00002.safetensors"] = names[1::2]
    path.unlink()
    for file, part in files.items():
        save_file({name: held[name] for name in part}, folder / file, metadata={"format": "pt"})
    where = {name: file for file, part in files.items() for name in part}
    index = {"metadata": {"total_size": 1}, "weight_map": where}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    content = b"".join((folder / file).read_bytes() for file in sorted(files))
    assert load(folder).facts.weights_sha256 == hashlib.sha256(content).hexdigest()


def test_a_processor_saved_inside_processor_config_is_found(folder, usual, picture):
    plain = folder / "preprocessor_config.json"
    saved = {"image_processor": json.loads(plain.read_text()), "patch_size": 14}
    (folder / "processor_config.json").write_text(json.dumps(saved))
    plain.unlink()
    found, _ = finish(load(folder).read([picture()]).ask("Why?"))
    wanted, _ = finish(usual.load().read([picture()]).ask("Why?"))
    assert found.text == wanted.text


@pytest.mark.parametrize(
    ("device", "precision", "kind"),
    [
        ("gpu", "auto", WrongUse),
        ("cpu", "int4", WrongUse),
        ("cuda:77", "auto", ModelTrouble),
        ("cuda:x", "auto", ModelTrouble),
    ],
)
def test_devices_and_precisions_that_do_not_exist(folder, device, precision, kind):
    with pytest.raises(InspectorError) as caught:
        llava.load(folder, device=device, precision=precision)
    assert type(caught.value) is kind
    assert caught.value.hint


def test_full_memory_while_loading_is_out_of_memory(folder, monkeypatch):
    def full(*_args, **_kwargs):
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 10 GB")

    monkeypatch.setattr(llava.LlavaForConditionalGeneration, "from_pretrained", full)
    refused(folder, "not enough memory", "load the model")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("precision", ["auto", "float32", "float16", "bfloat16", "int8"])
def test_a_cuda_device_gives_what_the_processor_gives(tmp_path, picture, precision):
    plan = Plan(text="qwen2", heads=(4, 2), width=64)
    folder = save(tmp_path / "model", plan)
    wanted = load(folder).read([picture()])
    reading = llava.load(folder, device="cuda", precision=precision).read([picture()])
    near = 1e-4 if precision == "float32" else 0.05
    _, rows = finish(reading.ask("Why?", layers=(0, 3)))
    difference = rows.values - wanted.attend("Why?", layers=(0, 3)).values
    assert abs(difference).max() < near
    assert reading.gradient("Why?", layer=1).values.max() > 0


# --- one value spoilt at a time --------------------------------------------------------------

SPOILT = [
    ("config.json", ("architectures",), -1),
    ("config.json", ("dtype",), "x"),
    ("config.json", ("image_token_index",), -1),
    ("config.json", ("text_config",), "x"),
    ("config.json", ("text_config", "hidden_size"), -1),
    ("config.json", ("text_config", "num_attention_heads"), 0),
    ("config.json", ("text_config", "num_hidden_layers"), 0),
    ("config.json", ("text_config", "rope_parameters"), "x"),
    ("config.json", ("text_config", "vocab_size"), None),
    ("config.json", ("vision_config",), []),
    ("config.json", ("vision_config", "hidden_size"), 0),
    ("config.json", ("vision_config", "image_size"), 0),
    ("config.json", ("vision_config", "num_hidden_layers"), 0),
    ("config.json", ("vision_config", "patch_size"), 0),
    ("config.json", ("vision_feature_layer",), 99),
    ("config.json", ("vision_feature_select_strategy",), "x"),
    ("preprocessor_config.json", ("image_mean",), []),
    ("preprocessor_config.json", ("image_std",), []),
    ("preprocessor_config.json", ("image_std",), [0, 0, 0]),
    ("preprocessor_config.json", ("image_std",), ["x", "x", "x"]),
    ("preprocessor_config.json", ("resample",), 99),
    ("preprocessor_config.json", ("rescale_factor",), "x"),
    ("preprocessor_config.json", ("size",), {"height": 0, "width": 0}),
    ("tokenizer.json", ("model",), {}),
    ("tokenizer.json", ("decoder",), {"type": "x"}),
    ("tokenizer.json", ("added_tokens",), "x"),
    ("generation_config.json", ("eos_token_id",), "x"),
]


@pytest.mark.parametrize(("name", "path", "value"), SPOILT)
def test_a_spoilt_value_is_model_trouble_or_does_no_harm(folder, name, path, value):
    spoil(folder / name, path, value)

    said = trouble_with(folder)

    assert said is None or (said.hint and "\n" not in said.sentence())


def test_a_tower_without_layers_is_said_to_be_one(folder):
    config = json.loads((folder / "config.json").read_text())
    config["vision_config"]["num_hidden_layers"] = 0
    (folder / "config.json").write_text(json.dumps(config))
    refused(folder, "vision tower")


def test_a_tokenizer_of_sentencepiece_alone_is_named(folder):
    (folder / "tokenizer.json").rename(folder / "tokenizer.model")
    refused(folder, "SentencePiece")
