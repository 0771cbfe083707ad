"""Counting parts, keeping failures in sight, and hearing a scanner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.shift import FILM, Part, Shift, Wedge
from inspector_app.domain.verdict import Outcome

PASS, FAIL, CHECK = Outcome.PASS, Outcome.FAIL, Outcome.CHECK


def shift(*outcomes):
    """One in which these came, oldest first."""
    made = Shift("Li")
    for at, outcome in enumerate(outcomes):
        made = made.added(Part(0, f"{at}.png", outcome))
    return made


def test_parts_are_numbered_and_counted():
    found = shift(PASS, FAIL, PASS, CHECK)

    assert [part.number for part in found.parts] == [1, 2, 3, 4]
    assert [found.count(one) for one in (PASS, FAIL, CHECK)] == [2, 1, 1]
    assert found.pass_rate == 0.5
    assert Shift("Li").pass_rate is None


def test_a_verdict_is_overruled_for_a_reason_only_and_the_machines_own_is_kept():
    found = shift(PASS, FAIL).overruled(2, PASS, " dust ")

    assert found.parts[1].final is PASS
    assert found.parts[1].outcome is FAIL
    assert found.parts[1].reason == "dust"
    assert found.pass_rate == 1.0
    with pytest.raises(ValueError, match="reason"):
        found.overruled(1, FAIL, "  ")
    with pytest.raises(ValueError, match="no part 3"):
        found.overruled(3, FAIL, "x")


def test_failures_stay_in_sight_while_passes_leave():
    found = shift(FAIL, *[PASS] * 30, CHECK)

    film = found.film

    assert len(film) == FILM
    assert film[0].final is CHECK
    assert film[-1].final is FAIL
    assert [part.number for part in film[1:-1]] == list(range(31, 13, -1))


@given(st.lists(st.sampled_from([PASS, FAIL, CHECK]), max_size=60))
def test_the_newest_part_and_as_many_failures_as_have_room_are_in_sight(outcomes):
    film = shift(*outcomes).film

    assert len(film) == min(FILM, len(outcomes))
    if outcomes:
        assert film[0].number == len(outcomes)
    failures = sum(one is FAIL for one in outcomes)
    assert sum(part.final is FAIL for part in film) >= min(failures, FILM - 1)
    numbers = [part.number for part in film]
    assert numbers == sorted(numbers, reverse=True)


def typed(text, *, gap_ms, wedge=None):
    wedge = wedge or Wedge()
    at = 1000
    for letter in text:
        at += gap_ms
        wedge.key(letter, at)
    return wedge.enter(at + gap_ms)


def test_what_comes_as_fast_as_a_scanner_types_is_a_serial_number():
    assert typed("SN 0042-A", gap_ms=8) == "SN 0042-A"
    assert typed("二维码", gap_ms=8) == "二维码"


def test_what_a_person_types_is_none():
    assert typed("SN0042", gap_ms=140) == ""
    assert typed("ab", gap_ms=8) == ""


def test_a_key_pressed_long_before_does_not_belong_to_the_scan():
    wedge = Wedge()
    wedge.key("x", 0)

    assert typed("SN0042", gap_ms=8, wedge=wedge) == "SN0042"


@given(st.text(max_size=300), st.integers(0, 60))
def test_a_scan_never_raises_and_never_keeps_what_cannot_be_read(text, gap_ms):
    found = typed(text, gap_ms=gap_ms)

    assert found.isprintable()
    assert len(found) <= 120
