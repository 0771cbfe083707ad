"""What every report tells of one inspection, in words: rows that a format only has to lay out."""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from inspector_app.domain.answer import Answer
from inspector_app.domain.document import to_document
from inspector_app.domain.filing import Filed, Letterhead
from inspector_app.domain.inspection import NOT_STORED, Inspection
from inspector_app.domain.preset import PRESET_NOTE
from inspector_app.domain.remarks import judged_words
from inspector_app.domain.signature import signature_words
from inspector_app.domain.summary import (
    Say,
    agreement_words,
    crop_answer,
    crop_words,
    english,
    looked_words,
    pass_words,
    strategy_words,
    time_words,
    title,
    trial_words,
    verdict_words,
    weight_words,
)
from inspector_app.domain.wording import percent, tag

Row = tuple[str, str]
"""(name, words), both in the reader's language."""


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One row of the table of findings.

    Attributes:
        type: What it is.
        severity: "note", "minor", "major" or "critical", in words.
        where: Its box; "" where only the whole picture was looked at.
        letter: Of the region that is this box; "" for none.
        confidence: Probability of the words that named it.
        suggestion: What to do about it.
    """

    type: str
    severity: str
    where: str
    letter: str
    confidence: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class ToldCrop:
    """One enlarged region.

    Attributes:
        letter: As drawn on the picture.
        where: Its box, who chose it, its score.
        before: The answer before anything was enlarged.
        after: The answer with it enlarged, with its probability.
    """

    letter: str
    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One inspection in words.

    Attributes:
        title: Its name.
        created: When.
        question: As it was asked.
        outcome: "PASS", "FAIL", "CHECK", or "" without a verdict.
        word: The outcome in the reader's language.
        reason: Why it is so, with the values behind it.
        doubts: Every further doubt.
        answers: (title, text, how the model weighed it), whole picture first, experiments last.
        agreement: Whether they agree; "" when nothing was zoomed.
        caption: Of the heat; "" where there is none.
        findings: Rows of the table.
        crops: The enlarged regions.
        measures: What people had measured.
        fingerprint: What ran: model, weights, preset, settings, program, work.
        picture: Where the picture came from.
        prompts: As fed to the processor, line breaks and all.
        notes: What a reader must know.
        seal: What binds the record: its hashes; empty for one that is not stored.
        remarks: What people said of it since.
        signatures: Who signed it, as what, and whether for this very state.
        final: The outcome that counts: a person's where one was given, else the program's.
        ruling: Whose verdict that is, where it is a person's; "" else.
    """

    title: str
    created: str
    question: str
    outcome: str
    word: str
    reason: str
    doubts: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...]
    agreement: str
    caption: str
    findings: tuple[ToldFinding, ...]
    crops: tuple[ToldCrop, ...]
    measures: tuple[Row, ...]
    fingerprint: tuple[Row, ...]
    picture: tuple[Row, ...]
    prompts: tuple[Row, ...]
    notes: tuple[str, ...]
    seal: tuple[Row, ...]
    remarks: tuple[str, ...]
    signatures: tuple[str, ...]
    final: str
    ruling: str


def told(filed: Filed, *, say: Say = english) -> Told:
    """Put an inspection into the words of a report."""
    inspection, verdict = filed.inspection, filed.inspection.verdict
    outcome = "" if verdict is None else verdict.outcome.value
    ruled = filed.standing.judgement
    return Told(
        title=title(inspection, say=say),
        created=inspection.created,
        question=inspection.question,
        outcome=outcome,
        word="" if verdict is None else say(verdict.outcome.value),
        reason="" if verdict is None else verdict_words(verdict, say=say),
        doubts=()
        if verdict is None
        else tuple(say(flag) for flag in verdict.flags if flag != verdict.reason),
        answers=tuple(_answers(inspection, say=say)),
        agreement=agreement_words(inspection, say=say),
        caption=looked_words(inspection, say=say),
        findings=findings(inspection, say=say),
        crops=tuple(_crop(inspection, index, say=say) for index in range(len(inspection.regions))),
        measures=tuple((say(one.measure.kind), one.words) for one in inspection.measures),
        fingerprint=tuple(_fingerprint(inspection, say=say)),
        picture=picture_rows(inspection, say=say),
        prompts=tuple(
            (say(name), prompt)
            for name, prompt in (
                ("Whole", inspection.prompt),
                ("Zoomed", inspection.zoomed_prompt),
                ("Neutral", inspection.neutral_prompt),
            )
            if prompt
        ),
        notes=tuple(note_words(note, say=say) for note in inspection.notes),
        seal=seal_rows(filed, say=say),
        remarks=filed.standing.remarks,
        signatures=tuple(signature_words(one, say=say) for one in filed.standing.signatures),
        final=outcome if ruled is None else ruled.outcome.value,
        ruling="" if ruled is None else judged_words(ruled, say=say),
    )


def findings(inspection: Inspection, *, say: Say = english) -> tuple[ToldFinding, ...]:
    """The table of findings; empty where nothing was found or nothing judged."""
    if inspection.verdict is None:
        return ()
    letters = {found.region: tag(at) for at, found in enumerate(inspection.regions)}
    rows = []
    for one in inspection.verdict.findings:
        where = ""
        if one.location is not None:
            x0, y0, x1, y1 = one.location.box
            where = f"x {x0}-{x1}, y {y0}-{y1}"
        rows.append(
            ToldFinding(
                type=say(one.type),
                severity=say(one.severity.value),
                where=where or say("whole picture"),
                letter="" if one.location is None else letters.get(one.location, ""),
                confidence=say(percent(one.confidence)),
                suggestion=one.suggestion,
            )
        )
    return tuple(rows)


def more_words(count: int, *, shown: int, say: Say = english) -> str:
    """That a report shows less than the record holds; "" where it shows all `count`."""
    left = count - shown
    return say("{count} more in the record").format(count=left) if left > 0 else ""


def letterhead_rows(letterhead: Letterhead) -> tuple[Row, ...]:
    """What a site says of itself; the name first."""
    name = ((letterhead.name, ""),) if letterhead.name else ()
    return (*name, *letterhead.fields)


def preset_in(inspection: Inspection) -> str:
    """Name and version of the preset, and whether it was changed; "" where none was used."""
    said = (note for note in inspection.notes if note.startswith(PRESET_NOTE))
    return next(said, "").removeprefix(PRESET_NOTE)


def settings_sha256(inspection: Inspection) -> str:
    """SHA-256 of how it was looked: strategy, options and neutral prompt, lower-case hex.

    Two inspections with the same one were made in the same way.
    """
    document = to_document(inspection)
    chosen = {name: document[name] for name in ("strategy", "options", "neutral_prompt")}
    text = json.dumps(chosen, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def seal_rows(filed: Filed, *, say: Say = english) -> tuple[Row, ...]:
    """The hashes that bind a stored record."""
    seal = filed.standing.seal
    if seal is None:
        return ()
    return (
        (say("Record"), seal.document_sha256),
        (say("Chain, entry {number}").format(number=seal.link), seal.chain_sha256),
    )


def picture_rows(inspection: Inspection, *, say: Say = english) -> tuple[Row, ...]:
    """Where the picture came from and what was done to show it."""
    source, (width, height) = inspection.provenance, inspection.size
    kind = [f"{source.media}, {width} x {height} px"]
    words = say("window {center}/{width} ({name})")
    for window in inspection.windows or ((source.window,) if source.window else ()):
        center, wide = f"{window.center:g}", f"{window.width:g}"
        kind.append(words.format(center=center, width=wide, name=say(window.name)))
    if source.orientation != 1:
        turned = say("EXIF orientation {orientation} applied")
        kind.append(turned.format(orientation=source.orientation))
    rows = [
        (say("File"), Path(source.locator).name or source.locator or say("left out")),
        (say("Kind"), ", ".join(kind)),
    ]
    if source.camera:
        rows.append((say("Camera"), f"{source.camera}, {source.taken}"))
    rows.append((say("Remarks"), "; ".join(say(note) for note in source.notes) or say("none")))
    return tuple(rows)


def note_words(note: str, *, say: Say = english) -> str:
    """A note of a record; why one could not be stored is told sentence by sentence."""
    if not note.startswith(NOT_STORED):
        return say(note)
    told = note.removeprefix(NOT_STORED)
    for gap in re.finditer(r"(?<=[.!?]) ", told):
        text, hint = told[: gap.start()], told[gap.end() :]
        if say(hint) != hint:
            told = f"{say(text)} {say(hint)}"
            break
    else:
        told = say(told)
    return say(f"{NOT_STORED}{{reason}}").format(reason=told)


def way_words(inspection: Inspection, *, say: Say = english) -> str:
    """The strategy with its options."""
    options = inspection.options
    words = strategy_words(inspection.strategy, say=say)
    words += say(", up to {count} crops").format(count=options.count)
    if options.gate is not None:
        words += say(", unless every word is {share} probable").format(share=percent(options.gate))
    return words


def _answers(inspection: Inspection, *, say: Say) -> list[tuple[str, str, str]]:
    rows = [("Whole picture", inspection.whole)]
    if inspection.zoomed is not None:
        rows.append(("Zoomed", inspection.zoomed))
    named = [(say(name), answer) for name, answer in rows]
    named += [(trial_words(trial, say=say), trial.answer) for trial in inspection.trials]
    return [
        (name, answer.text or say("(no words)"), weight_words(answer, say=say))
        for name, answer in named
    ]


def _crop(inspection: Inspection, index: int, *, say: Say) -> ToldCrop:
    # A single region is not asked by itself: what it changed is the zoomed answer.
    own = index < len(inspection.crop_answers)
    zoomed = inspection.zoomed
    after = (
        crop_answer(inspection, index, say=say)
        if own or zoomed is None
        else _with_share(zoomed, say=say)
    )
    return ToldCrop(
        letter=tag(index),
        where=crop_words(inspection, index, say=say),
        before=_with_share(inspection.whole, say=say),
        after=after,
    )


def _with_share(answer: Answer, *, say: Say) -> str:
    known = "" if answer.logprob is None else f" {percent(math.exp(min(answer.logprob, 0.0)))}"
    return f"{answer.text or say('(no words)')}{known}"


def _fingerprint(inspection: Inspection, *, say: Say) -> list[Row]:
    model = inspection.model
    return [
        (say("Model"), f"{model.name} ({model.family})"),
        (say("Device"), f"{model.device}, {model.dtype}"),
        (say("Preset"), preset_in(inspection) or say("none")),
        (say("Strategy"), way_words(inspection, say=say)),
        (say("Program"), inspection.software),
        (say("Work"), pass_words(inspection, say=say)),
        (say("Time"), time_words(inspection, say=say)),
        (say("Picture"), inspection.provenance.sha256),
        (say("Weights"), model.weights_sha256),
        (say("Settings"), settings_sha256(inspection)),
    ]
