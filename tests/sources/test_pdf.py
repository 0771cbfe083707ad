"""PDF pages written here by hand, so that what must be on them is known."""

import hashlib

import numpy as np
import pytest
from pypdf import PdfWriter

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.locator import join
from inspector_app.sources import pdf

RED_SQUARE = "1 0 0 rg 72 72 72 72 re f"


def document(*pages, size=(288, 432)):
    """A PDF of pages with these drawing orders, 4 by 6 inches unless told."""
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for at, content in enumerate(pages):
        box = f"[0 0 {size[0]} {size[1]}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {4 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    text, starts = "%PDF-1.4\n", []
    for number, inside in enumerate(objects, start=1):
        starts.append(len(text))
        text += f"{number} 0 obj\n{inside}\nendobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R >>"
    size_ = len(objects) + 1
    tail = f"xref\n0 {size_}\n0000000000 65535 f \n{table}trailer\n{trailer}\n"
    return (text + tail + f"startxref\n{len(text)}\n%%EOF\n").encode("ascii")


def written(path, *pages, **more):
    path.write_bytes(document(*pages, **more))
    return str(path)


def ending(look):
    """What a look at a damaged file ends in: pixels, or the way out."""
    try:
        return look().size
    except UnreadablePicture as error:
        return error.hint


def test_a_page_is_drawn_where_its_points_lie(tmp_path):
    path = written(tmp_path / "收据.pdf", RED_SQUARE)

    assert pdf.accepts(path)
    frame = pdf.open(path)

    # 6 inches become 1600 pixels; the square is one inch, one inch from the lower left corner.
    inch = 1600 / 6
    assert frame.size == pytest.approx((4 * inch, 1600), abs=1)
    left, low = round(inch), 1600 - round(inch)
    inside = frame.pixels[low - round(inch) + 2 : low - 2, left + 2 : left + round(inch) - 2]
    assert (inside == (255, 0, 0)).all()
    assert (frame.pixels[: 1600 - round(2 * inch) - 2] == 255).all()
    assert (frame.pixels[:, : left - 2] == 255).all()
    assert frame.provenance.sha256 == hashlib.sha256(document(RED_SQUARE)).hexdigest()
    assert frame.provenance.media == "PDF"


def test_pages_are_counted_and_opened_by_number(tmp_path):
    path = written(
        tmp_path / "a.pdf", "0 g 0 0 288 432 re f", RED_SQUARE, "0 0 1 rg 0 0 288 432 re f"
    )

    assert pdf.count(path) == 3
    first, third = pdf.open(join(path, 1)), pdf.open(join(path, 3))

    assert (first.pixels == 0).all()
    assert (third.pixels == (0, 0, 255)).all()
    assert third.provenance.notes[0] == "page 3 of 3"


def test_a_page_that_is_not_there_is_refused_in_words(tmp_path):
    path = written(tmp_path / "a.pdf", RED_SQUARE)

    with pytest.raises(UnreadablePicture, match="only one picture, not 2"):
        pdf.open(join(path, 2))


def test_letters_of_a_common_page_are_drawn_with_200_dots_an_inch(tmp_path):
    frame = pdf.open(written(tmp_path / "a.pdf", RED_SQUARE, size=(595.2, 841.68)))

    assert frame.size == pytest.approx((1653.3, 2338), abs=1)
    assert "drawn at 200 dpi" in frame.provenance.notes


def test_a_wall_chart_is_drawn_coarser_instead_of_filling_the_memory(tmp_path):
    frame = pdf.open(written(tmp_path / "a.pdf", RED_SQUARE, size=(14400, 7200)))

    assert frame.width == pytest.approx(8000, abs=1)


def test_a_preview_is_the_small_page(tmp_path):
    path = written(tmp_path / "a.pdf", "0 0 1 rg 0 0 288 432 re f")

    small = pdf.preview(path, side=96)

    assert max(small.shape[:2]) == 96
    assert (small == (0, 0, 255)).all()


def test_a_locked_file_says_that_it_is_locked(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")

    with pytest.raises(UnreadablePicture, match="locked with a password") as caught:
        pdf.open(str(tmp_path / "a.pdf"))

    assert "without password" in caught.value.hint


def test_a_file_locked_only_against_changes_is_read(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("", owner_password="owner", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")

    assert (pdf.open(str(tmp_path / "a.pdf")).pixels == 255).all()


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", document(RED_SQUARE)[:60]])
def test_a_torn_file_is_one_sentence(tmp_path, content):
    (tmp_path / "a.pdf").write_bytes(content)

    with pytest.raises(UnreadablePicture, match="damaged or incomplete"):
        pdf.open(str(tmp_path / "a.pdf"))


def test_a_document_without_pages_says_so(tmp_path):
    (tmp_path / "a.pdf").write_bytes(document())

    with pytest.raises(UnreadablePicture):
        pdf.open(str(tmp_path / "a.pdf"))


def test_damage_ends_in_a_picture_or_a_sentence(tmp_path):
    whole = document(RED_SQUARE, "0 0 1 rg 0 0 288 432 re f")
    rng = np.random.default_rng(7)

    for trial in range(100):
        content = bytearray(whole)
        for at in rng.integers(0, len(content), 1 + trial % 30):
            content[at] = rng.integers(0, 256)
        (tmp_path / "a.pdf").write_bytes(content)
        assert ending(lambda: pdf.preview(str(tmp_path / "a.pdf"), side=64))
