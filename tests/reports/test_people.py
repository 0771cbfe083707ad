"""What people found and decided is seen in reports, and told from what the program did."""

import dataclasses

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from inspector_app.domain.filing import Book, Filed, Standing
from inspector_app.domain.gesture import Judgement, OwnFinding
from inspector_app.domain.running import end_of
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.reports import html, pdf, png
from tests.fakes.records import make_frame, make_inspection

SKY = (79, 216, 255)
JUDGED = Standing(judgement=Judgement(1, Outcome.PASS, "only dust", "Ann"))
CORNERS = ((100.0, 80.0), (300.0, 120.0), (200.0, 260.0))


@pytest.fixture
def frame():
    return make_frame((640, 480))


@pytest.fixture
def failed(frame):
    made = make_inspection(frame, id=1)
    return dataclasses.replace(made, verdict=Verdict(Outcome.FAIL, "found"), map=None)


def words_of(path):
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [" ".join(text.split()) for text in texts]


def own(kind, *points):
    return Standing(own=(OwnFinding("o", Shape(kind, points), "dent"),))


def test_a_list_of_inspections_shows_the_verdict_that_its_counts_count(tmp_path, failed):
    book = Book("Batch", "", "", 1, lambda: iter([Filed(failed, None, JUDGED)]))
    end_of(pdf.write_book(book, tmp_path / "a.pdf"))

    front, entry = words_of(tmp_path / "a.pdf")
    assert "PASS" in front
    assert "FAIL" not in front
    assert "judged PASS by Ann (only dust)" in entry


@pytest.mark.parametrize("room", [pdf, html])
def test_the_verdict_of_a_person_stands_beside_that_of_the_program(tmp_path, failed, room):
    file = tmp_path / f"a{room.SUFFIX}"
    room.write(failed, file, standing=JUDGED)

    words = words_of(file)[0] if room is pdf else file.read_text(encoding="utf-8")
    assert "FAIL" in words
    assert "judged PASS by Ann (only dust)" in words


@pytest.mark.parametrize(
    ("kind", "points", "on"),
    [
        (ShapeKind.POLYGON, CORNERS, [(200, 100), (250, 190), (150, 170)]),
        (ShapeKind.LINE, ((50.0, 300.0), (250.0, 300.0)), [(60, 300), (150, 300), (240, 300)]),
        (ShapeKind.RECTANGLE, ((400.0, 50.0), (500.0, 150.0)), [(400, 100), (500, 100)]),
    ],
)
def test_what_a_person_found_is_drawn_where_it_is(tmp_path, frame, failed, kind, points, on):
    png.write(failed, tmp_path / "with.png", frame=frame, standing=own(kind, *points))
    png.write(failed, tmp_path / "without.png", frame=frame)

    drawn = np.array(Image.open(tmp_path / "with.png").convert("RGB"))
    plain = np.array(Image.open(tmp_path / "without.png").convert("RGB"))
    shift = (drawn.shape[1] - 640) // 2  # the picture is widened for the words below it
    for x, y in on:
        around = drawn[y - 1 : y + 2, shift + x - 1 : shift + x + 2].reshape(-1, 3)
        assert SKY in {tuple(map(int, pixel)) for pixel in around}
    assert not (plain == SKY).all(axis=-1).any()


def test_a_point_is_ringed_and_stays_visible(tmp_path, frame, failed):
    standing = own(ShapeKind.POINT, (320.0, 240.0))
    png.write(failed, tmp_path / "with.png", frame=frame, standing=standing)

    drawn = np.array(Image.open(tmp_path / "with.png").convert("RGB"))
    shift = (drawn.shape[1] - 640) // 2
    assert (drawn[240, shift + 320] == frame.pixels[240, 320]).all()
    assert (drawn[232:249, shift + 312 : shift + 329] == SKY).all(axis=-1).sum() > 10


def test_the_corners_of_a_polygon_lie_on_the_page_within_half_a_pixel(tmp_path, frame, failed):
    pdf.write(failed, tmp_path / "a.pdf", frame=frame, standing=own(ShapeKind.POLYGON, *CORNERS))

    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    items = list(document[0].get_objects())
    picture = next(item for item in items if item.type == pdfium.FPDF_PAGEOBJ_IMAGE)
    left, _bottom, right, top = picture.get_bounds()
    scale = (right - left) / 640
    boxes = [
        ((x0 - left) / scale, (top - y1) / scale, (x1 - left) / scale, (top - y0) / scale)
        for x0, y0, x1, y1 in (
            item.get_bounds() for item in items if item.type == pdfium.FPDF_PAGEOBJ_PATH
        )
    ]
    document.close()
    pen = 0.7 / scale + 1.5  # bounds hold the line's own width and its corners
    assert any(
        all(abs(one - other) <= pen for one, other in zip(box, (100, 80, 300, 260), strict=True))
        for box in boxes
    )
