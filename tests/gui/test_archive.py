"""Finding inspections again in the window, and what they come to."""

import dataclasses
import threading

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from inspector_app import paths
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.store.records import Store
from tests.fakes.records import make_answer, make_frame, make_inspection
from tests.gui.person import ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def store(stage):
    opened = Store(paths.data())
    for number, outcome in enumerate((Outcome.FAIL, Outcome.PASS, Outcome.CHECK)):
        found = (Finding("裂纹", None, Severity.MAJOR),) if outcome is Outcome.FAIL else ()
        opened.save(
            make_inspection(
                make_frame((24, 24)),
                regions=(),
                map=None,
                question=f"Is there a scratch on plate {number}? 划痕",
                zoomed=None,
                whole=make_answer("no"),
                notes=("preset Industrial 3", "operator ann") if number == 1 else (),
                verdict=Verdict(outcome, "because", "", found),
            )
        )
    stage.script.store = opened
    yield opened
    opened.close()


def shown(window):
    model = window.history.list.model()
    return [
        model.index(row, 0).data(Qt.ItemDataRole.UserRole + 1).id for row in range(model.rowCount())
    ]


def until(qtbot, window, numbers):
    qtbot.waitUntil(lambda: shown(window) == numbers)


def test_the_history_finds_by_words_of_either_language(opened, qtbot, store):
    bar = opened.history.bar

    qtbot.keyClicks(bar.words, "plate 1")
    until(qtbot, opened, [2])
    assert opened.history.empty.text() == "1 found"
    bar.words.setText("划痕")
    until(qtbot, opened, [3, 2, 1])
    bar.words.setText("nothing like it")
    until(qtbot, opened, [])
    assert opened.history.empty.text() == "0 found"


def test_the_history_is_narrowed_down_by_verdict_preset_and_finding(opened, qtbot, store):
    bar = opened.history.bar

    bar.verdict.setCurrentIndex(1)
    until(qtbot, opened, [2])
    bar.verdict.setCurrentIndex(0)
    bar.preset.setText("Industrial")
    until(qtbot, opened, [2])
    bar.preset.clear()
    bar.operator.setText("nobody")
    until(qtbot, opened, [])
    bar.operator.setText("ann")
    until(qtbot, opened, [2])
    bar.operator.clear()
    bar.label.setText("裂纹")
    until(qtbot, opened, [1])
    bar.label.clear()
    bar.period.setCurrentIndex(1)
    bar.words.setText("scratch")
    # These were made in March.
    until(qtbot, opened, [])


def test_without_a_search_the_newest_stand_there_and_come_by_themselves(opened, qtbot, store):
    opened.history.bar.words.setText("plate 1")
    until(qtbot, opened, [2])

    opened.history.bar.words.clear()
    qtbot.waitUntil(lambda: shown(opened) == [line.id for line in opened.session.archive.lines])
    ask(opened, qtbot)

    assert shown(opened) == [line.id for line in opened.session.archive.lines]
    assert opened.history.empty.isHidden()


def test_a_new_inspection_is_looked_for_too_while_something_is_searched(opened, qtbot, store):
    opened.history.bar.words.setText("scratch")
    until(qtbot, opened, [3, 2, 1])

    store.save(make_inspection(make_frame((24, 24)), regions=(), map=None))
    ask(opened, qtbot)

    until(qtbot, opened, [4, 3, 2, 1])


def statistics(window, qtbot):
    window.actions_by_name["statistics"].trigger()
    dialog = window._dialogs["statistics"]
    qtbot.waitUntil(lambda: dialog.total.text() != "")
    return dialog


def cells(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_statistics_show_what_the_inspections_come_to(opened, qtbot, store):
    dialog = statistics(opened, qtbot)

    assert dialog.total.text() == "3 inspections  ·  passed 33.3 % (1/3; 6.1-79.2)"
    row = ["2026-03-04 06:00", "3", "1", "1", "1", "0", "33.3 % (1/3; 6.1-79.2)"]
    assert cells(dialog.shifts) == [row]
    assert [row[0] for row in cells(dialog.presets)] == ["without a preset", "Industrial 3"]
    assert cells(dialog.people)[0] == ["Called good after FAIL", "-"]
    assert len(dialog.chart.getPlotItem().items) == 5
    assert dialog.report.isEnabled()


def test_statistics_are_of_what_is_searched_for(opened, qtbot, store):
    dialog = statistics(opened, qtbot)

    dialog.bar.label.setText("裂纹")
    qtbot.waitUntil(lambda: dialog.total.text().startswith("1 inspection"))
    dialog.bar.words.setText("nothing like it")
    qtbot.waitUntil(lambda: dialog.total.text() == "0 inspections")

    assert cells(dialog.shifts) == []
    assert not dialog.report.isEnabled()


def test_statistics_speak_chinese_and_follow_the_theme(stage, qtbot, store):
    window = stage.open(language="zh_CN")
    dialog = statistics(window, qtbot)

    assert dialog.windowTitle() == "统计"
    assert cells(dialog.presets)[0][0] == "未用预设"
    window.session.change_settings(dataclasses.replace(window.session.settings, theme="light"))
    assert dialog.chart.backgroundBrush().color().lightness() > 200


def test_a_report_about_what_is_shown_is_written(opened, qtbot, store, stage, monkeypatch):
    dialog = statistics(opened, qtbot)
    target = stage.folder / "shift.pdf"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), "PDF (*.pdf)")
    )

    with qtbot.waitSignal(opened.session.report_written):
        dialog.report.click()

    text = pypdf.PdfReader(target).pages[0].extract_text()
    assert "Shift of 2026-03-04 06:00" in text
    # The dialog lies over the notice of the window.
    assert dialog.job.told.text() == "Saved shift.pdf."


@pytest.mark.parametrize("kind", ["html", "csv"])
def test_reports_of_every_kind_are_in_the_menu(opened, qtbot, stage, monkeypatch, kind):
    ask(opened, qtbot)
    target = stage.folder / f"a.{kind}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))

    with qtbot.waitSignal(opened.session.report_written):
        opened.actions_by_name[f"save_{kind}"].trigger()

    assert target.exists()


@pytest.fixture
def reported(opened, qtbot, store, stage):
    """The window with a stored inspection shown, and the preview open."""
    found = store.open(1)
    stage.script.records[1] = found
    with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
        opened.session.open_record(1)
    opened.actions_by_name["preview"].trigger()
    dialog = opened._dialogs["preview"]
    qtbot.waitUntil(lambda: bool(dialog.pages))
    return dialog


def test_the_preview_shows_every_page_and_saves_these_very_bytes(
    reported, opened, qtbot, stage, monkeypatch
):
    target = stage.folder / "a.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))

    with qtbot.waitSignal(opened.session.report_written):
        reported.save.click()

    assert target.read_bytes() == reported._shown[1].content
    assert len(reported.pages) == len(pypdf.PdfReader(target).pages) == 2
    assert reported.pages[0].pixmap().width() > 500


def test_the_preview_follows_what_is_shown_and_forgets_when_closed(reported, opened, qtbot):
    opened.session.clear()

    qtbot.waitUntil(lambda: reported.pages == [])
    assert not reported.save.isEnabled()
    assert "no inspection" in reported.words.text()
    reported.close()
    assert reported._shown is None


def test_a_report_can_be_stopped_while_it_is_written(opened, qtbot, store, monkeypatch, tmp_path):
    file = tmp_path / "shift.pdf"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", staticmethod(lambda *_given: (str(file), ""))
    )
    dialog = statistics(opened, qtbot)
    qtbot.waitUntil(dialog.report.isEnabled)
    gate, book = threading.Event(), store.open

    def slowly(number):
        assert gate.wait(60)
        return book(number)

    monkeypatch.setattr(store, "open", slowly)

    dialog.report.click()
    assert dialog.job.stop.isVisible()
    assert not dialog.report.isEnabled()
    qtbot.waitUntil(lambda: dialog.job.is_running and dialog.job.progress.maximum() > 0)
    dialog.job.stop.click()
    gate.set()
    qtbot.waitUntil(lambda: not dialog.job.stop.isVisible())

    assert dialog.job.told.text() == "Stopped. Nothing was written."
    assert dialog.report.isEnabled()
    assert not file.exists()
