"""Inspections leave the window as files of other programs, and as DICOM into an archive."""

import json

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.gui.test_archive import store  # noqa: F401  a fixture
from tests.workflow.test_sending import Server

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.usefixtures("store"),
]


@pytest.fixture
def dialog(opened, qtbot):
    opened.actions_by_name["export"].trigger()
    shown = opened._dialogs["export"]
    qtbot.waitUntil(lambda: "3" in shown.count.text())
    return shown


def ended(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.job.is_running)
    return dialog.job.told.text()


def test_what_is_searched_for_is_exported_into_the_chosen_folder(
    dialog, qtbot, tmp_path, monkeypatch
):
    assert not dialog.write.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    dialog.choose.click()
    dialog.format.setCurrentIndex(dialog.format.findData("coco"))
    dialog.bar.words.setText("plate 1")
    qtbot.waitUntil(lambda: dialog.count.text() == "1 inspection")

    dialog.write.click()

    assert "1 picture exported." in ended(qtbot, dialog)
    (file,) = (tmp_path / "out").glob("*.json")
    assert len(json.loads(file.read_text(encoding="utf-8"))["images"]) == 1


def test_statistics_that_count_meanwhile_do_not_end_its_own_count(dialog, qtbot, opened):
    dialog.bar.words.setText("plate 1")
    dialog.bar.hurry()
    opened.actions_by_name["statistics"].trigger()

    qtbot.waitUntil(lambda: dialog.count.text() == "1 inspection")


def test_a_folder_that_is_not_empty_is_said_where_the_button_was_pressed(dialog, qtbot, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "old.txt").write_text("mine", encoding="utf-8")
    dialog.folder.setText(str(full))

    dialog.write.click()

    assert "is not empty" in ended(qtbot, dialog)
    assert [file.name for file in full.iterdir()] == ["old.txt"]


def test_boxes_to_paint_over_that_are_none_are_said_at_their_field(dialog, qtbot, tmp_path):
    dialog.folder.setText(str(tmp_path / "out"))
    qtbot.waitUntil(dialog.write.isEnabled)
    dialog.masks.line.setText("1,2,3")
    assert not dialog.write.isEnabled()

    qtbot.waitUntil(lambda: "is no box" in dialog.masks.words.text())

    dialog.masks.line.setText("1,2,3,9")
    assert dialog.write.isEnabled()


def test_files_are_sent_and_the_archive_is_offered_next_time(dialog, qtbot, tmp_path, opened):
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.write.click()
    ended(qtbot, dialog)
    server = Server()
    address = f"ANY-SCP@127.0.0.1:{server.archive.port}"
    try:
        dialog.archive.setEditText(address)
        dialog.send.click()
        words = ended(qtbot, dialog)
    finally:
        server.close()

    assert words == f"The archive has stored {len(server.stored)} files."
    assert len(server.stored) == len(list((tmp_path / "out").glob("*.dcm"))) > 0
    assert opened.session.settings.archives == (address,)
    assert dialog.archive.itemText(0) == address


def test_an_archive_that_does_not_answer_is_one_sentence_and_is_not_kept(
    dialog, qtbot, tmp_path, opened
):
    (tmp_path / "a.dcm").write_bytes(b"no DICOM at all")
    dialog.folder.setText(str(tmp_path))
    dialog.archive.setEditText("PACS@nowhere")

    dialog.send.click()

    assert "is no address of an archive" in ended(qtbot, dialog)
    dialog.archive.setEditText("http://127.0.0.1:9/dicom-web")
    dialog.send.click()
    assert "is no DICOM file that can be sent" in ended(qtbot, dialog)
    assert opened.session.settings.archives == ()


def test_it_speaks_chinese(stage, qtbot, tmp_path):
    window = stage.open(language="zh_CN")
    window.actions_by_name["export"].trigger()
    dialog = window._dialogs["export"]
    qtbot.waitUntil(lambda: "3" in dialog.count.text())
    dialog.folder.setText(str(tmp_path))
    dialog.archive.setEditText("PACS@nowhere")

    dialog.send.click()

    assert dialog.windowTitle() == "导出与发送"
    assert "不是归档服务器的地址" in ended(qtbot, dialog)
