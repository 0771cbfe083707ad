"""McNemar's exact test, by hand and by counting every outcome."""

import itertools

import pytest

from inspector_app.domain.comparison import Comparison


@pytest.mark.parametrize(
    ("only_a", "only_b", "p"),
    [
        (0, 0, 1.0),
        (3, 3, 1.0),
        (0, 5, 2 / 32),
        (0, 6, 2 / 64),
        # Twice the chance of none or one of ten.
        (1, 9, 22 / 1024),
        (9, 1, 22 / 1024),
    ],
)
def test_the_exact_probability(only_a, only_b, p):
    assert Comparison(5, only_a, only_b, 7).p == pytest.approx(p)


@pytest.mark.parametrize("only_a", range(6))
@pytest.mark.parametrize("only_b", range(6))
def test_it_is_the_share_of_all_coin_tosses_that_are_at_least_so_uneven(only_a, only_b):
    count = only_a + only_b
    tosses = [sum(toss) for toss in itertools.product((0, 1), repeat=count)]
    as_uneven = [one for one in tosses if abs(2 * one - count) >= abs(only_a - only_b)]

    assert Comparison(0, only_a, only_b, 0).p == pytest.approx(len(as_uneven) / len(tosses))


def test_nothing_is_claimed_that_chance_would_show_often():
    assert Comparison(0, 0, 5, 0).better == ""
    assert Comparison(0, 0, 6, 0).better == "B"
    assert Comparison(0, 6, 0, 0).better == "A"


def test_every_pair_is_counted_once():
    found = Comparison()
    for a, b in itertools.product((True, False), repeat=2):
        found = found.counted(a=a, b=b)

    assert found == Comparison(1, 1, 1, 1)
    assert found.count == 4
