"""What names a patient is found nowhere that it must not be, byte by byte."""

import io
import re
import zipfile
import zlib
from pathlib import Path

import pydicom
import pypdf
import pytest
from pydicom.data import get_testdata_file

from inspector_app import log, paths
from tests.journeys.conftest import QUESTION

NAME, NUMBER, BORN = "Zacanary", "CANARY-4711", "19700131"
FILE = "Qacanary_Ada"
IN_FILE = (NAME, NUMBER, BORN)
FORMATS = ("pdf", "html", "csv", "json", "png")
EXPORTS = ("coco", "yolo", "voc", "label_studio", "conversations", "dicom")


@pytest.fixture
def scan(tmp_path):
    """A slice that names its patient in its tags, its name and its folder."""
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    dataset.PatientName, dataset.PatientID = f"{NAME}^Ada", NUMBER
    dataset.PatientBirthDate = dataset.StudyDate = BORN
    dataset.PatientComments = dataset.AccessionNumber = dataset.StudyDescription = NUMBER
    dataset.private_block(0x0009, NAME, create=True).add_new(1, "LO", NAME)
    item = pydicom.Dataset()
    item.PatientName, item.RequestedProcedureDescription = f"{NAME}^Ada", NUMBER
    dataset.RequestAttributesSequence = [item]
    dataset.BurnedInAnnotation = "NO"
    folder = tmp_path / FILE
    folder.mkdir()
    dataset.save_as(folder / f"{FILE}.dcm")
    return folder / f"{FILE}.dcm"


def layers(content):
    """A file's bytes, and what is packed in it: archives, deflated streams, text of pages."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield from layers(name.encode() + b"\n" + packed.read(name))
    if content.startswith(b"%PDF"):
        for page in pypdf.PdfReader(io.BytesIO(content)).pages:
            yield page.extract_text().encode("utf-8")
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        unpacked = zlib.decompressobj()
        try:
            yield unpacked.decompress(content[start.start() :], 50_000_000)
        except zlib.error:
            continue


def told(file, words):
    """Which of the words stand in a file or its name, in any of four encodings."""
    found = set()
    for layer in (file.name.encode(), *layers(file.read_bytes())):
        lower = layer.lower()
        for word in words:
            for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
                if word.lower().encode(encoding) in lower:
                    found.add(word)
    return found


def files_in(folder):
    return [file for file in sorted(Path(folder).rglob("*")) if file.is_file()]


def test_the_search_finds_what_is_packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x", f"so {NAME} it is" * 50)
    (tmp_path / "b").write_bytes(b"x" * 9 + zlib.compress(NAME.encode("utf-16-le") * 50))

    assert told(tmp_path / "a", [NAME]) == told(tmp_path / "b", [NAME]) == {NAME}


def test_a_patient_is_named_in_nothing_but_the_record_of_which_file_it_was(
    ask, run, scan, tiny_model, tmp_path
):
    log.start_log(paths.logs())
    assert ask(scan).code == 0
    assert ask(scan.with_name(f"{FILE}-missing.dcm")).code == 3
    batch = ("batch", scan.parent, "--out", tmp_path / "batch", "-q", QUESTION)
    assert run(*batch, "--model", tiny_model).code == 0
    out = tmp_path / "out"
    out.mkdir()
    for name in FORMATS:
        written = run("records", "report", "1", "--out", out / f"one.{name}", "--no-names")
        assert written.code == 0, written.err
    for name in FORMATS[:4]:
        run("records", "report", "1", "2", "--out", out / f"book.{name}", "--no-names")
    for name in EXPORTS:
        written = run("records", "export", "1", "--format", name, "--out", out / name, "--no-names")
        assert written.code == 0, written.err
        assert NAME not in written.out + written.err
    assert len(files_in(out)) > 15

    for file in files_in(out):
        assert told(file, (*IN_FILE, FILE)) == set(), file
    # Results of a batch name the file, and nothing that stands in it.
    for file in files_in(tmp_path / "batch"):
        assert told(file, IN_FILE) == set(), file
    log.stop_log()
    own = files_in(paths.data().parent)
    assert any(file.name == log.FILE for file in own)
    for file in own:
        # The store alone knows which file it was, or it could not be opened again.
        allowed = {FILE} if file.name.startswith("records") else set()
        assert told(file, (*IN_FILE, FILE)) <= allowed, file
