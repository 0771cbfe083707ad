"""What `inspector ask` gives: answers, JSON, maps, views, reports, records."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from inspector_app import paths
from inspector_app.domain.wording import NOTICE
from inspector_app.presets import preset
from inspector_app.settings import load_settings, save_settings
from inspector_app.store.records import Store

STRATEGIES = ("relative_attention", "gradient_attention", "pixel_gradient", "whole")


def read_back(path):
    """(H, W, 3) pixels of a file, by Pillow."""
    with Image.open(path) as opened:
        return np.array(opened.convert("RGB"))


def record(number=1):
    store = Store(paths.data())
    try:
        return store.open(number)
    finally:
        store.close()


@pytest.fixture(scope="module")
def schema():
    file = paths.resources() / "schema" / "inspection.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


# --- what is said ----------------------------------------------------------------------------


def test_the_answer_stands_on_stdout_and_progress_on_stderr(ask, photo):
    ended = ask(photo)

    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].startswith("Whole")
    assert any(line.startswith("Verdict CHECK") for line in lines)
    assert "Record  1" in lines
    assert lines[-1] == NOTICE
    assert ended.err.split() == ["open", "load", "read", "ask", "look", "zoom", "judge", "save"]


def test_quiet_says_nothing_on_stderr(ask, photo):
    ended = ask(photo, "--quiet")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out


def test_what_is_asked_is_stored_and_listed(ask, run, photo):
    ask(photo, "--quiet")
    listed = run("records")

    assert listed.code == 0
    assert record().question == "Is there a crack?"
    assert "CHECK" in listed.out


def test_no_store_keeps_nothing(ask, run, photo):
    ended = ask(photo, "--quiet", "--no-store")

    assert ended.code == 0
    assert "Record" not in ended.out
    assert "CHECK" not in run("records").out


# --- JSON ------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_json_alone_stands_on_stdout_and_follows_the_schema(ask, photo, schema, strategy):
    ended = ask(photo, "--json", "-", "--crops", strategy, "--count", 2)

    assert ended.code == 0
    document = json.loads(ended.out)
    jsonschema.validate(document, schema)
    assert document["image"]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert document["image"]["path"] == str(photo)
    assert (document["image"]["width"], document["image"]["height"]) == (400, 300)
    assert document["strategy"] == strategy
    assert document["prompt"] == "<image>\nUSER: Is there a crack? One word.\nASSISTANT:"
    assert document["id"] == 1


def test_json_in_a_file_equals_json_on_stdout(ask, photo, tmp_path):
    ended = ask(photo, "--json", tmp_path / "found.json", "--quiet")

    assert ended.code == 0
    written = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    stored = record()
    assert written["answers"]["whole"]["text"] == stored.whole.text
    assert written["id"] == stored.id == 1
    assert ended.out.startswith("Whole")


def test_passes_and_times_are_honest(ask, photo):
    document = json.loads(ask(photo, "--json", "-").out)

    assert document["passes"]["vision"] == 1 + len(document["regions"])
    assert document["passes"]["language"] >= 3
    assert document["passes"]["tokens_prefilled"] > 16
    stages = ["open", "load", "read", "ask", "look", "zoom", "judge"]
    assert list(document["timings_ms"]) == stages


# --- maps, views, regions --------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_maps_are_the_records_own_on_the_token_grid(ask, photo, tmp_path, strategy):
    out = tmp_path / "new" / "maps"
    document = json.loads(ask(photo, "--json", "-", "--crops", strategy, "--maps", out).out)

    for entry in document["maps"]:
        values = np.load(entry["file"], allow_pickle=False)
        assert values.dtype == np.float32
        assert list(values.shape) == entry["grid"]
        assert hashlib.sha256(values.astype("<f4").tobytes()).hexdigest() == entry["sha256"]
        if entry["selected"]:
            assert np.array_equal(values, record().map.values)
    overlays = sorted(out.glob("*.png"))
    assert len(overlays) == (strategy != "whole")
    for overlay in overlays:
        assert read_back(overlay).shape == (300, 400, 3)
    assert len(list(out.glob("*.npy"))) == len(document["maps"])


def test_views_are_what_the_processor_was_given(ask, photo, tmp_path):
    out = tmp_path / "views"
    document = json.loads(
        ask(photo, "--json", "-", "--views", out, "--roi", "7,11,90,80", "--roi", "0,0,300,50").out
    )

    pixels = read_back(photo)
    boxes = [view["box"] for view in document["views"]]
    # 300 x 50 is long and thin: the model is shown the square about it.
    assert boxes == [[0, 0, 400, 300], [7, 11, 90, 80], [0, 0, 300, 300]]
    assert [region["box"] for region in document["regions"]] == [[7, 11, 90, 80], [0, 0, 300, 50]]
    for view in document["views"]:
        x0, y0, x1, y1 = view["box"]
        seen = read_back(view["file"])
        assert np.array_equal(seen, pixels[y0:y1, x0:x1])
        assert view["sha256"] == hashlib.sha256(seen.tobytes()).hexdigest()
        assert (view["width"], view["height"]) == (x1 - x0, y1 - y0)
    assert [Path(view["file"]).name for view in document["views"]] == [
        "view-0.png", "view-1.png", "view-2.png",
    ]  # fmt: skip


def test_each_report_is_written(ask, photo, tmp_path):
    beginnings = {"pdf": b"%PDF", "png": b"\x89PNG", "json": b"{"}
    for suffix, beginning in beginnings.items():
        place = tmp_path / f"report.{suffix.upper()}"
        assert ask(photo, "--quiet", "--report", place).code == 0
        assert place.read_bytes().startswith(beginning)


def test_a_report_proves_its_record_and_is_on_the_paper_of_the_site(ask, photo, tmp_path):
    site, page = paths.config() / "report" / "site.json", tmp_path / "report.html"
    site.parent.mkdir(parents=True)
    site.write_text(json.dumps({"name": "Works 7"}))

    assert ask(photo, "--quiet", "--crops", "whole", "--report", page).code == 0

    text = page.read_text("utf-8")
    with contextlib.closing(Store(paths.data())) as store:
        assert store.seal_of(1).document_sha256 in text
    assert "Works 7" in text
    assert photo.name in text
    site.write_text("{")
    ask(photo, "--quiet", "--report", page).refused(2, "site.json")


@pytest.mark.parametrize("is_set", [True, False])
def test_a_report_names_nobody_where_the_settings_or_the_command_wish_so(
    ask, photo, tmp_path, is_set
):
    picture, page = photo.rename(tmp_path / "Meier-Anna.png"), tmp_path / "report.html"
    save_settings(replace(load_settings(), hide_patient=is_set))
    typed = () if is_set else ("--no-names",)

    ended = ask(picture, "--quiet", "--crops", "whole", "--report", page, *typed)

    assert ended.code == 0
    text = page.read_text("utf-8")
    assert hashlib.sha256(picture.read_bytes()).hexdigest() in text
    assert "Meier" not in text


# --- presets ---------------------------------------------------------------------------------


def test_a_preset_brings_question_and_strategy(run, photo, tiny_model):
    ended = run("ask", photo, "-p", "industrial", "--model", tiny_model, "--json", "-")

    assert ended.code == 0
    document = json.loads(ended.out)
    shipped = json.loads((paths.resources() / "presets" / "industrial.json").read_text("utf-8"))
    assert document["question"] == shipped["prompt"]["question"]
    assert document["strategy"] == shipped["look"]["strategy"]
    places, scales = shipped["regions"]["rois"], shipped["look"]["crop_scales"]
    assert len(document["regions"]) == len(places) * len(scales)
    assert any(note.endswith(preset("industrial").version) for note in document["notes"])


def test_a_preset_can_be_a_file_with_words_for_its_template(run, photo, tiny_model, tmp_path):
    shipped = json.loads((paths.resources() / "presets" / "text.json").read_text("utf-8"))
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(shipped | {"windows": ["lung"]}))

    ended = run(
        *("ask", photo, "-p", mine, "--set", "target=red tag", "--model", tiny_model),
        *("--json", "-"),
    )

    # A grey window of a preset is for pictures that have one; this one has 8 bits.
    assert ended.code == 0
    assert json.loads(ended.out)["question"] == "What is the code on the red tag?"


def test_what_is_typed_goes_before_the_preset(ask, photo):
    ended = ask(photo, "-p", "industrial", "--crops", "whole", "--count", 3, "--json", "-")

    document = json.loads(ended.out)
    assert document["question"] == "Is there a crack?"
    assert (document["strategy"], document["options"]["count"]) == ("whole", 3)


# --- names and words from anywhere -----------------------------------------------------------

NAMES = ["裂纹 检查.png", "with space.png", "'quoted\".png", "-dash.png", "a\nb\x1b[31m.png"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_asked_about(ask, photo, tmp_path, name):
    folder = tmp_path / "照片 folder"
    folder.mkdir()
    path = photo.rename(folder / name)
    maps = folder / "图 maps"

    ended = ask(path, "--json", "-", "--maps", maps, "--report", folder / "报告.pdf")

    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert document["image"]["path"] == str(path)
    assert (folder / "报告.pdf").is_file()
    assert "\x1b" not in ended.out + ended.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf8_can_be_asked_about(ask, photo, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    photo.rename(path)

    ended = ask(path, "--json", "-")

    assert ended.code == 0, ended.err
    assert os.fsencode(json.loads(ended.out)["image"]["path"]) == os.fsencode(path)
    assert ask(path, "--quiet").code == 0


@pytest.mark.parametrize(
    "question",
    [
        "[bold red]Is there a crack?[/]",
        "[/nothing] :smile: <b>crack</b>?",
        "Is there\x1b[2J\x07 a crack?\r\nReally\u202e?",
        "有裂纹吗?",
        "x" * 300,
    ],
)
def test_a_question_does_nothing_but_be_read(ask, run, photo, question):
    ended = ask(photo, question=question)
    listed = run("records")

    assert (ended.code, listed.code) == (0, 0), ended.err + listed.err
    for shown in (ended.out, ended.err, listed.out):
        assert not any(mark in shown for mark in "\x1b\x07\r\u202e")
    assert record().question == question.strip()
    beginning = "".join(letter for letter in question if letter.isprintable())[:6]
    assert beginning[:6] in listed.out.replace("\n", "")


# --- real processes --------------------------------------------------------------------------


def child(*arguments, **more):
    """The command as a user runs it, in a process of its own."""
    command = [sys.executable, "-m", "inspector_app", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, check=False, timeout=110, cwd=paths.resources().parent, **more
    )


def test_a_process_answers_with_json_alone_whatever_the_terminal_speaks(photo, tiny_model):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "OMP_NUM_THREADS": "1"}

    ended = child(
        "ask", photo, "-q", "有裂纹吗?", "--model", tiny_model, "--json", "-", env=environment
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["question"] == "有裂纹吗?"
    assert b"Warning" not in ended.stderr
    assert ended.stderr.split() == b"open load read ask look zoom judge save".split()


@pytest.mark.parametrize("has_log", [True, False])
def test_a_fault_of_our_own_is_one_sentence_and_its_trace_is_in_the_log(home, has_log):
    if not has_log:
        (home / "log").write_text("a file in the way")
    broken = (
        "import sys, runpy, inspector_app.cli as cli\n"
        "def run(arguments): raise ZeroDivisionError('secret words')\n"
        "cli.run = run\n"
        "sys.argv = ['inspector', 'records']\n"
        "runpy.run_module('inspector_app', run_name='__main__')\n"
    )

    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", broken],
        capture_output=True, check=False, timeout=110, cwd=paths.resources().parent,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.count(b"\n") == 1
    assert str(home / "log").encode() in ended.stderr
    assert b"secret words" not in ended.stderr
    if has_log:
        log = (home / "log" / "inspector.log").read_text(encoding="utf-8")
        assert "ZeroDivisionError" in log
        assert "in main" in log
        assert "secret words" not in log


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_stdout_is_said(home):
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "inspector_app", "presets"],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=110,
            cwd=paths.resources().parent,
        )  # fmt: skip

    assert ended.returncode == 5
    assert ended.stderr.count(b"\n") == 1
    assert b"could not be written" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_leaves_early_is_no_error(home):
    reads, writes = os.pipe()
    os.close(reads)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "inspector_app", "presets"],
            stdout=writes, stderr=subprocess.PIPE, check=False, timeout=110,
            cwd=paths.resources().parent,
        )  # fmt: skip
    finally:
        os.close(writes)

    assert (ended.returncode, ended.stderr) == (0, b"")


# --- measuring -------------------------------------------------------------------------------


def test_the_benchmark_of_the_embedded_model_prints_a_table_and_writes_its_figures(
    run, tiny_model, tmp_path
):
    file = tmp_path / "figures.json"

    ended = run(
        "bench", "embedded", "--scenes", 1, "--model", tiny_model, "--json", file, "--quiet"
    )

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("\n") == 2 + 2 + 9
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert len(figures["cells"]) == 9
    assert figures["model"].startswith("tiny ")
