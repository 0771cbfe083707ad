"""Run-ahead where something changes, fails, or belongs to the user."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.inspection import MADE_AHEAD
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import FixedRegion, Options, Preset
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.gui.ahead import Rest
from inspector_app.gui.worklist import Role
from tests.fakes.perform import answer
from tests.gui.conftest import paint
from tests.gui.person import CRACK, ask, told
from tests.gui.running import badge, go_to, held, inspected, running, strip, wait_for

__all__ = ["held", "running"]

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_half_a_question_is_asked_of_no_picture(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    asked = len(inspected(stage))

    running.session.set_question("Is there a cr")
    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.QUESTION)
    qtbot.keyClick(running.canvas.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: running.windowTitle().startswith("b.png"))

    assert running.session.inspection is None
    assert len(inspected(stage)) == asked
    assert "press Enter" in strip(running).words.text()
    running.session.set_question(CRACK)
    go_to(running, qtbot, stage, "c.png")
    qtbot.waitUntil(lambda: running.session.inspection is not None)
    assert len(inspected(stage)) == asked


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.set_strategy("gradient_attention"),
        lambda session: session.set_count(3),
        lambda session: session.set_gate(is_on=True),
    ],
    ids=["strategy", "crops", "gate"],
)
def test_other_choices_make_everything_anew(running, qtbot, stage, change):
    wait_for(running, qtbot, done=2)
    before = running.session.inspection

    change(running.session)

    qtbot.waitUntil(lambda: len(inspected(stage)) == 6)
    wait_for(running, qtbot, done=2)
    assert running.session.inspection is not before
    go_to(running, qtbot, stage, "b.png")
    qtbot.waitUntil(lambda: running.session.inspection is not None)
    shown = running.session.inspection
    assert (shown.strategy, shown.options) == (running.session.strategy, running.session.options)


def test_before_they_are_made_anew_answers_to_other_choices_are_taken_back(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    stage.script.hold.clear()

    running.session.set_count(3)

    qtbot.waitUntil(lambda: badge(running, 2) == "")
    assert running.session.inspection is None
    assert running.answers.verdict.verdict is None


def test_another_model_makes_everything_anew(running, qtbot, stage):
    wait_for(running, qtbot, done=2)

    running.session.change_settings(replace(running.session.settings, model="other"))

    qtbot.waitUntil(lambda: len(inspected(stage)) >= 6)
    asked = [one for one in stage.script.asked if isinstance(one, Inspect)]
    assert {one.model.model for one in asked[3:]} == {"other"}


def test_a_file_that_changed_after_it_was_inspected_is_inspected_anew(running, qtbot, stage):
    wait_for(running, qtbot, done=2)
    paint(stage.folder / "b.png", size=(64, 48), seed=9)
    shown = []
    running.session.inspection_changed.connect(shown.append)

    qtbot.keyClick(running.canvas.view, Qt.Key.Key_N)

    qtbot.waitUntil(lambda: running.windowTitle().startswith("b.png"))
    qtbot.waitUntil(lambda: running.session.inspection is not None)
    assert running.session.inspection.size == (64, 48)
    assert {made.size for made in shown if made is not None} == {(64, 48)}


def test_what_fails_gets_a_badge_and_the_next_one_is_inspected(opened, qtbot, stage):
    stage.script.failing["b.png"] = UnreadablePicture("The lens is dirty.", hint="Clean it.")
    opened.session.set_question(CRACK)
    opened.session.set_ahead(is_on=True)
    qtbot.waitUntil(lambda: opened.session.ahead.state.failed == 1)
    wait_for(opened, qtbot, done=1)

    assert inspected(stage) == ["a", "b", "c"]
    assert badge(opened, 1) == "CHECK"
    tip = opened.session.worklist.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert "The lens is dirty." in tip
    assert "1 failed" in strip(opened).words.text()
    go_to(opened, qtbot, stage, "b.png")
    qtbot.waitUntil(lambda: bool(told(opened)))
    assert told(opened)[0].text == "The lens is dirty."
    assert inspected(stage) == ["a", "b", "c"]


def test_a_failure_without_verdict_is_no_answer_either(opened, qtbot, stage):
    stage.script.failing["b.png"] = UnreadablePicture("The lens is dirty.")
    opened.session.set_question("What does the label say?")
    opened.session.set_ahead(is_on=True)
    wait_for(opened, qtbot, done=1)

    row = opened.session.worklist.index(1)
    assert row.data(Role.FAILURE)
    assert not row.data(Role.IS_ASKED)


def test_what_failed_is_tried_again_when_the_user_asks(opened, qtbot, stage):
    stage.script.failing["b.png"] = UnreadablePicture("The lens is dirty.")
    opened.session.set_question(CRACK)
    opened.session.set_ahead(is_on=True)
    qtbot.waitUntil(lambda: opened.session.ahead.state.failed == 1)
    stage.script.failing.clear()
    go_to(opened, qtbot, stage, "b.png")

    ask(opened, qtbot)

    assert not opened.session.worklist.index(1).data(Role.FAILURE)
    qtbot.waitUntil(lambda: opened.session.ahead.state.failed == 0)


def test_the_users_own_answer_is_not_made_anew(opened, qtbot, stage):
    ask(opened, qtbot)
    own = opened.session.inspection
    opened.session.set_ahead(is_on=True)
    wait_for(opened, qtbot, done=2)

    assert inspected(stage) == ["a", "b", "c"]
    assert opened.session.inspection is own


def test_rectangles_drawn_by_hand_make_it_rest(running, qtbot, stage):
    wait_for(running, qtbot, done=2)

    running.session.set_rois([running.session.inspection.regions[0].region])

    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.DRAWN)
    assert badge(running, 1) == "CHECK"
    running.session.set_rois([])
    qtbot.waitUntil(lambda: running.session.ahead.state.rest is Rest.NONE)
    assert inspected(stage) == ["a", "b", "c"]


def test_regions_of_a_preset_are_laid_on_the_next_pictures_by_their_own_size(opened, qtbot, stage):
    paint(stage.folder / "small.png", size=(100, 60), seed=7)
    opened.session.open_paths([str(stage.folder / "small.png")])
    go_to(opened, qtbot, stage, "c.png")
    left = FixedRegion((0.0, 0.0, 50.0, 100.0), unit="percent")
    preset = Preset("left", "Left", "manual", Options(), CRACK, rois=(left,))
    opened.session.take_preset(preset)
    opened.session.set_question(CRACK)
    opened.session.lay_rois(preset.laid_on(opened.session.picture.size))
    opened.session.set_ahead(is_on=True)
    wait_for(opened, qtbot, done=1)

    asked = wishes(stage)
    assert [one.notes for one in asked] == [("preset left", MADE_AHEAD)] * 2
    assert [(one.strategy, one.options.rois) for one in asked] == [
        ("manual", (Region(0, 0, 160, 240),)),
        ("manual", (Region(0, 0, 50, 60),)),
    ]


def wishes(stage):
    return [one for one in stage.script.asked if isinstance(one, Inspect)]


def told_of(wishes):
    """Of each: the picture, the regions' boxes and questions, and what is said of the preset."""
    return [
        (
            Path(one.locator).name,
            tuple(region.box for region in one.options.rois),
            tuple(cut.question for cut in one.options.cuts),
            one.notes[0],
        )
        for one in wishes
    ]


BOX = (4, 4, 20, 20)


@pytest.fixture
def by_preset(opened, qtbot, stage):
    """The window on the first of three pictures, working by a preset with a region."""
    lid = FixedRegion(BOX, name="lid", question="Is it closed?")
    preset = Preset("lid", "Lid", "manual", Options(), CRACK, rois=(lid,))
    opened.session.take_preset(preset)
    opened.session.set_question(CRACK)
    opened.session.lay_rois(preset.laid_on(opened.session.picture.size))
    # The sizes of the next pictures are known.
    qtbot.waitUntil(lambda: opened.session.desk.size_of(str(stage.folder / "b.png")) is not None)
    return opened


def test_another_question_of_a_region_is_asked_ahead_of_its_own_picture_only(
    by_preset, qtbot, stage
):
    session, regions = by_preset.session, by_preset.session.regions
    regions.ask(regions.all[0].id, "Is it open?", ())
    qtbot.waitUntil(lambda: session.leaves_preset)

    session.set_ahead(is_on=True)
    wait_for(by_preset, qtbot, done=2)

    own = ("a.png", (BOX,), ("Is it open?",), "preset lid, changed")
    assert told_of(wishes(stage)) == [
        own,
        ("b.png", (BOX,), ("Is it closed?",), "preset lid"),
        ("c.png", (BOX,), ("Is it closed?",), "preset lid"),
    ]
    session.book.undo()
    qtbot.waitUntil(lambda: len(wishes(stage)) == 4 and session.inspection is not None)
    assert told_of(wishes(stage))[3:] == [("a.png", (BOX,), ("Is it closed?",), "preset lid")]


def test_what_is_changed_on_a_picture_takes_no_answer_of_the_others_back(by_preset, qtbot, stage):
    session, regions = by_preset.session, by_preset.session.regions
    session.set_ahead(is_on=True)
    wait_for(by_preset, qtbot, done=2)
    withdrawn = []
    session.ahead.withdrawn.connect(lambda locator: withdrawn.append(Path(locator).name))

    regions.add(Shape.of(Region(8, 8, 24, 22)))
    qtbot.waitUntil(lambda: len(wishes(stage)) == 4 and session.inspection is not None)

    both = (BOX, (8, 8, 24, 22))
    assert told_of(wishes(stage))[3] == (
        "a.png",
        both,
        ("Is it closed?", ""),
        "preset lid, changed",
    )
    assert withdrawn == ["a.png"]
    assert [badge(by_preset, row) for row in range(3)] == ["CHECK"] * 3
    go_to(by_preset, qtbot, stage, "b.png")
    assert session.inspection.was_made_ahead
    assert [region.box for region in session.inspection.options.rois] == [BOX]


def test_a_picture_on_which_regions_were_changed_waits_until_it_is_open(by_preset, qtbot, stage):
    session, regions = by_preset.session, by_preset.session.regions
    go_to(by_preset, qtbot, stage, "b.png")
    regions.ask(regions.all[0].id, "Is it open?", ())
    qtbot.waitUntil(lambda: session.leaves_preset)
    go_to(by_preset, qtbot, stage, "a.png")

    session.set_ahead(is_on=True)
    wait_for(by_preset, qtbot, done=1)
    assert [one[0] for one in told_of(wishes(stage))] == ["a.png", "c.png"]
    go_to(by_preset, qtbot, stage, "b.png")
    qtbot.waitUntil(lambda: session.inspection is not None)

    last = ("b.png", (BOX,), ("Is it open?",), "preset lid, changed")
    assert told_of(wishes(stage))[2:] == [last]


def test_what_is_no_longer_at_hand_is_fetched_from_its_record(stage, qtbot):
    for at in range(5):
        paint(stage.folder / f"n{at}.png", size=(32, 24), seed=at)
    window = stage.open(*(f"n{at}.png" for at in range(5)), ahead_count=1)
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.model is not None)
    window.session.set_question(CRACK)
    window.session.set_ahead(is_on=True)
    wait_for(window, qtbot, done=1)
    go_to(window, qtbot, stage, "n4.png")
    qtbot.waitUntil(lambda: inspected(stage) == ["n0", "n1", "n4"])
    qtbot.waitUntil(lambda: window.session.inspection is not None)

    go_to(window, qtbot, stage, "n1.png")

    qtbot.waitUntil(lambda: window.session.inspection is not None)
    assert window.session.inspection.id == 2
    qtbot.waitUntil(lambda: window.session.ahead.state.done == 1)
    assert inspected(stage) == ["n0", "n1", "n4", "n2"]


def test_a_sample_is_asked_its_own_question_ahead(stage, qtbot):
    from inspector_app.gui.facts import Sample  # noqa: PLC0415  only here

    stage.samples = tuple(
        Sample(str(stage.folder / f"{name}.png"), "text", name, (f"What about {name}?",))
        for name in "ab"
    )
    window = stage.open("a.png", "b.png")
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.model is not None)
    window.session.set_ahead(is_on=True)
    wait_for(window, qtbot, done=1)
    qtbot.keyClick(window.canvas.view, Qt.Key.Key_N)

    qtbot.waitUntil(lambda: window.windowTitle().startswith("b.png"))
    qtbot.waitUntil(lambda: window.session.inspection is not None)
    assert window.session.inspection.question == "What about b?"
    assert inspected(stage) == ["a", "b"]


def test_an_answer_that_was_not_stored_is_said(running, qtbot, stage):
    stage.script.unstored = "The disk is full."
    running.session.set_question("Is there a scratch?")
    running.session.ask()

    qtbot.waitUntil(lambda: bool(told(running)))
    assert "not stored" in told(running)[0].text


def test_agreeing_answers_made_ahead_are_judged_like_all_others(opened, qtbot, stage):
    stage.script.whole = answer("yes", sure=0.97)
    opened.session.set_question(CRACK)
    opened.session.set_ahead(is_on=True)
    wait_for(opened, qtbot, done=2)

    assert [badge(opened, row) for row in range(3)] == ["FAIL"] * 3
