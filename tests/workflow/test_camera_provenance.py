"""Which camera took a picture is in the picture, in the record and in the reports."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pypdf
import pytest
from PIL import Image

from inspector_app import paths
from inspector_app.domain.document import from_document, to_document
from inspector_app.domain.live import Shot, without_secret
from inspector_app.domain.record_messages import OpenRecord
from inspector_app.imaging.png import decode_png, encode_png, with_texts
from inspector_app.workflow.delivering import answer_lines, write_report
from inspector_app.workflow.open import open_picture
from inspector_app.workflow.watching import keep_shot
from tests.fakes.steps import finish

ADDRESS = "rtsp://cam7.local/line?user=***&password=***"
WHEN = "2026-11-21T08:15:02.345+00:00"
PIXELS = np.random.default_rng(3).integers(0, 256, (60, 80, 3), np.uint8)


@pytest.fixture
def kept(tmp_path):
    """A picture of a camera whose address holds passwords, as it is kept."""
    address = without_secret("rtsp://admin:hunter2@cam7.local/line?user=bob&password=hunter3")
    return keep_shot(Shot(1, 0.0, WHEN, address, PIXELS), tmp_path / "camera")


def test_a_kept_picture_says_which_camera_took_it_and_when(kept):
    frame = open_picture(kept)

    assert frame.provenance.camera == ADDRESS
    assert frame.provenance.taken == WHEN
    assert (frame.pixels == PIXELS).all()


def test_no_password_is_written_anywhere(kept):
    content = Path(kept).read_bytes()

    assert b"hunter" not in content
    assert b"bob" not in content


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://u:p@host/x", "rtsp://host/x"),
        ("http://host/v?pwd=x&channel=1", "http://host/v?pwd=***&channel=1"),
        ("rtsp://host/user=a&password=b&channel=1", "rtsp://host/user=***&password=***&channel=1"),
        ("rtsp://host/h264?TOKEN=abc", "rtsp://host/h264?TOKEN=***"),
        ("usb:0", "usb:0"),
        ("http://host/keyboard/1", "http://host/keyboard/1"),
    ],
)
def test_an_address_is_shown_without_what_opens_the_camera(address, shown):
    assert without_secret(address) == shown


def test_the_record_its_json_and_the_reports_name_the_camera(fake_bench, kept, tmp_path):
    found = finish(fake_bench.bench.perform(fake_bench.request(kept)))
    again = finish(fake_bench.bench.perform(OpenRecord(found.id)))
    schema = json.loads(
        (paths.resources() / "schema" / "inspection.schema.json").read_text(encoding="utf-8")
    )

    document = to_document(again)
    write_report(again, "pdf", tmp_path / "report.pdf", frame=None)

    jsonschema.validate(document, schema)
    assert document["image"]["camera"] == {"address": ADDRESS, "taken": WHEN}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    assert "cam7.local" in text.replace("\u200b", "").replace("\n", "")
    assert f"Camera  {ADDRESS}, {WHEN}" in answer_lines(again)


def test_pictures_of_no_camera_and_old_records_name_none(fake_bench, picture):
    found = finish(fake_bench.bench.perform(fake_bench.request(picture)))
    document = to_document(found)
    assert document["image"]["camera"] is None
    del document["image"]["camera"]

    assert from_document(document).provenance.camera == ""


def test_texts_in_a_png_are_read_by_others_and_leave_its_pixels_alone(tmp_path):
    path = tmp_path / "told.png"
    path.write_bytes(with_texts(encode_png(PIXELS), {"Inspector-Camera": "摄像头 7", "Title": "x"}))

    with Image.open(path) as image:
        image.verify()
    with Image.open(path) as image:
        assert image.info["Inspector-Camera"] == "摄像头 7"
        assert image.info["Title"] == "x"
        assert (np.array(image) == PIXELS).all()
    assert (decode_png(path.read_bytes()) == PIXELS).all()
