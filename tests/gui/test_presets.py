"""Presets in the window: chosen, laid on pictures, left."""

import numpy as np
import pytest

from inspector_app import paths
from inspector_app.domain.check_kinds import YesNo
from inspector_app.domain.live import Shot
from inspector_app.domain.messages import LoadModel
from inspector_app.domain.preset import FixedRegion, Options, Preset, Wording
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.shape import Shape
from inspector_app.gui.facts import Sample
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.presets import preset
from tests.gui.person import ask, told
from tests.gui.preset_use import MINE, kept, last_asked
from tests.gui.running import go_to

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


# --- choosing --------------------------------------------------------------------------------


def test_the_menu_offers_every_preset_and_none(room):
    room.button.menu().aboutToShow.emit()

    words = [action.text() for action in room.button.menu().actions() if action.text()]
    assert words[:4] == ["Industrial", "Medical", "Text", "No preset"]
    assert words[4:] == ["Edit presets …", "Compare two prompt templates …"]
    assert room.button.text() == "No preset"


def test_a_chosen_preset_sets_question_strategy_and_options(opened, room):
    kept(room, MINE)

    room.presets.choose("mine")

    session = opened.session
    assert session.question == "Is there a crack?"
    assert session.strategy == "relative_attention"
    assert (session.options.count, session.options.gate, session.options.max_tokens) == (3, 0.8, 9)
    assert room.button.text() == "Mine"
    assert opened.ask.count.value() == 3
    assert session.settings.preset == "mine"


def test_what_is_asked_is_put_into_the_template_and_recorded(opened, room, stage, qtbot):
    kept(room, MINE)
    room.presets.choose("mine")

    ask(opened, qtbot, "Is it bent?")

    request = last_asked(stage)
    assert request.question == "Is it bent? Answer the question using a single word or phrase."
    assert request.neutral == "Describe it."
    assert request.rules == Rules(least_margin=0.2)
    assert f"preset mine {preset('mine').version}" in request.notes
    assert opened.session.question == "Is it bent?"
    assert "Is it bent?" in opened.session.settings.questions


def test_a_reopened_question_is_not_put_into_the_template_twice(opened, room):
    kept(room, MINE)
    room.presets.choose("mine")
    full = "Is it bent? Answer the question using a single word or phrase."

    opened.session.set_question(full)

    assert opened.session.request_for("a.png").question == full


def test_a_template_without_a_place_for_words_is_what_the_question_begins_with(opened, room):
    room.presets.choose("text")

    assert opened.session.question == "What is the code on the label?"
    opened.session.set_question("Is there a label?")
    assert opened.session.request_for("a.png").question == "Is there a label?"


def test_a_preset_without_a_question_leaves_the_one_there_is(opened, room):
    kept(room, Preset("bare", "Bare", "whole", Options(), wording=Wording("basic")))
    opened.session.set_question("Is it bent?")

    room.presets.choose("bare")

    assert opened.session.question == "Is it bent?"
    assert opened.session.request_for("a.png").question.startswith("Is it bent? Answer")
    room.open_editor()
    assert room._editor.keep.isEnabled() is False
    assert room._editor.fields["prompt.template"].fault.text() == ""


def test_without_a_preset_nothing_is_added(opened, room):
    room.presets.choose("medical")
    room.presets.choose("")

    request = opened.session.request_for("a.png")

    assert (request.rules, request.notes) == (None, ())
    assert room.button.text() == "No preset"
    assert opened.session.settings.preset == ""


def test_a_preset_that_was_left_says_so(opened, room):
    room.presets.choose("medical")
    opened.session.set_count(1)

    assert room.button.text() == "Medical, changed"
    version = preset("medical").version
    assert len(version) == 8
    assert opened.session.request_for("a.png").notes == (f"preset medical {version}, changed",)

    opened.session.set_count(3)
    assert room.button.text() == "Medical"


def test_the_preset_in_use_is_in_use_again_after_a_restart(stage, qtbot):
    window = stage.open("a.png", preset="medical")
    room = window.findChild(PresetRoom)

    qtbot.waitUntil(lambda: room.presets.current is not None)

    assert window.session.strategy == "gradient_attention"


def test_a_preset_that_is_gone_is_no_longer_in_use(stage, qtbot):
    window = stage.open("a.png", preset="gone")
    room = window.findChild(PresetRoom)

    qtbot.waitUntil(lambda: window.session.settings.preset == "")

    assert room.presets.current is None


def test_a_preset_that_cannot_be_used_here_is_refused_with_the_reason(opened, room):
    kept(room, Preset("odd", "Odd", "whole", Options(), model="nowhere"))

    room.presets.choose("odd")

    assert room.presets.current is None
    assert 'there is no model "nowhere"' in told(opened)[0].hint


def test_a_preset_brings_its_model(opened, room, stage, qtbot):
    card = paths.user_models() / "other" / "card.toml"
    card.parent.mkdir(parents=True)
    card.touch()
    kept(room, Preset("big", "Big", "whole", Options(), model="other", precision="float32"))

    room.presets.choose("big")

    qtbot.waitUntil(lambda: LoadModel("other", "auto", "float32") in stage.script.asked)


def test_a_preset_says_how_many_pictures_are_inspected_ahead(opened, room):
    before = opened.session.settings.ahead_count
    kept(
        room,
        Preset("seven", "Seven", "whole", Options(), ahead=7),
        Preset("none", "None", "whole", Options(), ahead=0),
        Preset("usual", "Usual", "whole", Options()),
    )

    def told_after(name):
        room.presets.choose(name)
        settings = opened.session.settings
        return settings.inspect_ahead, settings.ahead_count

    assert told_after("usual") == (False, before)
    assert told_after("seven") == (True, 7)
    assert told_after("usual") == (True, 7)
    assert told_after("none") == (False, 7)


def test_a_damaged_preset_is_named_in_the_window(opened, room):
    (paths.config() / "presets").mkdir(parents=True)
    (paths.config() / "presets" / "bad.json").write_text("{")

    room.presets.refresh()

    assert "bad.damaged-1.json" in told(opened)[0].text


# --- regions ---------------------------------------------------------------------------------


def test_fixed_regions_lie_on_every_picture(opened, room, qtbot):
    room.presets.choose("industrial")

    def boxes():
        return [region.box for region in opened.session.rois]

    # 320 x 240: 54 and 46 per cent are 172.8 and 147.2 pixels.
    assert boxes() == [(0, 0, 173, 240), (147, 0, 320, 240)]
    assert opened.session.strategy == "manual"

    with qtbot.waitSignal(opened.session.picture_changed):
        opened.session.go(1)

    assert boxes() == [(0, 0, 173, 240), (147, 0, 320, 240)]
    assert opened.session.strategy == "manual"
    assert room.button.text() == "Industrial"


def shot_of(number, *, width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    return Shot(number, 0.0, "2026-11-21T00:00:00+00:00", "usb:0", pixels)


def test_fixed_regions_lie_on_live_pictures_of_any_size(opened, room):
    room.presets.choose("industrial")
    opened.session.clear()

    for number, (width, height) in enumerate(((640, 480), (200, 100)), 1):
        opened.session.eye.shot_changed.emit(shot_of(number, width=width, height=height))
        assert opened.session.rois[1].x1 == width
        assert opened.session.rois[1].y1 == height

    opened.session.set_rois((Region(0, 0, 9, 9),))
    opened.session.eye.shot_changed.emit(shot_of(3, width=640, height=480))
    assert opened.session.rois == (Region(0, 0, 9, 9),)


def test_another_question_than_the_rules_were_made_for_is_told_to_the_judge(opened, room):
    ruled = Rules((YesNo(),))
    wording = Wording("basic")
    kept(room, Preset("v", "V", "whole", Options(), "Is it bent?", wording=wording, rules=ruled))
    room.presets.choose("v")

    def strays(question):
        return opened.session.request_for("a.png", question=question).strays

    assert not strays("Is it bent?")
    assert not strays("Is it bent? Answer the question using a single word or phrase.")
    assert not strays("Is there a crack?")
    assert strays("Is it straight?")
    room.presets.choose("")
    assert not strays("Is it straight?")


def test_a_sample_brings_no_question_that_the_rules_of_the_preset_were_not_made_for(opened, room):
    session = opened.session
    session.samples = (Sample("a.png", "label", "A", ("What is the code?", "Is there a label?")),)
    kept(room, Preset("v", "V", "whole", Options(), "Is it bent?", rules=Rules((YesNo(),))))

    room.presets.choose("v")
    session.suggest("a.png")

    assert session.question == "Is it bent?"
    room.presets.choose("")
    session.suggest("a.png")
    assert session.question == "What is the code?"


def test_a_region_outside_the_picture_is_left_out_and_told(opened, room):
    rois = (FixedRegion((0, 0, 10, 10)), FixedRegion((0, 0, 5000, 10)))
    kept(room, Preset("wide", "Wide", "manual", Options(count=2), "Is it?", rois=rois))

    room.presets.choose("wide")

    assert opened.session.rois == (Region(0, 0, 10, 10),)
    assert "reach outside" in told(opened)[0].text
    # What was demanded there cannot be judged: the verdict is CHECK, see `workflow.following`.
    assert opened.session.request_for("a.png").left_out == 1
    opened.session.set_rois((Region(5, 5, 20, 20),))
    assert opened.session.request_for("a.png").left_out == 0


def test_regions_of_a_preset_follow_its_part_and_those_drawn_here_do_not(opened, room):
    rois = (FixedRegion((0, 0, 50, 100), unit="percent"),)
    following = Preset(
        "part", "Part", "manual", Options(), "Is it?", rois=rois, template_picture="/t/part.png"
    )
    kept(room, following)

    room.presets.choose("part")
    assert opened.session.request_for("a.png").template == "/t/part.png"

    opened.session.add_roi(Region(0, 0, 9, 9))
    assert opened.session.request_for("a.png").template == ""


def test_the_menu_chooses(opened, room):
    for _turn in range(3):
        room.button.menu().aboutToShow.emit()
    by_words = {action.text(): action for action in room.button.menu().actions()}

    by_words["Medical"].trigger()

    assert room.presets.current.name == "medical"
    room.button.menu().aboutToShow.emit()
    checked = [action.text() for action in room.button.menu().actions() if action.isChecked()]
    assert checked == ["Medical"]


def test_a_presets_region_that_was_taken_away_moved_or_renamed_is_a_change(opened, room, qtbot):
    rois = (FixedRegion((0, 0, 10, 10), name="seal"), FixedRegion((20, 20, 60, 50)))
    kept(room, Preset("two", "Two", "manual", Options(), "Is it?", rois=rois))
    room.presets.choose("two")
    session, regions = opened.session, opened.session.regions
    note = f"preset two {preset('two').version}"

    def said():
        return session.request_for("a.png").notes

    def undone():
        session.book.undo()
        qtbot.waitUntil(lambda: said() == (note,))
        assert room.button.text() == "Two"

    assert said() == (note,)
    for change in (
        lambda: regions.delete(["laid-0"]),
        regions.delete_all,
        lambda: regions.ask(regions.all[1].id, "Is it closed?", ["yes"]),
        lambda: regions.rename(regions.all[0].id, "lid"),
        lambda: regions.add(Shape.of(Region(70, 70, 90, 90))),
    ):
        change()
        qtbot.waitUntil(lambda: said() == (f"{note}, changed",))
        assert room.button.text() == "Two, changed"
        assert "regions" in room.button.toolTip()
        undone()

    regions.recolour(regions.all[0].id, 5)
    qtbot.waitUntil(lambda: regions.is_own)
    assert said() == (note,)


def test_a_change_of_regions_belongs_to_one_picture(opened, room, stage, qtbot):
    rois = (FixedRegion((0, 0, 10, 10)), FixedRegion((20, 20, 60, 50)))
    kept(room, Preset("two", "Two", "manual", Options(), "Is it?", rois=rois))
    room.presets.choose("two")
    opened.session.regions.delete([opened.session.regions.all[0].id])
    qtbot.waitUntil(lambda: room.button.text() == "Two, changed")

    go_to(opened, qtbot, stage, "b.png")

    assert len(opened.session.rois) == 2
    assert room.button.text() == "Two"
    ask(opened, qtbot, "Is it?")
    assert f"preset two {preset('two').version}" in last_asked(stage).notes


def one_region(name, question):
    fixed = FixedRegion((0, 0, 10, 10), name=name, question=question)
    return Preset(name, name, "manual", Options(), "Is it?", rois=(fixed,))


def test_the_same_rectangle_of_another_preset_is_asked_the_other_question(opened, room):
    kept(room, one_region("lid", "Is it closed?"), one_region("seal", "Is it torn?"))
    room.presets.choose("lid")
    room.presets.choose("seal")

    (cut,) = opened.session.request_for("a.png").options.cuts

    assert (cut.name, cut.question) == ("seal", "Is it torn?")
    assert [roi.name for roi in opened.session.regions.all] == ["seal"]


def test_rectangles_of_a_preset_go_when_one_without_any_is_chosen(opened, room):
    kept(room, one_region("lid", "Is it closed?"))
    room.presets.choose("lid")
    room.presets.choose("medical")

    assert opened.session.rois == ()
    assert opened.session.regions.all == ()
    assert opened.session.strategy == "gradient_attention"
    opened.session.set_rois((Region(0, 0, 9, 9),))
    room.presets.choose("text")
    assert opened.session.rois == (Region(0, 0, 9, 9),)


def test_a_change_can_be_undone_when_its_picture_is_open_again(opened, room, stage, qtbot):
    kept(room, one_region("lid", "Is it closed?"))
    room.presets.choose("lid")
    regions = opened.session.regions
    regions.rename(regions.all[0].id, "cap")
    qtbot.waitUntil(lambda: regions.is_own)
    go_to(opened, qtbot, stage, "b.png")
    go_to(opened, qtbot, stage, "a.png")
    qtbot.waitUntil(lambda: regions.is_own)

    opened.session.book.undo()

    qtbot.waitUntil(lambda: not regions.is_own)
    assert [roi.name for roi in regions.all] == ["lid"]
