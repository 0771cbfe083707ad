"""What is written is read back; what cannot be is said in words."""

import dataclasses
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inspector_app import exports, plugins
from inspector_app.domain.errors import UnreadableRecord
from inspector_app.domain.exchange import Annotated, Asked, Thing, rectangle
from inspector_app.domain.finding import Severity
from inspector_app.domain.running import end_of
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.exports import coco, conversations, label_studio, voc, yolo
from tests.fakes.records import make_frame

FORMATS = (coco, yolo, voc, label_studio, conversations)
LOSSLESS = (coco, label_studio, conversations)
HOSTILE = "<script>&\"' =CMD() ../../x \u202e 裂纹\0\x1b[31m\n- x: y"

BOX = Thing("crack", rectangle(3, 4, 20, 11))
RICH = Thing(
    "裂纹", Shape(ShapeKind.RECTANGLE, ((3.25, 4.5), (20.0, 11.0)), 30.0), Severity.CRITICAL,
    is_persons=True, is_reviewed=True, confidence=0.75, text="AB 12", colour="red",
    texture="rough", size=1.5, unit="mm", note="seen twice",
)  # fmt: skip
POLYGON = Thing("dent", Shape(ShapeKind.POLYGON, ((1, 1), (30, 2), (20, 25), (5, 9), (2, 8))))
LINE = Thing("scratch", Shape(ShapeKind.LINE, ((1.5, 2.5), (30.0, 20.0))))
POINT = Thing("dot", Shape(ShapeKind.POINT, ((7.5, 8.25),)))
WHOLE = Thing("wrong text", None)
ALL = (BOX, RICH, POLYGON, LINE, POINT, WHOLE)


def picture(*things, name="inspection-1", asked=(), pixels=True, size=(40, 30)):
    frame = make_frame(size)
    asked = asked or (Asked("Is there a crack?", "yes", "FAIL", record=1),)
    return Annotated(
        name, "/x/plate 07.png", "a" * 64, 1, size, things, asked,
        frame.pixels if pixels else None,
    )  # fmt: skip


def back(plug_in, folder, *pictures):
    folder.mkdir(exist_ok=True)
    lost = end_of(plug_in.write(iter(pictures), folder))
    return list(plug_in.read(folder)), lost


@pytest.mark.parametrize("plug_in", LOSSLESS)
def test_everything_comes_back_where_the_format_allows(plug_in, tmp_path):
    (read,), lost = back(plug_in, tmp_path / "a", picture(*ALL))

    assert read.things == ALL
    assert (read.locator, read.sha256, read.page) == ("/x/plate 07.png", "a" * 64, 1)
    assert read.size == (40, 30)
    if plug_in is coco:
        assert lost == ("1 about the whole picture, which have no box",)


@pytest.mark.parametrize("plug_in", [yolo, voc])
def test_boxes_and_labels_come_back_and_the_rest_is_said(plug_in, tmp_path):
    (read,), lost = back(plug_in, tmp_path / "a", picture(*ALL))

    assert read.things[0] == BOX
    assert [thing.label for thing in read.things] == [
        "crack", "裂纹", "dent", "scratch", "dot",
    ][: len(read.things)]  # fmt: skip
    said = "; ".join(lost)
    for words in ("whole picture", "polygon", "line", "point", "turned", "severity"):
        assert words in said


@pytest.mark.parametrize("plug_in", FORMATS)
def test_nothing_is_lost_of_plain_boxes(plug_in, tmp_path):
    (read,), lost = back(plug_in, tmp_path / "a", picture(BOX))

    assert read.things == (BOX,)
    assert [words for words in lost if "confirmed by nobody" not in words] == []


@pytest.mark.parametrize("plug_in", FORMATS)
def test_a_picture_without_findings_is_a_negative(plug_in, tmp_path):
    good = picture(name="inspection-2", asked=(Asked("Is there a crack?", "no", "PASS", True, 2),))
    read, _ = back(plug_in, tmp_path / "a", picture(BOX), good)

    assert [one.name for one in read] == ["inspection-1", "inspection-2"]
    assert read[1].things == ()
    if plug_in is conversations:
        lines = (tmp_path / "a" / "conversations.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(line)["negative"] for line in lines] == [False, True]
        assert read[1].asked == good.asked


@pytest.mark.parametrize("plug_in", FORMATS)
def test_pictures_are_written_exactly_and_only_where_wanted(plug_in, tmp_path):
    frame = make_frame((40, 30))
    for folder, wanted in ((tmp_path / "a", True), (tmp_path / "b", False)):
        folder.mkdir()
        end_of(plug_in.write(iter([picture(BOX)]), folder, with_pictures=wanted))

    (file,) = (tmp_path / "a").rglob("*.png")
    with Image.open(file) as image:
        assert image.tobytes() == frame.pixels.tobytes()
    assert not list((tmp_path / "b").rglob("*.png"))
    (tmp_path / "c").mkdir()
    lost = end_of(plug_in.write(iter([picture(BOX, pixels=False)]), tmp_path / "c"))
    assert any("no record kept every pixel" in words for words in lost)


@pytest.mark.parametrize("plug_in", FORMATS)
def test_hostile_labels_are_data_and_name_no_file(plug_in, tmp_path):
    hostile = dataclasses.replace(
        picture(dataclasses.replace(BOX, label=HOSTILE, note=HOSTILE)),
        locator=HOSTILE,
        asked=(Asked(HOSTILE, HOSTILE, "FAIL", record=1),),
    )
    (read,), _ = back(plug_in, tmp_path / "a", hostile)

    assert [thing.shape for thing in read.things] == [BOX.shape]
    assert "裂纹" in read.things[0].label
    names = {file.name for file in tmp_path.rglob("*")}
    assert names <= {
        "a", "images", "labels", "Annotations", "JPEGImages", "annotations.json", "data.yaml",
        "pictures.json", "tasks.json", "labels.xml", "conversations.jsonl", "inspection-1.png",
        "inspection-1.txt", "inspection-1.xml",
    }  # fmt: skip


edge = st.floats(0, 39, allow_nan=False).map(lambda side: round(side, 3))
boxes = st.tuples(edge, edge, edge, edge).filter(
    lambda b: b[2] - b[0] > 0.01 and b[3] - b[1] > 0.01
)


@pytest.mark.parametrize("plug_in", [coco, yolo, label_studio, conversations])
@given(box=boxes, label=st.text(min_size=1, max_size=8).filter(str.strip))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_any_box_comes_back_within_a_thousandth_of_a_pixel(plug_in, tmp_path_factory, box, label):
    thing = Thing(label, rectangle(*box))

    (read,), _ = back(plug_in, tmp_path_factory.mktemp("x") / "a", picture(thing, size=(40, 40)))

    (x0, y0), (x1, y1) = read.things[0].shape.points
    assert (x0, y0, x1, y1) == pytest.approx(box, abs=1e-3)


def test_voc_counts_from_one_and_its_last_pixel_belongs_to_the_box(tmp_path):
    end_of(voc.write(iter([picture(BOX)]), tmp_path))

    root = ET.parse(tmp_path / "Annotations" / "inspection-1.xml").getroot()
    box = {item.tag: int(item.text) for item in root.find("object/bndbox")}
    # Pixels 3 to 19 and 4 to 10, counted from 0.
    assert box == {"xmin": 4, "ymin": 5, "xmax": 20, "ymax": 11}


def test_coco_boxes_are_corner_and_size_and_areas_are_of_the_outline(tmp_path):
    end_of(coco.write(iter([picture(BOX, POLYGON)]), tmp_path))

    document = json.loads((tmp_path / "annotations.json").read_text("utf-8"))
    first, second = document["annotations"]
    assert first["bbox"] == [3, 4, 17, 7]
    assert first["area"] == 119
    assert second["segmentation"] == [[1, 1, 30, 2, 20, 25, 5, 9, 2, 8]]
    assert [entry["name"] for entry in document["categories"]] == ["crack", "dent"]


def test_yolo_has_middle_and_size_as_parts_of_the_picture(tmp_path):
    end_of(yolo.write(iter([picture(BOX)]), tmp_path))

    number, *sides = (tmp_path / "labels" / "inspection-1.txt").read_text().split()
    assert number == "0"
    assert [float(side) for side in sides] == pytest.approx([11.5 / 40, 7.5 / 30, 17 / 40, 7 / 30])


def test_files_of_other_programs_are_read(tmp_path):
    (tmp_path / "labels").mkdir()
    (tmp_path / "images").mkdir()
    Image.new("RGB", (200, 100)).save(tmp_path / "images" / "p[1].jpg")
    (tmp_path / "labels" / "p[1].txt").write_text("1 0.5 0.5 0.2 0.2\n0 0.1 0.1 0.2 0.1 0.2 0.2\n")
    (tmp_path / "data.yaml").write_text("nc: 2\nnames: ['dent', 'crack']\n")
    foreign = {
        "images": [{"id": 7, "file_name": "p.jpg", "width": 200, "height": 100}],
        "categories": [{"id": 3, "name": "crack"}],
        "annotations": [{"image_id": 7, "category_id": 3, "bbox": [80, 40, 40, 20]}],
    }
    (tmp_path / "foreign.json").write_text(json.dumps(foreign))
    task = [{
        "id": 5, "data": {"image": "/data/upload/1/p.jpg"},
        "annotations": [{"result": [{
            "type": "rectanglelabels", "original_width": 200, "original_height": 100,
            "value": {"x": 50, "y": 10, "width": 10, "height": 40, "rotation": 90,
                      "rectanglelabels": ["crack"]},
        }]}],
    }]  # fmt: skip
    (tmp_path / "studio.json").write_text(json.dumps(task))

    (of_yolo,) = yolo.read(tmp_path)
    (of_coco,) = coco.read(tmp_path / "foreign.json")
    (of_studio,) = label_studio.read(tmp_path / "studio.json")

    assert of_yolo.size == (200, 100)
    assert of_yolo.things[0] == Thing("crack", rectangle(80, 40, 120, 60))
    assert of_yolo.things[1].label == "dent"
    assert of_coco.things == (Thing("crack", rectangle(80, 40, 120, 60)),)
    # Turned by a quarter about its upper left corner (100, 10): 20 wide and 40 high before.
    corners = of_studio.things[0].shape.outline
    assert sorted((round(x, 6), round(y, 6)) for x, y in corners) == [
        (60, 10), (60, 30), (100, 10), (100, 30),
    ]  # fmt: skip


@pytest.mark.parametrize("plug_in", FORMATS)
@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"images": 1}', '[{"data": {}}]', '{"conversations": []}\n', "\0",
     '<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>', "<annotation/>", "<a>" * 9],
)  # fmt: skip
def test_what_is_no_such_file_is_one_sentence(plug_in, tmp_path, content):
    folder = tmp_path / "bad"
    folder.mkdir()
    files = {
        coco: "annotations.json", label_studio: "tasks.json",
        conversations: "conversations.jsonl", yolo: "data.yaml", voc: "a.xml",
    }  # fmt: skip
    (folder / files[plug_in]).write_text(content, "utf-8")

    found, refused = [], None
    try:
        found = list(plug_in.read(folder))
    except UnreadableRecord as error:
        refused = error

    assert found == []
    assert refused is None or refused.hint


def test_endless_numbers_and_absurd_sizes_are_refused(tmp_path):
    for wrong in ({"bbox": [0, 0, "NaN", 3]}, {"bbox": [0, 0, 1e400, 3]}, {"bbox": [0, 0, 0, 3]}):
        document = {
            "images": [{"id": 1, "file_name": "a.png", "width": 10, "height": 10}],
            "categories": [{"id": 1, "name": "x"}],
            "annotations": [{"image_id": 1, "category_id": 1, **wrong}],
        }
        (tmp_path / "a.json").write_text(json.dumps(document))
        with pytest.raises(UnreadableRecord):
            list(coco.read(tmp_path / "a.json"))


def test_every_format_of_the_room_has_its_names():
    for name in plugins.names(exports):
        plug_in = plugins.load(exports, name)
        assert plug_in.TITLE
        assert callable(plug_in.write)
