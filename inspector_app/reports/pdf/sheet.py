"""What the pages about one inspection read: its words and its pictures."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from inspector_app.domain.filing import Filed
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.summary import measured_words, title
from inspector_app.domain.telling import Told, more_words, told
from inspector_app.domain.wording import inert, tag
from inspector_app.imaging.overlays import annotate
from inspector_app.imaging.plate import NO_PICTURE, Plate, crop_of, heat_bar, outlines, picture_of
from inspector_app.imaging.png import encode_png
from inspector_app.imaging.resizing import fitted, resized
from inspector_app.reports.pdf.setting import BREAK, line
from inspector_app.tongues import Say

LONG, SHORT = 800, 300
"""Characters of a text that may fill a block, and of a line; what is longer is cut."""
_LEAST_SIDE, _MOST_SIDE = 900, 1800
_CROP_SIDE = 480
_QUALITY = 94
_MOST_CROPS, _MOST_ENLARGED = 6, 24
_TINTS = {True: "#00695c", False: "#5b2fb0", None: "#5f6770"}


def sheet(filed: Filed, folder: Path, *, say: Say) -> dict[str, Any]:
    """All that `inspection.typ` reads of an inspection; pictures are put into `folder`."""
    inspection = filed.inspection
    plate, words = picture_of(inspection, frame=filed.frame), told(filed, say=say)
    crops = crop_cards(inspection, plate, folder, words=words, name="crop", side=_CROP_SIDE)
    caption = [words.caption, say(plate.note) if plate is not None else ""]
    return {
        **page_words(filed, words, say=say),
        **_facts(inspection, words, say=say),
        "caption": " ".join(part for part in caption if part),
        "picture_shape": inspection.size[1] / inspection.size[0],
        "picture": picture(filed, plate, folder / "picture.jpg", sides=(_LEAST_SIDE, _MOST_SIDE)),
        "heat": heat(folder) if inspection.map is not None and plate is not None else None,
        "crops": crops[:_MOST_CROPS],
        "enlarged": crops,
        "more_crops": more_words(len(words.crops), shown=len(crops), say=say),
        "no_picture": say(NO_PICTURE),
        "no_crops": say("Nothing was shown larger."),
    }


def page_words(filed: Filed, words: Told, *, say: Say) -> dict[str, Any]:
    """The words that do not depend on how much room there is."""
    inspection = filed.inspection
    verdict, tint = inspection.verdict, _TINTS[inspection.agrees]
    return {
        "title": words.title,
        "created": line(words.created.replace("T", " "), SHORT),
        "question": line(words.question, LONG),
        "verdict": None
        if verdict is None
        else {
            "outcome": words.outcome,
            "word": words.word,
            "reason": line(words.reason, SHORT),
        },
        "answers": [
            {"title": name, "text": line(text, LONG), "weight": line(weight, SHORT), "tint": tint}
            for name, text, weight in words.answers
        ],
        "agreement": {"words": words.agreement, "tint": tint} if words.agreement else None,
        "findings": [
            {
                "letter": row.letter,
                "type": line(row.type, SHORT),
                "severity": row.severity,
                "where": row.where,
                "confidence": row.confidence,
                "suggestion": line(row.suggestion, SHORT),
            }
            for row in words.findings
        ],
        "final": words.final,
        "ruling": line(words.ruling, SHORT),
        "doubts": [line(doubt, SHORT) for doubt in words.doubts],
        "remarks": [line(remark, SHORT) for remark in words.remarks],
        "signatures": [line(one, SHORT) for one in words.signatures],
        "measured": [line(f"{name} {what}", SHORT) for name, what in words.measures],
        "software": line(inspection.software, SHORT),
        "foot": line(
            f"{inspection.software}  ·  {title(inspection, say=say)}  ·  {inspection.created}",
            SHORT,
        ),
    }


def picture(
    filed: Filed,
    plate: Plate | None,
    file: Path,
    *,
    sides: tuple[int, int],
    quality: int = _QUALITY,
) -> dict[str, Any] | None:
    """The picture with its heat as a file; regions and what people found in Frame pixels."""
    inspection = filed.inspection
    if plate is None:
        return None
    height, width = plate.pixels.shape[:2]
    size = fitted((width, height), longest=min(max(width, height, sides[0]), sides[1]))
    pixels = annotate(
        resized(plate.pixels, size=size), heat=inspection.map, frame_size=inspection.size
    )
    # Without subsampling thin lines keep their colour; a PNG would be six times as large.
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "JPEG", quality=quality, subsampling=0)
    file.write_bytes(packed.getvalue())
    return {
        "file": file.name,
        "width": inspection.size[0],
        "height": inspection.size[1],
        "marks": [
            {
                "box": list(found.region.box),
                "letter": tag(index),
                "solid": found.origin == "manual",
            }
            for index, found in enumerate(inspection.regions)
        ],
        "outlines": [
            {"points": one.points, "is_closed": one.is_closed, "tag": one.tag}
            for one in outlines(filed.standing.own)
        ],
    }


def heat(folder: Path) -> str:
    """The bar of colours as a file."""
    (folder / "heat.png").write_bytes(encode_png(heat_bar((256, 12))))
    return "heat.png"


def crop_cards(
    inspection: Inspection, plate: Plate | None, folder: Path, *, words: Told, name: str, side: int
) -> list[dict[str, str]]:
    """Each region as it was shown, with its answers; pictures are put into `folder`."""
    cards = []
    for index, crop in enumerate(words.crops[:_MOST_ENLARGED]):
        pixels = crop_of(inspection, index, plate=plate)
        file = ""
        if pixels is not None:
            size = fitted((pixels.shape[1], pixels.shape[0]), longest=side)
            file = f"{name}-{index}.png"
            (folder / file).write_bytes(encode_png(resized(pixels, size=size)))
        cards.append(
            {
                "letter": crop.letter,
                "file": file,
                "answer": line(crop.after, SHORT),
                "before": line(crop.before, SHORT),
                "after": line(crop.after, SHORT),
                "where": line(crop.where, SHORT),
            }
        )
    return cards


def _facts(inspection: Inspection, words: Told, *, say: Say) -> dict[str, Any]:
    """Rows as (name, words, most lines they may take)."""
    lines = {say("Strategy"): 2, say("Time"): 2, say("Remarks"): 3, say("File"): 2, say("Kind"): 2}

    def rows(group: tuple[tuple[str, str], ...]) -> list[tuple[str, str, int]]:
        return [
            (name, line(what, 160 * lines.get(name, 1)), lines.get(name, 1)) for name, what in group
        ]

    # The hashes are the last rows; no break inside one: it must survive being copied.
    proven, hashes = words.fingerprint[:-3], words.fingerprint[-3:]
    notes = list(words.notes)
    hidden = len(inspection.regions) - _MOST_CROPS
    if hidden > 0:
        notes.append(say(f"{hidden} more regions are in the JSON"))
    if inspection.measures:
        notes.insert(0, f"{say('Measured')}: {measured_words(inspection, say=say)}")
    prompts = tuple(
        (name, prompt.replace("\r\n", "\n").replace("\n", BREAK)) for name, prompt in words.prompts
    )
    return {
        "model": rows(tuple(row for row in proven if row[0] != say("Program"))),
        "file": rows(words.picture),
        "prompts": [(name, line(prompt, 320), 2) for name, prompt in prompts],
        "hashes": [(name, inert(sha256, limit=64), 1) for name, sha256 in hashes[:2]],
        "notes": line("; ".join(notes) or say("none"), LONG),
        "all_notes": [line(note, LONG) for note in words.notes],
        "fingerprint": [(name, line(what, SHORT)) for name, what in proven],
        "seal": [(name, inert(sha256, limit=64)) for name, sha256 in (*hashes, *words.seal)],
    }
