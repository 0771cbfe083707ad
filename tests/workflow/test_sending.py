"""Files arrive in a real archive over the loopback as they were, or one sentence says why not."""

import shutil
import socket
import subprocess
import threading
import time

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pynetdicom import AE, AllStoragePresentationContexts, evt

from inspector_app.domain.errors import CannotWrite, UnreadableRecord, WrongUse
from inspector_app.workflow.sending import Archive, dicom_files, send
from tests.exports.test_dicom import annotated, written
from tests.exports.test_round_trips import ALL
from tests.workflow.test_reporting import run


@pytest.fixture
def files(tmp_path):
    source = tmp_path / "scan.dcm"
    pydicom.dcmread(get_testdata_file("CT_small.dcm")).save_as(source)
    written(tmp_path / "a", annotated(source, *ALL))
    return dicom_files(tmp_path / "a")


class Server:
    """A storage provider in this process."""

    def __init__(self, *, status=0x0000, title="ANY-SCP", contexts=AllStoragePresentationContexts):
        self.stored = []
        self.status = status
        provider = AE(ae_title=title)
        provider.supported_contexts = contexts
        provider.require_called_aet = title != "ANY-SCP"
        self.server = provider.start_server(
            ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, self.take)]
        )
        self.archive = Archive("127.0.0.1", self.server.socket.getsockname()[1])

    def take(self, event):
        self.stored.append(event.dataset)
        return self.status

    def close(self):
        self.server.shutdown()


@pytest.fixture
def server():
    opened = []

    def make(**more):
        opened.append(Server(**more))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_every_file_arrives_as_it_was(files, server):
    there = server()

    assert run(send(files, there.archive)) == len(files) == 6

    for file, stored in zip(files, there.stored, strict=True):
        sent = pydicom.dcmread(file)
        assert stored.SOPInstanceUID == sent.SOPInstanceUID
        assert stored.to_json() == pydicom.dcmread(file).to_json()


def test_a_file_that_was_refused_is_named_with_how_many_arrived(files, server):
    there = server(status=0xA700)

    with pytest.raises(CannotWrite, match=r"0xA700.*Stored: 0 of 6"):
        run(send(files, there.archive))


def test_an_archive_that_does_not_know_the_kind_is_said(files, server):
    there = server(contexts=AllStoragePresentationContexts[:1])

    with pytest.raises(CannotWrite):
        run(send(files, there.archive))


def test_an_archive_that_wants_another_title_or_is_not_there_is_said(files, server):
    there = server(title="ELSEWHERE")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Archive("127.0.0.1", free.getsockname()[1])

    for archive, words in ((there.archive, "another title"), (nobody, "does not answer")):
        with pytest.raises(CannotWrite, match=words):
            run(send(files, archive))


def test_an_archive_that_does_not_know_us_and_a_port_of_another_kind_are_said(files, server):
    there = server()
    there.server.ae.require_calling_aet = ["SOMEBODY"]
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()

        def take():
            deaf.accept()[0].close()

        taker = threading.Thread(target=take)
        taker.start()
        with pytest.raises(CannotWrite, match="not answer as a DICOM archive"):
            run(send(files, Archive("127.0.0.1", deaf.getsockname()[1])))
        taker.join()

    with pytest.raises(CannotWrite, match="does not know this program") as caught:
        run(send(files, there.archive))

    assert "INSPECTOR" in caught.value.hint


@pytest.mark.skipif(shutil.which("storescp") is None, reason="DCMTK is not installed")
def test_dcmtk_takes_every_file(files, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    server = subprocess.Popen(
        ["storescp", "-od", str(inbox), "-aet", "DCMTK", str(port)], stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None
            time.sleep(0.02)
        run(send(files, Archive("127.0.0.1", port, "DCMTK")))
    finally:
        server.terminate()
        server.wait()

    received = {pydicom.dcmread(file).SOPInstanceUID for file in inbox.iterdir()}
    assert received == {pydicom.dcmread(file).SOPInstanceUID for file in files}


def test_what_cannot_be_sent_is_one_sentence(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"no DICOM at all")
    archive = Archive("127.0.0.1", 1)

    with pytest.raises(UnreadableRecord, match=r"a\.dcm"):
        run(send([tmp_path / "a.dcm"], archive))
    with pytest.raises(WrongUse, match="no DICOM file"):
        run(send([], archive))


@pytest.mark.parametrize(
    ("address", "archive"),
    [
        ("PACS@10.0.0.1:104", Archive("10.0.0.1", 104, "PACS")),
        ("pacs.local:11112", Archive("pacs.local", 11112)),
        ("A@[::1]:104", Archive("::1", 104, "A")),
    ],
)
def test_an_address_is_title_host_and_port(address, archive):
    assert Archive.of(address) == archive


@pytest.mark.parametrize(
    "address", ["", "host", "host:0", "host:99999", "TITLE_TOO_LONG_XX@h:1", "a b:1"]
)
def test_what_is_no_address_is_said(address):
    with pytest.raises(WrongUse, match="no address"):
        Archive.of(address)
