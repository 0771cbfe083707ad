"""Reports that a preset wants, written from stored records."""

import json
from dataclasses import replace

import pytest

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.preset import PresetReports
from inspector_app.domain.preset_messages import FileReports
from inspector_app.store.records import Store
from inspector_app.workflow.filing import filed_reports, folder_of, numbers_in
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish
from tests.workflow.conftest import Told


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "records")
    yield opened
    opened.close()


def kept(store, count):
    made = Told(FakeModel()).found
    return tuple(store.save(made).id for _ in range(count))


def file(store, ids, **wanted):
    request = FileReports(ids, PresetReports(**wanted))
    return finish(filed_reports(store, request, frame_of=lambda _inspection: None))


def test_every_inspection_gets_its_own_report_in_every_format(store, tmp_path):
    one, two = kept(store, 2)
    folder = tmp_path / "out"

    told = file(store, (one, two), formats=("json", "csv"), folder=str(folder))

    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 4
    assert sorted(told) == [str(folder / name) for name in names]
    assert {name.rpartition("-")[2] for name in names} == {
        f"{number}.{format}" for number in (one, two) for format in ("json", "csv")
    }
    for name in names:
        if name.endswith(".json"):
            assert json.loads((folder / name).read_bytes())


def test_a_report_without_names_is_not_called_as_its_picture_is(store, tmp_path):
    made = Told(FakeModel()).found
    source = replace(made.provenance, locator=str(tmp_path / "MEIER_ADA.png"))
    number = store.save(replace(made, provenance=source)).id
    wanted = PresetReports(formats=("json",), folder=str(tmp_path / "out"))

    for hides in (False, True):
        request = FileReports((number,), wanted, hides_patient=hides)
        finish(filed_reports(store, request, frame_of=lambda _inspection: None))

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"MEIER_ADA-{number}.json", f"inspection-{number}.json"}
    assert "MEIER" not in (tmp_path / "out" / f"inspection-{number}.json").read_text("utf-8")


def test_a_batch_gets_one_report_about_all(store, tmp_path):
    ids = kept(store, 3)

    (path,) = file(store, ids, formats=("csv",), after="batch", folder=str(tmp_path / "out"))

    lines = (tmp_path / "out" / f"inspections-{ids[0]}-{ids[-1]}.csv").read_text("utf-8-sig")
    assert path.endswith(".csv")
    assert len(lines.strip().splitlines()) >= 1 + len(ids)


def test_a_format_that_holds_one_is_refused_for_a_batch(store, tmp_path):
    with pytest.raises(WrongUse, match="about one inspection"):
        file(store, kept(store, 2), formats=("png",), after="batch", folder=str(tmp_path))


def test_a_folder_that_refuses_is_told(store, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")

    with pytest.raises(CannotWrite):
        file(store, kept(store, 1), formats=("csv",), folder=str(blocked))


def test_without_a_folder_they_go_beside_the_records():
    assert folder_of(PresetReports()) == paths.data() / "reports"


def test_lines_without_a_record_are_passed_over():
    assert numbers_in([{"record": 3}, {"record": None}, {"record": 1}, {}]) == (1, 3)
