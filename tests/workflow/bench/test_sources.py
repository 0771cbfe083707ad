"""The benchmark of sources: its specimens are good, its copies repeatable, its figures true."""

import json
from pathlib import Path

import numpy as np
import pytest

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.workflow import open as opening
from inspector_app.workflow.bench.sources import Bomb, Mutants, _maltreat, _ratios
from inspector_app.workflow.decoder import Decoder
from inspector_app.workflow.mutants import bombs, copies, mutated, photograph, specimens

SPECIMENS = specimens(0)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.kind)
def test_every_specimen_is_a_good_file(tmp_path, specimen):
    (tmp_path / specimen.name).write_bytes(specimen.content)

    frame = opening.open_picture(str(tmp_path / specimen.name))

    assert np.ptp(frame.pixels) > 30


def test_all_formats_of_the_promise_are_there():
    kinds = {specimen.kind for specimen in SPECIMENS}

    assert {"PNG", "JPEG", "WebP", "TIFF", "PDF", "video"} <= kinds
    assert len([kind for kind in kinds if kind.startswith("DICOM")]) >= 6


@pytest.mark.parametrize("bomb", bombs(), ids=lambda one: one.kind)
def test_every_bomb_is_small_and_refused(tmp_path, bomb):
    (tmp_path / bomb.name).write_bytes(bomb.content)

    assert len(bomb.content) < 2_000_000
    with pytest.raises(UnreadablePicture) as refusal:
        opening.open_picture(str(tmp_path / bomb.name))
    assert refusal.value.hint


def test_the_same_seed_makes_the_same_bad_copies():
    content = SPECIMENS[0].content

    assert mutated(content, seed=5) == mutated(content, seed=5)
    made = list(copies(SPECIMENS[0], count=30, seed=1))
    assert len(set(made)) > 25
    assert content not in made


def test_a_photograph_has_twelve_megapixels(tmp_path):
    (tmp_path / "a.jpg").write_bytes(photograph(width=400, height=300))

    assert opening.open_picture(str(tmp_path / "a.jpg")).size == (400, 300)


def test_damaged_files_are_counted(tmp_path):
    decoder = Decoder(most=1, patience_s=100)
    try:
        found = _maltreat(decoder, tmp_path, SPECIMENS[0], count=20, seed=0)
    finally:
        decoder.close()

    assert found.pictures + found.refused == 20
    assert found.refused > 10
    assert (found.ended, found.bugs) == (0, ())
    assert list(tmp_path.iterdir()) == [Path(tmp_path / "a.png")]


def test_ratios_take_the_worst_of_all():
    mutants = (Mutants("a", 1, 2, 0, ("bug",), 0.5), Mutants("b", 1, 2, 0, (), 2.0))
    held = (Bomb("x", is_refused=True, seconds=0.1, grown_mb=3.0),
            Bomb("y", is_refused=False, seconds=0.7, grown_mb=None))  # fmt: skip

    found = {ratio.name: ratio for ratio in _ratios(80.0, 40.0, mutants, held)}

    assert json.dumps({name: ratio.value for name, ratio in found.items()}) == json.dumps({
        "12-megapixel JPEG, ms": 80.0, "12-megapixel JPEG / bare decoding": 2.0,
        "damaged files that were bugs": 1, "longest damaged file, s": 2.0,
        "bombs not refused": 1, "longest bomb, s": 0.7, "most memory of a bomb, MB": 3.0,
    })  # fmt: skip
    assert not found["bombs not refused"].is_met
    assert found["longest bomb, s"].is_met
