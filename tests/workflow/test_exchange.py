"""What people and the program found leaves and comes back, and never undoes what was edited."""

import json

import pytest
from PIL import Image

from inspector_app import exports, paths, plugins
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.gesture import (
    Correction,
    Gesture,
    Judgement,
    OwnFinding,
    Stand,
    Verb,
)
from inspector_app.domain.measure import picture_key
from inspector_app.domain.region import Region
from inspector_app.domain.search import Search
from inspector_app.domain.shape import Shape
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.store.records import Store
from inspector_app.workflow import exchange
from tests.fakes.command import run as run_command
from tests.fakes.records import make_frame, make_inspection
from tests.workflow.test_reporting import run

BOX = Region(5, 5, 20, 20)


def judged(*types, outcome=Outcome.FAIL, seed=0, question="Is there a crack?"):
    found = tuple(Finding(name, BOX, Severity.MAJOR, 0.5) for name in types)
    return make_inspection(
        make_frame((40, 30), seed=seed),
        regions=((5, 5, 20, 20),),
        question=question,
        verdict=Verdict(outcome, "because", "", found),
    )


@pytest.fixture
def store():
    opened = Store(paths.data())
    opened.save(judged("crack", "dent"))
    opened.save(judged("crack", question="Once more?"))
    opened.save(judged(outcome=Outcome.PASS, seed=1))
    yield opened
    opened.close()


def key_of(store, number):
    source = store.open(number).provenance
    return picture_key(source.sha256, source.locator)


def own(store, number):
    return store.gestures_of(key_of(store, number)).history.marks.findings


def coco(folder):
    return json.loads((folder / "annotations.json").read_text("utf-8"))


def test_records_of_one_picture_are_one_picture_with_each_thing_once(store, tmp_path):
    done = run(exchange.write_export(store, [1, 2, 3], "coco", tmp_path / "a"))

    document = coco(tmp_path / "a")
    assert done.pictures == 2
    assert [image["file_name"] for image in document["images"]] == [
        "inspection-1.png",
        "inspection-3.png",
    ]
    names = {entry["id"]: entry["name"] for entry in document["categories"]}
    found = [names[entry["category_id"]] for entry in document["annotations"]]
    assert found == ["crack", "dent"]
    with Image.open(tmp_path / "a" / "images" / "inspection-1.png") as image:
        assert image.tobytes() == make_frame((40, 30)).pixels.tobytes()


def test_what_people_said_is_what_leaves(store, tmp_path):
    marks = (
        Correction(1, 0, Stand.REJECTED, reason="dust"),
        Correction(1, 1, Stand.ACCEPTED, label="burr", shape=Shape.of(Region(1, 1, 9, 9))),
        Correction(2, 0, Stand.REJECTED),
        Judgement(1, Outcome.FAIL),
        OwnFinding("o", Shape.of(Region(2, 3, 4, 5)), "stain", note="brown"),
    )
    store.keep_gesture(key_of(store, 1), Gesture(Verb.EDITED, marks))

    run(exchange.write_export(store, [1, 2], "coco", tmp_path / "a"))

    document = coco(tmp_path / "a")
    names = {entry["id"]: entry["name"] for entry in document["categories"]}
    found = {
        names[entry["category_id"]]: (entry["bbox"], entry["attributes"]["reviewed"])
        for entry in document["annotations"]
    }
    assert found == {"burr": ([1, 1, 8, 8], True), "stain": ([2, 3, 2, 2], True)}


def relabelled(folder, names):
    """What somebody does in the other program: findings get other labels."""
    file = folder / "tasks.json"
    text = file.read_text("utf-8")
    for old, new in names.items():
        text = text.replace(f'["{old}"]', f'["{new}"]').replace(f'"{old}"\n', f'"{new}"\n')
    file.write_text(text, "utf-8")


def test_what_was_not_changed_outside_comes_back_as_nothing_new(store, tmp_path):
    store.keep_gesture(
        key_of(store, 1),
        Gesture(Verb.ADDED, (OwnFinding("o", Shape.of(Region(2, 3, 4, 5)), "stain"),)),
    )
    run(exchange.write_export(store, [1, 3], "label_studio", tmp_path / "a"))

    done = run(exchange.read_import(store, tmp_path / "a", "label_studio"))

    assert (done.pictures, done.things, done.known) == (2, 0, 3)
    assert [mark.label for mark in own(store, 1)] == ["stain"]


def test_what_was_found_outside_comes_back_onto_its_picture_once(store, tmp_path):
    run(exchange.write_export(store, [1], "label_studio", tmp_path / "a"))
    relabelled(tmp_path / "a", {"crack": "fissure", "dent": "bump"})

    first = run(exchange.read_import(store, tmp_path / "a", "label_studio"))
    second = run(exchange.read_import(store, tmp_path / "a", "label_studio"))

    assert (first.things, first.known) == (2, 0)
    assert (second.things, second.known) == (0, 2)
    assert [mark.label for mark in own(store, 1)] == ["fissure", "bump"]
    assert store.search(Search(label="bump"))[0].id == 2


def test_an_import_never_undoes_what_was_edited_or_removed_since(store, tmp_path):
    run(exchange.write_export(store, [1], "label_studio", tmp_path / "a"))
    relabelled(tmp_path / "a", {"crack": "fissure", "dent": "bump"})
    run(exchange.read_import(store, tmp_path / "a", "label_studio"))
    fissure, bump = own(store, 1)
    edited = OwnFinding(fissure.id, fissure.shape, "hairline crack")
    store.keep_gesture(key_of(store, 1), Gesture(Verb.EDITED, (edited,)))
    store.keep_gesture(key_of(store, 1), Gesture(Verb.DELETED, (), (bump.id,)))

    again = run(exchange.read_import(store, tmp_path / "a", "label_studio"))

    assert (again.things, again.known) == (0, 2)
    assert [mark.label for mark in own(store, 1)] == ["hairline crack"]


def test_a_foreign_file_finds_its_pictures_by_name_and_only_in_its_folder(store, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    folder = tmp_path / "in"
    folder.mkdir()
    Image.new("RGB", (40, 30), (9, 9, 9)).save(folder / "p.png")
    names = ["p.png", "../secret.png", "/etc/passwd", "gone.png"]
    document = {
        "images": [
            {"id": at, "file_name": name, "width": 40, "height": 30}
            for at, name in enumerate(names)
        ],
        "categories": [{"id": 1, "name": "crack"}],
        "annotations": [
            {"image_id": at, "category_id": 1, "bbox": [1, 2, 3, 4]} for at in range(4)
        ],
    }
    (folder / "f.json").write_text(json.dumps(document))

    done = run(exchange.read_import(store, folder / "f.json", "coco"))

    assert (done.pictures, done.things) == (1, 1)
    assert len(done.left) == 3
    assert "secret" in done.left[0]


def test_a_picture_of_another_size_than_annotated_is_left_out(store, tmp_path):
    Image.new("RGB", (30, 40)).save(tmp_path / "p.png")
    document = {
        "images": [{"id": 1, "file_name": "p.png", "width": 40, "height": 30}],
        "categories": [],
        "annotations": [],
    }
    (tmp_path / "f.json").write_text(json.dumps(document))

    done = run(exchange.read_import(store, tmp_path / "f.json", "coco"))

    assert done.pictures == 0
    assert "30 x 40" in done.left[0]


def test_an_export_goes_into_a_folder_of_its_own(store, tmp_path):
    (tmp_path / "mine.txt").write_text("x")

    with pytest.raises(WrongUse, match="not empty"):
        run(exchange.write_export(store, [1], "coco", tmp_path))
    with pytest.raises(WrongUse, match="export format"):
        run(exchange.write_export(store, [1], "nonsense", tmp_path / "b"))
    with pytest.raises(WrongUse, match="no record 9"):
        run(exchange.write_export(store, [9], "coco", tmp_path / "c"))


@pytest.mark.parametrize("name", plugins.names(exports))
def test_names_are_left_out_where_patients_are_hidden(store, tmp_path, name):
    run(exchange.write_export(store, [1, 3], name, tmp_path / "a", hides_patient=True))

    for file in (tmp_path / "a").rglob("*"):
        assert b"plate 07" not in (file.read_bytes() if file.is_file() else b"")


def test_dicom_can_only_be_written(store, tmp_path):
    run(exchange.write_export(store, [1], "dicom", tmp_path / "a"))

    assert (tmp_path / "a" / "inspection-1-report.dcm").is_file()
    with pytest.raises(WrongUse, match="only be written"):
        run(exchange.read_import(store, tmp_path / "a", "dicom"))


def test_the_command_says_what_is_lost_and_what_is_left_out(store, tmp_path, capfd):
    out = str(tmp_path / "a")

    written = run_command(capfd, "records", "export", "1", "--format", "yolo", "--out", out)
    read = run_command(capfd, "records", "import", out, "--format", "yolo")

    assert written.code == 0, written.err
    assert "1 picture in" in written.out
    assert "Lost: severity" in written.out
    assert "Added 0 findings to 1 pictures; known already: 2" in read.out
    run_command(capfd, "records", "import", "/nowhere", "--format", "coco").refused(2, "/nowhere")


@pytest.mark.parametrize("name", plugins.names(exports))
def test_an_export_tells_of_each_picture_and_leaves_nothing_where_it_is_stopped(
    store, tmp_path, name
):
    steps = exchange.write_export(store, (1, 2, 3), name, tmp_path / "out")

    told = [(step.done, step.total) for step in (next(steps) for _ in range(3))]
    steps.close()

    assert told[1:] == [(0, 2), (1, 2)]
    assert not (tmp_path / "out").exists()
