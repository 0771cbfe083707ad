"""The picture at full size with heat and boxes, and under it what was asked and said."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inspector_app import paths
from inspector_app.domain.filing import Letterhead, Standing
from inspector_app.domain.frame import Frame, Pixels
from inspector_app.domain.gesture import OwnFinding
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.remarks import judged_words
from inspector_app.domain.summary import (
    agreement_words,
    crop_answer,
    looked_words,
    measured_words,
    title,
    trial_words,
    verdict_line,
    weight_words,
    window_words,
)
from inspector_app.domain.telling import note_words
from inspector_app.domain.verdict import Outcome
from inspector_app.domain.wording import NOTICE, NOTICE_ZH, inert, tag
from inspector_app.files import write_whole
from inspector_app.imaging.plate import NO_PICTURE, Plate, drawn, heat_bar, picture_of
from inspector_app.imaging.png import encode_png
from inspector_app.imaging.resizing import resized
from inspector_app.tongues import Say, tongue

TITLE = "Annotated picture"
SUFFIX = ".png"

MOST_PIXELS = 4096 * 3072
"""Larger pictures are drawn smaller, so that the file can be opened everywhere."""
_NARROWEST = 760
_LONG = 400

_PAPER, _INK, _SOFT = (22, 24, 28), (236, 239, 242), (158, 166, 176)
_TINTS = {
    Outcome.PASS: ((0, 121, 107), "\N{CHECK MARK}"),
    Outcome.FAIL: ((190, 58, 10), "\N{MULTIPLICATION SIGN}"),
    Outcome.CHECK: ((109, 63, 196), "?"),
}
_AGREES = {True: (63, 208, 182), False: (195, 166, 255)}
_Font = ImageFont.FreeTypeFont
_Colour = tuple[int, int, int]


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,
    language: str = "en",
    standing: Standing = Standing(),  # noqa: B008  frozen
    letterhead: Letterhead = Letterhead(),  # noqa: ARG001, B008  likewise
) -> None:
    """Write the picture beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    plate, say = picture_of(inspection, frame=frame), tongue(language)
    picture = _picture(inspection, plate, own=standing.own)
    where = NO_PICTURE if plate is None else plate.note
    notes = [note_words(note, say=say) for note in (*inspection.notes, where) if note]
    if inspection.measures:
        notes.insert(0, f"{say('Measured')}: {measured_words(inspection, say=say)}")
    if inspection.windows:
        notes.insert(0, f"{say('Windows shown')}: {window_words(inspection, say=say)}")
    if standing.judgement is not None:
        notes.insert(0, judged_words(standing.judgement, say=say))
    legend = _legend(inspection, width=picture.shape[1], notes=notes, say=say)
    whole = np.concatenate([picture, legend], axis=0)
    write_whole(destination, encode_png(whole))


def _picture(inspection: Inspection, plate: Plate | None, *, own: Sequence[OwnFinding]) -> Pixels:
    """The drawn picture, widened with paper where it is too narrow for words."""
    if plate is None:
        return np.full((8, _NARROWEST, 3), _PAPER, np.uint8)
    height, width = plate.pixels.shape[:2]
    shrink = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    # A picture of a few pixels is enlarged by a whole number, so that each stays a square.
    grow = max(1, _NARROWEST // (2 * max(width, height)))
    if shrink < 1:
        size = max(1, int(width * shrink)), max(1, int(height * shrink))
        shown = resized(plate.pixels, size=size)
    else:
        shown = plate.pixels.repeat(grow, axis=0).repeat(grow, axis=1)
    annotated = drawn(inspection, Plate(shown), own=own)
    missing = max(0, _NARROWEST - annotated.shape[1])
    sides = (missing // 2, missing - missing // 2)
    canvas = np.full((annotated.shape[0], annotated.shape[1] + missing, 3), _PAPER, np.uint8)
    canvas[:, sides[0] : sides[0] + annotated.shape[1]] = annotated
    return canvas


def _legend(inspection: Inspection, *, width: int, notes: Sequence[str], say: Say) -> Pixels:
    """(h, width, 3): question, verdict, answers, what the heat is, what ran, the notice."""
    pen = _Pen.on(width)
    if inspection.verdict is not None:
        tint, symbol = _TINTS[inspection.verdict.outcome]
        word = say(inspection.verdict.outcome.value)
        pen.badge(f"{symbol} {word}", verdict_line(inspection.verdict, say=say), tint)
    pen.words(inspection.question, pen.large, _INK, lines=3)
    pen.gap(0.5)
    answers = [("Whole picture", inspection.whole)]
    if inspection.zoomed is not None:
        answers.append(("Zoomed", inspection.zoomed))
    for name, answer in answers:
        pen.named(say(name), answer.text or say("(no words)"), weight_words(answer, say=say))
    for trial in inspection.trials:
        line = f"{trial_words(trial, say=say)}: {trial.answer.text or say('(no words)')}"
        pen.words(line, pen.plain, _SOFT, lines=2)
    if inspection.agrees is not None:
        pen.words(agreement_words(inspection, say=say), pen.bold, _AGREES[inspection.agrees])
    crops = [
        f"{tag(index)}  {crop_answer(inspection, index, say=say)}"
        for index in range(len(inspection.regions))
    ]
    if crops:
        pen.words("     ".join(crops), pen.plain, _INK, lines=2)
    if notes:
        pen.words("; ".join(notes), pen.small, _INK, lines=2)
    pen.gap(0.5)
    if inspection.map is not None:
        pen.bar(looked_words(inspection, say=say), ends=(say("less"), say("more")))
    model = inspection.model
    name = inert(Path(inspection.provenance.locator).name, limit=80)
    facts = (title(inspection, say=say), name, f"{model.name}, {model.device}, {model.dtype}")
    told = [fact for fact in (*facts, inspection.created) if fact]
    pen.words("  ·  ".join(told), pen.small, _SOFT, lines=2)
    pen.words(f"SHA-256 {inspection.provenance.sha256}", pen.small, _SOFT)
    pen.gap(0.5)
    pen.words(f"{NOTICE}   {NOTICE_ZH}", pen.bold, _INK, lines=2)
    return pen.done()


@dataclass(slots=True)
class _Pen:
    """Writes line after line down a sheet as wide as the picture."""

    sheet: Image.Image
    draw: ImageDraw.ImageDraw
    unit: int
    y: float
    plain: _Font
    bold: _Font
    small: _Font
    large: _Font

    @classmethod
    def on(cls, width: int) -> "_Pen":
        unit = max(15, round(width / 70))
        folder = paths.resources() / "report" / "fonts"

        def font(weight: str, size: float) -> _Font:
            # Read as bytes: a path with letters outside the code page fails on Windows.
            return ImageFont.truetype(
                io.BytesIO((folder / f"InspectorSans-{weight}.otf").read_bytes()), round(size)
            )

        sheet = Image.new("RGB", (width, 50 * unit), _PAPER)
        return cls(
            sheet=sheet,
            draw=ImageDraw.Draw(sheet),
            unit=unit,
            y=unit,
            plain=font("Regular", unit),
            bold=font("Regular", 1.1 * unit),
            small=font("Regular", 0.8 * unit),
            large=font("Regular", 1.35 * unit),
        )

    @property
    def room(self) -> int:
        """Width for words, in pixels."""
        return self.sheet.width - 2 * self.unit

    def gap(self, units: float) -> None:
        """Leave room below the last line."""
        self.y += units * self.unit

    def words(self, text: str, font: _Font, colour: _Colour, *, lines: int = 1) -> None:
        """Write a paragraph; what does not fit is cut with an ellipsis."""
        for line in _wrapped(inert(text, limit=_LONG), font, width=self.room, lines=lines):
            self.draw.text((self.unit, self.y), line, fill=colour, font=font)
            self.y += 1.45 * font.size

    def named(self, name: str, text: str, weight: str) -> None:
        """A small name, the answer, and how the model weighed it, in one line."""
        left = self.unit + 8 * self.unit
        (short,) = _wrapped(inert(weight), self.small, width=self.room // 2, lines=1)
        room = self.room - 9 * self.unit - int(self.small.getlength(short))
        (shown,) = _wrapped(inert(text, limit=_LONG), self.bold, width=max(room, 1), lines=1)
        base = self.y + 1.1 * self.unit
        self.draw.text((self.unit, base), name, fill=_SOFT, font=self.small, anchor="ls")
        self.draw.text((left, base), shown, fill=_INK, font=self.bold, anchor="ls")
        after = left + self.bold.getlength(shown) + self.unit
        self.draw.text((after, base), short, fill=_SOFT, font=self.small, anchor="ls")
        self.y += 1.6 * self.unit

    def badge(self, name: str, reason: str, tint: _Colour) -> None:
        """The verdict on its colour, its reason beside it."""
        width, height = self.large.getlength(name) + 2 * self.unit, 2.2 * self.unit
        box = (self.unit, self.y, self.unit + width, self.y + height)
        self.draw.rounded_rectangle(box, radius=self.unit // 3, fill=tint)
        middle = self.y + height / 2
        at = (self.unit + width / 2, middle)
        self.draw.text(at, name, fill=_INK, font=self.large, anchor="mm")
        room = max(1, self.room - int(width) - self.unit)
        (short,) = _wrapped(inert(reason, limit=_LONG), self.plain, width=room, lines=1)
        beside = (2 * self.unit + width, middle)
        self.draw.text(beside, short, fill=_INK, font=self.plain, anchor="lm")
        self.y += height + 0.7 * self.unit

    def bar(self, text: str, *, ends: tuple[str, str]) -> None:
        """The colours of the heat with what they mean."""
        size = 8 * self.unit, max(6, self.unit // 2)
        middle = self.y + 0.75 * self.unit
        bar = Image.fromarray(heat_bar(size))
        self.draw.text((self.unit, middle), ends[0], fill=_SOFT, font=self.small, anchor="lm")
        x = self.unit + self.small.getlength(f"{ends[0]} ") + self.unit / 3
        self.sheet.paste(bar, (round(x), round(middle - size[1] / 2)))
        x += size[0] + self.unit / 2
        room = max(1, int(self.room - x))
        (short,) = _wrapped(f"{ends[1]}     {inert(text)}", self.small, width=room, lines=1)
        self.draw.text((x, middle), short, fill=_SOFT, font=self.small, anchor="lm")
        self.y += 1.6 * self.unit

    def done(self) -> Pixels:
        """(h, w, 3): the sheet, cut below the last line."""
        height = min(self.sheet.height, round(self.y + 0.7 * self.unit))
        return np.array(self.sheet.crop((0, 0, self.sheet.width, height)))


def _wrapped(text: str, font: _Font, *, width: int, lines: int) -> Sequence[str]:
    """The text in at most `lines` lines of at most `width` pixels, at least one line."""
    done: list[str] = []
    rest = text
    while len(done) < lines:
        fits = _fitting(rest, font, width=width)
        if fits >= len(rest):
            return [*done, rest]
        if len(done) == lines - 1:
            shorter = _fitting(rest, font, width=width - int(font.getlength("…")) - 1)
            return [*done, rest[:shorter].rstrip() + "…"]
        # Break behind a space where the line has one, else between letters.
        space = rest.rfind(" ", 1, fits + 1)
        end = space if space > 0 else max(1, fits)
        done.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return done


def _fitting(text: str, font: _Font, *, width: int) -> int:
    """How many letters of the text fit into `width` pixels."""
    low, high = 0, len(text) + 1
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle)
    return low
