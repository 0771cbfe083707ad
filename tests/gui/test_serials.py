"""The serial number of a part: scanned, in the picture, or its file's name; never guessed."""

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt

from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.gui.operating import Phase
from inspector_app.presets import save_preset
from tests.gui.running import CRACK
from tests.gui.test_operator import press, scan

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def mark(path, *serials):
    """Write a picture with these codes side by side."""
    table = np.full((240, 480), 200, np.uint8)
    for at, serial in enumerate(serials):
        made = zxingcpp.create_barcode(serial, zxingcpp.BarcodeFormat.DataMatrix)
        code = np.array(made.to_image(scale=4))
        x = 30 + 200 * at
        table[60 : 60 + code.shape[0], x : x + code.shape[1]] = code
    Image.fromarray(table).convert("RGB").save(path)


@pytest.fixture
def line(stage, qtbot):
    """Begins operator mode by a preset whose serial numbers come from a place."""
    pages = []

    def begin(source, *codes):
        for name, serials in zip(("a.png", "b.png", "c.png"), codes, strict=False):
            mark(stage.folder / name, *serials)
        window = stage.open("a.png", "b.png", "c.png")
        qtbot.waitUntil(lambda: window.session.picture is not None)
        qtbot.waitUntil(lambda: window.session.model is not None)
        presets = window.findChild(PresetRoom).presets
        save_preset(Preset("line", "L", "relative_attention", Options(), CRACK, serial=source))
        presets.refresh()
        presets.choose("line")
        window.actions_by_name["operator"].trigger()
        room = window.findChild(OperatorRoom)
        room.dialog.name.setText("Li Wei")
        room.dialog.accept()
        room.page.showNormal()
        room.page.resize(1280, 800)
        pages.append(room.page)
        return room

    yield begin
    for page in pages:
        page.close()


def go(room, qtbot, until=Phase.TOLD):
    press(room.page, Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: room.operating.phase is until)


def notes(stage):
    return [one.notes for one in stage.script.asked if isinstance(one, Inspect)]


def test_the_one_code_in_the_picture_is_the_part(line, qtbot, stage):
    room = line("code", ["SN-0042"], ["SN-0043"])

    go(room, qtbot)
    go(room, qtbot)

    assert [part.serial for part in room.operating.shift.parts] == ["SN-0042", "SN-0043"]
    assert ["part SN-0042" in one for one in notes(stage)] == [True, False]


def test_two_codes_are_asked_about_and_the_chosen_one_holds(line, qtbot, stage):
    room = line("code", ["SN-1", "SN-2"])

    go(room, qtbot, until=Phase.WHICH)

    assert notes(stage) == []
    assert [button.text() for button in room.page.which.choices] == ["SN-1", "SN-2"]
    room.page.which.choices[1].click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)
    assert room.operating.last.serial == "SN-2"


def test_without_a_code_the_number_is_typed_or_left_out(line, qtbot, stage):
    room = line("code", [], [])
    go(room, qtbot, until=Phase.WHICH)
    assert room.page.which.choices == []
    room.page.which.line.setText(" SN-9 ")
    room.page.which._ok.click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)
    go(room, qtbot, until=Phase.WHICH)
    room.page.which.without.click()
    qtbot.waitUntil(lambda: room.operating.phase is Phase.TOLD)

    assert [part.serial for part in room.operating.shift.parts] == ["SN-9", ""]


def test_a_part_that_nobody_names_is_to_be_checked(line, qtbot, stage):
    room = line("code", ["SN-1", "SN-2"])
    go(room, qtbot, until=Phase.WHICH)

    room.page.which.reject()

    assert room.operating.phase is Phase.TOLD
    assert room.operating.last.final is Outcome.CHECK
    assert notes(stage) == []


def test_what_was_scanned_comes_before_the_code_in_the_picture(line, qtbot, stage):
    room = line("code", ["SN-1"])
    scan(room.page, "SN-7", gap=8)

    go(room, qtbot)

    assert room.operating.last.serial == "SN-7"


def test_the_name_of_the_file_can_be_the_serial_number(line, qtbot):
    room = line("name")

    go(room, qtbot)

    assert room.operating.last.serial == "a"
