"""The questions that really wait for an answer: a name, a file, whether to go on."""

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from inspector_app.domain.preset_document import PresetEntry
from inspector_app.gui.parts import plain_tip

_KIND = "JSON (*.json)"
_EITHER = "ZIP, JSON (*.zip *.json)"
_PACKED = "ZIP (*.zip)"


def new_name(parent: QWidget, name: str, *, taken: Collection[str]) -> str:
    """A name that no preset has yet; "" when the user thought better of it."""
    proposal, number = f"{name} 2", 2
    while proposal in taken:
        number += 1
        proposal = f"{name} {number}"
    title = QCoreApplication.translate("preset", "Name of the copy")
    words = QCoreApplication.translate("preset", "Name, which is also that of its file:")
    while True:
        given, is_given = QInputDialog.getText(parent, title, words, text=proposal)
        given = given.strip()
        if not is_given or not given:
            return ""
        if given not in taken:
            return given
        words = QCoreApplication.translate("preset", 'There is a preset "{name}" already. Name:')
        words, proposal = words.format(name=given), given


def file_to_read(parent: QWidget) -> str:
    """A preset's file; "" when the user thought better of it."""
    title = QCoreApplication.translate("preset", "Import a preset")
    return QFileDialog.getOpenFileName(parent, title, "", _EITHER)[0]


def file_to_write(parent: QWidget, proposal: str) -> str:
    """Where to write a preset; "" for nowhere."""
    title = QCoreApplication.translate("preset", "Export the preset")
    # With pictures, the whole of it is one archive; its text alone can be had, too.
    is_packed = proposal.endswith(".zip")
    kinds = f"{_PACKED};;{_KIND}" if is_packed else _KIND
    name, kind = QFileDialog.getSaveFileName(parent, title, proposal, kinds)
    suffix = ".zip" if kind == _PACKED else ".json"
    return name if not name or name.lower().endswith((".json", ".zip")) else f"{name}{suffix}"


def may_restore(parent: QWidget, entry: PresetEntry) -> bool:
    """Whether the user's own preset may go for good."""
    if entry.hides_shipped:
        words = QCoreApplication.translate(
            "preset", 'Give up your changes to "{name}" and show the shipped preset again?'
        )
    else:
        words = QCoreApplication.translate("preset", 'Remove "{name}" for good?')
    title = QCoreApplication.translate("preset", "Presets")
    answer = QMessageBox.question(parent, title, plain_tip(words.format(name=entry.name)))
    return answer == QMessageBox.StandardButton.Yes
