"""Value vectors compared with words: against the projections of a plain, eager forward."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from inspector_app.domain.abilities import Comparing
from inspector_app.domain.errors import WrongUse
from inspector_app.runtime.resemblance import span_of
from tests.fakes.steps import finish
from tests.fakes.tiny_blip import QUERIES, PlainBlip

Q = "Is there a red label?"
WORDS = "red label"


def plain_values(plain, view, question):
    """layer -> (tokens, width) of the value projections of an eager forward."""
    inputs = plain.inputs([view], question)
    layers = plain.network.get_decoder().layers
    found = {}
    hooks = [
        layer.self_attn.v_proj.register_forward_hook(
            lambda _module, _given, out, at=at: found.setdefault(at, out[0].float())
        )
        for at, layer in enumerate(layers)
    ]
    with torch.no_grad():
        plain.network(**inputs)
    for hook in hooks:
        hook.remove()
    return found, inputs


def cells_of(pair, inputs):
    """Positions of the grid's cells, by the way the plain checkpoint picks a row apart."""
    positions = torch.arange(inputs["input_ids"].shape[1]).float()[None, None, None]
    if isinstance(pair.plain, PlainBlip):
        return list(range(QUERIES))
    picked = pair.plain._picture_part([positions], inputs, views=1, skip=pair.skip)
    return picked[0, 0].astype(int).tolist()


def test_it_is_the_cosine_of_centred_value_projections(pair, picture):
    reading = pair.load().read([picture()])
    grid = reading.grids[0]

    found = reading.resemblance(Q, words=WORDS, layers=(0, 1))

    values, inputs = plain_values(pair.plain, picture(), Q)
    ids = inputs["input_ids"][0].tolist()
    spelt = pair.plain.tokenizer.encode(WORDS, add_special_tokens=False)
    start = next(at for at in reversed(range(len(ids))) if ids[at : at + len(spelt)] == spelt)
    cells = cells_of(pair, inputs)
    assert found.shape == (2, len(spelt), grid.rows, grid.cols)
    for layer in (0, 1):
        centred = values[layer] - values[layer][cells].mean(dim=0)
        unit = centred / centred.norm(dim=-1, keepdim=True)
        wanted = unit[start : start + len(spelt)] @ unit[cells].T
        if isinstance(pair.plain, PlainBlip):
            wanted = wanted @ pair.plain.looked([picture()], Q)[0]
        assert_allclose(found[layer].reshape(len(spelt), -1), wanted.numpy(), atol=2e-5)


def test_asking_afterwards_is_as_if_nothing_was_compared(pair, picture):
    model = pair.load()
    fresh, compared = model.read([picture()]), model.read([picture()])
    wanted, _ = finish(fresh.ask(Q))

    compared.resemblance("Is there a crack?", words="crack", layers=(0,))

    assert finish(compared.ask(Q))[0].text == wanted.text
    assert isinstance(compared, Comparing)


def test_words_that_are_not_in_the_question_fall_back_to_all_of_it(usual, picture):
    reading = usual.load().read([picture()])

    found = reading.resemblance("Why?", words="label", layers=(1,))

    # One token a byte of "\nUSER: Why?\nASSISTANT:" or whatever the template adds.
    assert found.shape[1] > len("Why?")
    assert np.isfinite(found).all()


def test_a_layer_that_does_not_exist_is_refused(usual, picture):
    reading = usual.load().read([picture()])

    with pytest.raises(WrongUse, match="no layer 99"):
        reading.resemblance(Q, words=WORDS, layers=(99,))


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("red", range(1, 2)),
        ("RED label", range(1, 4)),
        ("blue", None),
        ("", None),
        ("is", range(1)),
    ],
)
def test_the_tokens_of_words_are_found_by_their_text(words, span):
    pieces = ["Is", " red", " la", "bel", "?"]

    assert span_of(words, range(5), decode=lambda ids: "".join(pieces[at] for at in ids)) == span
