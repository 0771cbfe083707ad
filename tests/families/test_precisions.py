"""Every family in every precision."""

import numpy as np
import pytest
from torch import nn

from inspector_app.runtime.precision import (
    EightBitLinear,
    decoder_of,
    eight_bit_language_bytes,
    language_bytes,
)
from tests.fakes.steps import finish

Q = "What is on the red label?"


@pytest.mark.parametrize("precision", ["bfloat16", "float16", "int8"])
def test_each_precision_answers_looks_and_says_what_it_is(pair, picture, precision):
    model = pair.family.load(pair.folder, device="cpu", precision=precision)
    reading = model.read([picture()])

    answer, rows = finish(reading.ask(Q, layers=(1,), max_tokens=2))

    assert model.facts.dtype == precision
    assert answer.margin is not None
    assert np.isfinite(rows.values).all()
    assert rows.values.max() > 0


def test_eight_bits_are_for_the_language_part_alone(pair, picture):
    model = pair.family.load(pair.folder, device="cpu", precision="int8")
    whole = model.eyes.whole
    rounded = [part for part in whole.modules() if isinstance(part, EightBitLinear)]
    within = [part for part in decoder_of(whole).modules() if isinstance(part, EightBitLinear)]
    plain = [part for part in decoder_of(whole).modules() if isinstance(part, nn.Linear)]

    assert len(within) == 7 * model.layers
    assert plain == []
    # What is rounded outside of the layers is the head at most.
    assert len(rounded) - len(within) in (0, 1)


def test_what_eight_bits_need_is_told_beforehand(pair):
    plain = pair.family.load(pair.folder, device="cpu", precision="bfloat16").eyes.whole
    foretold = eight_bit_language_bytes(plain)

    rounded = pair.family.load(pair.folder, device="cpu", precision="int8").eyes.whole

    assert language_bytes(rounded) == foretold
    assert foretold < language_bytes(plain)
