"""What the workbench keeps, when it stores, and how it steps down."""

import os
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from inspector_app import paths
from inspector_app.domain.errors import (
    CannotWrite,
    ModelTrouble,
    UnreadablePicture,
    WrongUse,
)
from inspector_app.domain.messages import LoadModel, OpenPicture
from inspector_app.domain.record_messages import ListRecords, OpenRecord, WriteReport
from inspector_app.domain.verdict import Outcome
from inspector_app.store.records import Store
from inspector_app.workflow.loading import model_folder
from inspector_app.workflow.workbench import Workbench
from tests.fakes.model import FakeModel
from tests.fakes.records import stored_records
from tests.fakes.steps import finish, walk
from tests.workflow.conftest import looking, write_picture

# --- finding a model -------------------------------------------------------------------------


def test_the_shipped_model_is_found_by_its_name():
    assert model_folder("embedded") == paths.shipped_models() / "embedded"
    assert "embedded" in paths.model_names()


def test_the_users_own_model_takes_the_place_of_a_shipped_one(home):
    own = paths.user_models() / "embedded"
    own.mkdir(parents=True)
    (own / "card.toml").touch()

    assert model_folder("embedded") == own
    assert paths.model_names().count("embedded") == 1


def test_a_name_means_the_model_even_where_a_folder_has_that_name(tmp_path, monkeypatch):
    (tmp_path / "embedded").mkdir()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)

    assert model_folder("embedded") == paths.shipped_models() / "embedded"
    assert model_folder("other") == tmp_path / "other"


@pytest.mark.parametrize("name", ["", "nonsense", "..", ".hidden", "a\0b"])
def test_a_model_that_is_nowhere_lists_those_there_are(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if name == "..":
        # A folder, if an odd one: what is wrong with it is said when it is loaded.
        assert model_folder(name) == tmp_path.parent
        return

    with pytest.raises(ModelTrouble) as trouble:
        model_folder(name)

    assert "embedded" in trouble.value.hint


def test_a_family_that_is_not_there_is_model_trouble(fake_bench):
    card = fake_bench.folder / "card.toml"
    card.write_text(card.read_text().replace('"llava"', '"gpt"'))

    with pytest.raises(ModelTrouble, match='"gpt"') as trouble:
        finish(fake_bench.bench.load(LoadModel(str(fake_bench.folder))))

    assert "llava" in trouble.value.hint


def test_a_model_is_loaded_once_and_the_old_one_goes_first(fake_bench):
    one, other = LoadModel(str(fake_bench.folder)), LoadModel(str(fake_bench.folder), "cpu")
    kept = []
    fake_bench.next_model = lambda: kept.append(fake_bench.bench._model) or FakeModel()

    for request in (one, one, other, other):
        assert finish(fake_bench.bench.perform(request)).name == "fake"

    assert fake_bench.loads == [("auto", "auto"), ("cpu", "auto")]
    assert kept == [None, None]


def test_without_a_model_nothing_can_be_read(fake_bench):
    with pytest.raises(ModelTrouble, match="No model is loaded"):
        fake_bench.bench.model_in_use()


# --- pictures and readings -------------------------------------------------------------------


def test_a_missing_picture_is_found_before_a_model_is_loaded(fake_bench, tmp_path):
    with pytest.raises(UnreadablePicture, match="There is no file"):
        finish(fake_bench.bench.perform(fake_bench.request(str(tmp_path / "no.png"))))

    assert fake_bench.loads == []


@pytest.mark.parametrize(
    "changes", [{"question": " "}, {"strategy": "magic"}, {"question": "\udcff"}]
)
def test_nonsense_is_found_before_a_model_is_loaded(fake_bench, picture, changes):
    with pytest.raises(WrongUse):
        finish(fake_bench.bench.perform(fake_bench.request(picture, **changes)))

    assert fake_bench.loads == []


def test_a_name_with_a_nul_is_no_file(fake_bench):
    with pytest.raises(UnreadablePicture):
        finish(fake_bench.bench.perform(OpenPicture("a\0b.png")))


def test_a_second_question_reads_nothing_again(fake_bench, picture):
    for question in ("Is there a crack?", "Is there a dent?"):
        found = finish(fake_bench.bench.perform(fake_bench.request(picture, question=question)))

    (model,) = fake_bench.models
    assert model.count("read") == 1
    assert found.passes.vision == 0


def test_the_first_question_pays_for_reading_the_picture(fake_bench, picture):
    fake_bench.next_model = looking

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.passes.vision == 2
    assert list(found.timings_ms) == ["open", "load", "read", "ask", "look", "zoom", "judge"]


def test_a_picture_that_changed_on_disk_is_read_anew(fake_bench, picture):
    first = finish(fake_bench.bench.perform(fake_bench.request(picture)))
    write_picture(picture, seed=1)
    second = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert first.provenance.sha256 != second.provenance.sha256
    assert fake_bench.models[0].count("read") == 2
    assert (first.views[0].pixels != second.views[0].pixels).any()


def test_a_change_that_keeps_size_and_time_is_seen_too(fake_bench, tmp_path):
    path = tmp_path / "raw.ppm"
    path.write_bytes(b"P6 2 2 255\n" + bytes(12))
    before = path.stat()
    first = finish(fake_bench.bench.perform(OpenPicture(str(path))))
    path.write_bytes(b"P6 2 2 255\n" + bytes(range(12)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    second = finish(fake_bench.bench.perform(OpenPicture(str(path))))

    assert first.provenance.sha256 != second.provenance.sha256


def test_a_picture_that_went_away_is_not_remembered(fake_bench, picture):
    finish(fake_bench.bench.perform(OpenPicture(picture)))
    Path(picture).unlink()

    with pytest.raises(UnreadablePicture):
        finish(fake_bench.bench.perform(OpenPicture(picture)))


def test_only_a_few_readings_and_frames_are_kept(fake_bench, tmp_path):
    names = [write_picture(tmp_path / f"{index}.png", seed=index) for index in range(6)]
    for name in names:
        finish(fake_bench.bench.perform(fake_bench.request(name, save=False)))

    assert len(fake_bench.bench._frames) <= 4
    assert len(fake_bench.bench._readings) <= 2


# --- the record ------------------------------------------------------------------------------


def test_a_finished_inspection_is_stored_and_can_be_opened_again(fake_bench, picture):
    fake_bench.next_model = looking
    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    (line,) = finish(fake_bench.bench.perform(ListRecords()))
    again = finish(fake_bench.bench.perform(OpenRecord(found.id)))

    assert (line.id, line.locator, line.answer) == (found.id, picture, "no")
    assert again.zoomed == found.zoomed
    assert (again.map.values == found.map.values).all()


def test_what_shall_not_be_kept_is_not_kept(fake_bench, picture):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture, save=False)))

    assert found.id is None
    assert stored_records() == ()


def test_a_job_that_is_stopped_anywhere_leaves_no_record(fake_bench, picture):
    fake_bench.next_model = looking
    count = len(walk(fake_bench.bench.perform(fake_bench.request(picture, save=False)))[0])

    # The last yield, which the count lacks, stands before the save.
    for stop_at in range(1, count + 2):
        bench = Workbench()
        steps = bench.perform(fake_bench.request(picture))
        seen = [next(steps).stage for _ in range(stop_at)]
        steps.close()
        bench.close()
        assert stored_records() == (), seen

    assert seen[-1] == "save"


def test_a_stopped_job_does_not_spoil_the_next(fake_bench, picture):
    fake_bench.next_model = looking
    count = len(walk(fake_bench.bench.perform(fake_bench.request(picture)))[0])
    wanted = finish(fake_bench.bench.perform(fake_bench.request(picture)))
    for stop_at in range(1, count + 1):
        steps = fake_bench.bench.perform(fake_bench.request(picture))
        for _ in zip(range(stop_at), steps, strict=False):
            pass
        steps.close()

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.regions == wanted.regions
    assert found.zoomed == wanted.zoomed
    assert (found.map.values == wanted.map.values).all()


def test_a_store_that_fails_keeps_the_answer_and_says_what_is_missing(fake_bench, picture, home):
    (home / "data").write_text("a file in the way")
    fake_bench.next_model = looking

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.id is None
    assert found.zoomed.text == "no"
    assert found.verdict.outcome == Outcome.PASS
    assert found.notes[-1].startswith("not stored: ")


def test_a_full_disk_keeps_the_answer(fake_bench, picture, monkeypatch):
    def full(*_):
        raise CannotWrite("There is no room left on the disk.", hint="Free some space.")

    monkeypatch.setattr(Store, "save", full)

    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    assert found.whole.text == "no"
    assert found.notes[-1] == "not stored: There is no room left on the disk. Free some space."


# --- reports ---------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["pdf", "png", "json"])
def test_a_record_becomes_a_report(fake_bench, picture, tmp_path, suffix):
    fake_bench.next_model = looking
    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))
    place = tmp_path / f"report.{suffix}"

    written = finish(fake_bench.bench.perform(WriteReport(found.id, suffix, str(place))))

    assert Path(written).stat().st_size > 1000


def test_a_report_in_a_format_that_does_not_exist_is_wrong_use(fake_bench, picture, tmp_path):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))

    with pytest.raises(WrongUse, match='"docx"'):
        finish(fake_bench.bench.perform(WriteReport(found.id, "docx", str(tmp_path / "a.docx"))))


def test_a_changed_file_is_not_taken_for_the_picture_of_a_record(fake_bench, picture):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))
    assert fake_bench.bench.frame_of(found) is not None
    write_picture(picture, seed=5)
    assert fake_bench.bench.frame_of(found) is None
    Path(picture).unlink()
    assert fake_bench.bench.frame_of(found) is None


def test_a_closed_workbench_gives_everything_back(picture):
    bench = Workbench()
    finish(bench.perform(OpenPicture(picture)))
    finish(bench.perform(ListRecords()))

    bench.close()
    bench.close()

    assert (bench._model, bench._store, len(bench._frames)) == (None, None, 0)


def test_a_report_of_what_could_not_be_stored_is_written_in_the_language_asked_for(
    fake_bench, picture, tmp_path
):
    found = finish(fake_bench.bench.perform(replace(fake_bench.request(picture), save=False)))
    assert found.id is None
    place = tmp_path / "a.pdf"

    request = WriteReport(None, "pdf", str(place), language="zh_CN", inspection=found)
    finish(fake_bench.bench.perform(request))

    text = pypdf.PdfReader(place).pages[0].extract_text()
    assert "未存储" in text
