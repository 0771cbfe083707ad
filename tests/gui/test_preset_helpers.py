"""What goes with a preset beside its editor: reports by themselves, and two templates compared."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from inspector_app.domain.comparison import Compared, Comparison
from inspector_app.domain.messages import Failed, Finished, Inspect, Problem, Progressed, Step
from inspector_app.domain.preset import Options, Preset, PresetReports
from inspector_app.domain.preset_messages import CompareTemplates, FileReports
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.gui.dialogs.template_match import TemplateMatch
from inspector_app.gui.features.auto_reports import AutoReports
from inspector_app.gui.presets import about_of
from inspector_app.presets import templates

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PRESET = Preset("a", "A", "whole", Options(), about="English.", about_zh="中文。")
REQUEST = Inspect("a.png", "?", "whole", Options())


class Asking(QObject):
    finished = Signal(object, object)

    def __init__(self):
        super().__init__()
        self.asked, self.left = [], []

    def beside(self, request, *, tell, replaces=None):  # noqa: ARG002  as the real one
        self.asked.append(request)
        self.tell = tell
        return 7

    def leave(self, job):
        self.left.append(job)


MASKS = (("key", (Region(0, 0, 12, 12),)),)


class Presets(QObject):
    shown = Signal()

    def __init__(self, current=None):
        super().__init__()
        self.current = current
        self.shelf = SimpleNamespace(templates=lambda: templates.read_templates().templates)


def session_with(reports=PresetReports(), *, shift=()):  # noqa: B008  frozen
    filed = []
    return SimpleNamespace(
        asking=Asking(),
        desk=SimpleNamespace(file_reports=filed.append),
        preset=replace(PRESET, reports=reports),
        settings=Settings(language="en"),
        known_masks=(),
        shift_notes=shift,
        strategy="whole",
        filed=filed,
    )


def inspected(session, number, **changes):
    request = replace(REQUEST, **changes)
    session.asking.finished.emit(request, SimpleNamespace(id=number))


# --- reports ---------------------------------------------------------------------------------


def test_every_stored_inspection_is_reported_where_the_preset_wants_it(qapp):
    wanted = PresetReports(("pdf",))
    session = session_with(wanted)
    AutoReports(session, qapp)

    inspected(session, 4)
    inspected(session, None)
    inspected(session, 5, save=False)

    assert session.filed == [FileReports((4,), wanted)]


@pytest.mark.parametrize("after", ["inspection", "batch"])
def test_without_names_boxes_typed_for_a_picture_are_painted_over_in_its_reports(qapp, after):
    wanted = PresetReports(("pdf",), after)
    session = session_with(wanted, shift=("operator Li",))
    session.settings = replace(session.settings, hide_patient=True)
    reports = AutoReports(session, qapp)
    inspected(session, 4)
    # What is typed until the report is written counts.
    session.known_masks = MASKS

    if after == "inspection":
        inspected(session, 5)
    reports.end_shift()

    last = 5 if after == "inspection" else 4
    assert session.filed[-1] == FileReports((last,), wanted, hides_patient=True, known_masks=MASKS)


def test_without_a_wish_nothing_is_written(qapp):
    session = session_with()
    AutoReports(session, qapp)

    inspected(session, 4)

    assert session.filed == []


def test_a_shift_is_reported_once_when_it_ends(qapp):
    wanted = PresetReports(("csv",), "batch")
    session = session_with(wanted, shift=("operator Li",))
    reports = AutoReports(session, qapp)
    inspected(session, 4)
    inspected(session, 6)
    assert session.filed == []

    reports.end_shift()
    reports.end_shift()

    assert session.filed == [FileReports((4, 6), wanted)]


def test_outside_of_a_shift_a_batch_report_waits_for_nothing(qapp):
    session = session_with(PresetReports(("csv",), "batch"))
    reports = AutoReports(session, qapp)
    inspected(session, 4)

    reports.end_shift()

    assert session.filed == []


def test_what_a_preset_is_for_is_told_in_the_language_there_is():
    assert about_of(PRESET) == "English."


# --- templates -------------------------------------------------------------------------------


@pytest.fixture
def match(qtbot):
    made = TemplateMatch(Presets(PRESET), session_with())
    qtbot.addWidget(made)
    made.show()
    return made


def test_two_templates_are_asked_with_the_model_that_is_loaded(match):
    assert not match.start.isEnabled()
    match.labels.setText("/tmp/labels.csv")
    match.b.setCurrentIndex(match.b.findData("basic"))

    match.start.click()

    settings = Settings()
    assert match._session.asking.asked == [
        CompareTemplates(
            "/tmp/labels.csv",
            PRESET,
            "",
            "basic",
            "en",
            settings.model,
            settings.device,
            settings.precision,
        )
    ]
    assert not match.start.isEnabled()
    assert match.stop.isVisible()


def begun(match):
    match.labels.setText("labels.csv")
    match.start.click()
    return match._session.asking.tell


def test_progress_and_result_are_told(match):
    tell = begun(match)
    tell(Progressed(7, Step("ask", 3, 9)))
    assert (match.bar.value(), match.bar.maximum()) == (3, 9)

    tell(Finished(7, Compared(("", "basic"), Comparison(5, 1, 9, 2), ("gone.png",))))

    told = match.told.text().splitlines()
    assert told[1] == "A is right 6 times, alone 1 times"
    assert told[2] == "B is right 14 times, alone 9 times"
    # Of ten differing pairs one or fewer falls to A with 2 * (1 + 10) / 1024.
    assert told[3] == "McNemar's exact test: p = 0.0215"
    assert told[4].startswith("B is right more often")
    assert told[-1] == "gone.png"
    assert match.start.isEnabled()


def test_a_difference_that_chance_can_make_is_no_claim(match):
    begun(match)(Finished(7, Compared(("", "basic"), Comparison(5, 2, 4, 1))))

    assert "The difference may be chance: no claim." in match.told.text()


def test_trouble_is_one_sentence_and_closing_stops(match):
    tell = begun(match)
    tell(Failed(7, Problem("The labels x.csv could not be read.", hint="Give a CSV file.")))
    assert "could not be read" in match.told.text()

    begun(match)
    match.close()

    assert match._session.asking.left == [7]
