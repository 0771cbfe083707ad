"""While patients are hidden nothing on the screen, and no report, names a file or a folder."""

import json
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from inspector_app.domain.inspection import NAME_LEFT_OUT
from inspector_app.gui.dialogs import files
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.veil import without_name
from inspector_app.gui.worklist import Role
from inspector_app.workflow.delivering import write_report
from tests.gui.conftest import paint
from tests.gui.person import ask, told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SECRET = "ZZTEST"


@pytest.fixture
def ward(stage, qtbot):
    """The window on files of a folder that are all named after patients, names hidden."""
    ward = stage.folder / f"{SECRET}_ward"
    ward.mkdir()
    for at in range(3):
        paint(ward / f"{SECRET}_{at}.png", seed=at)
    (ward / f"{SECRET}_broken.png").write_bytes(b"no picture")
    names = [f"{ward.name}/{SECRET}_{at}.png" for at in range(3)]
    window = stage.open(*names, f"{ward.name}/{SECRET}_broken.png", hide_patient=True)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    qtbot.waitUntil(lambda: window.session.model is not None)
    return window


def readable(window):
    """Every text of the window that can be read, pointed at, or spoken."""
    found = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        found += [widget.windowTitle()]
        if isinstance(widget, QLabel):
            found.append(widget.text())
    for model in (
        window.session.worklist,
        window.pictures.list.model(),
        window.history.list.model(),
    ):
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            for role in (
                Qt.ItemDataRole.DisplayRole,
                Qt.ItemDataRole.ToolTipRole,
                Qt.ItemDataRole.AccessibleTextRole,
            ):
                found.append(str(index.data(role)))
    return [text for text in found if SECRET in text]


def test_nothing_that_can_be_read_names_a_file(ward, qtbot):
    ask(ward, qtbot)
    ward.actions_by_name["compare"].trigger()
    ward.actions_by_name["views"].trigger()

    assert readable(ward) == []
    assert ward.windowTitle().startswith("Picture 1")


def test_showing_the_names_again_shows_them_everywhere(ward, qtbot):
    ask(ward, qtbot)

    ward.actions_by_name["patient"].trigger()

    assert SECRET in ward.windowTitle()
    assert SECRET in ward.session.worklist.index(0).data(Qt.ItemDataRole.DisplayRole)
    assert SECRET in ward.session.worklist.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert SECRET in ward.history.list.model().index(0, 0).data(Qt.ItemDataRole.DisplayRole)
    ward.actions_by_name["patient"].trigger()
    assert readable(ward) == []


def test_a_picture_that_cannot_be_read_is_refused_without_its_name(ward, qtbot):
    with qtbot.waitSignal(ward.session.refused):
        ward.session.go(3)

    assert "Picture 4 is not a picture" in ward.refusal.text.text()
    assert readable(ward) == []
    assert ward.session.worklist.index(3).data(Role.TROUBLE)


def test_notices_do_not_name_files_and_those_that_did_go(ward, qtbot):
    path = ward.session.locator
    ward.session.noticed.emit(Notice(Kind.TROUBLE, f"{path} is gone.", hint=f"Look into {path}."))

    (notice,) = told(ward)

    assert notice.text == "Picture 1 is gone."
    assert notice.hint == "Look into Picture 1."
    ward.actions_by_name["patient"].trigger()
    ward.session.noticed.emit(Notice(Kind.TROUBLE, f"{path} is gone."))
    ward.actions_by_name["patient"].trigger()
    qtbot.waitUntil(lambda: readable(ward) == [])


def test_the_setting_holds_from_the_first_moment_after_a_restart(stage, qtbot):
    window = stage.open("a.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    window.actions_by_name["patient"].trigger()
    window.close()
    kept = stage.saved[-1]

    titles = []
    again = stage.open("b.png", hide_patient=kept.hide_patient)
    again.windowTitleChanged.connect(titles.append)
    qtbot.waitUntil(lambda: again.session.picture is not None)

    assert kept.hide_patient
    assert not any("b.png" in title for title in (*titles, again.windowTitle()))


def test_a_report_is_asked_for_without_names_and_proposed_under_none(ward, qtbot, monkeypatch):
    ask(ward, qtbot)
    proposed = []
    monkeypatch.setattr(
        files.QFileDialog, "getSaveFileName", lambda *given: (proposed.append(given[2]), "")[1:] * 2
    )

    ward.actions_by_name["save_pdf"].trigger()

    assert SECRET not in Path(proposed[0]).name


@pytest.mark.parametrize("format", ["pdf", "png", "json"])
def test_no_report_holds_the_name_of_the_file(ward, qtbot, tmp_path, format):
    ask(ward, qtbot)
    inspection = ward.session.inspection
    place = tmp_path / f"report.{format}"

    write_report(inspection, format, place, frame=None, hides_patient=True)

    assert SECRET.encode() not in place.read_bytes()
    if format == "json":
        document = json.loads(place.read_text())
        assert document["image"]["path"] == ""
        assert NAME_LEFT_OUT in document["notes"]
    if format == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(place).pages)
        assert SECRET not in text.replace("\u200b", "").replace("\n", "")


def test_the_wish_to_hide_reaches_the_worker(ward, qtbot):
    ask(ward, qtbot)
    seen = []
    real = ward.session.desk._bridge.submit
    ward.session.desk._bridge.submit = lambda request, **more: (
        seen.append(request),
        real(request, **more),
    )[1]

    ward.session.write_report("json", str(Path(ward.session.locator).with_name("report.json")))

    assert seen[0].hides_patient
    ward.session.change_settings(replace(ward.session.settings, hide_patient=False))
    ward.session.write_report("json", str(Path(ward.session.locator).with_name("report2.json")))
    assert not seen[1].hides_patient


def test_short_names_do_not_eat_other_words():
    text = "The question is in a file: /data/a is missing."

    assert without_name(text, "/data/a", name="Picture") == (
        "The question is in a file: Picture is missing."
    )
