"""Where nobody sits before a screen, the window still does its work and shows what came of it."""

import json
from dataclasses import asdict, replace

import pytest
from PIL import Image

from inspector_app.app import unattended
from inspector_app.domain.errors import CannotWrite, ModelTrouble
from inspector_app.gui.facts import Sample
from inspector_app.gui.scripted.walk import GapProbe, Gaps, Leaps, Walk, WindowBench
from tests.gui.conftest import stage

__all__ = ["stage"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def with_samples(stage):
    samples = tuple(
        Sample(str(stage.folder / name), "industrial", name, ("Is there a crack?",))
        for name in ("a.png", "b.png")
    )
    return replace(stage.parts(), samples=samples)


def test_the_demo_writes_window_report_and_record_of_every_sample(stage, capsys, tmp_path):
    out = tmp_path / "shown"

    assert unattended.demo(out, parts=with_samples(stage)) == 0

    names = sorted(path.name for path in out.iterdir())
    assert names == sorted(
        f"{stem}{ending}" for stem in "ab" for ending in (".pdf", ".json", "_window.png")
    )
    assert capsys.readouterr().out.count("wrote ") == 6
    with Image.open(out / "a_window.png") as window:
        assert window.size == (1280, 800)


def test_the_demo_tells_what_went_wrong_and_ends_with_one(stage, capsys, tmp_path):
    stage.script.error = ModelTrouble("There is no model.", hint="Choose another.")

    assert unattended.demo(tmp_path / "shown", parts=with_samples(stage)) == 1

    assert "There is no model. Choose another." in capsys.readouterr().err


def test_the_demo_says_when_there_is_no_place_to_write(stage, tmp_path):
    (tmp_path / "file").write_text("here")

    with pytest.raises(CannotWrite, match="no folder"):
        unattended.demo(tmp_path / "file" / "shown", parts=with_samples(stage))


def test_the_window_keeps_asking_while_it_is_panned(stage, qtbot):
    window = stage.open("a.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    walk = Walk(window)
    samples = with_samples(stage).samples[:1]

    gaps = walk.keep_asking(samples, seconds=0.5)

    assert len(walk.done) >= 2
    assert 0 < gaps.p95_ms <= gaps.worst_ms
    assert not window.session.asking.is_running


def test_a_probe_notes_the_longest_time_between_two_ticks(qtbot):
    probe = GapProbe()
    probe.start()
    probe._last -= 0.25

    gaps = probe.stop()

    assert gaps.worst_ms >= 250
    assert gaps.ticks == 1


def test_a_bench_can_be_read_by_people_and_by_programs():
    gaps = Gaps(10, 5.0, 40.0)
    leaps = Leaps(8, 43.0, 61.0, 8, gaps)
    bench = WindowBench(1.2, True, gaps, gaps, 7, 30.0, "a machine", leaps)

    assert json.loads(json.dumps(asdict(bench)))["running"]["p95_ms"] == 5.0
    text = "\n".join(bench.lines())
    assert "1.20 s" in text
    assert "7 inspections" in text
    assert "43 ms after the key, worst of 8 61 ms" in text
