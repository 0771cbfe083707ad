"""The page of rules in the preset editor: rows instead of text, of the picture and of regions."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.finding import Severity
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_document import Fault
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs import preset_texts
from inspector_app.gui.dialogs.preset_fields import SWITCH, Entry, Field, scrolled
from inspector_app.gui.dialogs.preset_texts import at as value_at
from inspector_app.gui.dialogs.preset_texts import with_value
from inspector_app.gui.dialogs.region_rules import RegionRules
from inspector_app.gui.dialogs.rule_rows import (
    CheckRow,
    RowList,
    TypeHeads,
    TypeRow,
    can_be_rows,
    fresh_check,
    fresh_type,
)
from inspector_app.gui.dialogs.rule_trial import RuleTrial
from inspector_app.gui.parts import caption, hairline, muted, plain
from inspector_app.gui.wording.preset_words import fault_words
from inspector_app.gui.wording.rule_words import KINDS, kind_title
from inspector_app.gui.wording.verdict_words import severity_word

Document = dict[str, Any]

_NUMBER = preset_texts.NUMBER
_DOUBTS = (
    Entry("rules.fail_from", SWITCH, is_choice=True),
    Entry("rules.least_margin", _NUMBER),
    Entry("rules.must_agree", SWITCH),
    Entry("rules.needs_zoom", SWITCH),
    Entry("rules.limit_ms", _NUMBER),
)
_PICTURE = tuple(
    Entry(f"rules.picture.{name}", _NUMBER)
    for name in ("most_blur", "most_overexposed", "most_underexposed", "most_letters")
)
_TRAVEL = tuple(
    Entry(f"rules.travel.{name}", _NUMBER)
    for name in ("shift", "rotation", "scale", "least_score", "largest_error")
)
_FIRST: Document = {
    "checks": [fresh_check("yes_no")],
    "types": [],
    "fail_from": "note",
    "least_margin": 0.5,
    "must_agree": True,
    "needs_zoom": False,
    "limit_ms": None,
    "picture": {
        "most_blur": 2.5,
        "most_overexposed": 0.25,
        "most_underexposed": 0.9,
        "most_letters": 3,
    },
    "travel": {
        "shift": 0.25,
        "rotation": 20.0,
        "scale": 0.15,
        "least_score": 0.7,
        "largest_error": 2.0,
    },
}
"""What rules begin with: every value as the schema has it where nothing is said."""
_CROSS = "\N{MULTIPLICATION X}"


class RulePage(QWidget):
    """Checks and findings as rows, limits as fields; a line to try them; JSON for experts.

    Signals:
        edited: A person changed something.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules: Any = None
        self._before: Any = None
        self._regions = RegionRules()
        self.fields = {"rules": Field(Entry("rules", preset_texts.JSON, lines=14))}
        self.has_rules, self.whose = QComboBox(), QComboBox()
        self.whose_label, self.rule_label = QLabel(), QLabel()
        self.checks, self.types = RowList(CheckRow), RowList(TypeRow)
        self.add_check, self.add_type, self.as_text = QPushButton(), QPushButton(), QPushButton()
        self.plain_fields = {entry.place: Field(entry) for entry in (*_DOUBTS, *_PICTURE, *_TRAVEL)}
        self.heads = {
            name: caption() for name in ("checks", "types", "doubts", "picture", "travel")
        }
        self.fault, self.note = plain(role="trouble"), muted()
        self.trial = RuleTrial()
        self._menu = QMenu(self.add_check)
        self._arrange()
        self._listen()
        self.retranslate()

    def _arrange(self) -> None:
        for button in (self.add_check, self.add_type, self.as_text):
            button.setAutoDefault(False)
        self.add_check.setMenu(self._menu)
        self.as_text.setCheckable(True)
        self.fields["rules"].hide()
        self.fault.hide()
        top = QGridLayout()
        top.setHorizontalSpacing(16)
        top.setColumnStretch(1, 1)
        for row, (label, choice) in enumerate(
            ((self.rule_label, self.has_rules), (self.whose_label, self.whose))
        ):
            label.setBuddy(choice)
            top.addWidget(label, row, 0)
            top.addWidget(choice, row, 1)
        self._of_table, self._of_limits = QWidget(), QWidget()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.note)
        column.addWidget(self.heads["checks"])
        column.addWidget(self.checks)
        column.addWidget(self.add_check, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fault)
        column.addWidget(self._of_table)
        column.addWidget(self._of_limits)
        column.addWidget(self.as_text, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fields["rules"])
        column.addStretch()
        self._arrange_table()
        self._arrange_limits()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolled(page), 1)
        layout.addWidget(hairline())
        layout.addWidget(self.trial)

    def _arrange_table(self) -> None:
        column = QVBoxLayout(self._of_table)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(4)
        self.type_heads = TypeHeads()
        for part in (self.heads["types"], self.type_heads, self.types):
            column.addWidget(part)
        column.addWidget(self.add_type, 0, Qt.AlignmentFlag.AlignLeft)

    def _arrange_limits(self) -> None:
        grid = QGridLayout(self._of_limits)
        grid.setContentsMargins(0, 10, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        row = 0
        for name, entries in (("doubts", _DOUBTS), ("picture", _PICTURE), ("travel", _TRAVEL)):
            grid.addWidget(self.heads[name], row, 0, 1, 2)
            for entry in entries:
                row += 1
                field = self.plain_fields[entry.place]
                grid.addWidget(field.label, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(field, row, 1)
            row += 1

    def _listen(self) -> None:
        self.has_rules.activated.connect(lambda _at: self._choose(self.has_rules.currentData()))
        self.whose.activated.connect(lambda _at: self._show_target())
        self.add_type.clicked.connect(
            lambda: self.types.add(fresh_type([row["name"] for row in self.types.value]))
        )
        self.as_text.toggled.connect(self.fields["rules"].setVisible)
        self.fields["rules"].edited.connect(self._on_text)
        for rows in (self.checks, self.types):
            rows.edited.connect(self._on_rows)
        for field in self.plain_fields.values():
            field.edited.connect(self._on_rows)

    # Showing -------------------------------------------------------------------------

    def show_document(self, document: Document) -> None:
        """Fill everything."""
        self._rules = copy.deepcopy(value_at(document, "rules"))
        self._regions.show_rois(value_at(document, "regions.rois"))
        self._show_whose()
        self._show()

    def taken(self, document: Document) -> Document:
        """The document with what was typed."""
        rois = value_at(document, "regions.rois")
        document = with_value(document, "rules", self._rules)
        merged = self._regions.merged(rois)
        return document if merged is rois else with_value(document, "regions.rois", merged)

    def show_regions(self, document: Document) -> None:
        """The regions were changed on another page."""
        if self._regions.names(value_at(document, "regions.rois")) != self._regions.shown:
            self._regions.show_rois(value_at(document, "regions.rois"))
            self._show_whose()
            self._show_target()

    def show_preset(self, preset: Preset | None, *, question: str) -> None:
        """What the trial judges by; None while something is wrong."""
        self.trial.show_preset(preset, question=question)

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Say at each entry what is wrong with it, and below the checks what with all of them."""
        for rows in (self.checks, self.types):
            rows.show_faults(faults)
        for field in self.plain_fields.values():
            field.show_faults(faults)
        own = [
            fault_words(fault, at="rules")
            for fault in faults
            if fault.place in {"rules", "rules.checks", "rules.types"} or not fault.place
        ]
        self.fault.setText("\n".join(f"{_CROSS} {words}" for words in own))
        self.fault.setVisible(bool(own))

    @property
    def _region(self) -> int | None:
        number: int | None = self.whose.currentData()
        return number

    @property
    def _are_rows(self) -> bool:
        """Whether the rules can be shown as rows."""
        rules = self._rules
        return rules is None or (
            isinstance(rules, Mapping)
            and can_be_rows(rules.get("checks", ()), kinds=True)
            and can_be_rows(rules.get("types", ()), kinds=False)
        )

    def _show(self) -> None:
        self.fields["rules"].show_value(self._rules)
        self._show_rows()

    def _show_rows(self) -> None:
        """All but the text of the rules."""
        with QSignalBlocker(self.has_rules):
            self.has_rules.setCurrentIndex(int(self._rules is not None))
        if self._are_rows and self._rules is not None:
            document = {"rules": {**_FIRST, "checks": [], **self._rules}}
            self.types.show_rows("rules.types", document["rules"]["types"])
            for place, field in self.plain_fields.items():
                field.show_value(value_at(document, place))
        self._show_target()

    def _show_target(self) -> None:
        """The checks of the picture, or of the chosen region; what counts for all only with it."""
        region, are_rows = self._region, self._are_rows
        has_rules = self._rules is not None
        if region is not None:
            self.checks.show_rows(f"regions.rois.{region}.checks", self._regions.checks_of(region))
        elif are_rows and has_rules:
            self.checks.show_rows("rules.checks", self._rules.get("checks", ()))
        shows_checks = region is not None or (are_rows and has_rules)
        for part in (self.heads["checks"], self.checks, self.add_check):
            part.setVisible(shows_checks)
        self.as_text.setVisible(region is None)
        self.fields["rules"].setVisible(region is None and self.as_text.isChecked())
        for group in (self._of_table, self._of_limits):
            group.setVisible(region is None and are_rows and has_rules)
        self.note.setText(self._words(region, are_rows=are_rows))
        self.note.setVisible(bool(self.note.text()))
        if not are_rows:
            self.as_text.setChecked(True)
        self.trial.show_region(region)

    def _words(self, region: int | None, *, are_rows: bool) -> str:
        if region is not None:
            return self.tr("These judge what the model says of this region alone.")
        if not are_rows:
            return self.tr("What is written as JSON below cannot be shown as rows.")
        if self._rules is None:
            return self.tr(
                "A question whose yes is bad, as after a defect, gets a verdict; others get none."
            )
        return ""

    def _show_whose(self) -> None:
        chosen = self._region
        with QSignalBlocker(self.whose):
            self.whose.clear()
            self.whose.addItem(self.tr("The whole picture"), None)
            for at, name in enumerate(self._regions.shown):
                words = name or self.tr("Region {number}").format(number=at + 1)
                self.whose.addItem(inert(words, limit=60), at)
            at = chosen + 1 if chosen is not None and chosen < len(self._regions.shown) else 0
            self.whose.setCurrentIndex(at)
        for part in (self.whose, self.whose_label):
            part.setVisible(bool(self._regions.shown))

    # Doing ---------------------------------------------------------------------------

    def _choose(self, is_own: bool) -> None:
        """Rules of its own, those that were there before where there were any; or none."""
        if is_own == (self._rules is not None):
            return
        self._before, self._rules = self._rules, (self._before or _FIRST) if is_own else None
        self._rules = copy.deepcopy(self._rules)
        self._show()
        self.edited.emit()

    def _on_rows(self) -> None:
        if self._region is not None:
            self._regions.put(self._region, self.checks.value)
        elif self._are_rows and self._rules is not None:
            document: Document = {"rules": {**self._rules, "types": self.types.value}}
            document["rules"]["checks"] = self.checks.value
            for place, field in self.plain_fields.items():
                document = with_value(document, place, field.taken)
            self._rules = document["rules"]
            self.fields["rules"].show_value(self._rules)
        self.edited.emit()

    def _on_text(self) -> None:
        self._rules = self.fields["rules"].taken
        self._show_rows()
        self.edited.emit()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.rule_label.setText(self.tr("Verdict"))
        self.whose_label.setText(self.tr("Checks of"))
        for label, choice in ((self.rule_label, self.has_rules), (self.whose_label, self.whose)):
            choice.setAccessibleName(label.text())
        with QSignalBlocker(self.has_rules):
            self.has_rules.clear()
            self.has_rules.addItem(self.tr("As the question asks"), False)
            self.has_rules.addItem(self.tr("By the checks below"), True)
            self.has_rules.setCurrentIndex(int(self._rules is not None))
        for name, words in (
            ("checks", self.tr("Checks: all must be good for PASS")),
            ("types", self.tr("Findings, how bad they are and what to do")),
            ("doubts", self.tr("What is a doubt")),
            ("picture", self.tr("How good the picture must be")),
            ("travel", self.tr("How far the part may lie from its template")),
        ):
            self.heads[name].setText(words)
        self.add_check.setText(self.tr("Add a check"))
        self.add_type.setText(self.tr("Add a finding"))
        self.as_text.setText(self.tr("As JSON"))
        self._menu.clear()
        for kind in KINDS:
            action = self._menu.addAction(kind_title(kind))
            action.triggered.connect(lambda _on=False, kind=kind: self._add(kind))
        for field in self.plain_fields.values():
            if field.entry.is_choice:
                field.offer([(one.value, severity_word(one)) for one in Severity])
            field.retranslate()
        for rows in (self.checks, self.types):
            rows.retranslate()
        self._show_whose()
        self._show_target()

    def _add(self, kind: str) -> None:
        self.checks.add(fresh_check(kind))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
