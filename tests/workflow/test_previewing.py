"""What is looked at is what is written."""

import numpy as np
import pypdfium2
import pytest

from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.record_messages import KeepPreview, PreviewReport, WriteReport
from inspector_app.store.records import Store
from inspector_app.workflow import previewing, reporting
from tests.fakes.records import make_frame, make_inspection
from tests.workflow.test_reporting import run


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "data")
    opened.save(make_inspection(make_frame((160, 120))))
    yield opened
    opened.close()


def nothing(_record):
    return None


def test_the_pages_are_those_of_the_report_that_would_be_written(store, tmp_path):
    made = run(previewing.previewed(store, PreviewReport(1), frame_of=nothing))

    out = tmp_path / "a.pdf"
    run(reporting.written(store, WriteReport(1, "pdf", str(out)), frame_of=nothing))
    assert made.content == out.read_bytes()
    document = pypdfium2.PdfDocument(out)
    expected = document[0].render(scale=120 / 72).to_pil().convert("RGB")
    document.close()
    assert (made.pages[0] == np.asarray(expected)).all()
    assert [page.dtype for page in made.pages] == [np.uint8] * 2


def test_what_was_looked_at_is_kept_byte_by_byte(tmp_path):
    kept = run(previewing.kept(KeepPreview(b"%PDF", str(tmp_path / "a.pdf"))))

    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"
    assert kept == str(tmp_path / "a.pdf")
    with pytest.raises(CannotWrite):
        run(previewing.kept(KeepPreview(b"%PDF", str(tmp_path / "gone" / "a.pdf"))))


def test_a_record_that_is_not_there_is_said(store):
    with pytest.raises(WrongUse, match="no record 9"):
        run(previewing.previewed(store, PreviewReport(9), frame_of=nothing))
