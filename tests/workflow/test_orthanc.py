"""A real archive takes what is sent both ways, and gives back the same pixels and words."""

import io
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx2
import numpy as np
import pydicom
import pytest

from inspector_app.domain.errors import CannotWrite
from inspector_app.workflow.sending import Archive, archive_of, dicom_files, send
from tests.exports.test_dicom import items, valid, written
from tests.exports.test_dicom_regions import CT, with_regions
from tests.exports.test_round_trips import ALL
from tests.workflow.test_reporting import run

PLUG_IN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
pytestmark = pytest.mark.skipif(
    shutil.which("Orthanc") is None or not PLUG_IN.exists(),
    reason="Orthanc with its DICOMweb plug-in is not installed",
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Orthanc:
    """An archive of its own on the loopback, empty at first."""

    def __init__(self, folder):
        self.dicom, self.web = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.web}"
        said = {
            "Name": "test", "StorageDirectory": str(folder), "IndexDirectory": str(folder),
            "Plugins": [str(PLUG_IN)], "DicomAet": "ORTHANC", "DicomCheckCalledAet": True,
            "DicomPort": self.dicom, "HttpPort": self.web, "RemoteAccessAllowed": False,
            "AuthenticationEnabled": True, "RegisteredUsers": {"anna": "s3cret"},
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        }  # fmt: skip
        (folder / "orthanc.json").write_text(json.dumps(said), encoding="utf-8")
        self.process = subprocess.Popen(
            ["Orthanc", str(folder / "orthanc.json")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.client = httpx2.Client(auth=("anna", "s3cret"), timeout=10)

    def wait(self):
        for _ in range(600):
            assert self.process.poll() is None, "Orthanc ended"
            try:
                if self.client.get(f"{self.site}/system").status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.05)
        raise AssertionError("Orthanc does not answer")

    def files(self):
        """{SOP instance UID: dataset} of everything it holds."""
        names = self.client.get(f"{self.site}/instances").json()
        found = {}
        for name in names:
            content = self.client.get(f"{self.site}/instances/{name}/file").content
            one = pydicom.dcmread(io.BytesIO(content))
            found[one.SOPInstanceUID] = one
        return found

    def clear(self):
        for name in self.client.get(f"{self.site}/instances").json():
            self.client.delete(f"{self.site}/instances/{name}")

    def close(self):
        self.client.close()
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory):
    one = Orthanc(tmp_path_factory.mktemp("orthanc"))
    try:
        one.wait()
        yield one
    finally:
        one.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sent") / "a"
    written(folder, with_regions(CT, *ALL))
    return dicom_files(folder)


@pytest.mark.parametrize("way", ["C-STORE", "STOW-RS"])
def test_pixels_and_the_report_come_back_as_they_were_sent(way, orthanc, files, tmp_path):
    orthanc.clear()
    archive = (
        Archive("127.0.0.1", orthanc.dicom, "ORTHANC")
        if way == "C-STORE"
        else archive_of(f"{orthanc.site}/dicom-web", user="anna", password="s3cret")
    )

    assert run(send(files, archive)) == len(files) == 6

    held = orthanc.files()
    assert len(held) == 6
    for file in files:
        sent = pydicom.dcmread(file)
        got = held[sent.SOPInstanceUID]
        assert got.to_json() == sent.to_json()
        if "PixelData" in sent:
            assert np.array_equal(got.pixel_array, sent.pixel_array)
        got.save_as(tmp_path / file.name)
    report = pydicom.dcmread(tmp_path / "inspection-1-report.dcm")
    labels = [one.ConceptCodeSequence[0].CodeMeaning for one in items(report)["Finding"]]
    assert labels == [thing.label for thing in ALL]
    (tmp_path / "inspection-1-picture.dcm").unlink()
    valid(tmp_path)


def test_sending_twice_stores_once(orthanc, files):
    orthanc.clear()
    archive = archive_of(f"{orthanc.site}/dicom-web", user="anna", password="s3cret")

    run(send(files, archive))
    run(send(files, archive))

    assert len(orthanc.files()) == 6


def test_what_the_archive_refuses_is_one_clear_sentence(orthanc, files):
    orthanc.clear()
    wrong = [
        (Archive("127.0.0.1", orthanc.dicom, "OTHER"), "another title"),
        (Archive("127.0.0.1", orthanc.web, "ORTHANC"), "not answer as a DICOM archive"),
        (archive_of(f"{orthanc.site}/dicom-web"), "refuses the name or password"),
        (archive_of(f"{orthanc.site}/dicom-web", user="anna", password="x"), "refuses the name"),
        (archive_of(f"{orthanc.site}/nothing", user="anna", password="s3cret"), "no DICOMweb"),
    ]

    for archive, words in wrong:
        with pytest.raises(CannotWrite, match=words):
            run(send(files[:1], archive))

    assert orthanc.files() == {}
