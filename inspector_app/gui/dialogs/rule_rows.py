"""Rows of rules: checks, and the table of findings; each can be moved and taken away."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.finding import Severity
from inspector_app.domain.preset_document import Fault
from inspector_app.gui.dialogs import preset_texts
from inspector_app.gui.dialogs.preset_fields import SWITCH, Entry, Field
from inspector_app.gui.parts import caption, muted, plain
from inspector_app.gui.wording.preset_words import fault_words
from inspector_app.gui.wording.rule_words import (
    KINDS,
    kind_answer,
    kind_help,
    kind_title,
    rule_label,
)
from inspector_app.gui.wording.verdict_words import severity_word

Document = dict[str, Any]

_TYPE = Entry("type")
_BODIES: Mapping[str, tuple[Entry, ...]] = MappingProxyType(
    {
        "yes_no": (Entry("bad", SWITCH, is_choice=True), _TYPE),
        "expected": (Entry("texts", preset_texts.LINES, lines=2), _TYPE),
        "number": (
            Entry("low", preset_texts.NUMBER),
            Entry("high", preset_texts.NUMBER),
            Entry("unit"),
            _TYPE,
        ),
        "codes": (Entry("allowed", preset_texts.LINES, lines=2), _TYPE),
        "patterns": (
            Entry("good", preset_texts.LINES, lines=2),
            Entry("bad", preset_texts.LINES, lines=2),
            _TYPE,
        ),
        "named": (),
    }
)
"""What each kind of check says beside its kind."""
_FRESH: Mapping[str, Document] = MappingProxyType(
    {
        "yes_no": {"bad": "yes", "type": "defect"},
        "expected": {"texts": ["OK"], "type": "wrong text"},
        "number": {"low": 0.0, "high": None, "unit": "", "type": "out of range"},
        "codes": {"allowed": ["A1"], "type": "wrong code"},
        "patterns": {"good": ["OK*"], "bad": [], "type": "defect"},
        "named": {},
    }
)
_FRESH_TYPE = MappingProxyType({"name": "", "words": (), "severity": "major", "suggestion": ""})
_BUTTON, _GAP = 30, 6
_CROSS = "\N{MULTIPLICATION X}"


def fresh_check(kind: str) -> Document:
    """A check of this kind to begin with, without a fault."""
    return {"kind": kind, **_FRESH[kind]}


def fresh_type(taken: Sequence[str]) -> Document:
    """A row of the table to begin with, under a name that is not taken."""
    name, number = "finding", 1
    while name in taken:
        number += 1
        name = f"finding {number}"
    return {**_FRESH_TYPE, "name": name, "words": []}


def can_be_rows(value: Any, *, kinds: bool) -> bool:
    """Whether a list of checks, or of finding types, can be shown as rows."""
    return isinstance(value, list | tuple) and all(
        isinstance(one, dict) and (not kinds or one.get("kind") in _BODIES) for one in value
    )


class Row(QFrame):
    """One row with its buttons.

    Signals:
        edited: A person changed it.
        moved: It is to go up (-1) or down (1).
        removed: It is to go.
    """

    edited = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.fields: list[Field] = []
        self.up, self.down, self.gone = QToolButton(), QToolButton(), QToolButton()
        for button, sign in ((self.up, "↑"), (self.down, "↓"), (self.gone, _CROSS)):
            button.setText(sign)
            button.setFixedWidth(_BUTTON)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.gone.clicked.connect(self.removed)
        # Of the row as a whole; what belongs to one entry stands below its field.
        self.fault = plain(role="trouble")
        self.fault.hide()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Say what is wrong with it, below the entry where there is one."""
        for field in self.fields:
            field.show_faults(faults)
        shown = [field.entry.place for field in self.fields]
        own = [
            fault_words(fault, at=self.place)
            for fault in faults
            if f"{fault.place}.".startswith(f"{self.place}.")
            and not any(f"{fault.place}.".startswith(f"{place}.") for place in shown)
        ]
        self.fault.setText("\n".join(f"{_CROSS} {words}" for words in own[:2]))
        self.fault.setVisible(bool(own))

    @property
    def value(self) -> Document:
        """What stands in the file for it."""
        return {field.entry.place.rpartition(".")[2]: field.taken for field in self.fields}

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        words = (self.tr("Move up"), self.tr("Move down"), self.tr("Remove"))
        for button, said in zip((self.up, self.down, self.gone), words, strict=True):
            button.setToolTip(said)
            button.setAccessibleName(said)
        for field in self.fields:
            field.retranslate()

    def _add_field(self, entry: Entry, value: Any) -> Field:
        placed = Entry(f"{self.place}.{entry.place}", entry.form, entry.lines, entry.is_choice)
        field = Field(placed)
        field.offer(_choices(entry.place))
        field.show_value(value)
        field.label.setMinimumWidth(0)
        field.edited.connect(self.edited)
        # Beside a taller field it stays at the top, below which its fault is told.
        if isinstance(column := field.layout(), QVBoxLayout):
            column.addStretch()
        self.fields.append(field)
        return field


class CheckRow(Row):
    """A check: its kind, and what that kind says.

    Args:
        place: In the file: "rules.checks.0".
        check: As it stands there.

    Signals:
        kind_chosen: Another kind.
    """

    kind_chosen = Signal(str)

    def __init__(self, place: str, check: Document, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        self._kind_now: str = check["kind"]
        self.kind = QComboBox()
        self.kind.activated.connect(lambda _at: self.kind_chosen.emit(self.kind.currentData()))
        self.help = muted()
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.kind)
        head.addWidget(self.help, 1)
        for button in (self.up, self.down, self.gone):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        body = QGridLayout()
        body.setHorizontalSpacing(10)
        body.setVerticalSpacing(6)
        for at, entry in enumerate(_BODIES[self._kind_now]):
            field = self._add_field(entry, check.get(entry.place))
            row, column = divmod(at, 2)
            body.addWidget(field.label, row, 2 * column, Qt.AlignmentFlag.AlignTop)
            body.addWidget(field, row, 2 * column + 1)
            body.setColumnStretch(2 * column + 1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addLayout(head)
        layout.addLayout(body)
        layout.addWidget(self.fault)
        self.retranslate()

    @property
    def value(self) -> Document:
        """What stands in the file for it."""
        return {"kind": self._kind_now, **super().value}

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        super().retranslate()
        with QSignalBlocker(self.kind):
            self.kind.clear()
            for name in KINDS:
                self.kind.addItem(kind_title(name), name)
            self.kind.setCurrentIndex(self.kind.findData(self._kind_now))
        self.kind.setAccessibleName(self.tr("Kind of check"))
        self.help.setText(kind_help(self._kind_now))
        for field in self.fields:
            if self._kind_now == "patterns" and field.entry.place.endswith(".bad"):
                field.label.setText(rule_label("checks.bads"))
                field.control.setAccessibleName(rule_label("checks.bads"))


class TypeRow(Row):
    """A row of the table of severities and suggestions, in one line."""

    WIDTHS = (3, 4, 3, 5)
    """How the four columns share the room."""

    def __init__(self, place: str, found: Document, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        entries = (
            Entry("name"),
            Entry("words", preset_texts.WORDS),
            Entry("severity", SWITCH, is_choice=True),
            Entry("suggestion"),
        )
        for entry, wide in zip(entries, self.WIDTHS, strict=True):
            field = self._add_field(entry, found.get(entry.place))
            _share_room(field)
            line.addWidget(field, wide)
        for button in (self.up, self.down, self.gone):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.fault)
        self.retranslate()


class RowList(QWidget):
    """Rows that a person adds to, moves and takes away.

    Args:
        make: Makes the row of a place and an entry.

    Signals:
        edited: Something of them was changed.
    """

    edited = Signal()

    def __init__(self, make: Callable[[str, Document], Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._place = ""
        self.rows: list[Row] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)

    def show_rows(self, place: str, entries: Sequence[Document]) -> None:
        """Show these, which stand at a place of the file."""
        self._place = place
        for row in self.rows:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._make(f"{place}.{at}", entry) for at, entry in enumerate(entries)]
        for row in self.rows:
            self._box.addWidget(row)
            row.edited.connect(self.edited)
            row.moved.connect(lambda by, row=row: self._move(row, by))
            row.removed.connect(lambda row=row: self._remove(row))
            if isinstance(row, CheckRow):
                row.kind_chosen.connect(lambda kind, row=row: self._turn_into(row, kind))
        for row in self.rows:
            row.up.setEnabled(row is not self.rows[0])
            row.down.setEnabled(row is not self.rows[-1])

    @property
    def value(self) -> list[Document]:
        """What stands in the file."""
        return [row.value for row in self.rows]

    def add(self, entry: Document) -> None:
        """One more, at the end; the keys go there."""
        self._change([*self.value, entry])
        fields = self.rows[-1].fields
        if fields:
            fields[0].control.setFocus()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Say in each row what is wrong with it."""
        for row in self.rows:
            row.show_faults(faults)

    def _change(self, entries: Sequence[Document]) -> None:
        self.show_rows(self._place, entries)
        self.edited.emit()

    def _move(self, row: Row, by: int) -> None:
        at, entries = self.rows.index(row), self.value
        to = at + by
        if not 0 <= to < len(entries):
            return
        entries[at], entries[to] = entries[to], entries[at]
        self._change(entries)
        button = self.rows[to].up if by < 0 else self.rows[to].down
        (button if button.isEnabled() else self.rows[to].gone).setFocus()

    def _remove(self, row: Row) -> None:
        entries = self.value
        del entries[self.rows.index(row)]
        self._change(entries)

    def _turn_into(self, row: Row, kind: str) -> None:
        entries = self.value
        entries[self.rows.index(row)] = fresh_check(kind)
        self._change(entries)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        for row in self.rows:
            row.retranslate()


class TypeHeads(QWidget):
    """What stands in each column of the table of findings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = [caption() for _ in TypeRow.WIDTHS]
        line = QHBoxLayout(self)
        line.setSpacing(_GAP)
        line.setContentsMargins(0, 0, 3 * (_BUTTON + _GAP), 0)
        for head, wide in zip(self._heads, TypeRow.WIDTHS, strict=True):
            _share_room(head)
            # Words that are longer in another language take a second line.
            head.setWordWrap(True)
            line.addWidget(head, wide)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        for head, name in zip(
            self._heads, ("name", "words", "severity", "suggestion"), strict=True
        ):
            head.setText(rule_label(f"types.{name}"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _share_room(part: QWidget) -> None:
    """Let its layout alone decide how wide it is, so that columns stand below each other."""
    part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


def _choices(name: str) -> list[tuple[str, str]]:
    """(value, words) of an entry that is chosen; nothing for the others."""
    if name == "severity":
        return [(one.value, severity_word(one)) for one in Severity]
    return [("yes", kind_answer("yes")), ("no", kind_answer("no"))] if name == "bad" else []
