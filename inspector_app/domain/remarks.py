"""What people said of a record, one sentence each, for reports."""

from collections.abc import Iterator

from inspector_app.domain.first_reading import Who, compared
from inspector_app.domain.gesture import (
    ANSWER,
    Correction,
    Judgement,
    Marks,
    OwnFinding,
    Stand,
    findings_of,
)
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.shape import ShapeKind
from inspector_app.domain.summary import Say, english

_SENTENCES = {
    None: "found by a person: {what}",
    Who.BOTH: "found by a person before and by the program: {what}",
    Who.READER: "found by a person before, not by the program: {what}",
    Who.BEFORE: "found by a person before the program's answer was shown: {what}",
    Who.AFTER: "found by a person after the program's findings were shown: {what}",
}


def remarks(inspection: Inspection, marks: Marks, *, say: Say = english) -> tuple[str, ...]:
    """Corrections of its findings, findings of people, their verdict, and their note."""
    return tuple(_remarks(inspection, marks, say=say))


def judged_words(judgement: Judgement, *, say: Say = english) -> str:
    """Whose verdict it is, and why."""
    words = say("judged {outcome} by a person").format(outcome=say(judgement.outcome))
    if judgement.by:
        words = say("judged {outcome} by {name}").format(
            outcome=say(judgement.outcome), name=judgement.by
        )
    return _because(words, judgement.reason, say=say)


def _remarks(inspection: Inspection, marks: Marks, *, say: Say) -> Iterator[str]:
    if inspection.id is not None:
        known = findings_of(inspection)
        for said in marks.corrections_of(inspection.id):
            if said.index < len(known):
                found = known[said.index]
                name = found.said if found.type == ANSWER else say(found.type)
                yield from _corrected(said, name, say=say)
        for judgement in marks.judgements_of(inspection.id):
            yield judged_words(judgement, say=say)
    yield from _found(inspection, marks, say=say)
    if marks.note:
        yield say("note: {text}").format(text=marks.note)


def _found(inspection: Inspection, marks: Marks, *, say: Say) -> Iterator[str]:
    """People's findings; where somebody read first, who found what."""
    reading, matches = marks.reading, {one.own: one for one in compared(inspection, marks)}
    if reading.is_locked:
        outcome = say("none") if reading.outcome is None else say(reading.outcome.value)
        words = say("read before the program's findings were shown; verdict: {outcome}")
        if not reading.is_blind:
            words = say("read first, but the program's findings had been seen; verdict: {outcome}")
        yield words.format(outcome=outcome)
    standing = {own.id for own in marks.findings}
    for number, own in enumerate(marks.findings, start=1):
        who = matches[own.id].who if own.id in matches else None
        # The number stands beside its outline on the pictures of reports.
        yield say(_SENTENCES[who]).format(what=f"({number}) {_own(own, say=say)}")
    for own in reading.findings:
        if own.id not in standing:
            yield say("found before, taken away after: {what}").format(what=_own(own, say=say))


def _corrected(said: Correction, name: str, *, say: Say) -> Iterator[str]:
    if said.stand is not Stand.OPEN:
        accepted = said.stand is Stand.ACCEPTED
        words = say("accepted: {what}" if accepted else "rejected: {what}").format(what=name)
        yield _because(words, said.reason, say=say)
    if said.is_edited:
        changed = [say(said.label) if said.label else name]
        if said.severity is not None:
            changed.append(say(said.severity.value))
        if said.text is not None:
            changed.append(f'"{said.text}"')
        if said.shape is not None and said.shape.region is not None:
            x0, y0, x1, y1 = said.shape.region.box
            changed.append(f"x {x0}-{x1}, y {y0}-{y1}")
        yield say("corrected to: {what}").format(what=", ".join(changed))


def _own(own: OwnFinding, *, say: Say) -> str:
    (x0, y0), (x1, y1) = (
        tuple(pick(axis) for axis in zip(*own.shape.outline, strict=True)) for pick in (min, max)
    )
    parts = [say(own.label), say(own.severity.value), f"x {x0:.0f}-{x1:.0f}, y {y0:.0f}-{y1:.0f}"]
    if own.shape.kind is ShapeKind.LINE:
        parts.append(f"{own.shape.length:.1f} px")
    if own.size is not None:
        parts.append(f"{own.size:g} {own.unit}")
    parts += [part for part in (own.text, own.colour, own.texture, own.note) if part]
    return ", ".join(parts)


def _because(words: str, reason: str, *, say: Say) -> str:
    return say("{words} ({reason})").format(words=words, reason=reason) if reason else words
