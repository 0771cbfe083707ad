"""Presets: copy, edit, exchange, compare with the shipped ones, restore; tried while edited."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_document import Fault
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs import preset_asking
from inspector_app.gui.dialogs.preset_changes import ChangesPage
from inspector_app.gui.dialogs.preset_choices import choices_for
from inspector_app.gui.dialogs.preset_fields import FORM, Field, Page, scrolled
from inspector_app.gui.dialogs.preset_list import PresetList
from inspector_app.gui.dialogs.preset_preview import Preview
from inspector_app.gui.dialogs.preset_texts import with_value
from inspector_app.gui.dialogs.rule_page import RulePage
from inspector_app.gui.facts import Notice
from inspector_app.gui.parts import hairline, muted
from inspector_app.gui.preset_regions import region_entries
from inspector_app.gui.presets import Presets
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.preset_words import faulty_words
from inspector_app.gui.wording.problems import joined, problem_line
from inspector_app.gui.worker import problem_of

_CHECK_MS = 150
_SIZE = (1060, 720)


class PresetEditor(QDialog):
    """A list on the left, the form of the chosen preset on the right, its trial below.

    Args:
        presets: What there is.
        session: Tells what is open, and runs the trials.
        look: Colours.
        models: Names of the models that can be chosen.
    """

    def __init__(
        self,
        presets: Presets,
        session: Session,
        look: Look,
        *,
        models: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presets, self._session, self._models = presets, session, tuple(models)
        self._name = ""
        self._kept: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self._drafts = presets.shelf.drafts()
        self._drafts_kept = dict(self._drafts)
        self._faults: Sequence[Fault] = ()
        self.list = PresetList()
        self.pages: dict[str, Page | RulePage] = {title: Page(entries) for title, entries in FORM}
        self.rules = self.pages["Rules"] = RulePage()
        self.changes = ChangesPage()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.take_regions = QPushButton()
        self.preview = Preview(presets, session, look)
        self.words = muted()
        self.keep, self.use, self.undo = QPushButton(), QPushButton(), QPushButton()
        self.keep.setProperty("role", "primary")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_CHECK_MS)
        self._soon.timeout.connect(self._check)
        self._arrange()
        self._listen()
        self.retranslate()
        self.resize(*_SIZE)

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by the place of their entry."""
        return {place: one for page in self.pages.values() for place, one in page.fields.items()}

    def _arrange(self) -> None:
        for page in self.pages.values():
            self.tabs.addTab(page if isinstance(page, RulePage) else scrolled(page), "")
        self.tabs.addTab(self.changes, "")
        # Enter in a field must not press it.
        self.take_regions.setAutoDefault(False)
        rois = self.fields["regions.rois"].layout()
        if rois is not None:
            rois.addWidget(self.take_regions)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.words, 1)
        for button in (self.undo, self.use, self.keep):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.tabs, 1)
        right.addWidget(hairline())
        right.addWidget(self.preview)
        right.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(16)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)

    def _listen(self) -> None:
        self.list.chosen.connect(self.show_preset)
        self.list.copy_wanted.connect(self._copy)
        self.list.import_wanted.connect(self._import)
        self.list.export_wanted.connect(self._export)
        self.list.restore_wanted.connect(self._restore)
        for page in self.pages.values():
            page.edited.connect(self._on_edited)
        self.take_regions.clicked.connect(self._take_regions)
        self.keep.clicked.connect(self._keep)
        self.use.clicked.connect(self._use)
        self.undo.clicked.connect(self._forget_draft)
        self._presets.listed.connect(self._show_list)
        self._session.rois_changed.connect(lambda _rois: self._show_abilities())

    # Showing -------------------------------------------------------------------------

    def open_on(self, preset: Preset | None) -> None:
        """Show the dialog, with this preset or the first one."""
        if not self.isVisible():
            self._presets.refresh()
            names = [entry.name for entry in self._presets.entries]
            first = names[0] if names else ""
            self.show_preset(preset.name if preset is not None else self._name or first)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_preset(self, name: str) -> None:
        """Show the preset of this name: what was typed and not kept yet, or what is kept."""
        entry = self._presets.entry(name)
        if entry is None:
            return
        self._name = name
        self._kept = dict(entry.document)
        self.document = self._drafts.get(name, self._kept)
        self._show_document()

    def _forget_draft(self) -> None:
        self._drafts.pop(self._name, None)
        self.show_preset(self._name)

    def _show_document(self) -> None:
        for page in self.pages.values():
            page.show_document(self.document)
        self._show_list()
        self._check()

    def _offer(self) -> None:
        for place, field in self.fields.items():
            if field.entry.is_choice:
                field.offer(
                    choices_for(
                        place,
                        document=self.document,
                        session=self._session,
                        templates=self._presets.shelf.templates(),
                        models=self._models,
                    )
                )

    def _show_list(self) -> None:
        self.list.show_entries(self._presets.entries, chosen=self._name, edited=self._drafts.keys())

    def _on_edited(self) -> None:
        for page in self.pages.values():
            self.document = page.taken(self.document)
        self.rules.show_regions(self.document)
        self._remember_draft()
        self._soon.start()

    def _remember_draft(self) -> None:
        """What is typed is not lost by looking at another preset."""
        had_one = self._name in self._drafts
        if self.document == self._kept:
            self._drafts.pop(self._name, None)
        else:
            self._drafts[self._name] = self.document
        if had_one != (self._name in self._drafts):
            self._show_list()

    def _keep_drafts(self) -> None:
        """Closing the program, or losing it, takes nothing that was typed."""
        if self._drafts == self._drafts_kept:
            return
        self._drafts_kept = dict(self._drafts)
        try:
            self._presets.shelf.keep_drafts(self._drafts)
        except InspectorError as error:
            self._session.noticed.emit(Notice.of(problem_of(error)))

    def _check(self) -> None:
        """Say at each field what is wrong, and try what is right."""
        self._soon.stop()
        self._keep_drafts()
        self._offer()
        shelf = self._presets.shelf
        faults = shelf.faults(self.document)
        missing = () if faults else shelf.missing_files(self.document)
        for field in self.fields.values():
            field.show_faults((*faults, *missing))
        self.rules.show_faults(faults)
        self._faults = faults
        self._show_abilities()
        preset = None if faults else shelf.preset_of(self._name, self.document)
        words = "" if preset is None else shelf.asked(preset, "")
        self.rules.show_preset(preset, question=words)
        if preset is not None:
            self.changes.show_changes(shelf.changes(self._name, self.document))
            asked = inert(words, limit=300)
            told = self.tr("Asks: {words}").format(words=asked) if asked else ""
            self.fields["prompt.template"].tell(told)
        self.preview.show_preset(preset)

    def _show_abilities(self) -> None:
        faults = self._faults
        is_edited = self.document != self._kept
        self.keep.setEnabled(is_edited and not faults)
        self.undo.setEnabled(is_edited)
        self.use.setEnabled(bool(self._name) and not faults)
        self.take_regions.setEnabled(bool(self._session.rois))
        if faults:
            told = self.tr("%n entry(s) cannot be kept so.", "", len(faults))
            shown = [field.entry.place for field in self.fields.values()]
            self.words.setText(joined(told, faulty_words(faults, shown=shown)))
        elif is_edited:
            self.words.setText(self.tr("Changed, not kept yet."))
        else:
            self.words.clear()

    # Doing ---------------------------------------------------------------------------

    def _keep(self) -> bool:
        """Keep what is typed under the name of the preset; whether that went well."""
        try:
            self._presets.shelf.keep(self._name, self.document)
        except InspectorError as error:
            self.words.setText(problem_line(problem_of(error)))
            return False
        self._drafts.pop(self._name, None)
        self._after_change(self._name)
        current = self._presets.current
        if current is not None and current.name == self._name:
            self._presets.choose(self._name)
        return True

    def _use(self) -> None:
        """Keep what was changed, and work by it."""
        if self.document == self._kept or self._keep():
            self._presets.choose(self._name)

    def _after_change(self, name: str) -> None:
        self._presets.refresh()
        self.show_preset(name)

    def _copy(self) -> None:
        taken = {entry.name for entry in self._presets.entries}
        name = preset_asking.new_name(self, self._name, taken=taken)
        if name:
            title = f"{self.document.get('title', '')} ({name})"
            document = with_value(self.document, "title", title)
            document = with_value(document, "title_zh", "")
            self._add(name, lambda: self._presets.shelf.keep(name, document))

    def _import(self) -> None:
        path = preset_asking.file_to_read(self)
        if not path:
            return
        try:
            entry = self._presets.shelf.take_in(path)
        except InspectorError as error:
            self.words.setText(problem_line(problem_of(error)))
            return
        taken = {one.name for one in self._presets.entries}
        name = entry.name
        if name in taken:
            name = preset_asking.new_name(self, name, taken=taken)
        if name:
            self._add(name, lambda: self._presets.shelf.bring_in(path, name))

    def _add(self, name: str, make: Callable[[], None]) -> None:
        try:
            make()
        except InspectorError as error:
            self.words.setText(problem_line(problem_of(error)))
            return
        self._after_change(name)

    def _export(self) -> None:
        shelf = self._presets.shelf
        is_packed = not shelf.faults(self.document) and shelf.names_pictures(self.document)
        suffix = "zip" if is_packed else "json"
        path = preset_asking.file_to_write(self, f"{self._name}.{suffix}")
        if not path:
            return
        try:
            self._presets.shelf.hand_out(self.document, path)
        except InspectorError as error:
            self.words.setText(problem_line(problem_of(error)))
            return
        self.words.setText(self.tr("Saved {name}.").format(name=Path(path).name))

    def _restore(self) -> None:
        entry = self._presets.entry(self._name)
        if entry is None or not preset_asking.may_restore(self, entry):
            return
        try:
            self._presets.shelf.restore(self._name)
        except InspectorError as error:
            self.words.setText(problem_line(problem_of(error)))
            return
        self._drafts.pop(self._name, None)
        current = self._presets.current
        was_current = current is not None and current.name == self._name
        self._presets.refresh()
        names = [one.name for one in self._presets.entries]
        if was_current:
            self._presets.choose(self._name if self._name in names else "")
        self.show_preset(self._name if self._name in names else names[0])

    def _take_regions(self) -> None:
        """The regions that are drawn on the picture, in per cent of it."""
        picture = self._session.picture
        if picture is None or not self._session.rois:
            return
        rois = region_entries(self._session.regions.all, size=picture.size)
        document = with_value(self.document, "regions.rois", rois)
        self.document = with_value(document, "look.strategy", "manual")
        for page in self.pages.values():
            page.show_document(self.document)
        self._remember_draft()
        self._check()

    # Events --------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Presets"))
        titles = (
            self.tr("Question"),
            self.tr("Looking"),
            self.tr("Regions and windows"),
            self.tr("Operator"),
            self.tr("Aims and runs"),
            self.tr("Rules"),
            self.tr("Differences"),
        )
        for at, title in enumerate(titles):
            self.tabs.setTabText(at, title)
        self.keep.setText(self.tr("Keep"))
        self.keep.setToolTip(self.tr("Write it into your own presets; what was shipped stays."))
        self.use.setText(self.tr("Use"))
        self.use.setToolTip(self.tr("Work by this preset from now on."))
        self.undo.setText(self.tr("Undo changes"))
        self.take_regions.setText(self.tr("Take the regions drawn on the picture"))
        for field in self.fields.values():
            field.retranslate()
        if self.document:
            self._show_document()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        super().showEvent(event)
        if self.document:
            self._check()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        self.preview.trial.stop()
        self._keep_drafts()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
