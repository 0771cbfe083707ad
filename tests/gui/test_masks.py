"""Boxes in which a name is written are painted over in reports that leave names out."""

import dataclasses
import io

import pypdf
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog

from inspector_app.domain.record_messages import PreviewReport, WriteBook, WriteReport
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.gui.dialogs.mask_field import MaskField
from inspector_app.gui.masks import key_of
from tests.gui.person import ask
from tests.gui.test_archive import statistics, store  # noqa: F401  a fixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

UPPER_LEFT = (Region(0, 0, 12, 12),)


@pytest.fixture
def field(qtbot):
    shown = MaskField()
    qtbot.addWidget(shown)
    return shown


def hide_names(window, *, are_hidden=True):
    changed = dataclasses.replace(window.session.settings, hide_patient=are_hidden)
    window.session.change_settings(changed)


def asked_for(stage, kind):
    return [one for one in stage.script.asked if isinstance(one, kind)]


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("", None),
        ("none", ()),
        ("0,0,12,12", UPPER_LEFT),
        (" 0, 0, 12, 12 ;1,2,3,4; ", (*UPPER_LEFT, Region(1, 2, 3, 4))),
        ("0，0，12，12；1,2,3,4", (*UPPER_LEFT, Region(1, 2, 3, 4))),
    ],
)
def test_what_is_typed_is_boxes_or_none_or_nothing(field, text, masks):
    field.line.setText(text)

    assert field.masks == masks
    assert field.problem is None


@pytest.mark.parametrize("masks", [None, (), UPPER_LEFT, (*UPPER_LEFT, Region(1, 2, 3, 4))])
def test_boxes_survive_being_shown(field, masks):
    field.set_masks(masks)

    assert field.masks == masks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3,3", '"3,3" is no box.'),
        ("9,9,3,3", '"9,9,3,3" is no box.'),
        ("24,0,30,9", '"24,0,30,9" lies outside the picture. It is 24 pixels wide and 24 high.'),
    ],
)
def test_a_fault_stands_below_the_line_a_moment_after_it_is_typed(field, qtbot, text, words):
    field.set_size((24, 24))

    with qtbot.waitSignal(field.changed):
        field.line.setText(text)
        assert field.words.isHidden()

    assert words in field.words.text()
    assert not field.words.isHidden()
    field.line.setText("23,0,30,9")
    assert field.words.isHidden()


@pytest.fixture
def reported(opened, qtbot, store, stage):  # noqa: F811  the fixture above
    """The window with a stored inspection shown without names, and the preview open."""
    hide_names(opened)
    stage.script.records[1] = store.open(1)
    with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
        opened.session.open_record(1)
    opened.actions_by_name["preview"].trigger()
    dialog = opened._dialogs["preview"]
    qtbot.waitUntil(lambda: bool(dialog.pages))
    return dialog


def first_picture(dialog):
    content = io.BytesIO(dialog._shown[1].content)
    return pypdf.PdfReader(content).pages[0].images[0].image.convert("L")


def test_the_preview_is_made_again_with_the_boxes_and_every_report_has_them(
    reported, opened, qtbot, stage, monkeypatch
):
    assert reported.masks.isVisible()
    before = first_picture(reported)
    reported.masks.line.setText("40,40,50,50")
    qtbot.waitUntil(lambda: "outside the picture" in reported.masks.words.text())
    assert not reported.save.isEnabled()
    assert len(asked_for(stage, PreviewReport)) == 1

    reported.masks.line.setText("0,0,12,12")
    assert not reported.save.isEnabled()
    qtbot.waitUntil(reported.save.isEnabled)

    # The picture is 24 x 24: its upper left quarter is black, at whatever scale it is shown.
    width, height = before.size
    quarter = (0, 0, width // 2, height // 2)
    assert before.crop(quarter).getextrema()[1] > 0
    assert first_picture(reported).crop(quarter).getextrema() == (0, 0)
    assert asked_for(stage, PreviewReport)[-1].masks == UPPER_LEFT
    target = stage.folder / "a.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), ""))
    with qtbot.waitSignal(opened.session.report_written):
        opened.actions_by_name["save_html"].trigger()
    assert asked_for(stage, WriteReport)[-1].masks == UPPER_LEFT


def test_pages_that_come_late_are_not_shown_for_another_inspection(reported, opened, monkeypatch):
    late = []
    monkeypatch.setattr(opened.session.desk, "preview", lambda _wanted, tell: late.append(tell))
    made = reported._shown[1]
    reported.masks.set_masks(UPPER_LEFT)

    # As where the reader reads first: what the model found is not told.
    opened.session.inspection = None
    opened.session.inspection_changed.emit(None)
    late[-1](made)

    assert reported.pages == []
    assert not reported.save.isEnabled()
    assert reported.words.text() == "There is no inspection to report about."


def test_with_names_there_is_no_field_and_nothing_is_painted_over(reported, opened, qtbot, stage):
    reported.masks.set_masks(UPPER_LEFT)
    qtbot.waitUntil(reported.save.isEnabled)

    hide_names(opened, are_hidden=False)

    qtbot.waitUntil(lambda: asked_for(stage, PreviewReport)[-1].masks is None)
    qtbot.waitUntil(reported.save.isEnabled)
    assert not reported.masks.isVisible()
    assert not asked_for(stage, PreviewReport)[-1].hides_patient


def test_regions_drawn_on_the_picture_are_taken_those_named_mask_first(opened, qtbot, store):  # noqa: F811
    hide_names(opened)
    ask(opened, qtbot)
    session = opened.session
    inspection = dataclasses.replace(session.inspection, id=1)
    session.regions.add(Shape.of(Region(10, 10, 20, 20)))
    session.regions.add(Shape.of(Region(0, 0, 30, 8)))
    qtbot.waitUntil(lambda: len(session.regions.all) == 2)
    opened.actions_by_name["preview"].trigger()
    dialog = opened._dialogs["preview"]
    session.inspection = inspection

    assert dialog._drawn() == (Region(10, 10, 20, 20), Region(0, 0, 30, 8))
    session.regions.rename(session.regions.all[1].id, "Mask")
    qtbot.waitUntil(lambda: session.regions.all[1].name == "Mask")
    assert dialog.masks.take.isEnabled()
    dialog.masks.take.click()

    assert dialog.masks.masks == (Region(0, 0, 30, 8),)
    # What is drawn on one page of a file says nothing of another.
    source = dataclasses.replace(
        inspection.provenance, locator=f"{inspection.provenance.locator}#2"
    )
    session.inspection = dataclasses.replace(inspection, provenance=source)
    assert dialog._drawn() == ()


def test_boxes_typed_for_one_picture_are_not_those_of_another(reported, opened, store, qtbot):  # noqa: F811
    reported.masks.set_masks(UPPER_LEFT)
    shown = opened.session.inspection
    source = dataclasses.replace(shown.provenance, sha256="b" * 64)
    other = dataclasses.replace(shown, provenance=source)

    opened.session.inspection = other
    opened.session.inspection_changed.emit(other)

    assert reported.masks.masks is None
    opened.session.inspection = shown
    opened.session.inspection_changed.emit(shown)
    assert reported.masks.masks == UPPER_LEFT


def test_another_language_finds_no_fault_in_what_is_being_typed(field, qapp, qtbot):
    field.line.setText("0,0,12,12; 4,4,")

    qapp.sendEvent(field, QEvent(QEvent.Type.LanguageChange))

    assert field.words.isHidden()
    assert field.line.text() == "0,0,12,12; 4,4,"
    qtbot.waitUntil(lambda: not field.words.isHidden())
    qapp.sendEvent(field, QEvent(QEvent.Type.LanguageChange))
    assert not field.words.isHidden()


def test_what_is_typed_and_not_finished_outlives_another_language(reported, opened, qtbot):
    reported.masks.line.setText("0,0,12,12")
    qtbot.waitUntil(reported.save.isEnabled)
    reported.masks.line.setText("0,0,12,12; 4,4,")

    opened.session.choose("language", "zh_CN")

    qtbot.waitUntil(lambda: "不是方框" in reported.masks.words.text())
    qtbot.waitUntil(lambda: bool(reported.pages))
    assert reported.masks.line.text() == "0,0,12,12; 4,4,"
    assert not reported.save.isEnabled()
    assert opened.session.masks.of(opened.session.inspection) == UPPER_LEFT
    opened.session.choose("language", "en")
    qtbot.waitUntil(lambda: "is no box" in reported.masks.words.text())


def test_a_report_about_many_paints_over_in_each(opened, qtbot, store, stage, monkeypatch):  # noqa: F811
    dialog = statistics(opened, qtbot)
    assert not dialog.masks.isVisible()
    hide_names(opened)
    assert dialog.masks.isVisible()
    dialog.masks.line.setText("0,0,x")
    assert not dialog.report.isEnabled()
    dialog.masks.line.setText("0,0,12,12")
    target = stage.folder / "shift.csv"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), "CSV (*.csv)")
    )

    with qtbot.waitSignal(opened.session.report_written):
        dialog.report.click()

    assert asked_for(stage, WriteBook)[-1].masks == UPPER_LEFT


def test_a_report_about_many_paints_over_what_was_typed_for_one_of_them(
    reported, opened, qtbot, stage, monkeypatch
):
    reported.masks.set_masks(UPPER_LEFT)
    key = key_of(opened.session.inspection.provenance)
    dialog = statistics(opened, qtbot)
    target = stage.folder / "shift.csv"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *a, **k: (str(target), "CSV (*.csv)")
    )
    for are_hidden in (True, False):
        hide_names(opened, are_hidden=are_hidden)
        with qtbot.waitSignal(opened.session.report_written):
            dialog.report.click()
        qtbot.waitUntil(dialog.report.isEnabled)

    wanted = asked_for(stage, WriteBook)
    assert [one.known_masks for one in wanted] == [((key, UPPER_LEFT),), ()]
    assert [one.masks for one in wanted] == [None, None]


def test_enter_in_the_search_presses_no_button(opened, qtbot, store, monkeypatch):  # noqa: F811
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: asked.append(a) or ("", ""))
    dialog = statistics(opened, qtbot)

    qtbot.keyClick(dialog.bar.words, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.masks.line, Qt.Key.Key_Return)

    assert asked == []
    assert dialog.isVisible()
