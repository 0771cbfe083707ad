"""Counting, against examples computed by hand and from the literature."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain import statistics
from inspector_app.domain.kappa import cohen_kappa, fleiss_kappa
from inspector_app.domain.statistics import Judged, Share


def judged(outcome, *, at="2026-03-04T10:00:00+08:00", **more):
    return Judged(at, outcome, **more)


def test_cohen_kappa_is_that_of_the_textbook():
    # 20 both yes, 15 both no, 5 and 10 apart: observed 0.7, by chance 0.5.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    assert cohen_kappa(pairs) == pytest.approx(0.4)


def test_fleiss_kappa_is_that_of_the_published_example():
    # Fleiss (1971) as retold widely: 10 subjects, 14 readers, 5 categories.
    counts = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    table = [dict(zip("abcde", row, strict=True)) for row in counts]

    assert fleiss_kappa(table) == pytest.approx(0.20993, abs=5e-6)


def test_agreement_without_any_choice_is_not_defined():
    assert cohen_kappa([("PASS", "PASS")] * 5) is None
    assert cohen_kappa([]) is None
    assert fleiss_kappa([{"PASS": 3}] * 5) is None
    assert fleiss_kappa([]) is None


def test_subjects_with_different_numbers_of_readers_are_refused():
    with pytest.raises(ValueError, match="same readers"):
        fleiss_kappa([{"a": 3}, {"a": 1, "b": 1}])


def test_the_interval_of_a_share_is_wilsons():
    share = Share.wilson(8, 10)

    assert share.value == 0.8
    # Solutions p of |0.8 - p| = z sqrt(p (1 - p) / 10).
    for end in (share.low, share.high):
        assert abs(0.8 - end) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / 10), rel=1e-6)
    assert Share.wilson(0, 0).value is None
    assert Share.wilson(0, 7).low == 0
    assert Share.wilson(7, 7).high == 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_in_its_own_interval(count, more):
    share = Share.wilson(count, count + more)

    assert 0 <= share.low <= share.high <= 1
    if share.value is not None:
        assert share.low <= share.value <= share.high


def test_a_p_chart_has_limits_of_three_deviations_for_each_size():
    chart = statistics.p_chart({"a": (2, 100), "b": (18, 100), "c": (10, 100)})

    assert chart.center == 0.1
    # sqrt(0.1 * 0.9 / 100) = 0.03
    assert chart.points[0].low == pytest.approx(0.01)
    assert chart.points[0].high == pytest.approx(0.19)
    assert [point.is_out for point in chart.points] == [False, False, False]
    assert statistics.p_chart({"a": (0, 400), "b": (40, 400)}).points[1].is_out


def test_laneys_chart_is_as_wide_as_the_subgroups_really_vary():
    # Of 0.05 and 0.15 about 0.1 with deviation 0.03: scores -5/3 and 5/3, moving range 10/3.
    chart = statistics.p_chart({"a": (5, 100), "b": (15, 100)}, laney=True)

    assert chart.spread == pytest.approx(10 / 3 / 1.128)


def test_nothing_inspected_is_an_empty_chart():
    assert statistics.p_chart({}).points == ()


def test_a_pareto_counts_from_the_most_frequent_to_everything():
    rows = statistics.pareto(["crack", "dent", "crack", "burr", "crack"])

    assert [(row.name, row.count, row.cumulative) for row in rows] == [
        ("crack", 3, 0.6),
        ("burr", 1, 0.8),
        ("dent", 1, 1.0),
    ]


def test_overrides_count_only_what_a_person_judged():
    rows = [
        judged("FAIL", readings=(("ann", "PASS"),)),
        judged("FAIL", readings=(("ann", "FAIL"),)),
        judged("FAIL"),
        judged("PASS", readings=(("ann", "PASS"), ("bob", "FAIL"))),
        judged("CHECK", readings=(("ann", "PASS"),)),
        judged("CHECK", readings=(("ann", "CHECK"),)),
    ]

    found = statistics.overrides(rows)

    assert (found.false_rejects.count, found.false_rejects.of) == (1, 2)
    assert (found.escapes.count, found.escapes.of) == (1, 1)
    assert (found.decided.count, found.decided.of) == (1, 2)


def test_the_program_is_one_of_the_readers():
    rows = [
        judged("FAIL", readings=(("ann", "FAIL"), ("bob", "FAIL"))),
        judged("PASS", readings=(("ann", "PASS"), ("bob", "FAIL"))),
        judged("PASS", readings=(("ann", "PASS"),)),
    ]

    with_ann, with_bob, two, everyone = statistics.agreements(rows)

    assert (with_ann.readers, with_ann.subjects, with_ann.kappa) == (("program", "ann"), 3, 1)
    assert (with_bob.subjects, with_bob.kappa) == (2, 0)
    assert (two.readers, two.subjects, two.kappa) == (("ann", "bob"), 2, 0)
    # Agreement 1 and 1/3, by chance (4/6)^2 + (2/6)^2 = 5/9.
    assert everyone.subjects == 2
    assert everyone.kappa == pytest.approx((2 / 3 - 5 / 9) / (4 / 9))


def test_three_readers_are_compared_two_by_two_with_the_program_and_among_themselves():
    said = {
        "ann": ("PASS", "PASS", "FAIL", "FAIL"),
        "bob": ("PASS", "FAIL", "FAIL", "FAIL"),
        "cho": ("PASS", "PASS", "FAIL", "PASS"),
    }
    rows = [
        judged(outcome, readings=tuple((name, words[at]) for name, words in said.items()))
        for at, outcome in enumerate(("PASS", "PASS", "PASS", "FAIL"))
    ]

    found = {one.readers: one for one in statistics.agreements(rows)}

    # ann and bob: 3 of 4 the same; by chance 2/4 * 1/4 + 2/4 * 3/4 = 1/2.
    assert found["ann", "bob"].kappa == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))
    # bob and cho: 2 of 4 the same; by chance 1/4 * 3/4 + 3/4 * 1/4 = 3/8.
    assert found["bob", "cho"].kappa == pytest.approx((1 / 2 - 3 / 8) / (5 / 8))
    # PASS counts 3, 2, 0, 1 of 3: agreement (1 + 1/3 + 1 + 1/3) / 4 = 2/3; chance 1/2.
    assert found["ann", "bob", "cho"].kappa == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    # With the program 4, 3, 1, 1 of 4: (1 + 1/2 + 1/2 + 1/2) / 4 = 5/8; chance (81 + 49) / 256.
    assert found["program", "ann", "bob", "cho"].kappa == pytest.approx(
        (5 / 8 - 130 / 256) / (126 / 256)
    )
    assert len(found) == 8


@pytest.mark.parametrize(
    ("created", "shift"),
    [
        ("2026-03-04T06:00:00+08:00", "2026-03-04 06:00"),
        ("2026-03-04T13:59:59+08:00", "2026-03-04 06:00"),
        ("2026-03-04T23:10:00+08:00", "2026-03-04 22:00"),
        ("2026-03-01T05:59:59+08:00", "2026-02-28 22:00"),
        ("yesterday", ""),
        ("0001-01-01T01:00:00+00:00", ""),
    ],
)
def test_a_night_shift_belongs_to_the_day_it_began(created, shift):
    assert statistics.shift_of(created) == shift


@pytest.mark.parametrize("starts", [(), (24,), (-1, 6)])
def test_shifts_begin_at_hours_of_the_day(starts):
    with pytest.raises(ValueError, match="0 to 23"):
        statistics.shift_of("2026-03-04T06:00:00+08:00", starts=starts)


def test_figures_hold_a_persons_word_before_the_programs():
    rows = [
        judged("FAIL", readings=(("ann", "PASS"),), preset="b 1"),
        judged("FAIL", types=("crack",), preset="a 2"),
        judged("CHECK", at="2026-03-04T20:00:00+08:00"),
        judged("", at="2026-03-04T20:00:00+08:00"),
    ]

    found = statistics.figures(rows)

    assert found.total.counts == (1, 1, 1, 1)
    assert (found.total.passed.count, found.total.passed.of) == (1, 3)
    assert [each.name for each in found.shifts] == ["2026-03-04 06:00", "2026-03-04 14:00"]
    assert [each.name for each in found.presets] == ["", "a 2", "b 1"]
    assert [(point.failed, point.inspected) for point in found.chart.points] == [(1, 2), (0, 1)]
    assert found.pareto[0].name == "crack"
    assert statistics.figures([]).total.passed.value is None
