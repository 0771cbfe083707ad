"""Which file? The only questions that really wait for an answer."""

import re
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector_app.domain.inspection import Inspection

_PATTERNS = (
    "*.png *.jpg *.jpeg *.tif *.tiff *.bmp *.webp *.gif *.jp2 *.avif *.dcm *.dicom *.pdf "
    "*.mp4 *.mov *.mkv *.webm *.avi *.mpg *.ts *.wmv"
)


def pictures(parent: QWidget) -> list[str]:
    """Pictures to open; empty when the user thought better of it."""
    some = QCoreApplication.translate("files", "Pictures")
    every = QCoreApplication.translate("files", "All files")
    kinds = f"{some} ({_PATTERNS});;{every} (*)"
    title = QCoreApplication.translate("files", "Open pictures")
    names, _ = QFileDialog.getOpenFileNames(parent, title, "", kinds)
    return names


def folder(parent: QWidget) -> str:
    """A folder to open; "" when the user thought better of it."""
    title = QCoreApplication.translate("files", "Open a folder")
    return QFileDialog.getExistingDirectory(parent, title)


def backup(parent: QWidget) -> str:
    """Where to copy the records; "" for nowhere."""
    title = QCoreApplication.translate("files", "Back the records up")
    proposal = f"records-{date.today().isoformat()}.sqlite"
    name, _ = QFileDialog.getSaveFileName(parent, title, proposal, "SQLite (*.sqlite)")
    return f"{name}.sqlite" if name and not Path(name).suffix else name


def backup_to_open(parent: QWidget) -> str:
    """Which backup; "" for none."""
    title = QCoreApplication.translate("files", "Put a backup back")
    name, _ = QFileDialog.getOpenFileName(parent, title, "", "SQLite (*.sqlite);;* (*)")
    return name


def trail(parent: QWidget) -> str:
    """Where to write the trail; "" for nowhere."""
    title = QCoreApplication.translate("files", "Save the trail")
    name, _ = QFileDialog.getSaveFileName(parent, title, "trail.csv", "CSV (*.csv);;JSON (*.json)")
    return f"{name}.csv" if name and not Path(name).suffix else name


def destination(
    parent: QWidget, inspection: Inspection, *, suffix: str, hides_patient: bool = False
) -> str:
    """Where to write a report; beside the picture is proposed. "" for nowhere."""
    source = Path(inspection.provenance.locator)
    # One that could not be stored has no number; its time tells it from others.
    number = inspection.id or re.sub(r"\D", "", inspection.created)[:14]
    # Files are named after patients; a proposal that is taken over would be, too.
    stem = "inspection" if hides_patient else source.stem
    proposal = source.with_name(f"{stem}_{number}.{suffix}")
    title = QCoreApplication.translate("files", "Save")
    name, _ = QFileDialog.getSaveFileName(
        parent, title, str(proposal), f"{suffix.upper()} (*.{suffix})"
    )
    return f"{name}.{suffix}" if name and not Path(name).suffix else name
