"""What each kind of check makes of answers in two languages; what is not plain is unclear."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.check_kinds import (
    Codes,
    Expected,
    Named,
    NumberRange,
    Patterns,
    State,
    YesNo,
)
from inspector_app.domain.finding import FindingType, Severity
from inspector_app.domain.wildcard import fits

TYPES = (
    FindingType("crack", ("裂纹", "fissure"), Severity.CRITICAL, "Replace the part."),
    FindingType("stain", ("污渍",), Severity.MINOR),
)
GOOD, BAD, UNCLEAR = State.GOOD, State.BAD, State.UNCLEAR


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("no", GOOD),
        ("No.", GOOD),
        ("没有", GOOD),
        ("无。", GOOD),
        ("未见", GOOD),
        ("No, there is no crack.", GOOD),
        ("没有,未见裂纹", GOOD),
        ("yes", BAD),
        ("YES!", BAD),
        ("有", BAD),
        ("是的", BAD),
        ("Yes, a crack.", BAD),
        ("yes and no", UNCLEAR),
        ("no, but a scratch", UNCLEAR),
        ("No, there is a crack.", UNCLEAR),
        ("yes, not a crack", UNCLEAR),
        ("no, maybe", UNCLEAR),
        ("可能有", UNCLEAR),
        ("not sure", UNCLEAR),
        ("none", UNCLEAR),
        ("no no", UNCLEAR),
        ("no, yes", UNCLEAR),
        ("", UNCLEAR),
        ("?", UNCLEAR),
    ],
)
def test_yes_and_no_are_read_only_where_they_are_plain(text, state):
    assert YesNo(bad="yes").read(text, ()).state is state
    turned = {GOOD: BAD, BAD: GOOD, UNCLEAR: UNCLEAR}[state]
    assert YesNo(bad="no").read(text, ()).state is turned


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("LOT 42", GOOD),
        ("lot  42.", GOOD),
        ("\uff2c\uff2f\uff34 \uff14\uff12", GOOD),
        ("批号42", GOOD),
        ("LOT 43", BAD),
        ("", BAD),
        ("perhaps LOT 42", UNCLEAR),
        ("LOT 42?", UNCLEAR),
    ],
)
def test_an_expected_text_is_compared_whole(text, state):
    assert Expected(("LOT 42", "批号42")).read(text, ()).state is state


@pytest.mark.parametrize(
    ("text", "state", "detail"),
    [
        ("5 mm", GOOD, "5 mm"),
        ("4.9 mm", GOOD, "4.9 mm"),
        ("5.1 mm", GOOD, "5.1 mm"),
        ("0.5 cm", GOOD, "5 mm"),
        ("直径5毫米", GOOD, "5 mm"),
        ("5.11 mm", BAD, "5.11 mm > 5.1"),
        ("4.89 mm", BAD, "4.89 mm < 4.9"),
        ("1 inch", BAD, "25.4 mm > 5.1"),
        ("-5 mm", BAD, "-5 mm < 4.9"),
        ("5", UNCLEAR, ""),
        ("5 kg", UNCLEAR, ""),
        ("about 5 mm", UNCLEAR, ""),
        ("约5毫米", UNCLEAR, ""),
        ("less than 5 mm", UNCLEAR, ""),
        ("4.9-5.1 mm", UNCLEAR, ""),
        ("5 mm or 6 mm", UNCLEAR, ""),
        ("not 5 mm", UNCLEAR, ""),
        ("5,001 mm", UNCLEAR, ""),
        ("five mm", UNCLEAR, ""),
        ("", UNCLEAR, ""),
    ],
)
def test_a_number_counts_with_its_unit_and_only_alone(text, state, detail):
    found = NumberRange(low=4.9, high=5.1, unit="mm").read(text, ())

    assert (found.state, found.detail) == (state, detail)


@pytest.mark.parametrize(
    ("text", "state"),
    [("12", GOOD), ("12 screws", GOOD), ("13", BAD), ("12 mm", UNCLEAR), ("nan", UNCLEAR)],
)
def test_a_bare_number_has_no_unit(text, state):
    assert NumberRange(low=12, high=12).read(text, ()).state is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("K7P", GOOD),
        ("k7p.", GOOD),
        ('"K7P"', GOOD),
        ("\uff2b\uff17\uff30", GOOD),
        ("K7B", BAD),
        ("K7", BAD),
        ("K7PP", BAD),
        ("K7P R3X", UNCLEAR),
        ("the code is K7P", UNCLEAR),
        ("none", UNCLEAR),
        ("no", UNCLEAR),
        ("", UNCLEAR),
        ("...", UNCLEAR),
    ],
)
def test_a_code_is_one_word_of_the_list(text, state):
    assert Codes(("K7P", "R3X")).read(text, ()).state is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("surface clean", GOOD),
        ("Surface clean and dry.", GOOD),
        ("表面完好", GOOD),
        ("surface cracked", BAD),
        ("surface clean, but cracked", UNCLEAR),
        ("something else", UNCLEAR),
        ("", UNCLEAR),
    ],
)
def test_an_answer_like_both_patterns_or_none_is_unclear(text, state):
    check = Patterns(good=("surface clean*", "表面完好"), bad=("*crack*",))

    assert check.read(text, ()).state is state


@pytest.mark.parametrize(
    ("pattern", "answer", "state"),
    [
        ("*ok*", "The part is OK.", State.GOOD),
        ("*ok*", "The part is broken.", State.UNCLEAR),
        ("*ok*", "It is not ok", State.UNCLEAR),
        ("*ok*", "Maybe ok", State.UNCLEAR),
        ("*ok*", "ok?", State.UNCLEAR),
        ("*normal*", "abnormal", State.UNCLEAR),
        ("*normal*", "abnormal, else normal", State.GOOD),
        ("*no crack*", "I see no crack.", State.GOOD),
        ("*no crack*", "Perhaps no crack.", State.UNCLEAR),
        ("lot*a", "LOT12A", State.GOOD),
        ("*合格", "产品合格", State.GOOD),
        ("*合格", "产品不合格", State.UNCLEAR),
        ("*合格", "可能合格", State.UNCLEAR),
    ],
)
def test_a_wildcard_hides_no_doubt_no_negation_and_no_first_half_of_a_word(pattern, answer, state):
    assert Patterns(good=(pattern,)).read(answer, ()).state is state


@pytest.mark.parametrize(
    ("text", "state", "types"),
    [
        ("crack", BAD, ("crack",)),
        ("A crack and two stains.", BAD, ("crack", "stain")),
        ("有裂纹", BAD, ("crack",)),
        ("a hairline fissure", BAD, ("crack",)),
        ("no crack, but a stain", BAD, ("stain",)),
        ("没有裂纹,但有污渍", BAD, ("stain",)),
        ("none", GOOD, ()),
        ("no defects.", GOOD, ()),
        ("无异常", GOOD, ()),
        ("正常", GOOD, ()),
        ("no crack", UNCLEAR, ()),
        ("the crack is not visible", UNCLEAR, ()),
        ("free of cracks", UNCLEAR, ()),
        ("maybe a crack", UNCLEAR, ()),
        ("疑似裂纹", UNCLEAR, ()),
        ("a dent", UNCLEAR, ()),
        ("crackers", UNCLEAR, ()),
        ("", UNCLEAR, ()),
    ],
)
def test_what_is_named_is_found_and_what_is_denied_is_not(text, state, types):
    found = Named().read(text, TYPES)

    assert (found.state, found.types) == (state, types)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Expected(()),
        lambda: Expected(("  ",)),
        NumberRange,
        lambda: NumberRange(low=2, high=1),
        lambda: NumberRange(low=float("nan")),
        lambda: NumberRange(high=float("inf")),
        lambda: NumberRange(low=1, unit="furlong"),
        lambda: Codes(()),
        lambda: Codes(("",)),
        Patterns,
        lambda: Patterns(good=("*",)),
        lambda: Patterns(bad=("*crack*",)),
        lambda: Patterns(good=("a",), bad=("a",)),
        lambda: FindingType(""),
        lambda: FindingType("crack", ("",)),
    ],
)
def test_a_check_that_could_never_be_meant_is_refused(make):
    with pytest.raises(ValueError, match=r"\w"):
        make()


@given(text=st.text("ab*?", max_size=12), pattern=st.text("ab*?", max_size=8))
def test_wildcards_fit_as_the_regular_expression_would(text, pattern):
    expression = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pattern)

    assert fits(text, pattern) == (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_an_unlucky_pattern_on_an_unlucky_answer_ends():
    assert not fits("a" * 1000, "*a" * 60 + "b")


@given(text=st.text(max_size=40))
def test_no_answer_at_all_breaks_a_check(text):
    checks = (YesNo(), Expected(("x",)), NumberRange(low=1, unit="mm"), Codes(("A1",)), Named())
    for check in (*checks, Patterns(good=("x*",))):
        assert check.read(text, TYPES).reason
