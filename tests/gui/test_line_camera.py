"""An operator's camera: golden samples before the first trigger, codes in the live picture."""

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import Qt

from inspector_app.domain.golden import Golden
from inspector_app.domain.live import Live, Liveness, Shot
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.gui.golden import Gate
from inspector_app.gui.live_session import Mode
from inspector_app.gui.operating import Phase
from inspector_app.presets import save_preset
from tests.fakes.perform import answer
from tests.gui.conftest import paint
from tests.gui.running import CRACK
from tests.gui.test_operator import press
from tests.gui.watched import inspected

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def show(watched, number, *serials):
    """A fresh picture of the camera with these codes."""
    table = np.full((240, 480), 200, np.uint8)
    for at, serial in enumerate(serials):
        made = zxingcpp.create_barcode(serial, zxingcpp.BarcodeFormat.DataMatrix)
        code = np.array(made.to_image(scale=4))
        x = 30 + 200 * at
        table[60 : 60 + code.shape[0], x : x + code.shape[1]] = code
    pixels = np.ascontiguousarray(np.repeat(table[..., None], 3, axis=2))
    when = f"2026-11-21T05:01:{number:02d}.000+00:00"
    watched.shot = Shot(number, 0.0, when, watched.address, pixels, "")
    watched.now = Live(Liveness.LIVE, 0.02, 25.0)


@pytest.fixture
def line(camera, stage, qtbot, tmp_path):
    """Begins operator mode before the camera, by a preset; (room, the watched camera)."""
    window, _session, watched = camera
    stage.script.whole = stage.script.zoomed = answer("no", sure=0.97)
    rooms = []

    def begin(**more):
        presets = window.findChild(PresetRoom).presets
        save_preset(Preset("line", "L", "relative_attention", Options(), CRACK, **more))
        presets.refresh()
        presets.choose("line")
        window.actions_by_name["operator"].trigger()
        room = window.findChild(OperatorRoom)
        room.dialog.name.setText("Li")
        room.dialog.accept()
        room.page.showNormal()
        rooms.append(room)
        return room, watched

    yield begin
    for room in rooms:
        room.page.close()


def trigger(room, qtbot, watched, *, until):
    qtbot.waitUntil(lambda: room.operating._session.eye.shot is watched.shot)
    press(room.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: room.operating.phase is until)


def test_no_trigger_counts_before_the_golden_samples(line, stage, qtbot, tmp_path):
    good, bad = (str(paint(tmp_path / f"{name}.png", seed=ord(name))) for name in "gb")
    stage.script.answers = {"g.png": answer("no", sure=0.97), "b.png": answer("yes", sure=0.97)}
    room, watched = line(golden=Golden((good,), (bad,)))
    session = room.operating._session
    assert session.mode is Mode.HAND
    session.trigger()
    assert inspected(stage) == []

    press(room.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: room.operating.gate.state is Gate.RIGHT)

    assert session.mode is Mode.TRIGGER
    show(watched, 2)
    trigger(room, qtbot, watched, until=Phase.TOLD)
    assert [part.final for part in room.operating.shift.parts] == [Outcome.PASS]


def test_the_code_in_the_live_picture_is_the_part(line, stage, qtbot):
    room, watched = line(serial="code")
    show(watched, 2, "SN-0042")

    trigger(room, qtbot, watched, until=Phase.TOLD)

    assert room.operating.last.serial == "SN-0042"
    assert "part SN-0042" in inspected(stage)[-1].notes


def test_two_codes_in_the_live_picture_are_asked_about_and_a_further_trigger_waits(
    line, stage, qtbot
):
    room, watched = line(serial="code")
    show(watched, 2, "SN-1", "SN-2")
    trigger(room, qtbot, watched, until=Phase.WHICH)
    press(room.page, Qt.Key.Key_Space, " ")

    room.page.which.choices[1].click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)

    assert [part.serial for part in room.operating.shift.parts] == ["SN-2"]
    assert len(inspected(stage)) == 1


def test_a_live_part_that_nobody_names_is_check_and_the_next_one_goes_on(line, stage, qtbot):
    room, watched = line(serial="code")
    show(watched, 2, "SN-1", "SN-2")
    trigger(room, qtbot, watched, until=Phase.WHICH)
    room.page.which.reject()
    assert room.operating.last.final is Outcome.CHECK

    show(watched, 3, "SN-3")
    trigger(room, qtbot, watched, until=Phase.TOLD)
    qtbot.waitUntil(lambda: len(room.operating.shift.parts) == 2)

    assert room.operating.last.serial == "SN-3"
