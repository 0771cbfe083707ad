"""The embedded model's parts, and that a stopped training goes on as if it had not been."""

import resource
import shutil
import tomllib
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoProcessor, LlavaForConditionalGeneration

from inspector_app.domain.errors import CannotWrite, InspectorError
from inspector_app.training import embedded_cache, embedded_state
from inspector_app.training.embedded import Options, train
from inspector_app.training.embedded_export import Facts, export
from inspector_app.training.embedded_losses import (
    UNSUPERVISED,
    Weights,
    packed_mask,
    packed_positions,
)
from inspector_app.training.embedded_network import (
    Shape,
    build_network,
    build_processor,
    normalized,
    use_matmul_attention,
    without_bars,
)
from inspector_app.training.embedded_samples import Batches
from inspector_app.training.embedded_soup import soup
from inspector_app.training.embedded_tokens import ASSISTANT, USER, build_tokenizer
from inspector_app.training.embedded_views import (
    GRID,
    IGNORE,
    PACKED,
    SIDE,
    grids,
    in_view,
    shown,
    target_map,
)
from inspector_app.training.embedded_watch import BINS, Asker, measure, trials, window_of
from inspector_app.training.scene_parts import ALPHABET
from inspector_app.training.scene_questions import NEUTRAL, WORDINGS, answer_words
from inspector_app.training.scenes import make_scene

TINY = Shape(width=32, heads=2, vision_layers=1, language_layers=4)


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Two small shards, drawn once."""
    folder = tmp_path_factory.mktemp("drawn") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_cache, "SHARD", 10)
        list(embedded_cache.draw_ahead(folder, soups=1, scenes=2, seed=3))
    return folder


def options(work, cache, **changes):
    """A training of seconds in its own folder."""
    shutil.copytree(cache, work / "cache", dirs_exist_ok=True)
    tiny = Options(
        work=work, seed=3, shape=TINY, soup_shards=1, scene_shards=2, read_steps=3, read_batch=4,
        joint_steps=4, joint_batch=3, joint_soup=2, save_every=2, device="cpu",
    )  # fmt: skip
    return replace(tiny, **changes)


# --- tokens ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WORDINGS)
def test_a_prompt_after_pictures_has_the_same_tokens_as_alone(tokenizer, kind):
    for wording in WORDINGS[kind]:
        text = f"{USER} {wording.format(key='red')}{ASSISTANT}"
        alone = tokenizer.encode(text, add_special_tokens=False)
        after = tokenizer.encode("<image>" * 3 + text)
        assert after[0] == tokenizer.bos_token_id
        assert after[4:] == alone


def test_the_answer_point_is_one_token_and_codes_start_right_after_it(tokenizer):
    end = tokenizer.encode(ASSISTANT, add_special_tokens=False)
    spoken = tokenizer.encode(f"{USER} Read it.{ASSISTANT} K7F</s>", add_special_tokens=False)
    assert len(end) == 1
    place = spoken.index(end[0])
    letters = [tokenizer.decode([token]) for token in spoken[place + 1 : -1]]
    assert letters == ["K", "7", "F"]
    assert spoken[-1] == tokenizer.eos_token_id


def test_answers_survive_the_tokenizer(tokenizer):
    for answer in (*answer_words(), "K7F", "22", *ALPHABET):
        ids = tokenizer.encode(f" {answer}", add_special_tokens=False)
        assert tokenizer.decode(ids).strip() == answer
        assert len(ids) <= max(2, len(answer))


def test_anything_can_be_asked(tokenizer):
    text = "¿Dónde está la grieta? 中文 \t 🙂"
    ids = tokenizer.encode(text, add_special_tokens=False)
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids) == text


# --- views and labels -----------------------------------------------------------------------


def test_views_are_what_the_processor_makes(tokenizer):
    scene = make_scene("plate", seed=2, share=0.02, size=(520, 640))
    window = (40, 30, 300, 250)
    processor = build_processor(tokenizer)
    wanted = processor.image_processor(scene.pixels[30:250, 40:300].copy(), return_tensors="pt")[
        "pixel_values"
    ]
    view = torch.from_numpy(shown(scene.pixels, window=window).copy())[None]
    assert torch.allclose(normalized(view), wanted, atol=1e-5)


def test_target_map_tells_the_centre_of_a_small_target():
    rows, columns = np.mgrid[0:GRID, 0:GRID] + 0.5
    for x, y in ((31.0, 70.0), (50.5, 92.25), (100.0, 20.0)):
        weights = target_map((x - 2, y - 1, x + 2, y + 1))
        assert weights.sum() == pytest.approx(1, abs=1e-5)
        assert (weights * columns).sum() * 14 == pytest.approx(x, abs=0.01)
        assert (weights * rows).sum() * 14 == pytest.approx(y, abs=0.01)
    assert target_map((-50.0, 10.0, -10.0, 20.0)) is None


def test_patch_classes_say_what_is_drawn():
    scene = make_scene("text", seed=11, share=0.15)
    window = (0, 0, *scene.size)
    found = grids(scene.things, window=window)
    label = scene.things[0]
    x0, y0, x1, y1 = in_view(label.box.box, window=window)
    middle = found.coarse[int((y0 + y1) / 28), int((x0 + x1) / 28)]
    assert middle == 1
    for letter, box in zip(label.code, label.characters, strict=True):
        a, b, c, d = in_view(box, window=window)
        assert found.character[int((b + d) / 28), int((a + c) / 14)] in (
            1 + ALPHABET.index(letter),
            IGNORE,
        )
    assert len(found.packed()) == PACKED


def test_soup_is_full_of_labelled_characters():
    rng = np.random.default_rng(1)
    pictures = [soup(rng) for _ in range(6)]
    named = [((g.character > 0) & (g.character != IGNORE)).sum() for _, g in pictures]
    assert np.mean(named) > 25
    assert all(p.shape == (SIDE, SIDE, 3) for p, _ in pictures)


# --- packing --------------------------------------------------------------------------------


def test_packed_questions_equal_single_ones(tokenizer):
    torch.manual_seed(0)
    network = build_network(TINY, tokenizer=tokenizer).eval()
    use_matmul_attention(network)
    language = network.model.language_model
    prefix, length = torch.randn(1, 7, 32), 5
    questions = torch.randn(3, length, 32)
    packed = (
        language(
            inputs_embeds=torch.cat([prefix, questions.reshape(1, -1, 32)], dim=1),
            attention_mask=packed_mask(7, segments=3, length=length),
            position_ids=packed_positions(7, segments=3, length=length),
            use_cache=False,
        )
        .last_hidden_state[0, 7:]
        .view(3, length, 32)
    )
    for index in range(3):
        single = torch.cat([prefix, questions[index : index + 1]], dim=1)
        network.set_attn_implementation("sdpa")
        alone = language(inputs_embeds=single, use_cache=False).last_hidden_state[0, 7:]
        assert torch.allclose(packed[index], alone, atol=1e-4)


def test_batches_repeat_and_point_into_the_pictures(tokenizer, cache):
    shards = [embedded_cache.open_scenes(cache, index=index) for index in range(2)]
    batches = Batches(tokenizer=tokenizer, seed=3, scenes=4)
    for step in range(12):
        one, two = batches.at(step, shards=shards), batches.at(step, shards=shards)
        assert np.array_equal(one.ids, two.ids)
        assert np.array_equal(one.views, two.views)
        sums = one.maps.sum(-1)
        assert np.all((np.abs(sums - 1) < 1e-4) | (sums == 0))
        end = tokenizer.convert_tokens_to_ids(ASSISTANT)
        assert np.all(np.take_along_axis(one.ids, one.last[..., None], axis=2) == end)
        # Nothing before the answer point is learnt by heart.
        before = np.arange(one.ids.shape[2]) < one.last[..., None]
        assert np.all(one.weights[before] == 0)


# --- training -------------------------------------------------------------------------------


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path, cache):
    through = options(tmp_path / "through", cache)
    list(train(through))
    stopped = options(tmp_path / "stopped", cache)
    for seen, stop_after in (("read", 2), ("joint", 2)):
        steps = train(stopped)
        for progress in steps:
            if progress.stage == seen and progress.done == stop_after:
                steps.close()
                break
    steps = list(train(stopped))
    assert steps[-1].done == steps[-1].total == 4
    one = embedded_state.load_file(through.work / embedded_state.WEIGHTS)
    two = embedded_state.load_file(stopped.work / embedded_state.WEIGHTS)
    assert one.keys() == two.keys()
    for name, value in one.items():
        assert torch.equal(value, two[name]), name


def test_a_full_disk_is_said_and_the_old_checkpoint_stays(tmp_path, cache):
    recipe = options(tmp_path, cache)
    steps = train(recipe)
    next(step for step in steps if step.stage == "joint")
    checkpoint = tmp_path / embedded_state.WEIGHTS
    before = checkpoint.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        with pytest.raises(CannotWrite, match="checkpoint cannot be written"):
            list(steps)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert checkpoint.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == [
        embedded_state.PROGRESS, checkpoint.name,
    ]  # fmt: skip
    assert list(train(recipe))[-1].done == recipe.joint_steps


def test_a_run_starts_from_the_weights_of_a_model_folder(tmp_path, cache):
    first, folder = options(tmp_path / "first", cache), tmp_path / "model"
    list(train(first))
    facts = Facts("inspector train embedded", "2026-11-21", 3, "7", "seconds", "a test")
    export(first.work, folder=folder, facts=facts, shape=TINY)
    later = options(tmp_path / "later", cache, start=folder, heads_steps=2, joint_steps=0)
    reports = list(train(later))
    assert [(r.stage, r.done) for r in reports if r.stage != "draw"] == [("heads", 1), ("heads", 2)]
    with without_bars():
        made = LlavaForConditionalGeneration.from_pretrained(folder)
    # The classifiers learnt, the network stayed as the folder holds it.
    state = embedded_state.fresh(
        TINY, tokenizer=build_tokenizer(), seed=0, device=torch.device("cpu")
    )
    embedded_state.begin_from(state, folder=folder)
    for name, value in made.named_parameters():
        assert torch.equal(value, state.network.get_parameter(name)), name


@pytest.mark.parametrize("shape", [replace(TINY, width=64), replace(TINY, language_layers=5)])
def test_weights_of_another_shape_are_no_start(tmp_path, cache, shape):
    work, folder = tmp_path / "work", tmp_path / "model"
    list(train(options(work, cache, read_steps=1, joint_steps=1, save_every=1)))
    export(work, folder=folder, facts=Facts("", "", 3, "7", "", ""), shape=TINY)
    with pytest.raises(InspectorError, match="cannot start from"):
        list(train(options(tmp_path / "later", cache, start=folder, shape=shape)))


def test_views_without_the_target_teach_to_look_at_nothing_and_never_its_answer(tokenizer, cache):
    shard = embedded_cache.open_scenes(cache, index=0)
    with_target = [fact for fact in shard.facts if fact["has_target"]]
    # Every view shows a corner outside of the picture: nothing that is asked about is there.
    away = tuple({**fact, "windows": [(-200, -200, -100, -100)] * 5} for fact in with_target)
    rows = len(away)
    elsewhere = embedded_cache.SceneShard(shard.views[:rows], shard.grids[:rows], away)
    batches = Batches(tokenizer=tokenizer, seed=5, scenes=4)
    no = tokenizer.encode(" no</s>", add_special_tokens=False)
    asked = 0
    for step in range(12):
        batch = batches.at(step, shards=[elsewhere])
        assert np.allclose(batch.maps, 1 / batch.maps.shape[-1])
        assert not batch.copies.any()
        for ids, weights, last in zip(
            batch.ids.reshape(-1, batch.ids.shape[-1]),
            batch.weights.reshape(-1, batch.ids.shape[-1]),
            batch.last.ravel(),
            strict=True,
        ):
            asked += weights.any() == 0
            if weights.any():
                assert ids[last + 1 : last + 3].tolist() == no
    assert asked > 0


def test_scenes_that_lack_a_trade_are_trained_on_all_the_same(tokenizer, cache):
    shard = embedded_cache.open_scenes(cache, index=0)
    trade = shard.facts[0]["trade"]
    alike = [row for row, fact in enumerate(shard.facts) if fact["trade"] == trade]
    only = embedded_cache.SceneShard(
        shard.views[alike], shard.grids[alike], tuple(shard.facts[row] for row in alike)
    )
    batches = Batches(tokenizer=tokenizer, seed=3, scenes=4)
    assert all(len(batches.at(step, shards=[only]).ids) >= 2 for step in range(5))


def test_training_reports_every_step(tmp_path, cache):
    reports = list(train(options(tmp_path, cache)))
    assert [(r.stage, r.done) for r in reports if r.stage != "draw"] == [
        *(("read", n) for n in (1, 2, 3)),
        *(("joint", n) for n in (1, 2, 3, 4)),
    ]
    assert all(np.isfinite(r.loss) for r in reports)


def test_a_control_is_the_same_training_with_nothing_that_says_where_to_look(tmp_path, cache):
    weights = {
        "control": UNSUPERVISED,
        # So little that it is lost in rounding, though it goes the whole way through the losses.
        "faint": Weights(look=1e-35, bind=1e-35, copy=1e-35),
        "supervised": Weights(),
    }
    trained = {}
    for name, chosen in weights.items():
        list(train(options(tmp_path / name, cache, weights=chosen)))
        trained[name] = embedded_state.load_file(tmp_path / name / embedded_state.WEIGHTS)
    assert not UNSUPERVISED.supervises_attention
    assert (UNSUPERVISED.dense, UNSUPERVISED.align) == (Weights().dense, Weights().align)
    for name, value in trained["faint"].items():
        assert torch.equal(value, trained["control"][name]), name
    query = "network.model.language_model.layers.2.self_attn.q_proj.weight"
    assert not torch.equal(trained["supervised"][query], trained["control"][query])


def test_a_checkpoint_of_another_shape_is_refused(tmp_path, cache):
    list(train(options(tmp_path, cache, read_steps=1, joint_steps=1, save_every=1)))
    other = replace(TINY, width=64)
    with pytest.raises(InspectorError, match="does not fit"):
        list(train(options(tmp_path, cache, shape=other)))


def test_the_exported_folder_loads_plainly_and_answers(tmp_path, cache):
    work, folder = tmp_path / "work", tmp_path / "model"
    list(train(options(work, cache)))
    facts = Facts("inspector train embedded", "2026-11-21", 3, "7", "seconds", "a test")
    export(work, folder=folder, facts=facts, shape=TINY)
    with without_bars():
        network = LlavaForConditionalGeneration.from_pretrained(folder)
    processor = AutoProcessor.from_pretrained(folder)
    card = tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))
    scene = make_scene("tissue", seed=1, share=0.01)
    prompt = card["prompt"]["template"].format(images="<image><image>", question=scene.question)
    fed = processor(
        images=[scene.pixels.copy(), scene.pixels[:200, :300].copy()],
        text=prompt,
        return_tensors="pt",
    )
    assert fed["input_ids"][0, 0] == processor.tokenizer.bos_token_id
    assert (fed["input_ids"] == network.config.image_token_id).sum() == 200
    logits = network(**fed).logits
    assert network.dtype == torch.float32
    assert torch.isfinite(logits).all()
    assert card["attention"]["layer"] == TINY.map_layer
    assert sum(p.numel() for p in network.parameters()) == card["parameters"]


def test_export_without_a_checkpoint_says_what_to_do(tmp_path):
    facts = Facts("", "", 0, "", "", "")
    with pytest.raises(InspectorError, match="no checkpoint") as caught:
        export(tmp_path, folder=tmp_path / "model", facts=facts)
    assert "inspector train" in caught.value.hint


def test_the_watch_answers_like_plain_generation(tokenizer):
    torch.manual_seed(0)
    network = build_network(TINY, tokenizer=tokenizer).eval()
    trial = trials(count=2, seed=1, bins=("large",))[0]
    processor = build_processor(tokenizer)
    fed = processor(
        images=[trial.scenes[0].pixels.copy()],
        text=f"<image>{USER} {trial.scenes[0].question}{ASSISTANT}",
        return_tensors="pt",
    )
    spoken = network.generate(**fed, max_new_tokens=7, do_sample=False)[
        0, fed["input_ids"].shape[1] :
    ]
    use_matmul_attention(network)
    asker = Asker(network, tokenizer=tokenizer, map_layer=TINY.map_layer)
    pictures = asker.read(trial.wholes[:1])
    answers, maps = asker.ask(pictures, questions=[trial.scenes[0].question])
    assert answers[0] == tokenizer.decode(spoken).strip()
    assert maps.shape == (1, GRID, GRID)
    score = measure(asker, trial=trial)
    assert 0 <= score.true_box <= 1
    assert trial.size_bin in BINS


def test_a_window_holds_a_planted_peak():
    neutral = np.full((GRID, GRID), 0.01, np.float32)
    asked = neutral.copy()
    asked[3, 6] = 0.4
    window = window_of(asked, neutral=neutral, size=(1000, 800))
    assert window.x0 <= 650 < window.x1
    assert window.y0 <= 280 < window.y1
    assert window.width <= 200


def test_the_neutral_question_is_fixed():
    assert NEUTRAL == "Write a general description of the image."
