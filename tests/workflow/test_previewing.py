"""What is looked at is what is written."""

import io

import numpy as np
import pypdf
import pypdfium2
import pytest

from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.record_messages import KeepPreview, PreviewReport, WriteReport
from inspector_app.domain.region import Region
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


def test_boxes_are_painted_over_in_what_is_looked_at(store):
    frame = make_frame((160, 120))
    plain = make_inspection(frame, regions=(), map=None, zoomed=None)
    number = store.save(plain).id
    upper_left = (Region(0, 0, 80, 60),)

    def picture(**wishes):
        """The picture on the first page, at its own scale."""
        wanted = PreviewReport(number, hides_patient=True, **wishes)
        made = run(previewing.previewed(store, wanted, frame_of=lambda _record: frame))
        (shown,) = pypdf.PdfReader(io.BytesIO(made.content)).pages[0].images
        return np.asarray(shown.image.convert("RGB"))

    painted, whole = picture(masks=upper_left), picture(masks=())
    height, width = whole.shape[:2]
    assert painted.shape == whole.shape
    # The page holds a JPEG at another scale: edges of the box are soft, black is nearly black.
    inside = np.s_[: height * 4 // 9, : width * 4 // 9]
    assert painted[inside].max() < 16
    assert whole[inside].min(axis=(0, 1)).max() > 16
    beyond = np.s_[height * 5 // 9 :, width * 5 // 9 :]
    assert np.abs(painted[beyond].astype(int) - whole[beyond]).max() < 16
