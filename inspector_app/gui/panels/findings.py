"""Findings: the model's to accept, reject and correct, and people's own."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.first_reading import Who
from inspector_app.domain.gesture import OwnFinding, Stand
from inspector_app.domain.verdict import Outcome
from inspector_app.domain.wording import inert
from inspector_app.gui.actions import Actions
from inspector_app.gui.findings import Found
from inspector_app.gui.panels.finding_form import FindingForm
from inspector_app.gui.panels.reading import ReadingBar
from inspector_app.gui.parts import caption, hairline, muted, plain_tip
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.verdict_words import severity_word, type_words
from inspector_app.gui.wording.words import outcome_word

_ID = Qt.ItemDataRole.UserRole
_CORRECTING = ("accept", "reject", "reopen", "edit_box")
_ADDING = ("find_box", "find_polygon", "find_line", "find_point", "copy_before", "delete_mark")
_DOT = " \N{MIDDLE DOT} "


class FindingsPanel(QScrollArea):
    """What was found, and what people say of it.

    Args:
        session: Stores what is said here.
        actions: Of the window; some of them stand here as buttons.
        look: For the icons.

    Signals:
        verdict_wished: An `Outcome` that a person wants to put in the place of the model's.
    """

    verdict_wished = Signal(object)

    def __init__(self, session: Session, actions: Actions, look: Look) -> None:
        super().__init__()
        self._session = session
        self._findings = session.findings
        self._look = look
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(84)
        self.list.setMaximumHeight(150)
        self.empty = muted()
        self.reading = ReadingBar(session)
        self.form = FindingForm(session)
        self.verdict, self.note = QComboBox(), QLineEdit()
        self.verdict.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.note.setMaxLength(2000)
        self.note.setProperty("takes_enter", True)
        self._reason = muted()
        self._captions = (caption(), caption())
        self._below = QVBoxLayout()
        self._build(actions)
        self._findings.changed.connect(self._show)
        session.read_first.changed.connect(self._show)
        session.book.chosen_changed.connect(self._show_chosen)
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.verdict.activated.connect(self._on_verdict)
        self.note.editingFinished.connect(
            lambda: self._findings.write_note(self.note.text()) if session.picture else None
        )
        look.changed.connect(self._show)
        self.retranslate()

    def _build(self, actions: Actions) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(0)
        for name in (*_CORRECTING, *_ADDING):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(16, 16))
            button.setProperty("role", "slim")
            bar.addWidget(button)
        bar.addStretch(1)
        verdict = QHBoxLayout()
        verdict.addWidget(self._captions[0])
        verdict.addWidget(self.verdict, 1)
        note = QHBoxLayout()
        note.addWidget(self._captions[1])
        note.addWidget(self.note, 1)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self.reading)
        layout.addLayout(bar)
        for part in (self.list, self.empty, self.form, hairline()):
            layout.addWidget(part)
        layout.addLayout(verdict)
        layout.addWidget(self._reason)
        layout.addLayout(self._below)
        layout.addLayout(note)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(120)

    def add_below_verdict(self, part: QWidget) -> None:
        """Put something below the verdict of a person."""
        self._below.addWidget(part)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.list.setAccessibleName(self.tr("Findings"))
        self.empty.setText(
            self.tr("Ask, and correct the answer here; or mark what you found yourself with D.")
        )
        self._captions[0].setText(self.tr("Verdict"))
        self._captions[1].setText(self.tr("Note"))
        self.verdict.setAccessibleName(self.tr("Verdict"))
        self.verdict.setToolTip(self.tr("Your verdict in the place of the program's, with reason"))
        self.note.setAccessibleName(self.tr("Note on the picture"))
        self.note.setPlaceholderText(self.tr("on the whole picture"))
        self.form.retranslate()
        self._show()

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the findings that are selected."""
        return tuple(str(item.data(_ID)) for item in self.list.selectedItems())

    @property
    def targets(self) -> tuple[str, ...]:
        """Ids of the model's findings that are meant: the selected, else all that are open."""
        found = {one.correction.id: one for one in self._findings.found}
        chosen = tuple(id for id in self.selected if id in found)
        if chosen or self.selected:
            return chosen
        return tuple(id for id, one in found.items() if one.correction.stand == Stand.OPEN)

    # Showing -------------------------------------------------------------------------

    def _show(self) -> None:
        selected = set(self.selected)
        matches = self._findings.matches
        by_own = {one.own: one.who for one in matches if one.own}
        by_index = {one.index: one.who for one in matches if one.index is not None}
        rows = [
            self._row_of(at, one, who=by_index.get(at))
            for at, one in enumerate(self._findings.found)
        ]
        rows += [self._own_row(one, who=by_own.get(one.id)) for one in self._findings.own]
        with QSignalBlocker(self.list):
            self.list.clear()
            for item in rows:
                self.list.addItem(item)
                item.setSelected(item.data(_ID) in selected)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show_chosen(self._session.book.chosen)
        self.form.show_findings(self.selected)
        self._show_verdict()
        if self.note.text() != self._findings.note and not self.note.hasFocus():
            self.note.setText(self._findings.note)

    def _who_words(self, who: Who | None) -> str:
        words = {
            Who.BOTH: self.tr("found by both"),
            Who.READER: self.tr("only by you"),
            Who.PROGRAM: self.tr("only by the AI"),
            Who.BEFORE: self.tr("before the AI was shown"),
            Who.AFTER: self.tr("after the AI was shown"),
        }
        return words.get(who, "") if who is not None else ""

    def _row_of(self, at: int, found: Found, *, who: Who | None = None) -> QListWidgetItem:
        fixed = found.correction
        icon, colour = {
            Stand.OPEN: ("chip", self._look.colours.muted),
            Stand.ACCEPTED: ("pass", self._look.colours.passed),
            Stand.REJECTED: ("fail", self._look.colours.failed),
        }[fixed.stand]
        said = [type_words(found.label), severity_word(found.severity), found.text]
        said += [self._who_words(who)]
        said += [self.tr("edited")] if fixed.is_edited else []
        said += {
            Stand.OPEN: [],
            Stand.ACCEPTED: [self.tr("accepted")],
            Stand.REJECTED: [self.tr("rejected: {reason}").format(reason=fixed.reason)],
        }[fixed.stand]
        return self._item(f"{at + 1}", said, icon=icon, colour=colour, id=fixed.id)

    def _own_row(self, own: OwnFinding, *, who: Who | None = None) -> QListWidgetItem:
        size = f"{own.size:g} {own.unit}" if own.size is not None else ""
        said = [
            type_words(own.label) or self.tr("(no label)"),
            severity_word(own.severity),
            own.text,
            size,
        ]
        said += [self._who_words(who)]
        colour = self._look.colours.accent
        return self._item("", said, icon="pencil", colour=colour, id=own.id)

    def _item(
        self, number: str, said: Sequence[str], *, icon: str, colour: str, id: str
    ) -> QListWidgetItem:
        words = _DOT.join(inert(word, limit=120) for word in said if word)
        item = QListWidgetItem(self._look.icon(icon, colour=colour), f"{number} {words}".strip())
        item.setToolTip(plain_tip(item.text()))
        item.setData(_ID, id)
        return item

    def _show_chosen(self, id: str) -> None:
        """What is taken in hand on the canvas is selected here."""
        if id and id not in self.selected:
            with QSignalBlocker(self.list):
                self.list.clearSelection()
                for at in range(self.list.count()):
                    if self.list.item(at).data(_ID) == id:
                        self.list.item(at).setSelected(True)
                        self.list.scrollToItem(self.list.item(at))
            self.form.show_findings(self.selected)

    def _show_verdict(self) -> None:
        is_first = self._session.read_first.is_hiding
        inspection, judgement = self._findings.inspection, self._findings.judgement
        verdict = inspection.verdict if inspection is not None else None
        usual = outcome_word(verdict.outcome) if verdict is not None else self.tr("none")
        with QSignalBlocker(self.verdict):
            self.verdict.clear()
            said = self.tr("As judged: {verdict}").format(verdict=usual)
            self.verdict.addItem(self.tr("Your verdict: none yet") if is_first else said, None)
            for outcome in Outcome:
                icon = self._look.icon(
                    outcome.value.lower(), colour=self._look.colours.outcome(outcome)
                )
                self.verdict.addItem(icon, outcome_word(outcome), outcome)
            held = self._held_outcome(is_first=is_first)
            self.verdict.setCurrentIndex(0 if held is None else list(Outcome).index(held) + 1)
        self.verdict.setEnabled(is_first or self._findings.record is not None)
        self._reason.setVisible(judgement is not None)
        if judgement is not None:
            self._reason.setText(inert(judgement.reason, limit=400))

    def _held_outcome(self, *, is_first: bool) -> Outcome | None:
        """The person's verdict: before the AI's findings are shown, or on the record."""
        if is_first:
            return self._session.read_first.outcome
        judgement = self._findings.judgement
        return judgement.outcome if judgement is not None else None

    # Doing ---------------------------------------------------------------------------

    def _on_selected(self) -> None:
        selected = self.selected
        self._session.book.choose(selected[0] if len(selected) == 1 else "")
        self.form.show_findings(selected)

    def _on_verdict(self, at: int) -> None:
        outcome = self.verdict.itemData(at)
        if self._session.read_first.is_hiding:
            self._session.read_first.judge(None if outcome is None else Outcome(outcome))
        elif outcome is None:
            self._findings.take_verdict_back()
        else:
            self.verdict_wished.emit(Outcome(outcome))
        # It shows once it is stored.
        self._show_verdict()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
