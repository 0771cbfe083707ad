"""Rules edited as rows: of the whole picture and of regions; tried on an answer while typed."""

import copy

import pytest

from inspector_app.domain.check_kinds import Codes, NumberRange, YesNo
from inspector_app.domain.finding import FindingType, Severity
from inspector_app.domain.preset import FixedRegion
from inspector_app.domain.rule import Rules
from inspector_app.domain.rule_trial import tried, tried_on
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.dialogs.region_rules import RegionRules
from inspector_app.gui.dialogs.rule_page import RulePage
from inspector_app.gui.dialogs.rule_rows import fresh_check
from inspector_app.gui.wording.rule_words import KINDS
from inspector_app.presets.checking import faults
from inspector_app.presets.schema import PresetFile

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CHECKS = [
    {"kind": "yes_no", "bad": "no", "type": "gap"},
    {"kind": "expected", "texts": ["LOT 42", "LOT 43"], "type": "wrong text"},
    {"kind": "number", "low": None, "high": 2.5, "unit": "mm", "type": "out of range"},
    {"kind": "codes", "allowed": ["LOT 42"], "type": "wrong code"},
    {"kind": "patterns", "good": ["clean*"], "bad": ["*crack*"], "type": "crack"},
    {"kind": "named"},
]
TYPES = [
    {
        "name": "crack",
        "words": ["裂纹", "split"],
        "severity": "critical",
        "suggestion": "Scrap it.",
    },
    {"name": "stain", "words": [], "severity": "note", "suggestion": ""},
]
ROIS = [
    {"box": [0, 0, 9, 9], "name": "dial", "checks": [CHECKS[2]]},
    {"box": [9, 0, 20, 9], "name": "", "checks": []},
]


def document(checks=(), types=(), **more):
    """A preset as JSON has it, every entry filled in."""
    said = {
        "schema_version": 2,
        "title": "A",
        "look": {"strategy": "manual"},
        "regions": {"rois": copy.deepcopy(ROIS)},
        "rules": {"checks": list(checks), "types": list(types), **more},
    }
    return PresetFile.model_validate(said).model_dump(mode="json")


@pytest.fixture
def page(qtbot):
    made = RulePage()
    qtbot.addWidget(made)
    return made


def shown(page, said):
    page.show_document(said)
    page.show()
    return page


def typed(row, name, text):
    field = next(one for one in row.fields if one.entry.place.endswith(f".{name}"))
    if hasattr(field.control, "setPlainText"):
        field.control.setPlainText(text)
    else:
        field.control.setText(text)
        field.control.textEdited.emit(text)
    return field


def choose(choice, value):
    choice.setCurrentIndex(choice.findData(value))
    choice.activated.emit(choice.currentIndex())


def checked(page, said):
    """What is wrong with what stands in the page, told in it."""
    found = faults(page.taken(said))
    page.show_faults(found)
    return found


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check["kind"])
def test_rows_say_what_the_file_says_and_what_was_not_touched_stays(page, check):
    said = document([check], TYPES)

    shown(page, said)

    assert page.taken(said) == said
    assert len(page.checks.rows) == 1
    assert len(page.types.rows) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_that_is_added_has_no_fault_and_a_title(page, kind):
    said = document([], TYPES)
    shown(page, said)
    action = page._menu.actions()[list(KINDS).index(kind)]

    action.trigger()

    assert not checked(page, said)
    assert page.taken(said)["rules"]["checks"] == [fresh_check(kind)]
    assert page.checks.rows[0].kind.currentText() == action.text()


def test_rows_are_moved_and_taken_away(page):
    said = document(CHECKS[:2])
    shown(page, said)

    page.checks.rows[0].down.click()
    page.checks.rows[1].gone.click()

    assert page.taken(said)["rules"]["checks"] == [CHECKS[1]]
    assert not page.checks.rows[0].up.isEnabled()
    assert not page.checks.rows[0].down.isEnabled()


def test_a_row_turns_into_another_kind(page):
    said = document(CHECKS[:1])
    shown(page, said)

    choose(page.checks.rows[0].kind, "codes")
    typed(page.checks.rows[0], "allowed", "K7\n\nK8")

    assert page.taken(said)["rules"]["checks"] == [
        {"kind": "codes", "allowed": ["K7", "K8"], "type": "wrong code"}
    ]


def test_the_table_takes_words_of_both_languages_and_rows_of_new_names(page):
    said = document([CHECKS[5]], TYPES)
    shown(page, said)

    typed(page.types.rows[1], "words", "spot, 污渍、斑点")
    page.add_type.click()

    types = page.taken(said)["rules"]["types"]
    assert types[1]["words"] == ["spot", "污渍", "斑点"]
    assert types[2]["name"] == "finding"
    assert not checked(page, said)


@pytest.mark.parametrize(
    ("check", "name", "text", "words"),
    [
        (CHECKS[2], "high", "wide", "it must be a number"),
        (CHECKS[1], "texts", "", "an expected text must not be empty"),
        (CHECKS[2], "unit", "cubit", 'the unit "cubit" is not known'),
        (CHECKS[4], "good", "*", "a good pattern must say something"),
    ],
)
def test_a_fault_stands_in_its_row(page, check, name, text, words):
    said = document([CHECKS[0], check], TYPES)
    shown(page, said)

    field = typed(page.checks.rows[1], name, text)
    found = checked(page, said)

    assert len(found) == 1
    told = field.fault.text() + page.checks.rows[1].fault.text()
    assert words in told
    assert told.startswith("✕ ")
    assert page.checks.rows[0].fault.isHidden()
    assert page.fault.isHidden()


def test_checks_that_contradict_each_other_are_told_below_all_of_them(page):
    said = document([CHECKS[3]])
    shown(page, said)
    page._add("expected")

    checked(page, said)

    assert "no answer is on every list of expected texts and codes" in page.fault.text()
    assert not page.fault.isHidden()


def test_limits_are_fields_and_an_empty_one_is_no_limit(page):
    said = document(CHECKS[:1], limit_ms=250)
    shown(page, said)
    field = page.plain_fields["rules.limit_ms"]
    assert field.control.text() == "250"

    field.control.setText("")
    field.control.textEdited.emit("")

    assert page.taken(said)["rules"]["limit_ms"] is None
    assert checked(page, said) == ()


def test_rules_are_given_up_and_taken_back_whole(page):
    said = document(CHECKS[:2], TYPES)
    shown(page, said)

    choose(page.has_rules, False)
    without = page.taken(said)
    choose(page.has_rules, True)

    assert without["rules"] is None
    assert page.taken(said) == said


def test_rules_begin_as_the_schema_fills_them_in(page):
    said = {**document(), "rules": None}
    shown(page, said)

    choose(page.has_rules, True)

    assert page.taken(said) == document([fresh_check("yes_no")])


def test_json_and_rows_are_two_views_of_the_same(page):
    said = document(CHECKS[:1])
    shown(page, said)
    page.as_text.setChecked(True)
    text = page.fields["rules"].control

    text.setPlainText(text.toPlainText().replace('"gap"', '"hole"'))
    typed(page.checks.rows[0], "type", page.checks.rows[0].value["type"] + "s")

    assert page.taken(said)["rules"]["checks"] == [{**CHECKS[0], "type": "holes"}]
    assert '"holes"' in text.toPlainText()


def test_json_that_is_no_rule_is_not_lost(page):
    said = document(CHECKS[:1])
    shown(page, said)

    page.fields["rules"].control.setPlainText('{"checks": [{"kind": "dance"}]}')
    (fault,) = checked(page, said)

    assert fault.place == "rules.checks.0.kind"
    assert page.as_text.isChecked()
    assert not page.checks.isVisible()
    assert "dance" in page.fields["rules"].control.toPlainText()


# --- regions ---------------------------------------------------------------------------------


def test_checks_of_a_region_are_edited_by_themselves(page):
    said = document(CHECKS[:1])
    shown(page, said)

    choose(page.whose, 0)
    page._add("codes")

    taken = page.taken(said)
    assert [page.whose.itemText(at) for at in range(3)] == ["The whole picture", "dial", "Region 2"]
    assert taken["regions"]["rois"][0]["checks"] == [CHECKS[2], fresh_check("codes")]
    assert taken["rules"] == said["rules"]
    assert not page.add_type.isVisible()


def test_regions_that_are_typed_anew_keep_their_checks():
    own = RegionRules()
    own.show_rois(ROIS)
    bare = [{name: roi[name] for name in ("box", "name")} for roi in ROIS]
    moved = {**bare[0], "box": [1, 1, 9, 9]}
    fresh = {"box": [30, 30, 40, 40], "name": "new"}

    assert [roi["checks"] for roi in own.merged([fresh, bare[1], moved]) if "checks" in roi] == [
        ROIS[0]["checks"]
    ]
    assert own.merged([moved, bare[1]])[0] == {**moved, "checks": ROIS[0]["checks"]}
    assert own.merged(ROIS) is ROIS
    assert own.merged("nonsense") == "nonsense"


# --- tried -----------------------------------------------------------------------------------

RULES = Rules((YesNo(type="crack"),), (FindingType("crack", (), Severity.MAJOR, "Scrap it."),))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("no", Outcome.PASS), ("yes", Outcome.FAIL), ("perhaps", Outcome.CHECK)],
)
def test_an_answer_is_judged_by_the_rules_themselves(answer, outcome):
    assert tried(answer, rules=RULES, question="Is there a crack?").outcome == outcome


def test_a_region_is_judged_by_its_own_checks_alone():
    region = FixedRegion((0, 0, 5, 5), "dial", checks=(NumberRange(high=3), Codes(("2",))))

    found = {
        answer: tried_on(answer, region, rules=RULES, question="How many?").outcome
        for answer in ("2", "4", "two")
    }

    assert found == {"2": Outcome.PASS, "4": Outcome.FAIL, "two": Outcome.CHECK}


def test_finding_and_verdict_are_told_while_an_answer_is_typed(page):
    said = document(CHECKS[:2], TYPES)
    shown(page, said)
    preset = PresetFile.model_validate(said).as_preset("a")
    page.show_preset(preset, question="Is it closed?")
    trial = page.trial

    trial.answer.setText("no")

    assert trial.verdict.text().startswith("FAIL ✗")
    assert "1  ✗ Yes or no: found" in trial.told.text()
    assert "2  ✗ Expected text: the text is not as expected" in trial.told.text()
    assert "gap · major" in trial.told.text()

    page.show_preset(None, question="")
    assert trial.verdict.text() == ""
    assert "Mend what is wrong" in trial.told.text()


def test_without_checks_the_question_decides(page):
    said = {**document(), "rules": None}
    shown(page, said)
    page.trial.answer.setText("yes")
    preset = PresetFile.model_validate(said).as_preset("a")

    page.show_preset(preset, question="Is there a crack?")
    asked_for = page.trial.verdict.text()
    page.show_preset(preset, question="What is this?")

    assert asked_for == "FAIL ✗  found"
    assert page.trial.verdict.text() == "No verdict"
