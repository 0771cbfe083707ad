"""What every report format keeps to."""

import errno
import json
import os
from pathlib import Path

import jsonschema
import pytest

from inspector_app import paths, plugins, reports
from inspector_app.domain.document import from_document, to_document
from inspector_app.domain.errors import CannotWrite
from inspector_app.reports import json as json_report

FORMATS = plugins.names(reports)


@pytest.fixture(params=FORMATS)
def report(request):
    return plugins.load(reports, request.param)


def test_there_are_five_formats():
    assert FORMATS == ("csv", "html", "json", "pdf", "png")


def test_a_format_has_a_title_and_a_suffix(report):
    assert report.TITLE
    assert report.SUFFIX.startswith(".")


def test_the_same_record_makes_the_same_file(report, inspection, tmp_path):
    report.write(inspection, tmp_path / "报告 1.x", frame=None)
    report.write(inspection, tmp_path / "报告 2.x", frame=None)

    first, second = (tmp_path / f"报告 {n}.x" for n in (1, 2))
    assert first.read_bytes() == second.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_missing_folder_is_named_with_a_way_out(report, inspection, tmp_path):
    with pytest.raises(CannotWrite, match="There is no folder") as refused:
        report.write(inspection, tmp_path / "gone" / "a", frame=None)

    assert refused.value.hint


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES])
def test_an_old_report_stays_when_the_disk_refuses(
    report, inspection, tmp_path, monkeypatch, error
):
    old = tmp_path / "a"
    old.write_bytes(b"old")
    real = os.write

    def full(handle, content):
        real(handle, bytes(content)[:100])
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(CannotWrite):
            report.write(inspection, old, frame=None)

    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_for_passing_files_is_named_and_nothing_is_left(
    inspection, tmp_path, monkeypatch
):
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))
    real, calls = Path.write_bytes, []

    def full(path, content):
        calls.append(path)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "full")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotWrite, match="no room left"):
        plugins.load(reports, "pdf").write(inspection, tmp_path / "a.pdf", frame=None)

    assert list(passing.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["passing"]


def test_the_json_report_is_the_documented_document(inspection, tmp_path):
    json_report.write(inspection, tmp_path / "a.json", frame=None)

    document = json.loads((tmp_path / "a.json").read_text("utf-8"))
    schema = json.loads((paths.resources() / "schema/inspection.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    assert document == to_document(inspection)
    assert from_document(document).question == inspection.question
