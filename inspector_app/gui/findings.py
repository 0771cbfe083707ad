"""What was found on the open picture: by the model, to be corrected, and by people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.asking import unwanted_in
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.first_reading import Match, compared
from inspector_app.domain.gesture import (
    Correction,
    FirstReading,
    Gesture,
    Judgement,
    Mark,
    Marks,
    Note,
    OwnFinding,
    Stand,
    Verb,
    findings_of,
)
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.book import Book
from inspector_app.gui.choices import Choices
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.regions import new_id
from inspector_app.gui.wording.verdict_words import type_meant

_MOST_LABELS = 100
_OF_TRADE = MappingProxyType({"medical": "nodule", "text": "wrong text"})


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the model with what a person says of it.

    Attributes:
        finding: As the record has it.
        correction: What holds instead.
    """

    finding: Finding
    correction: Correction

    @property
    def label(self) -> str:
        """What it is, after correction."""
        fixed = self.correction.label
        return self.finding.type if fixed is None else fixed

    @property
    def text(self) -> str:
        """What the answer says, after correction."""
        fixed = self.correction.text
        return self.finding.said if fixed is None else fixed

    @property
    def severity(self) -> Severity:
        """How bad it is, after correction."""
        return self.correction.severity or self.finding.severity

    @property
    def shape(self) -> Shape | None:
        """Where it is, after correction; None where nobody says."""
        if self.correction.shape is not None:
            return self.correction.shape
        place = self.finding.location
        return Shape.of(place) if place is not None else None


class Findings(QObject):
    """Corrections are of the record on the screen, own findings of the picture.

    Args:
        choices: Labels in the settings, and where notices go.
        book: What is stored.

    Signals:
        changed: Findings, corrections, verdict or note are others now.
    """

    changed = Signal()

    def __init__(self, choices: Choices, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._book = book
        self._inspection: Inspection | None = None
        self._key = self._before = ""
        book.changed.connect(self._on_marks)

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Another record is on the screen, or none."""
        self._inspection = inspection
        self.changed.emit()

    # Knowing -------------------------------------------------------------------------

    @property
    def record(self) -> int | None:
        """Number of the record on the screen; None where there is none, or it is not stored."""
        return self._inspection.id if self._inspection is not None else None

    @property
    def inspection(self) -> Inspection | None:
        """The inspection on the screen."""
        return self._inspection

    @property
    def found(self) -> tuple[Found, ...]:
        """The model's findings with their corrections; none of a record that is not stored."""
        return self._found(self._book.marks)

    @property
    def own(self) -> tuple[OwnFinding, ...]:
        """What people found."""
        return self._book.marks.findings

    @property
    def judgement(self) -> Judgement | None:
        """The verdict of a person on the record, or None."""
        return None if self.record is None else self._book.marks.judgement_of(self.record)

    @property
    def reading(self) -> FirstReading:
        """What was said of the picture before the program's findings were shown."""
        return self._book.marks.reading

    @property
    def matches(self) -> tuple[Match, ...]:
        """Who found what; empty where nobody read first, or nothing of the program's is shown."""
        if self._inspection is None:
            return ()
        return compared(self._inspection, self._book.marks)

    @property
    def outcome(self) -> str:
        """What holds: the person's verdict, else the model's, else ""."""
        if self.judgement is not None:
            return str(self.judgement.outcome)
        verdict = self._inspection.verdict if self._inspection is not None else None
        return str(verdict.outcome) if verdict is not None else ""

    @property
    def note(self) -> str:
        """What a person has to say of the picture."""
        return self._book.marks.note

    @property
    def labels(self) -> tuple[str, ...]:
        """The vocabulary: what the preset's rules name, then the user's own list."""
        preset = self._choices.preset
        named = preset.rules.types if preset is not None and preset.rules is not None else ()
        return tuple(dict.fromkeys([*(one.name for one in named), *self._choices.settings.labels]))

    @property
    def _likeliest(self) -> str:
        """What the question asks for; else what the preset names first, or is usual in its trade.

        A reader who is asked for a nodule and marks one does not want to be told "crack".
        """
        asked = type_meant(unwanted_in(self._choices.question))
        preset = self._choices.preset
        has_types = preset is not None and preset.rules is not None and bool(preset.rules.types)
        usual = _OF_TRADE.get(preset.trade, "") if preset is not None and not has_types else ""
        wanted = (label for label in (asked, usual) if label in self.labels)
        return next(wanted, next(iter(self.labels), ""))

    def _found(self, marks: Marks) -> tuple[Found, ...]:
        if self._inspection is None or self.record is None:
            return ()
        return tuple(
            Found(finding, marks.correction(self.record, at))
            for at, finding in enumerate(findings_of(self._inspection))
        )

    def get(self, id: str) -> Found | OwnFinding | None:
        """A finding by the id of its mark."""
        own = (one for one in self.own if one.id == id)
        found = (one for one in self.found if one.correction.id == id)
        return next(own, None) or next(found, None)

    # Correcting ----------------------------------------------------------------------

    def accept(self, ids: Iterable[str]) -> None:
        """The model was right."""
        self._correct(Verb.ACCEPTED, ids, stand=Stand.ACCEPTED, reason="")

    def reject(self, ids: Iterable[str], reason: str) -> None:
        """The model was wrong."""
        self._correct(Verb.REJECTED, ids, stand=Stand.REJECTED, reason=reason.strip())

    def reopen(self, ids: Iterable[str]) -> None:
        """Neither accepted nor rejected any more."""
        self._correct(Verb.REOPENED, ids, stand=Stand.OPEN, reason="")

    def judge(self, outcome: Outcome, reason: str) -> None:
        """Override the verdict of the record."""
        if self.record is not None:
            said = Judgement(self.record, outcome, reason.strip(), self._book.who)
            self._book.do(Gesture(Verb.JUDGED, (said,)))

    def take_verdict_back(self) -> None:
        """One's own verdict is gone; that of the reader before, or the model's, holds again."""
        if self.record is None:
            return
        said = self._book.marks.judgements_of(self.record)
        own = [one for one in said if one.by in {"", self._book.who}]
        if own:
            self._book.do(Gesture(Verb.JUDGED, removed=(own[-1].id,)))
        elif said:
            text = self.tr("Only {name} can take that verdict back. Give your own instead.")
            notice = Notice(Kind.INFO, text.format(name=said[-1].by))
            self._choices.noticed.emit(notice)

    def write_note(self, text: str) -> None:
        """What a person has to say of the picture."""
        if text.strip() != self._book.expected.marks.note:
            self._book.do(Gesture(Verb.NOTED, (Note(text.strip()),)))

    def edit(self, ids: Iterable[str], **changes: Any) -> None:
        """Change the same of several findings at once.

        Args:
            ids: Of their marks.
            changes: "label", "severity", "text" of any; "colour", "texture", "size", "unit"
                and "note" of a person's own only.
        """
        marks = self._book.expected.marks
        wanted, changed = set(ids), list[Mark]()
        for own in marks.findings:
            if own.id in wanted:
                changed.append(replace(own, **changes))
        for found in self._found(marks):
            if found.correction.id in wanted:
                changed.append(_corrected(found, changes))
        self._keep(Verb.EDITED, changed)
        if label := changes.get("label"):
            self.learn(label)

    def reshape(self, id: str, shape: Shape, verb: Verb) -> None:
        """A finding was moved or resized; a model's own box stays in its record."""
        marks = self._book.expected.marks
        for own in marks.findings:
            if own.id == id:
                self._keep(verb, [replace(own, shape=shape)])
        for found in self._found(marks):
            if found.correction.id == id:
                self._keep(verb, [replace(found.correction, shape=shape)])

    def edit_box(self, id: str) -> None:
        """Draw the box of a model's finding as one's own, to be moved and resized."""
        found = self.get(id)
        if isinstance(found, Found) and found.correction.shape is None:
            if (shape := found.shape) is not None:
                self._keep(Verb.EDITED, [replace(found.correction, shape=shape)])
            self._book.choose(id)

    # Adding --------------------------------------------------------------------------

    def add(self, shape: Shape) -> None:
        """Something was found by a person; its label is the one used last, else the likeliest."""
        own = self._book.expected.marks.findings
        label = own[-1].label if own else self._likeliest
        fresh = OwnFinding(new_id(), shape, label)
        self._book.choose(fresh.id)
        self._book.do(Gesture(Verb.ADDED, (fresh,)))

    def delete(self, ids: Iterable[str]) -> None:
        """Take own findings away; what a person said of the model's is taken back."""
        wanted = set(ids)
        marks = self._book.expected.marks
        gone = [one.id for one in marks.findings if one.id in wanted]
        gone += [
            one.correction.id
            for one in self._found(marks)
            if one.correction.id in wanted and marks.get(one.correction.id) is not None
        ]
        if gone:
            self._book.do(Gesture(Verb.DELETED, removed=tuple(gone)))

    @property
    def can_copy(self) -> bool:
        """Whether the picture before this one has something to be copied."""
        marks = self._book.marks_of(self._before)
        return bool(marks.findings or marks.rois)

    def copy_from_before(self, *, most_rois: int, within: tuple[int, int]) -> None:
        """Copy regions and own findings of the picture that was open before this one."""
        before, here = self._book.marks_of(self._before), self._book.expected.marks
        room = max(0, most_rois - len(here.rois))
        rois = [
            replace(one, id=new_id(), shape=one.shape.kept_inside(within))
            for one in before.rois[:room]
        ]
        own = [
            replace(one, id=new_id(), shape=one.shape.kept_inside(within))
            for one in before.findings
        ]
        self._keep(Verb.COPIED, [*rois, *own])
        if len(before.rois) > room:
            text = self.tr("Not all regions of the picture before have room here.")
            self._choices.noticed.emit(Notice(Kind.INFO, text))

    # Vocabulary ----------------------------------------------------------------------

    def learn(self, label: str) -> None:
        """One more label to choose from."""
        settings = self._choices.settings
        if label.strip() and label not in self.labels:
            labels = (*settings.labels, label.strip())[-_MOST_LABELS:]
            self._choices.change_settings(replace(settings, labels=labels))

    def forget(self, label: str) -> None:
        """A label that is not offered any more; findings keep it."""
        settings = self._choices.settings
        labels = tuple(one for one in settings.labels if one != label)
        self._choices.change_settings(replace(settings, labels=labels))

    # Keeping -------------------------------------------------------------------------

    def _correct(self, verb: Verb, ids: Iterable[str], **changes: Any) -> None:
        wanted = set(ids)
        every = self._found(self._book.expected.marks)
        self._keep(
            verb,
            [replace(one.correction, **changes) for one in every if one.correction.id in wanted],
        )

    def _keep(self, verb: Verb, marks: Sequence[Mark]) -> None:
        if marks:
            self._book.do(Gesture(verb, tuple(marks)))

    def _on_marks(self, _marks: Marks) -> None:
        if self._book.key != self._key:
            self._before = self._key or self._before
            self._key = self._book.key
        self.changed.emit()


def _corrected(found: Found, changes: dict[str, Any]) -> Correction:
    """The correction after an edit; what is as the record has it is no correction."""
    usual = {
        "label": found.finding.type,
        "text": found.finding.said,
        "severity": found.finding.severity,
    }
    kept: dict[str, Any] = {
        name: None if value == usual[name] else value
        for name, value in changes.items()
        if name in usual
    }
    return replace(found.correction, **kept)
