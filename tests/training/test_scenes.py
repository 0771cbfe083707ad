"""Scenes: what they promise about pixels, boxes, sizes, questions and splits."""

import numpy as np
import pytest

from inspector_app.training.scene_parts import COLOURS, KINDS, TRADES
from inspector_app.training.scene_questions import WORDINGS, reworded
from inspector_app.training.scenes import make_scene, sensible_size

SHARES = (0.0005, 0.002, 0.01, 0.05, 0.2)


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("held_out", [False, True])
def test_same_seed_same_scene(trade, held_out):
    one = make_scene(trade, seed=5, share=0.01, held_out=held_out)
    two = make_scene(trade, seed=5, share=0.01, held_out=held_out)
    other = make_scene(trade, seed=6, share=0.01, held_out=held_out)
    assert np.array_equal(one.pixels, two.pixels)
    assert (one.things, one.questions) == (two.things, two.questions)
    assert one.size != other.size or not np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", [1, 2])
def test_true_box_encloses_exactly_what_the_target_changes(trade, share, seed):
    scene = make_scene(trade, seed=seed, share=share)
    without = make_scene(trade, seed=seed, share=share, absent=True)
    assert without.box is None
    assert scene.size == without.size
    changed = np.abs(scene.pixels.astype(int) - without.pixels).max(axis=2) > 6
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    box = scene.box
    assert box.x0 <= columns[0]
    assert columns[-1] < box.x1
    assert box.y0 <= rows[0]
    assert rows[-1] < box.y1
    slack = max(2, 0.12 * max(box.width, box.height))
    assert columns[0] - box.x0 <= slack
    assert box.x1 - 1 - columns[-1] <= slack
    assert rows[0] - box.y0 <= slack
    assert box.y1 - 1 - rows[-1] <= slack


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("share", SHARES)
def test_share_is_what_was_asked_for(trade, share):
    for seed in range(4):
        scene = make_scene(trade, seed=seed, share=share)
        assert scene.share == pytest.approx(share, rel=0.08)
        width, height = scene.size
        assert min(width, height) >= 512
        assert max(width, height) <= 2048
        assert scene.box.x1 <= width
        assert scene.box.y1 <= height


@pytest.mark.parametrize("trade", TRADES)
def test_a_given_size_is_kept(trade):
    scene = make_scene(trade, seed=3, share=0.004, size=(900, 700))
    assert scene.size == (900, 700)
    assert scene.pixels.shape == (700, 900, 3)
    assert not scene.pixels.flags.writeable


@pytest.mark.parametrize("trade", TRADES)
def test_there_are_distractors_and_none_covers_the_target(trade):
    counts = []
    for seed in range(12):
        scene = make_scene(trade, seed=seed, share=0.005)
        box = scene.box
        others = scene.things[1:]
        counts.append(len(others))
        assert all(thing.kind in KINDS for thing in scene.things)
        for thing in others:
            apart = (
                thing.box.x1 <= box.x0
                or box.x1 <= thing.box.x0
                or thing.box.y1 <= box.y0
                or box.y1 <= thing.box.y0
            )
            assert apart, thing
    # One text scene in seven has a single label.
    assert np.mean([count > 0 for count in counts]) >= 0.7


def test_answers_follow_from_the_things():
    for seed in range(20):
        text = make_scene("text", seed=seed, share=0.01)
        assert text.answer == text.things[0].code
        assert text.things[0].colour in text.question
        assert len({thing.colour for thing in text.things}) == len(text.things)
        plate = make_scene("plate", seed=seed, share=0.01)
        assert plate.answer == plate.things[0].kind
        tissue = make_scene("tissue", seed=seed, share=0.01)
        assert tissue.answer == tissue.things[0].kind
        middle = (tissue.box.x0 + tissue.box.x1) / 2
        side = next(q.answer for q in tissue.questions if q.kind == "side")
        assert side == ("left" if middle < tissue.size[0] / 2 else "right")
        for scene in (text, plate, tissue):
            for question in scene.questions:
                if question.kind.startswith("is ") and question.answer == "yes":
                    assert scene.things[question.subject].kind == question.key or (
                        scene.things[question.subject].colour == question.key
                        or question.key == "nodule"
                    )


def test_characters_lie_inside_their_label_in_reading_order():
    for seed in range(12):
        for label in make_scene("text", seed=seed, share=0.02).things:
            assert len(label.characters) == len(label.code)
            lefts = [character[0] for character in label.characters]
            assert lefts == sorted(lefts)
            for x0, y0, x1, y1 in label.characters:
                assert label.box.x0 - 2 <= x0 < x1 <= label.box.x1 + 2
                assert label.box.y0 - 2 <= y0 < y1 <= label.box.y1 + 2


@pytest.mark.parametrize("trade", TRADES)
def test_absent_scenes_are_denied(trade):
    scene = make_scene(trade, seed=4, share=0.01, absent=True)
    assert scene.answer == "no"
    assert not scene.has_target
    assert scene.share == 0


def test_every_colour_and_kind_turns_up():
    labels = {make_scene("text", seed=s, share=0.05).things[0].colour for s in range(80)}
    plates = {make_scene("plate", seed=s, share=0.05).answer for s in range(30)}
    nodules = {make_scene("tissue", seed=s, share=0.05).answer for s in range(30)}
    assert (labels, len(plates), len(nodules)) == (set(COLOURS), 4, 3)


def test_rewording_keeps_the_key_word_and_varies_the_rest():
    rng = np.random.default_rng(0)
    scene = make_scene("text", seed=1, share=0.01)
    texts = set()
    for _ in range(200):
        question = reworded(scene.questions[0], rng=rng)
        assert question.key in question.text
        assert question.answer == scene.answer
        texts.add(question.text)
    assert len(texts) > len(WORDINGS["code"])
    assert any(text == text.lower() for text in texts)


def test_sensible_size_gives_small_targets_enough_pixels():
    rng = np.random.default_rng(0)
    for trade in TRADES:
        for _ in range(50):
            width, height = sensible_size(trade, share=0.001, rng=rng)
            assert width * height * 0.001 >= 650
            assert 0.7 <= width / height <= 1.45


@pytest.mark.parametrize(("trade", "share"), [("bark", 0.01), ("text", 0.0001), ("text", 0.5)])
def test_wrong_arguments_are_refused(trade, share):
    with pytest.raises(ValueError, match=r"trade|share"):
        make_scene(trade, seed=1, share=share)
