"""Words of users, models and files can do nothing in any format but be read."""

import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser

import pytest

from inspector_app import plugins, reports
from inspector_app.domain.filing import Book, Filed, Letterhead, Seal, Standing
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.region import Region
from inspector_app.domain.running import end_of
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.domain.wording import NOTICE, NOTICE_ZH
from inspector_app.reports import csv as csv_report
from inspector_app.reports import html as html_report
from tests.fakes.records import make_answer, make_frame, make_inspection

HOSTILE = {
    "script": '<script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}{% for %}',
    "attribute": '" onmouseover="alert(1)" \' style=\'x',
    "formula": '=CMD("calc")!A1',
    "formula behind": '  "=1+1',
    "path": "../../../etc/passwd",
    "override": "a\u202egnp.exe\u2066\u200f",
    "nul and ansi": "a\0b\x1b[31mred\x07\r\n=1+1",
    "half": "\ud800\udfff half",
    "long": "x" * 1_000_000,
}
BAD_LETTERS = re.compile(r"[\0\x07\x1b\u202e\u2066\u200f\ud800-\udfff]")


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE)
def hostile(request):
    """An inspection that says the hostile text wherever somebody can put words."""
    text, frame = request.param, make_frame((40, 30))
    base = make_inspection(frame, regions=((5, 5, 20, 20),), id=3)
    source = dataclasses.replace(
        base.provenance, locator=f"/x/{text[:5000]}", notes=(text,), camera=text, taken=text
    )
    return dataclasses.replace(
        base,
        provenance=source,
        question=text,
        prompt=text,
        whole=make_answer(text),
        zoomed=dataclasses.replace(make_answer(text), runner_up=text),
        crop_answers=(make_answer(text),),
        verdict=Verdict(
            Outcome.FAIL,
            text,
            text,
            (Finding(text or "?", Region(5, 5, 20, 20), Severity.MAJOR, 0.5, text, text),),
            (text,),
        ),
        notes=(text, f"preset {text}"),
        created="2026-03-04T10:11:12+08:00",
        software=text,
    ), text


def standing(text):
    return Standing(Seal("d" * 64, 1, "c" * 64), (text,))


class Page(HTMLParser):
    """What a browser would see: tags, attributes and text."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_web_page_has_no_script_fetches_nothing_and_shows_all_as_text(
    hostile, tmp_path, language
):
    inspection, text = hostile
    paper = Letterhead(text[:200], ((text[:200], text[:200]),))

    html_report.write(
        inspection, tmp_path / "a.html", language=language, standing=standing(text),
        letterhead=paper,
    )  # fmt: skip

    content = (tmp_path / "a.html").read_text("utf-8")
    page = Page(content)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "h2",
        "h3",
        "article",
        "p",
        "div",
        "img",
        "b",
        "bdi",
        "br",
        "span",
        "table",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "code",
        "figure",
        "figcaption",
        "footer",
    }
    assert set(page.tags) <= allowed
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    sources = [value for name, value in page.attributes if name in {"src", "href"}]
    assert all(value.startswith("data:image/") for value in sources)
    assert not BAD_LETTERS.search(content)
    assert "default-src 'none'" in content
    words = "".join(page.words)
    assert NOTICE in words
    assert NOTICE_ZH in words
    if text.startswith(("<script", "=CMD", "../")):
        assert words.count(text) >= 5


def test_no_cell_of_a_table_is_a_formula_and_every_row_has_all_cells(hostile, tmp_path):
    inspection, text = hostile

    csv_report.write(inspection, tmp_path / "a.csv", standing=standing(text))

    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(csv_report.COLUMNS)
    assert [len(row) for row in rows] == [len(csv_report.COLUMNS)] * 2
    for cell in rows[1]:
        assert not cell.lstrip(" '\"").startswith(("=", "+", "-", "@")) or cell.startswith("'")
        assert not BAD_LETTERS.search(cell)
        assert "\n" not in cell
        assert len(cell) <= 32_001


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("+49", "'+49"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"),
     ("\t=1", "' =1"), ("＝1+1", "'＝1+1"), ("yes", "yes"), ("a=b", "a=b"), ("", "")],
)  # fmt: skip
def test_what_begins_a_formula_stands_behind_an_apostrophe(text, cell):
    assert csv_report.safe(text) == cell


@pytest.mark.parametrize("name", ["pdf", "html", "csv", "json"])
def test_a_book_of_hostile_records_is_written(hostile, tmp_path, name):
    inspection, text = hostile
    filed = Filed(inspection, None, standing(text))
    book = Book(text[:300], text[:50], text[:50], 1, lambda: iter((filed,)))

    end_of(plugins.load(reports, name).write_book(book, tmp_path / "a"))

    content = (tmp_path / "a").read_bytes()
    assert len(content) > 500
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    if name == "json":
        assert json.loads(content)["inspections"][0]["id"] == 3
    if name == "html":
        assert not BAD_LETTERS.search(content.decode("utf-8"))
        assert set(Page(content.decode("utf-8")).tags).isdisjoint({"script", "a", "iframe", "link"})
