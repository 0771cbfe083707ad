"""Experiments: more attention to chosen tokens, and two branches that speak together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

from inspector_app.domain.abilities import Mixing, Reweighting
from inspector_app.runtime.emphasis import emphasis_on
from inspector_app.runtime.probe import Probe
from tests.fakes.steps import finish
from tests.families.conftest import BLIP_PLANS

Q = "What is on the red label?"


def factors_of(reading, *, seed=0) -> np.ndarray:
    """A factor for each cell: a third of them raised."""
    rng = np.random.default_rng(seed)
    cells = sum(grid.tokens for grid in reading.grids)
    return np.where(rng.random(cells) < 1 / 3, 1.8, 1).astype(np.float32)


def raised(plain, factors: np.ndarray, *, cells: Sequence[int], since: int) -> None:
    """Let a plain network raise attention after the softmax, and scale it to sum to 1 again."""

    def attend(module, query, key, value, attention_mask, scaling, **_):
        group = query.shape[1] // key.shape[1]
        key, value = (states.repeat_interleave(group, dim=1) for states in (key, value))
        scores = query @ key.transpose(-1, -2) * scaling + attention_mask
        weights = scores.softmax(-1)
        weights[:, :, since:, list(cells)] *= torch.from_numpy(factors)
        weights = weights / weights.sum(-1, keepdim=True)
        return (weights @ value).transpose(1, 2), weights

    AttentionInterface.register("raised_by_hand", attend)
    AttentionMaskInterface.register("raised_by_hand", eager_mask)
    plain.network.set_attn_implementation({"text_config": "raised_by_hand"})


def test_raised_attention_equals_that_raised_by_hand_in_a_plain_network(pair, picture):
    model = pair.load()
    if pair.plan in BLIP_PLANS.values():
        assert not isinstance(model.read([picture()]), Reweighting)
        assert not model.facts.can_reweight
        return
    views = [picture(), picture((20, 10, 90, 70))]
    reading, fresh = model.read(views), model.read(views)
    factors = factors_of(reading)
    prompt = reading.speech.prompt(Q, pictures=reading.pictures)
    since = prompt.starts[-1] + prompt.pictures[-1].tokens
    raised(pair.plain, factors, cells=prompt.cells(), since=since)
    wanted = pair.plain.logits(views, Q).log_softmax(-1).max().item()
    pair.plain.network.set_attn_implementation("eager")
    usual = pair.plain.logits(views, Q).log_softmax(-1).max().item()
    assert abs(usual - wanted) > 1e-5

    # Where the cache holds the same words without emphasis, and where it holds nothing.
    before = finish(reading.ask(Q, max_tokens=1))[0]
    for one in (reading, fresh):
        answer = finish(one.ask_reweighted(Q, factors=factors, max_tokens=1))
        assert first(answer) == pytest.approx(wanted, abs=1e-4)
    # What was raised leaves nothing behind.
    after = finish(reading.ask(Q, max_tokens=1))[0]
    assert first(after) == pytest.approx(first(before), abs=1e-6)


def first(answer) -> float:
    """Log-probability of the first word, or of ending at once."""
    return answer.tokens[0].logprob if answer.tokens else answer.end_logprob


def test_a_factor_of_one_is_the_same_answer_bit_by_bit(usual, picture):
    one, other = (usual.load().read([picture()]) for _ in range(2))
    plain, _ = finish(one.ask(Q))
    ones = np.ones(sum(grid.tokens for grid in other.grids), np.float32)
    assert finish(other.ask_reweighted(Q, factors=ones)) == plain


def test_in_the_first_layer_shares_rise_by_the_factor_and_still_sum_to_one(usual, picture):
    reading = usual.load().read([picture()])
    prompt = reading.speech.prompt(Q, pictures=reading.pictures)
    factors = factors_of(reading)
    emphasis = emphasis_on(prompt, factors=factors, device=torch.device("cpu"))
    rows = {}
    for name, one in (("plain", prompt), ("raised", replace(prompt, emphasis=emphasis))):
        probe = Probe(layers=frozenset({0}), leave_at=0)
        reading.network.forward(one, cache=reading.cache, probe=probe)
        rows[name] = probe.rows[0].numpy()
    wanted = rows["plain"].copy()
    wanted[:, prompt.cells()] *= factors
    wanted /= wanted.sum(-1, keepdims=True)
    assert_allclose(rows["raised"].sum(-1), 1, atol=1e-6)
    assert_allclose(rows["raised"], wanted, atol=1e-6)


def test_longer_answers_are_those_of_raised_attention_at_every_word(usual, picture):
    reading = usual.load().read([picture()])
    factors = factors_of(reading)
    whole = finish(reading.ask_reweighted(Q, factors=factors, max_tokens=4))
    # Once more with a draft of the plain answer, and other questions in between.
    finish(reading.ask(Q, max_tokens=4))
    steps = reading.ask_reweighted(Q, factors=factors, max_tokens=4)
    next(steps)
    finish(reading.ask("Is there a crack?"))
    again = finish(steps)
    assert again.text == whole.text
    assert_allclose(
        [token.logprob for token in again.tokens],
        [token.logprob for token in whole.tokens],
        atol=1e-5,
    )


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_mixed_words_are_the_likeliest_of_both_branches_together(pair, picture, share):
    reading, crop = pair.load().read([picture()]), picture((30, 20, 80, 70))
    assert isinstance(reading, Mixing)
    both = [pair.plain.logits([view], Q) for view in (picture(), crop)]
    wanted = (share * both[0] + (1 - share) * both[1]).log_softmax(-1)
    answer = finish(reading.ask_mixed(Q, views=[crop], share=share, max_tokens=1))
    assert first(answer) == pytest.approx(wanted.max().item(), abs=1e-4)


def test_a_branch_that_weighs_all_gives_its_own_answer(usual, picture):
    model, crop = usual.load(), picture((30, 20, 80, 70))
    reading = model.read([picture()])
    for share, alone in ((1.0, model.read([picture()])), (0.0, model.read([crop]))):
        mixed = finish(reading.ask_mixed(Q, views=[crop], share=share))
        assert mixed == finish(alone.ask(Q))[0]


def test_a_branch_without_weight_costs_nothing(usual, picture):
    model, crop = usual.load(), picture((30, 20, 80, 70))
    reading = model.read([picture()])
    before = model.passes
    finish(reading.ask_mixed(Q, views=[crop], share=1.0, max_tokens=1))
    assert (model.passes - before).language == 1
