"""The pages: complete, archivable, and made of inert text."""

import dataclasses
import io
import warnings

import numpy as np
import pypdf
import pytest
from PIL import Image

from inspector_app.domain.answer import Answer
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.domain.wording import NOTICE, NOTICE_ZH
from inspector_app.imaging.plate import Plate, drawn
from inspector_app.reports import pdf
from inspector_app.reports.pdf import setting
from tests.fakes.records import make_answer, make_frame, make_inspection

HOSTILE = [
    '#include "/etc/passwd" #panic() #eval("1") $x^2$ *b* _i_ `r` <l> @ref [c] \\ // /* = ---',
    "<script>alert(1)</script>",
    "a\0b\x1b[31mc\u202egnp.exe\u2066",
    "../../" * 40,
    "x" * 1_000_000,
    "\n" * 5000,
    "\ud800\udfff half",
    '{"a": "\\u0000"}',
    "\U0001f50d\u0e01\u05d0\u0627 \U000e0041",
]


def page_of(path):
    return pypdf.PdfReader(path).pages[0]


def text_of(path):
    """The words of all pages, without what only shapes lines."""
    pages = pypdf.PdfReader(path).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_the_page_tells_the_whole_story(tmp_path, inspection, frame):
    pdf.write(inspection, tmp_path / "a.pdf", frame=frame)

    text = text_of(tmp_path / "a.pdf")
    for words in (
        "Inspection 12",
        "2026-03-04 10:11:12+08:00",
        "Is there a scratch on the plate?",
        "CHECK",
        "the whole picture and the zoomed view disagree",
        "probability 50 %, margin 0.10",
        "probability 95 %, margin 0.91",
        "Whole picture and zoomed view disagree.",
        "Where the model looked (relative attention, layer 2). Not a probability",
        "x 300-420, y 150-260; relative attention, score 2.5",
        "embedded (llava)",
        "cpu, float32",
        "3 vision, 14 language, 812 prompt tokens read",
        "plate 07.png",
        "PNG, 640 x 480 px, window 40/400 (file), EXIF orientation 6 applied",
        "lossy compressed",
        "5" * 64,
        "a" * 63 + "0",
        "<image>↵Is there a scratch on the plate?",
        "Write a general description",
        "stepped down to 2 crops: out of memory",
        "Inspector 0.1.0",
        NOTICE,
        NOTICE_ZH,
    ):
        assert words in text


def test_the_page_is_a4(tmp_path, inspection):
    pdf.write(inspection, tmp_path / "a.pdf", frame=None)

    box = page_of(tmp_path / "a.pdf").mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_the_picture_on_the_page_is_the_drawn_record(tmp_path, inspection, frame):
    pdf.write(inspection, tmp_path / "a.pdf", frame=None)

    images = [Image.open(io.BytesIO(one.data)) for one in page_of(tmp_path / "a.pdf").images]
    largest = max(images, key=lambda image: image.width).convert("RGB")
    expected = drawn(inspection, Plate(frame.pixels))
    shown = np.asarray(largest.resize((640, 480), Image.Resampling.BOX)).astype(int)
    # Inside the picture, away from lines that are drawn at the larger size.
    assert np.abs(shown[300:, 200:600] - expected[300:, 200:600].astype(int)).mean() < 2
    # The picture, two regions, and the bar of colours.
    assert len(images) == 4


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_verdict_is_a_word(tmp_path, inspection, outcome):
    judged = dataclasses.replace(inspection, verdict=Verdict(outcome, "because"))

    pdf.write(judged, tmp_path / "a.pdf")

    text = text_of(tmp_path / "a.pdf")
    assert outcome.value in text
    assert "because" in text


def test_an_inspection_without_zoom_map_verdict_or_picture_has_a_page(tmp_path):
    least = make_inspection(regions=(), map=None, views=(), zoomed=None, verdict=None, notes=())

    pdf.write(least, tmp_path / "a.pdf", frame=None)

    text = text_of(tmp_path / "a.pdf")
    assert "The record kept no picture" in text
    assert "Nothing was shown larger" in text
    assert "Where the model looked" not in text
    assert not any(outcome.value in text for outcome in Outcome)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_and_does_nothing(tmp_path, inspection, text):
    source = dataclasses.replace(
        inspection.provenance, locator=f"/x/{text}", notes=(text,), media=text
    )
    model = dataclasses.replace(inspection.model, name=text, device=text, weights_sha256=text)
    hostile = dataclasses.replace(
        inspection,
        provenance=source,
        model=model,
        question=f"? {text}",
        prompt=text,
        whole=make_answer(text),
        zoomed=dataclasses.replace(make_answer(text), runner_up=text),
        crop_answers=(make_answer(text), make_answer(text)),
        verdict=Verdict(Outcome.FAIL, text),
        notes=(text,),
        created=text,
        software=text,
        timings_ms={text: 1.0},
        strategy=text,
    )

    pdf.write(hostile, tmp_path / "a.pdf")

    page_of(tmp_path / "a.pdf")
    assert NOTICE in text_of(tmp_path / "a.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf"]


def test_markup_is_shown_as_it_was_written(tmp_path, inspection):
    asked = dataclasses.replace(inspection, question="#pagebreak() *is* $x$ <b>it</b>?")

    pdf.write(asked, tmp_path / "a.pdf")

    text = text_of(tmp_path / "a.pdf").replace(" ", "")
    assert "#pagebreak()*is*$x$<b>it</b>?" in text


def test_what_does_not_fit_is_cut_with_a_word_about_the_json(tmp_path, inspection):
    long = dataclasses.replace(
        inspection, question="Is it there? " * 300, zoomed=make_answer("yes, it is " * 300)
    )

    pdf.write(long, tmp_path / "a.pdf")

    assert text_of(tmp_path / "a.pdf").count("(continued in JSON)") >= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (200, 200), (300, 1600)])
def test_pictures_of_every_shape_have_one_page(tmp_path, size):
    regions = ((0, 0, max(1, size[0] // 2), max(1, size[1] // 2)),)

    pdf.write(make_inspection(make_frame(size), regions=regions), tmp_path / "a.pdf")

    page_of(tmp_path / "a.pdf")


@pytest.mark.parametrize("count", [1, 4, 9, 30])
def test_any_number_of_regions_has_one_page(tmp_path, count):
    regions = tuple((20 * k, 10, 20 * k + 15, 40) for k in range(count))

    pdf.write(make_inspection(make_frame((640, 480)), regions=regions), tmp_path / "a.pdf")

    text = text_of(tmp_path / "a.pdf")
    assert "x 0-15, y 10-40" in text
    assert ("more regions are in the JSON" in text) == (count > 6)


def test_chinese_is_set_in_shipped_letters(tmp_path, inspection, monkeypatch):
    question = "图中是否有划痕?标签上写着什么?"
    asked = dataclasses.replace(
        inspection, question=question, zoomed=Answer("有划痕", (), None), verdict=None
    )
    real = setting.typst.compile
    monkeypatch.setattr(
        setting.typst, "compile", lambda *a, **k: real(*a, **k, ignore_system_fonts=True)
    )

    pdf.write(asked, tmp_path / "a.pdf")

    text = text_of(tmp_path / "a.pdf").replace(" ", "")
    assert "有划痕" in text
    assert "标签上写着什么" in text
    fonts = page_of(tmp_path / "a.pdf")["/Resources"]["/Font"].get_object().values()
    assert any("InspectorSans" in str(font.get_object()["/BaseFont"]) for font in fonts)


def test_letters_that_no_font_has_do_not_stop_the_page(tmp_path, inspection):
    odd = dataclasses.replace(inspection, question="\U0001f9ff \u12a0\u121b \U00013000?")

    pdf.write(odd, tmp_path / "a.pdf")

    assert "Inspection 12" in text_of(tmp_path / "a.pdf")


def test_the_same_record_makes_the_same_bytes(tmp_path, inspection):
    pdf.write(inspection, tmp_path / "a.pdf")
    pdf.write(inspection, tmp_path / "b.pdf")

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_compiling_raises_no_warning(tmp_path, inspection):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pdf.write(inspection, tmp_path / "a.pdf")


def test_a_chinese_page_says_in_chinese_what_the_program_says(tmp_path, inspection, frame):
    pdf.write(inspection, tmp_path / "a.pdf", frame=frame, language="zh_CN")

    text = text_of(tmp_path / "a.pdf")
    for words in (
        "检查 12",
        "问题",
        "待复判",
        "概率 50 %，领先 0.10",
        "相对注意力，第 2 层",
        "放大显示的局部",
        "提示词原文",
        "有损压缩",
        "窗位/窗宽",
        "第 1 页，共 2 页",
        NOTICE_ZH,
    ):
        assert words in text, words
    for words in ("Question", "Whole", "Zoomed", "Model", "Strategy", "layer", "score", "none"):
        assert words not in text, words
    # The user's own words stay as they were typed.
    assert "Is there a scratch on the plate?" in text


def test_a_chinese_page_brings_its_letters_along(tmp_path, inspection, frame):
    pdf.write(inspection, tmp_path / "a.pdf", frame=frame, language="zh_CN")

    fonts = page_of(tmp_path / "a.pdf")["/Resources"]["/Font"].values()
    described = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert any("InspectorSans" in font["/BaseFont"] for font in described)
    assert all(
        {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())
        for font in described
    )


def test_line_breaks_of_a_prompt_can_be_seen(tmp_path, inspection, frame):
    prompt = "<image>\nUSER: Is there a scratch?\nASSISTANT:"
    pdf.write(dataclasses.replace(inspection, prompt=prompt), tmp_path / "a.pdf", frame=frame)

    assert "<image>↵USER: Is there a scratch?↵ASSISTANT:" in text_of(tmp_path / "a.pdf")
