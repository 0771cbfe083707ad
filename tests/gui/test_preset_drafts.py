"""What is typed in the editor of presets: kept, copied, undone, in files, never lost."""

import pytest
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QMessageBox,
)

from inspector_app.gui.dialogs.preset_editor import PresetEditor
from inspector_app.presets import preset
from tests.gui.preset_use import type_into

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_what_is_typed_is_kept_as_the_users_own_and_restored(editor, room, monkeypatch):
    editor.show_preset("medical")
    type_into(editor, "look.count", "2")
    assert [editor.changes.table.item(0, column).text() for column in range(3)] == [
        "Crops",
        "3",
        "2",
    ]

    editor.keep.click()

    assert preset("medical").options.count == 2
    assert editor.list.list.currentItem().text() == "Medical\nmedical · changed"
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: QMessageBox.StandardButton.Yes)
    editor.list.restore.click()
    assert preset("medical").options.count == 3
    assert editor.fields["look.count"].control.text() == "3"


def test_nothing_is_lost_unless_the_user_says_so(editor, monkeypatch):
    editor.show_preset("medical")
    type_into(editor, "look.count", "2")
    editor.keep.click()
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: QMessageBox.StandardButton.No)

    editor.list.restore.click()

    assert preset("medical").options.count == 2


def test_what_was_typed_is_not_lost_by_looking_elsewhere(editor):
    editor.show_preset("medical")
    type_into(editor, "title", "Other")

    editor.show_preset("text")
    assert editor.list.list.item(1).text() == "Medical\nmedical · shipped · not kept"
    editor.close()
    editor.show_preset("medical")

    assert editor.fields["title"].control.text() == "Other"
    assert editor.keep.isEnabled()


def test_what_was_typed_outlives_the_program(editor, room, opened):
    editor.show_preset("medical")
    type_into(editor, "title", "Other")
    type_into(editor, "look.count", "many")

    again = PresetEditor(room.presets, opened.session, opened.look, parent=opened)

    again.show_preset("medical")
    assert again.fields["title"].control.text() == "Other"
    assert "it must be a whole number" in again.fields["look.count"].fault.text()
    again.undo.click()
    assert room.presets.shelf.drafts() == {}


def test_changes_are_undone(editor):
    editor.show_preset("medical")
    type_into(editor, "title", "Other")

    editor.undo.click()

    assert editor.fields["title"].control.text() == "Medical"


def test_a_copy_gets_a_name_of_its_own(editor, monkeypatch):
    editor.show_preset("text")
    answers = iter([("medical", True), ("my text", True)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_a, **_k: next(answers))

    editor.list.copy.click()

    assert preset("my text").title == "Text (my text)"
    assert editor.list.list.currentItem().text().endswith("my text · yours")


def test_a_preset_travels_through_files(editor, monkeypatch, tmp_path):
    path = tmp_path / "carried.json"
    editor.show_preset("text")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))

    editor.list.hand_out.click()
    editor.list.take_in.click()

    assert preset("carried").wording == preset("text").wording
    assert "Saved" not in editor.words.text()


def test_a_file_that_is_no_preset_is_refused_in_the_editor(editor, monkeypatch, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text("{")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))

    editor.list.take_in.click()

    assert "bad.json is damaged" in editor.words.text()
