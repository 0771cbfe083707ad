"""Golden samples: no part is inspected before good and bad ones are judged as they must be."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.gesture import Verb
from inspector_app.domain.golden import LINE, Golden
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.gui.golden import Gate
from inspector_app.gui.operating import Phase
from inspector_app.gui.wording.golden_words import gate_title
from inspector_app.presets import save_preset
from tests.fakes.perform import FACTS, answer
from tests.gui.conftest import paint
from tests.gui.running import CRACK
from tests.gui.test_operator import press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

YES, NO = answer("yes", sure=0.97), answer("no", sure=0.97)


@pytest.fixture
def samples(stage, tmp_path):
    """A folder of two good samples and one bad one, judged rightly by the script."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    for at, path in enumerate((good / "g1.png", good / "g2.png", bad / "b1.png")):
        path.parent.mkdir(exist_ok=True)
        paint(path, seed=10 + at)
    stage.script.answers = {"g1.png": NO, "g2.png": NO, "b1.png": YES}
    return Golden((str(good),), (str(bad / "b1.png"),))


def use(window, golden, **more):
    """Work by a preset that demands these samples."""
    presets = window.findChild(PresetRoom).presets
    wanted = Preset("line", "Line", "relative_attention", Options(), CRACK, golden=golden, **more)
    save_preset(wanted)
    presets.refresh()
    presets.choose("line")


@pytest.fixture
def begin(opened, qtbot):
    """Enters operator mode."""
    rooms = []

    def enter():
        opened.actions_by_name["operator"].trigger()
        room = opened.findChild(OperatorRoom)
        room.dialog.name.setText("Li Wei")
        room.dialog.accept()
        room.page.showNormal()
        room.page.resize(1280, 800)
        rooms.append(room)
        return room

    yield enter
    for room in rooms[:1]:
        room.page.close()


def space(room, qtbot, *, until):
    press(room.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: room.operating.gate.state is until)


def parts_asked(stage):
    return [one for one in stage.script.asked if isinstance(one, Inspect) and one.save]


def events(stage):
    return [mark for gesture in stage.script.gestures.get(LINE, ()) for mark in gesture.marks]


def test_no_part_goes_before_the_samples_and_each_is_asked_about_once(
    opened, begin, samples, stage, qtbot
):
    use(opened, samples)
    room = begin()
    assert room.operating.gate.state is Gate.DUE
    assert room.page.board.told == "Golden samples are due"

    space(room, qtbot, until=Gate.RIGHT)

    shown = [one for one in stage.script.asked if isinstance(one, Inspect)]
    assert [one.locator[-6:] for one in shown] == ["g1.png", "g2.png", "b1.png"]
    assert not any(one.save for one in shown)
    assert room.operating.shift.parts == ()
    press(room.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)
    assert len(parts_asked(stage)) == 1


def test_what_was_shown_and_said_is_an_event_that_is_stored(opened, begin, samples, stage, qtbot):
    use(opened, samples)
    space(begin(), qtbot, until=Gate.RIGHT)

    (gesture,) = stage.script.gestures[LINE]
    (check,) = gesture.marks
    assert gesture.verb is Verb.CHECKED
    assert (check.operator, check.model) == ("Li Wei", f"{FACTS.name} {FACTS.weights_sha256}")
    assert check.preset.startswith("line ")
    assert [(one.name, one.outcome) for one in check.seen] == [
        ("g1.png", Outcome.PASS),
        ("g2.png", Outcome.PASS),
        ("b1.png", Outcome.FAIL),
    ]
    assert all(len(one.sha256) == 64 for one in check.seen)
    assert check.is_passed


def test_a_sample_judged_wrongly_names_itself_and_bars_every_part_until_it_is_right(
    opened, begin, samples, stage, qtbot
):
    use(opened, samples)
    stage.script.answers["b1.png"] = NO
    room = begin()

    space(room, qtbot, until=Gate.WRONG)

    page = room.page
    assert page.board.told == "BLOCKED"
    assert page.board.words.startswith("b1.png: must be NG, was OK")
    assert page.next.text() == "Try again (Space)"
    space(room, qtbot, until=Gate.SHOWN)
    qtbot.waitUntil(lambda: room.operating.gate.state is Gate.WRONG)
    assert parts_asked(stage) == []
    stage.script.answers["b1.png"] = YES
    space(room, qtbot, until=Gate.RIGHT)
    assert [check.is_passed for check in events(stage)] == [False, False, True]


@pytest.mark.parametrize("trouble", ["missing", "torn", "doubt"])
def test_a_sample_that_cannot_be_judged_is_never_passed(
    opened, begin, samples, stage, qtbot, trouble, tmp_path
):
    use(opened, samples)
    if trouble == "missing":
        (tmp_path / "bad" / "b1.png").unlink()
    elif trouble == "torn":
        (tmp_path / "bad" / "b1.png").write_bytes(b"no picture")
    else:
        stage.script.answers["b1.png"] = answer("yes", sure=0.55)
    room = begin()

    space(room, qtbot, until=Gate.WRONG)

    assert "b1.png" in room.page.board.words
    assert not events(stage)[-1].is_passed


def test_fewer_samples_than_are_demanded_bar_the_line(opened, begin, samples, stage, qtbot):
    use(opened, replace(samples, each=2))
    room = begin()

    space(room, qtbot, until=Gate.WRONG)

    assert "2 bad golden samples, and 1 are there" in room.page.board.words


def test_a_check_that_cannot_be_stored_does_not_count(opened, begin, samples, stage, qtbot):
    use(opened, samples)
    stage.script.no_gesture = CannotWrite("The disk is full.")
    room = begin()

    space(room, qtbot, until=Gate.WRONG)

    assert "The disk is full." in room.page.board.words
    assert not room.operating.gate.is_open


def test_samples_are_due_again_after_a_change_of_preset_or_model_and_in_each_shift(
    opened, begin, samples, stage, qtbot
):
    use(opened, samples)
    room = begin()
    gate = room.operating.gate
    space(room, qtbot, until=Gate.RIGHT)

    use(opened, samples, title_zh="线")
    assert gate.state is Gate.DUE
    space(room, qtbot, until=Gate.RIGHT)
    opened.session.asking.model_changed.emit(None)
    assert gate.is_open  # being loaded: nothing else is known of it
    opened.session.asking.model = replace(FACTS, dtype="int8")
    opened.session.asking.model_changed.emit(opened.session.asking.model)
    assert gate.state is Gate.DUE

    opened.session.asking.model = FACTS
    space(room, qtbot, until=Gate.RIGHT)
    room.page.close()
    assert begin().operating.gate.state is Gate.DUE


def test_samples_are_due_again_after_the_hours_that_the_preset_names(
    opened, begin, samples, stage, qtbot, monkeypatch
):
    use(opened, replace(samples, every_hours=8.0))
    room = begin()
    space(room, qtbot, until=Gate.RIGHT)
    assert room.operating.gate.is_open

    now = room.operating.gate._until
    monkeypatch.setattr("inspector_app.gui.golden.time.time", lambda: now + 1)

    assert not room.operating.gate.is_open
    assert "time to show them again" in room.page.board.words


def test_escape_stops_the_samples_and_they_stay_due(opened, begin, samples, stage, qtbot):
    use(opened, samples)
    stage.script.hold.clear()
    room = begin()
    space(room, qtbot, until=Gate.SHOWN)

    press(room.page, Qt.Key.Key_Escape)

    assert room.operating.gate.state is Gate.DUE
    assert gate_title(room.operating.gate) == "Golden samples are due"
    stage.script.hold.set()
    assert events(stage) == []


def test_a_preset_without_samples_bars_nothing(opened, begin):
    use(opened, Golden())

    assert begin().operating.gate.state is Gate.NONE
