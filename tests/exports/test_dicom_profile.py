"""Every attribute that the standard's profile names is gone or replaced in what leaves."""

import io
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from inspector_app.exports.dicom.identity import without_patient

TABLE = Path(__file__).with_name("ps3_15_table_e1.txt")
CANARY = "Zz Canary^Ada"
VALUES = {
    "DA": "19700131", "TM": "010203", "DT": "19700131010203", "AS": "055Y", "CS": "CANARY77",
    "DS": "77.777", "IS": "77777", "US": 31337, "SS": 31337, "UL": 31337, "SL": 31337,
    "FL": 31337.0, "FD": 31337.0, "UI": "1.2.3.77.31337", "AE": "CANARY77", "SH": "CANARY77",
    "OB": b"CANARY77", "OW": b"CANARY77", "OF": b"CANARY77", "OD": b"CANARY77", "UN": b"CANARY77",
    "UR": "http://canary77/", "AT": Tag(0x00100010),
}  # fmt: skip
PLANTED = (b"CANARY77", b"Canary", b"19700131", b"1.2.3.77.31337", b"canary77", b"77.777")


def table():
    """{tag: action} of the standard's table, as far as pydicom's dictionary knows the tags."""
    found, action = {}, ""
    for line in TABLE.read_text(encoding="ascii").splitlines():
        if line.endswith(":"):
            action = line[:-1]
        elif not line.startswith("#"):
            found |= {Tag(int(word, 16)): action for word in line.split()}
    return {tag: action for tag, action in found.items() if keyword_for_tag(tag)}


def planted(tag):
    """A value of an attribute that could name somebody."""
    kind = dictionary_VR(tag)[:2]
    if kind == "SQ":
        item = Dataset()
        item.PatientName, item.PatientID, item.TextString = CANARY, "CANARY77", "CANARY77"
        return DataElement(tag, "SQ", Sequence([item]))
    value = VALUES.get(kind, CANARY)
    many = dictionary_VM(tag)
    return DataElement(tag, kind, [value] * 2 if many.startswith("2") else value)


@pytest.fixture(scope="module")
def source():
    """A slice with a value in each attribute of the table, in sequences and private tags too."""
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    for tag in table():
        dataset.add(planted(tag))
    for group in (0x5000, 0x6000, 0x6002):
        dataset.add(DataElement(Tag(group, 0x3000), "OW", b"CANARY77"))
        dataset.add(DataElement(Tag(group, 0x4000), "LT", CANARY))
    inner = Dataset()
    for tag in table():
        if tag.group != 2:
            inner.add(planted(tag))
    # A sequence that is kept: what stands in its items goes all the same.
    dataset.VOILUTSequence = Sequence([inner])
    inner.private_block(0x0009, "CANARY77", create=True).add_new(1, "LO", CANARY)
    dataset.private_block(0x0011, "CANARY77", create=True).add_new(1, "UN", b"CANARY77")
    return dataset


def test_the_table_is_the_whole_one():
    found = table()

    assert len(found) > 600
    assert found[Tag("PatientName")] == "Z"
    assert found[Tag("PatientBirthDate")] == "Z"
    assert found[Tag("StudyInstanceUID")] == "U"
    assert found[Tag("PatientComments")] == "X"
    assert found[Tag("StationName")] == "X/Z/D"


def test_no_value_of_any_attribute_of_the_table_leaves(source):
    clean = without_patient(source, secret=b"x" * 32)

    written = io.BytesIO()
    pydicom.dcmwrite(written, clean, implicit_vr=False, little_endian=True, force_encoding=True)
    content = written.getvalue()
    for word in PLANTED:
        for bytes_of_it in (word, word.decode().encode("utf-16-le")):
            assert bytes_of_it not in content, word


def test_what_stays_of_the_table_is_empty_a_dummy_or_a_new_uid(source):
    clean = without_patient(source, secret=b"x" * 32)
    found = table()

    def check(node, before):
        for element in node:
            action = found.get(element.tag)
            if element.VR == "SQ":
                assert action is None or element.keyword == "DeidentificationMethodCodeSequence"
                for item, old in zip(element.value, before.get(element.tag, []), strict=False):
                    check(item, old)
            elif action is not None and element.VR == "UI":
                assert "U" in action
                assert element.value != before[element.tag].value
            elif action is not None:
                said = str(element.value or "")
                assert said in {"", "ANONYMOUS"} or "Deident" in element.keyword
            assert not element.tag.is_private

    check(clean, source)


def test_the_source_stays_as_it_is(source):
    assert source.PatientName == CANARY
