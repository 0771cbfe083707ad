"""Studies in the window: begun, followed, stopped, shown, saved, and their choice kept."""

import json
import threading

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Finished, Progressed, Step
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.settings import Settings
from inspector_app.domain.studies import (
    Choice,
    RunStudy,
    StudyCurve,
    StudyFound,
    StudyKind,
    StudyRow,
)
from inspector_app.gui.dialogs.studies import StudiesDialog
from inspector_app.gui.features.study_room import StudyRoom
from inspector_app.gui.language import Language
from inspector_app.gui.presence import Presence
from inspector_app.gui.presets import Presets
from inspector_app.gui.studies import Studies
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.study_words import way_word
from inspector_app.gui.worker import Bridge
from inspector_app.presets.folder import save, stored
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.shelf import FileShelf

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def row(way, right, *, control=False, place=("plate", "small")):
    return StudyRow(*place, way, control, right, 10, right / 10 - 0.1, right / 10 + 0.1, ms=5.0)


ROWS = (row("whole", 2, control=True), row("auto", 9), row("auto", 8, place=("text", "small")))
CURVES = (
    StudyCurve("all", "all", True, 9, 2, (1.0, 2.0), (0.8, 1.5), (1.2, 2.5)),
    StudyCurve("all", "all", False, 1, 2, (0.9, 1.1), (float("nan"),) * 2, (float("nan"),) * 2),
)
FOUND = {
    StudyKind.SIZE: StudyFound(
        StudyKind.SIZE, "m; s", ROWS, (), ("entry 2 has no answer.",), "a,b\n", "{}"
    ),
    StudyKind.LAYERS: StudyFound(StudyKind.LAYERS, "m; s", (), CURVES, (), "c\n", "{}"),
    StudyKind.TUNE: StudyFound(
        StudyKind.TUNE,
        "m; s",
        (row("auto, 2 crops, gate 0.9", 9, place=("", "")), row("whole", 3, place=("", ""))),
        (),
        (),
        "d\n",
        "{}",
        choice=Choice("auto", 2, gate=0.9, resolution=1.5),
        unseen=row("auto", 8, place=("", "")),
    ),
}


class FakeRegions(QObject):
    """What presets need of regions."""

    changed = Signal(tuple)


class FakeSession(QObject):
    """What the dialog needs of a session."""

    noticed = Signal(object)
    picture_changed = Signal(object)
    preset_changed = Signal(object)
    strategy_changed = Signal(str)
    options_changed = Signal(object)
    preset = None

    def __init__(self, bridge):
        super().__init__()
        self.settings = Settings()
        self.studies = Studies(bridge, self)
        self.presence = Presence()
        self.regions = FakeRegions(self)


class Worker:
    """Runs scripted studies."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.asked = []

    def perform(self, request):
        self.asked.append(request)
        yield Step("load", 0, 1)
        yield Step("measure", 3, 12)
        while not self.gate.wait(0.002):
            yield Step("measure", 3, 12)
        if request.file:
            raise WrongUse(f"{request.file} cannot be read.", hint="Give the study's JSON file.")
        return FOUND[request.kind]


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def dialog(qtbot, qapp, worker, home):
    save("mine", PresetFile.of(Preset("mine", "Mine", "whole", Options(count=1), question="Q?")))
    bridge = Bridge(worker.perform, name="model")
    session = FakeSession(bridge)
    shelf = FileShelf(strategies=("auto", "whole"), models=lambda: ("embedded",))
    presets = Presets(shelf, session, session)
    presets.refresh()
    made = StudiesDialog(session, presets, Look(qapp))
    made.session = session
    qtbot.addWidget(made)
    made.show()
    yield made
    worker.gate.set()
    assert bridge.close()


def study(dialog, qtbot, kind):
    dialog.form.kind.setCurrentIndex(list(StudyKind).index(kind))
    with qtbot.waitSignal(dialog.session.studies.ended):
        dialog.start.click()


def test_the_study_that_is_chosen_runs_with_the_model_of_the_settings(dialog, qtbot, worker):
    dialog.form.scenes.setValue(3)
    dialog.form.count.setValue(2)

    study(dialog, qtbot, StudyKind.SIZE)

    assert worker.asked == [RunStudy(StudyKind.SIZE, scenes=3, count=2)]
    assert dialog.table.rowCount() == 3
    assert dialog.table.item(0, 1).text() == "whole picture"
    assert dialog.which.count() == 2
    assert dialog.left_out.toPlainText() == "entry 2 has no answer."


def test_while_it_runs_it_tells_how_far_it_is_and_can_be_stopped(dialog, qtbot, worker):
    worker.gate.clear()
    dialog.start.click()
    qtbot.waitUntil(lambda: "3 of 12" in dialog.said.text())
    assert not dialog.form.isEnabled()
    assert dialog.bar.isVisible()

    with qtbot.waitSignal(dialog.session.studies.stopped):
        dialog.stop.click()

    assert dialog.form.isEnabled()
    assert dialog.found is None


def test_a_file_that_cannot_be_used_is_told_in_one_sentence(dialog, qtbot):
    dialog.form.own.setChecked(True)
    assert not dialog.start.isEnabled()
    dialog.form.file.setText("/none.json")

    with qtbot.waitSignal(dialog.session.studies.failed):
        dialog.start.click()

    assert "/none.json cannot be read." in dialog.said.text()
    assert dialog.start.isEnabled()


def test_tables_and_figures_are_saved(dialog, qtbot, tmp_path, monkeypatch):
    study(dialog, qtbot, StudyKind.LAYERS)
    for ending, button in dialog.exports.items():
        place = tmp_path / f"study.{ending}"
        monkeypatch.setattr(
            "inspector_app.gui.dialogs.studies.QFileDialog.getSaveFileName",
            lambda *_all, name=str(place): (name, ""),
        )
        button.click()

    assert (tmp_path / "study.csv").read_text() == "c\n"
    assert json.loads((tmp_path / "study.json").read_text()) == {}
    assert not QImage(str(tmp_path / "study.png")).isNull()


def test_what_tuning_chose_goes_into_a_preset(dialog, qtbot):
    study(dialog, qtbot, StudyKind.TUNE)
    assert dialog.choice.isVisible()
    assert "80 %" in dialog.choice.words.text().replace("\N{NO-BREAK SPACE}", " ")

    dialog.choice.keep("mine")

    kept = stored("mine").preset
    assert kept.strategy == "auto"
    assert (kept.options.count, kept.options.gate, kept.options.resolution) == (2, 0.9, 1.5)
    assert kept.question == "Q?"


def test_everything_is_said_in_chinese_too(dialog, qtbot, qapp):
    study(dialog, qtbot, StudyKind.SIZE)
    language = Language(qapp)
    language.apply("zh_CN")
    try:
        qapp.processEvents()
        assert dialog.windowTitle() == "研究"
        assert dialog.table.item(0, 1).text() == "整图"
        words = way_word("auto, 2 crops, scales 1, 2, resolution x1.5, gate 0.9")
        assert words == "自动, 2 个裁剪, 尺度 1, 2, 分辨率 ×1.5, 门槛 0.9"
    finally:
        language.apply("en")


def test_what_became_of_a_study_is_said_anew_when_the_language_changes(dialog, qtbot, qapp):
    study(dialog, qtbot, StudyKind.SIZE)
    assert dialog.said.text() == "Done."
    language = Language(qapp)
    language.apply("zh_CN")
    try:
        qapp.processEvents()
        assert dialog.said.text() == "完成。"
    finally:
        language.apply("en")
    qapp.processEvents()

    assert dialog.said.text() == "Done."


def test_the_time_left_is_that_of_the_pictures_so_far(qtbot):
    now = [0.0]
    told = []
    studies = Studies(Bridge(lambda _request: iter(()), name="none"), clock=lambda: now[0])
    studies.went_on.connect(lambda *all_: told.append(all_))
    for done, seconds in ((0, 10.0), (2, 14.0), (4, 18.0)):
        now[0] = seconds
        studies._on_message(Progressed(1, Step("measure", done, 10)))
    studies._on_message(Finished(1, None))

    assert told == [(0, 10, None), (2, 10, 16.0), (4, 10, 12.0)]
    studies._bridge.close()


def test_the_menu_opens_the_studies(opened, qtbot):
    opened.actions_by_name["studies"].trigger()

    dialog = opened.findChild(StudyRoom).dialog
    assert dialog.isVisible()
    qtbot.mouseClick(dialog._close, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
