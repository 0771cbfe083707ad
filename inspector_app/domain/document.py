"""An Inspection as plain JSON values, and back. `resources/schema` describes the format.

The document says everything but the pixels and the map values; these it names by SHA-256,
so that files written beside it (or blobs in a database) can be checked against it.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, Map, TokenGrid
from inspector_app.domain.frame import Pixels, Provenance, Window
from inspector_app.domain.inspection import Inspection, ModelFacts, Passes, ShownView
from inspector_app.domain.measure import Measure, Measured, MeasureKind
from inspector_app.domain.options_document import options_document, read_options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.trial import Trial, TrialKind
from inspector_app.domain.verdict_document import (
    placement_document,
    read_placement,
    read_verdict,
    verdict_document,
)
from inspector_app.domain.vote_document import vote_document
from inspector_app.domain.wording import tag

SCHEMA_VERSION = 1

Document = dict[str, Any]


def to_document(
    inspection: Inspection,
    *,
    map_files: Sequence[str | None] = (),
    view_files: Sequence[str | None] = (),
) -> Document:
    """The Inspection as documented JSON values: no NaN, no infinity, no pixels.

    Args:
        inspection: The record, stored or not.
        map_files: Where each map of `maps_of` was written, in that order; empty for nowhere.
        view_files: Where each view was written, in order; empty for nowhere.
    """
    source, model, passes = inspection.provenance, inspection.model, inspection.passes
    return {
        "schema_version": SCHEMA_VERSION,
        "id": inspection.id,
        "created": inspection.created,
        "software": inspection.software,
        "image": {
            "path": source.locator,
            "sha256": source.sha256,
            "width": inspection.size[0],
            "height": inspection.size[1],
            "media": source.media,
            "window": _window(source.window),
            "orientation": source.orientation,
            "notes": list(source.notes),
            "camera": {"address": source.camera, "taken": source.taken} if source.camera else None,
        },
        "model": {
            "name": model.name,
            "family": model.family,
            "device": model.device,
            "dtype": model.dtype,
            "weights_sha256": model.weights_sha256,
        },
        "question": inspection.question,
        "prompt": inspection.prompt,
        "zoomed_prompt": inspection.zoomed_prompt,
        "neutral_prompt": inspection.neutral_prompt,
        "strategy": inspection.strategy,
        "options": options_document(inspection.options),
        "regions": [
            {
                "letter": tag(index),
                "box": list(found.region.box),
                "origin": found.origin,
                "score": _finite(found.score),
            }
            for index, found in enumerate(inspection.regions)
        ],
        "answers": {
            "whole": _answer(inspection.whole),
            "zoomed": None if inspection.zoomed is None else _answer(inspection.zoomed),
        },
        "crop_answers": [_answer(answer) for answer in inspection.crop_answers],
        "experiments": [
            {
                "kind": str(trial.kind),
                "setting": float(trial.setting),
                "source": trial.source,
                "answer": _answer(trial.answer),
            }
            for trial in inspection.trials
        ],
        "agrees": inspection.agrees,
        "vote": vote_document(inspection.vote),
        "verdict": None if inspection.verdict is None else verdict_document(inspection.verdict),
        "placement": None
        if inspection.placement is None
        else placement_document(inspection.placement),
        "captured_layers": [] if inspection.map is None else list(inspection.map.layer_numbers),
        "maps": _maps(inspection.map, map_files),
        "views": _views(inspection.views, view_files),
        "passes": {
            "vision": passes.vision,
            "language": passes.language,
            "tokens_prefilled": passes.tokens_prefilled,
        },
        "timings_ms": {stage: float(spent) for stage, spent in inspection.timings_ms.items()},
        "notes": list(inspection.notes),
        "measurements": [_measured(one) for one in inspection.measures],
    }


def from_document(
    document: Mapping[str, Any],
    *,
    maps: Sequence[NDArray[np.float32]] = (),
    views: Sequence[Pixels | None] = (),
) -> Inspection:
    """The Inspection that `to_document` was given.

    Args:
        document: As `to_document` made it.
        maps: (rows, cols) values of each entry of `document["maps"]`; empty leaves the
            Inspection without its map.
        views: (h, w, 3) pixels of each entry of `document["views"]`, None where not kept;
            empty leaves the views without pixels.

    Raises:
        ValueError: the document is of another version, or lacks or misspells something.
    """
    if document.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"not a document of version {SCHEMA_VERSION}")
    try:
        return _inspection(document, maps=maps, views=views)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"the document lacks or misspells {error}") from error


def maps_of(inspection: Inspection) -> tuple[Map, ...]:
    """(rows, cols) float32 values of each entry of the document's `maps`, in its order."""
    if inspection.map is None:
        return ()
    return tuple(values for _, values, _ in _listed(inspection.map))


def to_json(document: Document) -> str:
    """Readable JSON, UTF-8 safe even for file names that are not.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair stands for a byte of a file name that is not UTF-8.
        text = json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2)
    return text + "\n"


def pixels_sha256(pixels: Pixels) -> str:
    """SHA-256 of (h, w, 3) RGB bytes, row by row, lower-case hex."""
    return hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()


def map_sha256(values: Map) -> str:
    """SHA-256 of (rows, cols) little-endian float32 bytes, row by row, lower-case hex."""
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").data).hexdigest()


def _finite(number: float | None) -> float | None:
    # JSON has no infinity; a probability of exactly 0 has an infinite logarithm.
    return float(number) if number is not None and math.isfinite(number) else None


def _window(window: Window | None) -> Document | None:
    if window is None:
        return None
    return {
        "center": float(window.center),
        "width": float(window.width),
        "name": window.name,
        "curve": window.curve,
    }


def _measured(one: Measured) -> Document:
    return {
        "kind": str(one.measure.kind),
        "points": [list(point) for point in one.measure.points],
        "values": [float(value) for value in one.values],
        "unit": one.unit,
        "calibration": one.calibration,
    }


def _read_measured(entry: Mapping[str, Any]) -> Measured:
    points = tuple((x, y) for x, y in entry["points"])
    return Measured(
        Measure(MeasureKind(entry["kind"]), points),
        tuple(entry["values"]),
        entry["unit"],
        entry["calibration"],
    )


def _answer(answer: Answer) -> Document:
    return {
        "text": answer.text,
        "log_probability": _finite(answer.logprob),
        "margin": _finite(answer.margin),
        "runner_up": answer.runner_up,
        "end_log_probability": _finite(answer.end_logprob),
        "tokens": [
            {"text": token.text, "log_probability": _finite(token.logprob)}
            for token in answer.tokens
        ],
    }


def _listed(looked: AttentionMap) -> list[tuple[int | None, Map, bool]]:
    """(layer, values, whether selected) of each map, the selected one only once."""
    captured = () if looked.layers is None else tuple(looked.layers)
    listed = [
        (layer, values, layer == looked.layer and values.tobytes() == looked.values.tobytes())
        for layer, values in zip(looked.layer_numbers, captured, strict=True)
    ]
    if any(selected for _, _, selected in listed):
        return [*listed]
    return [(looked.layer, looked.values, True), *listed]


def _maps(looked: AttentionMap | None, files: Sequence[str | None]) -> list[Document]:
    if looked is None:
        return []
    grid = looked.grid
    return [
        {
            "method": looked.method,
            "layer": layer,
            "selected": selected,
            "grid": [grid.rows, grid.cols],
            "box": [float(edge) for edge in (grid.x0, grid.y0, grid.x1, grid.y1)],
            "sha256": map_sha256(values),
            "file": files[index] if files else None,
        }
        for index, (layer, values, selected) in enumerate(_listed(looked))
    ]


def _views(views: Sequence[ShownView], files: Sequence[str | None]) -> list[Document]:
    written = []
    for index, view in enumerate(views):
        sha256: str | None = view.sha256 or None
        if view.given is None and view.pixels is not None:
            sha256 = pixels_sha256(view.pixels)
        written.append(
            {
                "box": list(view.region.box),
                "width": view.size[0],
                "height": view.size[1],
                "sha256": sha256,
                "file": files[index] if files else None,
                "window": _window(view.window),
            }
        )
    return written


def _inspection(
    document: Mapping[str, Any],
    *,
    maps: Sequence[NDArray[np.float32]],
    views: Sequence[Pixels | None],
) -> Inspection:
    image, model = document["image"], document["model"]
    zoomed, verdict = document["answers"]["zoomed"], document["verdict"]
    window = image["window"]
    return Inspection(
        provenance=Provenance(
            locator=image["path"],
            sha256=image["sha256"],
            media=image["media"],
            window=None if window is None else Window(**window),
            orientation=image["orientation"],
            notes=tuple(image["notes"]),
            # Records of older versions know of no cameras.
            camera=(image.get("camera") or {}).get("address", ""),
            taken=(image.get("camera") or {}).get("taken", ""),
        ),
        size=(image["width"], image["height"]),
        model=ModelFacts(**model),
        question=document["question"],
        prompt=document["prompt"],
        zoomed_prompt=document["zoomed_prompt"],
        neutral_prompt=document["neutral_prompt"],
        strategy=document["strategy"],
        options=read_options(document["options"]),
        regions=tuple(
            ScoredRegion(Region(*found["box"]), found["origin"], found["score"])
            for found in document["regions"]
        ),
        whole=_read_answer(document["answers"]["whole"]),
        zoomed=None if zoomed is None else _read_answer(zoomed),
        crop_answers=tuple(_read_answer(answer) for answer in document["crop_answers"]),
        verdict=None if verdict is None else read_verdict(verdict),
        placement=read_placement(document.get("placement")),
        map=_read_map(document, maps) if maps else None,
        views=_read_views(document["views"], views),
        notes=tuple(document["notes"]),
        passes=Passes(**document["passes"]),
        timings_ms=dict(document["timings_ms"]),
        created=document["created"],
        software=document["software"],
        id=document["id"],
        measures=tuple(_read_measured(entry) for entry in document.get("measurements", ())),
        trials=tuple(
            Trial(
                TrialKind(entry["kind"]),
                entry["setting"],
                entry["source"],
                _read_answer(entry["answer"]),
            )
            for entry in document.get("experiments", ())
        ),
    )


def _read_answer(answer: Mapping[str, Any]) -> Answer:
    return Answer(
        text=answer["text"],
        tokens=tuple(Token(token["text"], token["log_probability"]) for token in answer["tokens"]),
        margin=answer["margin"],
        runner_up=answer["runner_up"],
        end_logprob=answer["end_log_probability"],
    )


def _read_map(
    document: Mapping[str, Any], maps: Sequence[NDArray[np.float32]]
) -> AttentionMap | None:
    entries, layers = document["maps"], tuple(document["captured_layers"])
    if not entries:
        return None
    if len(entries) != len(maps) or len(entries) - len(layers) not in {0, 1}:
        raise ValueError("the document and its maps do not belong together")
    chosen = next(index for index, entry in enumerate(entries) if entry["selected"])
    entry = entries[chosen]
    kept = maps[len(entries) - len(layers) :]
    return AttentionMap(
        values=np.array(maps[chosen], dtype=np.float32),
        grid=TokenGrid(*entry["grid"], *entry["box"]),
        method=entry["method"],
        layer=entry["layer"],
        layers=np.stack(kept).astype(np.float32, copy=False) if layers else None,
        layer_numbers=layers,
    )


def _read_views(
    entries: Sequence[Mapping[str, Any]], views: Sequence[Pixels | None]
) -> tuple[ShownView, ...]:
    pixels = views or [None] * len(entries)
    return tuple(_read_view(entry, shown) for entry, shown in zip(entries, pixels, strict=True))


def _read_view(entry: Mapping[str, Any], pixels: Pixels | None) -> ShownView:
    region, given = Region(*entry["box"]), (entry["width"], entry["height"])
    seen = entry.get("window")
    window = None if seen is None else Window(**seen)
    if pixels is not None:
        pixels.flags.writeable = False
        if (pixels.shape[1], pixels.shape[0]) == given:
            return ShownView(pixels, region, window=window)
    return ShownView(pixels, region, given=given, sha256=entry["sha256"] or "", window=window)
