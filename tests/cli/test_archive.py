"""Finding, counting and reporting many records from the command line."""

import csv
import io
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from inspector_app import paths
from inspector_app.cli.filing import file_reports
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.preset import Options, Preset, PresetReports
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.settings import load_settings, save_settings
from inspector_app.store.records import Store
from tests.fakes.command import run as run_command
from tests.fakes.records import make_frame, make_inspection


@pytest.fixture
def run(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    store = Store(paths.data())
    for number, outcome in enumerate((Outcome.FAIL, Outcome.PASS, Outcome.CHECK), start=4):
        found = (Finding("crack", None, Severity.MAJOR),) if outcome is Outcome.FAIL else ()
        verdict = Verdict(outcome, "because", "", found)
        store.save(
            make_inspection(
                make_frame((40, 30)),
                regions=((5, 5, 20, 20),),
                verdict=verdict,
                question=f"Is there 划痕 number {number}?",
                created=f"2026-03-0{number}T10:11:12+08:00",
            )
        )
    store.close()
    return lambda *arguments: run_command(capfd, *arguments)


def ids(ended):
    assert ended.code == 0, ended.err
    cells = [line.split("│")[1].strip() for line in ended.out.splitlines() if "│" in line]
    return [int(cell) for cell in cells if cell.isdigit()]


def test_records_are_searched_by_words_and_narrowed_down(run):
    assert ids(run("records", "search", "划痕")) == [3, 2, 1]
    assert ids(run("records", "search", "number 5")) == [2]
    assert ids(run("records", "search", "--verdict", "fail")) == [1]
    assert ids(run("records", "search", "--since", "2026-03-05", "--label", "crack")) == []
    assert ids(run("records", "search", "划痕", "--limit", "1")) == [3]
    run("records", "search", "--verdict", "good").refused(2, "good")
    run("records", "search", "--since", "soon").refused(2, "soon")


def test_a_batch_is_reported_in_every_format_that_can_hold_it(run, tmp_path):
    for name in ("pdf", "html", "csv", "json"):
        out = tmp_path / f"a.{name}"
        ended = run("records", "report", "1-2", "3", "--out", str(out), "--language", "zh")
        assert ended.code == 0, ended.err
        assert "3 inspections" in ended.out
        assert out.stat().st_size > 500
    rows = csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig")))
    assert [row["verdict"] for row in rows] == ["FAIL", "PASS", "CHECK"]


def test_a_shift_is_reported_by_its_dates(run, tmp_path):
    out = tmp_path / "shift.json"

    ended = run(
        "records", "report", "--since", "2026-03-05", "--until", "2026-03-06", "--out", str(out)
    )

    assert ended.code == 0
    assert json.loads(out.read_text("utf-8"))["image"]["width"] == 40


def test_what_cannot_be_reported_is_one_sentence(run, tmp_path):
    out = str(tmp_path / "a.pdf")
    run("records", "report", "--out", out).refused(2, "Which inspections?")
    run("records", "report", "4-1", "--out", out).refused(2, "4-1")
    run("records", "report", "x", "--out", out).refused(2, '"x"')
    run("records", "report", "1", "--out", str(tmp_path / "a.doc")).refused(2, ".doc")
    run("records", "report", "1", "--out", out, "--language", "fr").refused(2, "fr")
    run("records", "report", "9", "--out", out, "--quiet").refused(2, "no record 9")
    run("records", "report", "1", "--format", "doc", "--out", out).refused(2, "doc")


def test_statistics_are_printed_and_written(run, tmp_path):
    ended = run("records", "statistics", "--json", str(tmp_path / "a.json"))

    assert ended.code == 0
    assert "33.3 % (1/3; 6.1-79.2)" in ended.out
    assert "1  crack" in ended.out
    written = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert written["total"]["counts"] == [1, 1, 1, 0]
    assert [point["failed"] for point in written["chart"]["points"]] == [1, 0, 0]
    run("records", "statistics", "--shifts", "25").refused(2, "25")


def test_boxes_to_paint_over_are_read_or_refused(run, tmp_path):
    out = ("records", "export", "1", "--format", "coco", "--no-names")

    run(*out, "--out", str(tmp_path / "a"), "--mask", "1,2,3").refused(2, "is no box")
    away = ("--mask", "9000,0,9009,5")
    run(*out, "--out", str(tmp_path / "a"), *away).refused(2, "lies outside the picture")
    assert not (tmp_path / "a").exists()
    report = ("records", "report", "1-3", "--out", str(tmp_path / "a.html"), *away)
    run(*report).refused(2, "lies outside of all these pictures")
    assert not (tmp_path / "a.html").exists()
    ended = run(*out, "--out", str(tmp_path / "b"), "--mask", "0,0,10,5", "--mask", "none")

    assert ended.code == 0, ended.err
    (file,) = (tmp_path / "b").rglob("*.png")
    with Image.open(file) as picture:
        assert picture.crop((0, 0, 10, 5)).getextrema() == ((0, 0),) * 3
        assert picture.getpixel((10, 5)) != (0, 0, 0)


def test_what_a_preset_files_by_itself_leaves_names_out_as_the_settings_wish(run, tmp_path):
    folder = tmp_path / "filed"
    reports = PresetReports(("json",), "inspection", str(folder))
    preset = Preset("p", "P", "whole", Options(), "Is it?", reports=reports)

    for hides in (False, True):
        save_settings(replace(load_settings(), hide_patient=hides))
        file_reports((1,), preset, quiet=True)

    with closing(Store(paths.data())) as store:
        named = Path(store.open(1).provenance.locator)
    made = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert set(made) == {f"{named.stem}-1.json", "inspection-1.json"}
    assert named.name in made[f"{named.stem}-1.json"]
    assert named.name not in made["inspection-1.json"]


def test_an_archive_is_named_by_title_or_by_an_address_of_the_web(run, tmp_path):
    send = ("records", "send", str(tmp_path))

    run(*send, "--to", "PACS").refused(2, "no address of an archive")
    run(*send, "--to", "ftp://host/x").refused(2, "no address of a DICOMweb")
    run(*send, "--to", "PACS@host:104", "--user", "ann").refused(2, "on the web")
    run(*send, "--to", "http://127.0.0.1:9/x").refused(2, "no DICOM file")


def test_help_tells_what_leaving_out_names_does_to_pixels(run):
    helped = {
        name: " ".join(run("records", name, "--help").out.replace("│", " ").split())
        for name in ("report", "export", "trail")
    }

    assert "paint over what looks like writing" in helped["report"]
    assert "pixels in which a name is likely to be written" in helped["export"]
    assert "paint over what" not in helped["export"]
    assert "pixels" not in helped["trail"]
