"""One A4 page: picture, heat, boxes, enlarged regions, answers, verdict, and what ran."""

import datetime
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from inspector_app import paths
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.summary import (
    agreement_words,
    crop_answer,
    crop_words,
    looked_words,
    measured_words,
    pass_words,
    strategy_words,
    time_words,
    title,
    verdict_line,
    weight_words,
)
from inspector_app.domain.wording import NOTICE, NOTICE_ZH, inert, percent, tag
from inspector_app.files import refusal, write_whole
from inspector_app.imaging.plate import NO_PICTURE, Plate, crop_of, drawn, heat_bar, picture_of
from inspector_app.imaging.png import encode_png
from inspector_app.imaging.resizing import fitted, resized
from inspector_app.tongues import Say, tongue

TITLE = "PDF page"
SUFFIX = ".pdf"

_LEAST_SIDE, _MOST_SIDE = 900, 1800
_CROP_SIDE = 480
_MOST_CROPS = 6
# More than these never fits the page, and measuring them would take long.
_LONG, _SHORT = 800, 300
_BREAK = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
"""Stands for a line break of a prompt, which would be lost in a table."""
_LABELS = (
    "Question",
    "What it was shown larger",
    "Model",
    "Picture",
    "Prompt, exactly as given (↵ is a line break)",
    "Notes",
    "less",
    "more",
    "no picture",
    " … (continued in JSON)",
    "Page 1 of 1",
)
"""What the template itself says, by its English words."""
_TINTS = {True: "#00695c", False: "#5b2fb0", None: "#5f6770"}


def write(
    inspection: Inspection,
    destination: Path,
    *,
    frame: Frame | None = None,
    language: str = "en",
) -> None:
    """Write the page beside its destination and rename it.

    Raises:
        CannotWrite: the folder refuses or the disk is full.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="inspector-") as folder:
            page = _page(inspection, Path(folder), frame=frame, language=language)
    except OSError as error:
        raise refusal(error, destination) from error
    write_whole(destination, page)


def _page(inspection: Inspection, folder: Path, *, frame: Frame | None, language: str) -> bytes:
    """The PDF's bytes; pictures and template pass through `folder`, which typst may read."""
    plate, say = picture_of(inspection, frame=frame), tongue(language)
    record = {
        **_words(inspection, plate, say=say),
        **_facts(inspection, say=say),
        "labels": {label: say(label) for label in _LABELS},
        "language": language.partition("_")[0],
        "picture_shape": inspection.size[1] / inspection.size[0],
        "picture": _picture(inspection, plate, folder),
        "heat": _heat(inspection, folder) if plate is not None else None,
        "crops": _crops(inspection, plate, folder, say=say),
    }
    template = folder / "inspection.typ"
    template.write_bytes((paths.resources() / "report" / "inspection.typ").read_bytes())
    page = typst.compile(
        template,
        root=folder,
        font_paths=[paths.resources() / "report" / "fonts"],
        format="pdf",
        sys_inputs={"record": json.dumps(record)},
        timestamp=_instant(inspection.created),
    )
    if not isinstance(page, bytes):
        raise TypeError("typst gave no page")
    return page


def _words(inspection: Inspection, plate: Plate | None, *, say: Say) -> dict[str, Any]:
    agreement, verdict = agreement_words(inspection, say=say), inspection.verdict
    caption = [looked_words(inspection, say=say), say(plate.note) if plate is not None else ""]
    answers = [("Whole picture", inspection.whole)]
    if inspection.zoomed is not None:
        answers.append(("Zoomed", inspection.zoomed))
    return {
        "title": title(inspection, say=say),
        "created": _line(inspection.created.replace("T", " "), _SHORT),
        "question": _line(inspection.question, _LONG),
        "verdict": None
        if verdict is None
        else {
            "outcome": verdict.outcome.value,
            "word": say(verdict.outcome.value),
            "reason": _line(verdict_line(verdict, say=say), _SHORT),
        },
        "answers": [
            {
                "title": say(name),
                "text": _line(answer.text, _LONG) or say("(no words)"),
                "weight": _line(weight_words(answer, say=say), _SHORT),
                "tint": _TINTS[inspection.agrees],
            }
            for name, answer in answers
        ],
        "agreement": {"words": agreement, "tint": _TINTS[inspection.agrees]} if agreement else None,
        "caption": " ".join(part for part in caption if part),
        "no_picture": say(NO_PICTURE),
        "no_crops": say("Nothing was shown larger."),
        "notice": [NOTICE, NOTICE_ZH],
        "foot": _line(
            f"{inspection.software}  ·  {title(inspection, say=say)}  ·  {inspection.created}",
            _SHORT,
        ),
        "software": _line(inspection.software, _SHORT),
        "keywords": [say("not for diagnosis")],
    }


def _facts(inspection: Inspection, *, say: Say) -> dict[str, Any]:
    source, model = inspection.provenance, inspection.model
    # (name, words, most lines it may take)
    facts = {
        "model": [
            ("Name", f"{model.name} ({model.family})", 1),
            ("Device", f"{model.device}, {model.dtype}", 1),
            ("Strategy", _strategy(inspection, say=say), 2),
            ("Work", pass_words(inspection, say=say), 1),
            ("Time", time_words(inspection, say=say), 2),
        ],
        "file": [
            ("File", Path(source.locator).name or source.locator or say("left out"), 2),
            ("Kind", _kind(inspection, say=say), 2),
            *([("Camera", f"{source.camera}, {source.taken}", 2)] if source.camera else []),
            ("Remarks", "; ".join(say(note) for note in source.notes) or say("none"), 3),
        ],
        "prompts": [
            (name, prompt.replace("\r\n", "\n").replace("\n", _BREAK), 2)
            for name, prompt in (
                ("Whole", inspection.prompt),
                ("Zoomed", inspection.zoomed_prompt),
                ("Neutral", inspection.neutral_prompt),
            )
            if prompt
        ],
    }
    inertly = {
        group: [(say(name), _line(words, 160 * lines), lines) for name, words, lines in rows]
        for group, rows in facts.items()
    }
    # No break inside a hash: it must survive being copied.
    hashes = [
        (say(name), inert(sha256, limit=64), 1)
        for name, sha256 in (("Picture", source.sha256), ("Weights", model.weights_sha256))
    ]
    notes = [say(note) for note in inspection.notes]
    hidden = len(inspection.regions) - _MOST_CROPS
    if hidden > 0:
        notes.append(say(f"{hidden} more regions are in the JSON"))
    if inspection.measures:
        notes.insert(0, f"{say('Measured')}: {measured_words(inspection, say=say)}")
    return {**inertly, "hashes": hashes, "notes": _line("; ".join(notes) or say("none"), _LONG)}


def _kind(inspection: Inspection, *, say: Say) -> str:
    source, (width, height) = inspection.provenance, inspection.size
    parts = [f"{source.media}, {width} x {height} px"]
    words = say("window {center}/{width} ({name})")
    for window in inspection.windows or ((source.window,) if source.window else ()):
        parts.append(
            words.format(
                center=f"{window.center:g}", width=f"{window.width:g}", name=say(window.name)
            )
        )
    if source.orientation != 1:
        words = say("EXIF orientation {orientation} applied")
        parts.append(words.format(orientation=source.orientation))
    return ", ".join(parts)


def _strategy(inspection: Inspection, *, say: Say) -> str:
    options = inspection.options
    words = strategy_words(inspection.strategy, say=say)
    words += say(", up to {count} crops").format(count=options.count)
    if options.gate is not None:
        words += say(", unless every word is {share} probable").format(share=percent(options.gate))
    return words


def _picture(inspection: Inspection, plate: Plate | None, folder: Path) -> dict[str, str] | None:
    if plate is None:
        return None
    height, width = plate.pixels.shape[:2]
    longest = min(max(width, height, _LEAST_SIDE), _MOST_SIDE)
    size = fitted((width, height), longest=longest)
    pixels = drawn(inspection, Plate(resized(plate.pixels, size=size)))
    # Without subsampling the thin lines keep their colour; a PNG would be six times as large.
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "JPEG", quality=94, subsampling=0)
    (folder / "picture.jpg").write_bytes(packed.getvalue())
    return {"file": "picture.jpg"}


def _heat(inspection: Inspection, folder: Path) -> dict[str, str] | None:
    if inspection.map is None:
        return None
    (folder / "heat.png").write_bytes(encode_png(heat_bar((256, 12))))
    return {"bar": "heat.png"}


def _crops(
    inspection: Inspection, plate: Plate | None, folder: Path, *, say: Say
) -> list[dict[str, str]]:
    crops = []
    for index in range(min(len(inspection.regions), _MOST_CROPS)):
        pixels = crop_of(inspection, index, plate=plate)
        file = ""
        if pixels is not None:
            size = fitted((pixels.shape[1], pixels.shape[0]), longest=_CROP_SIDE)
            file = f"crop-{index}.png"
            (folder / file).write_bytes(encode_png(resized(pixels, size=size)))
        crops.append(
            {
                "letter": tag(index),
                "file": file,
                "answer": _line(crop_answer(inspection, index, say=say), _SHORT),
                "where": _line(crop_words(inspection, index, say=say), _SHORT),
            }
        )
    return crops


def _line(text: str, limit: int) -> str:
    """Inert text in which even a word without end can be broken."""
    words = re.sub(r"(\S{16})(?=\S{8})", "\\1\u200b", inert(text, limit=limit))
    return words.replace(_BREAK, f"{_BREAK}\u200b")


def _instant(created: str) -> int | None:
    """Seconds since 1970, so that the same record makes the same bytes."""
    try:
        return int(datetime.datetime.fromisoformat(created).timestamp())
    except (ValueError, OverflowError, OSError):
        return None
