"""A finished inspection as a workflow would hand it over, and what lies in the store."""

import contextlib
import dataclasses

import numpy as np

from inspector_app import paths
from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.inspection import Inspection, ModelFacts, Passes, ShownView
from inspector_app.domain.preset import Options
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.store.records import Store


def make_frame(size=(160, 120), *, seed=0):
    """A picture of (width, height) with soft shapes and one bright spot."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    red = 90 + 60 * np.sin(x / max(width, 1) * 9 + seed)
    green = 90 + 60 * np.cos(y / max(height, 1) * 7 - seed)
    blue = 110 + 40 * np.sin((x + y) / max(width + height, 1) * 11)
    pixels = np.stack([red, green, blue], axis=-1).clip(0, 255).astype(np.uint8)
    pixels[height // 3 : height // 3 + 3, width // 2 : width // 2 + 3] = 255
    provenance = Provenance(
        locator="/pictures/plate 07.png",
        sha256=f"{seed:x}".rjust(64, "a"),
        media="PNG",
        window=Window(40.0, 400.0, "file"),
        orientation=6,
        notes=("lossy compressed",),
    )
    return Frame(pixels, provenance)


def make_answer(text="yes", *, logprob=-0.25, margin=0.6):
    return Answer(text, (Token(text, logprob),), margin, runner_up="no", end_logprob=-0.01)


def make_map(frame, *, rows=6, cols=8, layers=(1, 2, 3), layer=2, seed=0):
    values = np.random.default_rng(seed).random((len(layers), rows, cols)).astype(np.float32)
    grid = TokenGrid(rows, cols, 0.0, -0.5, float(frame.width), frame.height + 0.25)
    return AttentionMap(
        values[layers.index(layer)].copy(), grid, "relative_attention", layer, values, layers
    )


def make_inspection(frame=None, *, regions=((60, 30, 90, 60), (5, 5, 41, 33)), **changes):
    """A zoomed inspection of `frame`; `changes` replace fields."""
    shown = frame or make_frame()
    found = tuple(
        ScoredRegion(Region(*box), "relative_attention", 2.5 - index)
        for index, box in enumerate(regions)
    )
    views = (
        ShownView(shown.pixels, shown.region),
        *(ShownView(shown.cut(one.region), one.region) for one in found),
    )
    inspection = Inspection(
        provenance=shown.provenance,
        size=shown.size,
        model=ModelFacts("embedded", "llava", "cpu", "float32", "5" * 64),
        question="Is there a scratch on the plate?",
        prompt="<image>\nIs there a scratch on the plate?",
        zoomed_prompt="<image><image><image>\nIs there a scratch on the plate?",
        neutral_prompt="<image>\nWrite a general description of the image.",
        strategy="relative_attention",
        options=Options(count=2, gate=0.9, rois=(Region(1, 2, 3, 4),), layer=2, max_tokens=7),
        whole=make_answer("no", logprob=-0.7, margin=0.1),
        zoomed=make_answer("yes", logprob=-0.05, margin=0.91),
        crop_answers=tuple(make_answer("yes", logprob=-0.1 * i) for i in range(len(found))),
        verdict=Verdict(Outcome.CHECK, "the whole picture and the zoomed view disagree"),
        map=make_map(shown),
        regions=found,
        views=views,
        notes=("stepped down to 2 crops: out of memory",),
        passes=Passes(3, 14, 812),
        timings_ms={"open": 3.5, "read": 120.25, "ask": 44.0, "zoom": 98.5},
        created="2026-03-04T10:11:12+08:00",
        software="Inspector 0.1.0",
    )
    return dataclasses.replace(inspection, **changes)


def stored_records():
    """What lies in the store, seen through a connection of its own; nothing where none is."""
    if not (paths.data() / "records.sqlite").is_file():
        return ()
    store = Store(paths.data())
    try:
        return store.list(500)
    finally:
        store.close()


def harmed(folder):
    """Records whose table of what they are found by is nonsense; the records themselves are not."""
    with contextlib.closing(Store(folder)) as store, store.using() as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'found'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = folder / "records.sqlite"
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)
    return bytes(content)
