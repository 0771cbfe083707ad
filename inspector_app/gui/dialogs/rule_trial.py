"""Rules tried on an answer that a person types: what each check makes of it, and the verdict."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from inspector_app.domain.check_kinds import Check, Ruling, State
from inspector_app.domain.finding import FindingType
from inspector_app.domain.preset import FixedRegion, Preset
from inspector_app.domain.rule_trial import tried, tried_on
from inspector_app.domain.verdict import REGION_RULES, rules_for
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain
from inspector_app.gui.wording.rule_words import kind_title
from inspector_app.gui.wording.verdict_words import finding_lines, reason_words, verdict_words
from inspector_app.gui.wording.words import outcome_word

_SIGNS = {"PASS": "✓", "FAIL": "✗", "CHECK": "?"}
_STATES = {State.GOOD: "✓", State.BAD: "✗", State.UNCLEAR: "?"}


class RuleTrial(QWidget):
    """A line for an answer, and below it what the rules make of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preset: Preset | None = None
        self._question = ""
        self._region: int | None = None
        self.label = QLabel()
        self.answer = QLineEdit()
        self.label.setBuddy(self.answer)
        self.verdict = plain(role="answer")
        self.told = plain(role="muted")
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.label, 0, 0)
        layout.addWidget(self.answer, 0, 1)
        layout.addWidget(self.verdict, 1, 1)
        layout.addWidget(self.told, 2, 1)
        self.answer.textChanged.connect(lambda _text: self._show())
        self.retranslate()

    def show_preset(self, preset: Preset | None, *, question: str) -> None:
        """Try these rules from now on; None while they have faults."""
        self._preset, self._question = preset, question
        self._show()

    def show_region(self, number: int | None) -> None:
        """Try those of a region, counted from 0; None for those of the whole picture."""
        self._region = number
        self._show()

    def _show(self) -> None:
        text, preset = self.answer.text(), self._preset
        self.verdict.setVisible(bool(text.strip()))
        if not text.strip():
            self.told.setText(
                self.tr("As if the model were sure of it, in time, and the picture good.")
            )
        elif preset is None:
            self.verdict.clear()
            self.told.setText(self.tr("Mend what is wrong above first."))
        else:
            self._show_verdict(text, preset)

    def _show_verdict(self, text: str, preset: Preset) -> None:
        region = self._fixed(preset)
        rules = preset.rules or rules_for(self._question)
        if region is not None:
            rules = rules or REGION_RULES
            verdict = tried_on(text, region, rules=rules, question=self._question)
            lines = _lines(text, region.checks, rules.types)
        elif rules is not None:
            verdict = tried(text, rules=rules, question=self._question)
            lines = _lines(text, rules.checks, rules.types)
        else:
            verdict, lines = None, []
        if verdict is None:
            self.verdict.setText(self.tr("No verdict"))
            self.told.setText(self.tr("There is no check here, and the question asks for none."))
            return
        word, sign = outcome_word(verdict.outcome), _SIGNS[verdict.outcome]
        self.verdict.setText(f"{word} {sign}  {verdict_words(verdict)}")
        self.told.setText("\n".join([*lines, *finding_lines(verdict)]))

    def _fixed(self, preset: Preset) -> FixedRegion | None:
        at = self._region
        return preset.rois[at] if at is not None and at < len(preset.rois) else None

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        words = self.tr("Try an answer")
        self.label.setText(words)
        self.answer.setAccessibleName(words)
        self.answer.setPlaceholderText(self.tr("Type what the model might say"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _lines(text: str, checks: tuple[Check, ...], types: tuple[FindingType, ...]) -> list[str]:
    """What each check makes of it, where there are several."""
    if len(checks) < 2:
        return []
    ruled = [check.read(text.strip(), types) for check in checks]
    return [
        f"{at}  {_STATES[one.state]} {kind_title(check.kind)}: {_why(one)}"
        for at, (check, one) in enumerate(zip(checks, ruled, strict=True), 1)
    ]


def _why(ruling: Ruling) -> str:
    why = reason_words(ruling.reason)
    return f"{why} ({inert(ruling.detail, limit=80)})" if ruling.detail else why
