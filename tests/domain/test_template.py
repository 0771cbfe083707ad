"""Templates are filled in one step, and the linter asks how they end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.template import LONGEST, Template, lint


def made(text, **more):
    return Template("t", "en", "T", text, **more)


# --- filling ---------------------------------------------------------------------------------


def test_words_take_their_places():
    template = made("A {part}. {question} Answer yes or no.", defaults=(("part", "plate"),))

    assert template.filled(" Is it bent? ") == "A plate. Is it bent? Answer yes or no."
    assert template.filled("Is it?", variables={"part": "cog"}) == "A cog. Is it? Answer yes or no."


def test_empty_words_leave_the_templates_own():
    template = made("A {part}?", defaults=(("part", "plate"),))

    assert template.filled("", variables={"part": "  "}) == "A plate?"


@given(st.text(max_size=50))
def test_words_with_braces_stay_as_they_are(words):
    template = made("{question} / {target}?")

    filled = template.filled("Is it {target}?", variables={"target": f"x{words}x"})

    assert filled == f"Is it {{target}}? / x{words}x?".strip()


def test_a_place_that_stays_empty_is_refused_by_name():
    with pytest.raises(WrongUse, match=r"needs words for \{target\}, \{question\}"):
        made("{target} {question}").filled(" ")


def test_a_template_tells_its_variables_once_and_in_order():
    template = made("{target} {question} {target} {part}")

    assert template.variables == ("target", "question", "part")
    assert template.wants_question


# --- the end of a template -------------------------------------------------------------------

ENDS_WELL = [
    "{question} Answer the question using a single word or phrase.",
    "{question}\nAnswer with yes or no.",
    "{question} Short: give only the code",
    "Transcribe the label. Write ? for what cannot be read. Give only the characters.",
    "{question} 请用一个词回答。",
    "看图。{question} 只写编码",
]
ENDS_BADLY = [
    "{question} The plate is made of steel.",
    "{question} Look carefully at every corner.",
    "Answer with yes or no. {question} The picture is from a CT.",
    "{question} 请仔细观察图像。",
    "{question} because",
]


@pytest.mark.parametrize("text", ENDS_WELL)
def test_an_order_to_answer_is_a_good_end(text):
    assert lint(made(text)) == ()


@pytest.mark.parametrize("text", ENDS_BADLY)
def test_any_other_end_is_a_grave_flaw(text):
    (flaw,) = lint(made(text))

    assert flaw.is_grave
    assert "does not end at the answer" in flaw.text


@pytest.mark.parametrize("text", ["{question}", "What is the code?", "编码是什么？", "Is it? "])
def test_a_bare_question_is_advised_against_unless_it_is_meant(text):
    (flaw,) = lint(made(text))

    assert not flaw.is_grave
    assert lint(made(text, ending="question")) == ()


def test_a_statement_at_the_end_is_no_question_by_being_called_one():
    (flaw,) = lint(made("{question} It is steel.", ending="question"))

    assert flaw.is_grave


# --- its form --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "is empty"),
        ("{question} {lamp} Answer.", "no variable {lamp}"),
        ("{question Answer.", "without its partner"),
        ("{question} Answer}.", "without its partner"),
        ("USER: {question} Answer. ASSISTANT:", "belongs to the card"),
        ("<image>{question} Answer.", "belongs to the card"),
        ("[INST] {question} Answer.", "belongs to the card"),
        ("a" * LONGEST + " Answer it.", "longer than"),
    ],
)
def test_a_flaw_of_form_is_told(text, words):
    flaws = lint(made(text))

    assert flaws[0].is_grave
    assert any(words in flaw.text for flaw in flaws)


def test_a_variable_without_words_of_its_own_is_only_advice():
    (flaw,) = lint(made("Find the {target}. {question} Answer in a word."))

    assert not flaw.is_grave
    assert "{target}" in flaw.text


@given(st.text(max_size=200))
def test_the_linter_has_an_opinion_on_any_text(text):
    assert all(flaw.text for flaw in lint(made(text)))
