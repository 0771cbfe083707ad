"""A PDF report, read again by a reader that knows nothing of how it was made."""

import ctypes
import dataclasses

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.filing import Book, Filed, Letterhead, Seal, Standing
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.domain.statistics import Judged, figures
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.domain.wording import NOTICE, NOTICE_ZH
from inspector_app.imaging.png import encode_png
from inspector_app.reports import html, pdf
from tests.fakes.records import make_frame, make_inspection

STANDING = Standing(Seal("d" * 64, 17, "c" * 64), ("rejected: crack (only dust)",))


@pytest.fixture
def judged(inspection):
    findings = (
        Finding("crack", Region(300, 150, 420, 260), Severity.CRITICAL, 0.93, "Replace it.", "yes"),
        Finding("stain", None, Severity.MINOR, None, "", "yes"),
    )
    verdict = Verdict(Outcome.FAIL, "the model is in doubt", "", findings, ("it took too long",))
    return dataclasses.replace(inspection, verdict=verdict, notes=("preset Industrial 3",))


def words_of(path):
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [" ".join(text.replace("\u200b", "").replace("\ufffe", "").split()) for text in texts]


def corners(item):
    """(x, y) of a path's corners on the page, in points."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item.raw, matrix)
    found = []
    for index in range(pdfium.FPDFPath_CountSegments(item.raw)):
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(item.raw, index), x, y)
        found.append(
            (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
        )
    return found


@pytest.mark.parametrize("size", [(640, 480), (300, 900), (1600, 200)])
def test_boxes_lie_on_the_picture_within_half_a_pixel(tmp_path, size):
    width, height = size
    boxes = ((width // 3, height // 4, width // 2, height // 2), (0, 0, 40, 30))
    frame = make_frame(size)
    pdf.write(make_inspection(frame, regions=boxes, id=1), tmp_path / "a.pdf", frame=frame)

    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    items = list(document[0].get_objects())
    pictures = [item for item in items if item.type == pdfium.FPDF_PAGEOBJ_IMAGE]
    left, _bottom, right, top = pictures[0].get_bounds()
    scale = (right - left) / width
    found = set()
    for item in items:
        if item.type == pdfium.FPDF_PAGEOBJ_PATH and len(points := corners(item)) == 5:
            xs, ys = zip(*points, strict=True)
            box = (min(xs) - left, top - max(ys), max(xs) - left, top - min(ys))
            found.add(tuple(side / scale for side in box))
    document.close()
    for box in boxes:
        assert any(
            all(abs(one - other) <= 0.5 for one, other in zip(box, drawn, strict=True))
            for drawn in found
        )


def test_every_page_has_the_notice_and_its_number(tmp_path, judged):
    pdf.write(judged, tmp_path / "a.pdf", standing=STANDING)

    pages = words_of(tmp_path / "a.pdf")
    assert len(pages) == 2
    for number, words in enumerate(pages, start=1):
        assert NOTICE in words
        assert NOTICE_ZH in words
        assert f"Page {number} of 2" in words


def test_the_second_page_proves_the_first(tmp_path, judged):
    pdf.write(judged, tmp_path / "a.pdf", standing=STANDING)

    words = words_of(tmp_path / "a.pdf")[1]
    for told in (
        "A crack critical x 300-420, y 150-260 93 % Replace it.",
        "stain minor whole picture not told",
        "it took too long",
        "no 50 %",
        "yes 100 %",
        "rejected: crack (only dust)",
        "Industrial 3",
        "5" * 64,
        "d" * 64,
        "Chain, entry 17",
        "c" * 64,
    ):
        assert told in words, told


def test_in_chinese_only_what_people_wrote_stays_as_it_was(tmp_path, judged):
    pdf.write(judged, tmp_path / "a.pdf", standing=STANDING, language="zh_CN")

    words = words_of(tmp_path / "a.pdf")[1]
    for told in (
        "发现",
        "致命",
        "疑点",
        "用时过长",
        "人工意见",
        "依据",
        "链，第 17 项",
        "放大前",
        "放大后",
    ):
        assert told in words, told
    for english in ("Finding", "Severity", "Before", "After", "Record", "Settings", "Program"):
        assert english not in words, english


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_file_can_be_archived_and_brings_every_letter(tmp_path, judged, language):
    odd = dataclasses.replace(judged, question="\U0001f50d 龘 裂纹 ก?")

    pdf.write(odd, tmp_path / "a.pdf", standing=STANDING, language=language)

    reader = pypdf.PdfReader(tmp_path / "a.pdf")
    xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "/OutputIntents" in reader.trailer["/Root"]
    words = words_of(tmp_path / "a.pdf")[0]
    assert "裂纹" in words
    assert "[U+1F50D]" in words or "\U0001f50d" in words
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object())


def test_one_page_is_enough_at_a_glance(tmp_path, judged):
    for size in ((30, 900), (900, 30)):
        regions = ((0, 0, 10, 10),) * 12
        crowded = make_inspection(make_frame(size), regions=regions, id=1, notes=("x" * 900,) * 5)
        pdf.write(crowded, tmp_path / "a.pdf", letterhead=Letterhead("Plant 7", (("Line", "3"),)))

        pages = words_of(tmp_path / "a.pdf")
        assert "PROMPT" in pages[0]
        assert "FINDINGS" in pages[1]


def test_a_site_puts_its_name_fields_and_logo_on_the_paper(tmp_path, judged):
    logo = encode_png(make_frame((60, 20)).pixels)
    paper = Letterhead("厂区 7 Plant", (("Line", "3"), ("#x", "*y*")), logo, ".png")

    pdf.write(judged, tmp_path / "a.pdf", letterhead=paper)
    pdf.write(judged, tmp_path / "b.pdf")

    words = words_of(tmp_path / "a.pdf")[0]
    assert "厂区 7 Plant" in words
    assert "Line 3" in words
    assert "#x *y*" in words
    counts = [len(pypdf.PdfReader(tmp_path / name).pages[0].images) for name in ("a.pdf", "b.pdf")]
    assert counts[0] == counts[1] + 1


def test_a_sites_own_template_stands_in_for_the_shipped_one(tmp_path, judged):
    own = tmp_path / "own"
    own.mkdir()
    template = '#import "common.typ": *\n#show: styled\nSheet of our own: #record.title'
    (own / "inspection.typ").write_text(template, "utf-8")

    pdf.write(judged, tmp_path / "a.pdf", letterhead=Letterhead(templates=own))

    (words,) = words_of(tmp_path / "a.pdf")
    assert "Sheet of our own: Inspection 12" in words
    assert NOTICE in words


@pytest.mark.parametrize("template", ["#panic()", '#read("/etc/passwd")', "#{"])
def test_a_wrong_template_of_a_site_is_named_and_reads_nothing(tmp_path, judged, template):
    own = tmp_path / "own"
    own.mkdir()
    (own / "inspection.typ").write_text(template, "utf-8")

    with pytest.raises(CannotWrite, match="own template") as refused:
        pdf.write(judged, tmp_path / "a.pdf", letterhead=Letterhead(templates=own))

    assert str(own) in refused.value.hint
    assert not (tmp_path / "a.pdf").exists()


def test_a_long_book_has_a_foot_in_its_own_letters_on_every_page(tmp_path, judged, frame):
    records = [dataclasses.replace(judged, id=number) for number in range(1, 131)]
    book = Book(
        "Long", "2026-03-04T06:00:00+08:00", "2026-03-04T14:00:00+08:00", len(records),
        lambda: (Filed(one, frame, STANDING) for one in records),
    )  # fmt: skip

    end_of(pdf.write_book(book, tmp_path / "a.pdf"))
    end_of(pdf.write_book(book, tmp_path / "b.pdf"))

    pages = words_of(tmp_path / "a.pdf")
    for at, words in enumerate(pages, start=1):
        assert f"Page {at} of {len(pages)}" in words
        assert "Long · 2026-03-04T06:00:00+08:00 - 2026-03-04T14:00:00+08:00" in words
        assert NOTICE in words
        assert NOTICE_ZH in words
    assert sum("Inspection 130" in words for words in pages) == 1
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    xmp = pypdf.PdfReader(tmp_path / "a.pdf").xmp_metadata
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("2", "B")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_book_counts_lists_and_shows_every_inspection(tmp_path, judged, frame, language):
    outcomes = [Outcome.PASS, Outcome.FAIL, Outcome.CHECK, Outcome.FAIL, Outcome.FAIL]
    records = [
        dataclasses.replace(
            judged, id=number, verdict=dataclasses.replace(judged.verdict, outcome=outcome)
        )
        for number, outcome in enumerate(outcomes, start=31)
    ]
    rows = [Judged(one.created, one.verdict.outcome.value, ("crack",)) for one in records]
    book = Book(
        "Night shift", records[0].created, records[-1].created, len(records),
        lambda: (Filed(one, None, STANDING) for one in records), figures(rows),
    )  # fmt: skip

    end_of(pdf.write_book(book, tmp_path / "a.pdf", language=language))

    pages = words_of(tmp_path / "a.pdf")
    everything = " ".join(pages)
    assert "Night shift" in pages[0]
    assert "20.0 % (1/5; 3.6-62.4)" in pages[0]
    assert "5 (100 %)" in pages[0]
    name = "Inspection" if language == "en" else "检查"
    for number in range(31, 36):
        assert f"{name} {number}" in everything
    assert everything.count("d" * 64) == 5
    for at, words in enumerate(pages, start=1):
        assert NOTICE in words
        assert (f"Page {at} of {len(pages)}" in words) == (language == "en")
    if language == "zh_CN":
        for english in ("Shift", "Inspected", "Passed", "Verdict", "FAIL", "CHECK"):
            assert english not in everything, english


@pytest.mark.parametrize(
    ("language", "more", "head", "rarer"),
    [
        ("en", "{} more in the record", "Count (cumulative share)", "Rarer kinds not listed: 1"),
        ("zh_CN", "记录中另有 {} 项", "数量（累计占比）", "未列出的较少见类别：1"),
    ],
)
def test_what_a_book_leaves_out_is_said_and_shares_are_named(
    tmp_path, judged, frame, language, more, head, rarer
):
    boxes = tuple((40 * at, 20, 40 * at + 30, 60) for at in range(5))
    many = make_inspection(frame, regions=boxes, id=1)
    few = make_inspection(frame, regions=boxes[:3], id=2)
    remarked = Standing(STANDING.seal, tuple(f"remark {at}" for at in range(16)))
    # Thirteen kinds, of which the first is found twice: its share is 2 of 14.
    rows = [Judged(many.created, "FAIL", (f"kind {at}",)) for at in range(13)]
    rows.append(Judged(many.created, "FAIL", ("kind 0",)))
    book = Book(
        "Some", many.created, few.created, 2,
        lambda: iter((Filed(many, frame, remarked), Filed(few, frame, STANDING))),
        figures(rows),
    )  # fmt: skip

    end_of(pdf.write_book(book, tmp_path / "a.pdf", language=language))
    end_of(html.write_book(book, tmp_path / "a.html", language=language))

    told = " ".join(words_of(tmp_path / "a.pdf"))
    # Three of five crops and twelve of sixteen remarks are shown; of the other one all.
    assert told.count(more.format(2)) == 1
    assert told.count(more.format(4)) == 1
    assert head in told
    assert "2 (14 %)" in told
    assert rarer in told
    page = (tmp_path / "a.html").read_text("utf-8")
    assert head in page
    assert "2 (14 %)" in page
    # A page for a browser has room for them all.
    assert "kind 12" in page
    assert more.format(2) not in page
