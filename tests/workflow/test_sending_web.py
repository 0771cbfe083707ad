"""Files stored over the web arrive as they were; only what the archive confirms counts."""

import http.server
import json
import shutil
import ssl
import subprocess
import threading
from io import BytesIO

import pydicom
import pytest

from inspector_app.domain.errors import CannotWrite, UnreadableRecord, WrongUse
from inspector_app.workflow.sending import Archive, archive_of, dicom_files, send
from inspector_app.workflow.sending_web import WebArchive
from tests.exports.test_dicom import annotated, written
from tests.exports.test_round_trips import BOX
from tests.workflow.test_reporting import run


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web") / "a"
    written(folder, annotated(pydicom.data.get_testdata_file("CT_small.dcm"), BOX))
    return dicom_files(folder)


class Web:
    """A web server in this process; `say(handler, body)` answers each request."""

    def __init__(self, say, *, context=None):
        self.bodies = []
        bodies = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bodies.append((self.path, dict(self.headers), body))
                status, kind, content = say(self, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_words):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        scheme = "http" if context is None else "https"
        self.address = f"{scheme}://127.0.0.1:{self.server.server_port}/dicom-web"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def web():
    opened = []

    def make(say, **more):
        opened.append(Web(say, **more))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def part_of(body):
    """The one file of a multipart body, by hand."""
    mark = body.split(b"\r\n", 1)[0]
    head, _, rest = body[len(mark) + 2 :].partition(b"\r\n\r\n")
    assert head == b"Content-Type: application/dicom"
    content, _, end = rest.rpartition(b"\r\n" + mark + b"--")
    assert end == b"\r\n"
    return content


def stored(body, *, tag="00081199", reason=None):
    """How an archive confirms. Source: DICOM PS3.18, table 10.5.3-2."""
    found = pydicom.dcmread(BytesIO(part_of(body)))
    item = {"00081155": {"vr": "UI", "Value": [found.SOPInstanceUID]}}
    if reason is not None:
        item["00081197"] = {"vr": "US", "Value": [reason]}
    return json.dumps({tag: {"vr": "SQ", "Value": [item]}}).encode()


def test_every_file_arrives_byte_by_byte(files, web):
    there = web(lambda _handler, body: (200, "application/dicom+json", stored(body)))

    assert run(send(files, archive_of(there.address + "/"))) == len(files)

    assert [part_of(body) for _, _, body in there.bodies] == [file.read_bytes() for file in files]
    path, headers, _ = there.bodies[0]
    assert path == "/dicom-web/studies"
    assert headers["Content-Type"].startswith('multipart/related; type="application/dicom"')


def test_a_name_and_password_are_given_and_never_shown(files, web):
    there = web(lambda _handler, body: (200, "application/dicom+json", stored(body)))
    archive = archive_of(there.address, user="anna", password="s3cret")

    run(send(files[:1], archive))

    assert there.bodies[0][1]["Authorization"] == "Basic YW5uYTpzM2NyZXQ="
    assert "s3cret" not in repr(archive)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, "text/html; charset=utf-8", b"<html>Sign in</html>"), "a web page"),
        ((200, "", b""), "nothing"),
        ((200, "application/dicom+json", b"{}"), "did not store"),
        ((202, "application/dicom+json", b"[]"), "not as a DICOM archive"),
        ((401, "text/plain", b""), "refuses the name or password"),
        ((403, "text/html", b"<html>"), "refuses the name or password"),
        ((404, "text/html", b"<html>"), "no DICOMweb storage"),
        ((405, "application/json", b"{}"), "no DICOMweb storage"),
        ((302, "text/html", b""), "no DICOMweb storage"),
        ((500, "application/json", b'{"Message": "disk"}'), "did not store"),
        ((503, "text/html", b"<html>"), "a web page"),
        (
            (200, "application/dicom+json", b'{"00081199": {"Value": [7, {"00081155": 3}]}}'),
            "store",
        ),
    ],
)
def test_whatever_is_no_confirmation_is_one_sentence(answer, words, files, web):
    there = web(lambda _handler, _body: answer)

    with pytest.raises(CannotWrite, match=words) as caught:
        run(send(files, archive_of(there.address)))

    assert f"Stored: 0 of {len(files)}" in str(caught.value)
    assert len(there.bodies) == 1
    assert "<html" not in str(caught.value)


def test_a_refused_file_is_named_with_its_reason_and_what_came_before(files, web):
    def say(_handler, body):
        if len(there.bodies) == 1:
            return 200, "application/dicom+json", stored(body)
        return 409, "application/dicom+json", stored(body, tag="00081198", reason=0x0122)

    there = web(say)

    with pytest.raises(CannotWrite, match=r"reason 0x0122.*Stored: 1 of") as caught:
        run(send(files, archive_of(there.address)))

    assert files[1].name in str(caught.value)


def test_an_archive_that_is_not_there_is_said(files):
    with pytest.raises(CannotWrite, match="does not answer"):
        run(send(files, archive_of("http://127.0.0.1:9/dicom-web")))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", folder / "key.pem", "-out", folder / "site.pem", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_a_certificate_that_nobody_vouches_for_stops_it_unless_the_site_does(
    files, web, certificate
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "site.pem", certificate / "key.pem")
    there = web(
        lambda _handler, body: (200, "application/dicom+json", stored(body)), context=context
    )

    with pytest.raises(CannotWrite, match=r"certificate of https.* is not trusted"):
        run(send(files[:1], archive_of(there.address)))
    assert there.bodies == []

    trusted = archive_of(there.address, certificate=certificate / "site.pem")
    assert run(send(files[:1], trusted)) == 1


def test_https_to_a_server_without_it_is_said(files, web):
    there = web(lambda _handler, _body: (200, "text/plain", b""))

    with pytest.raises(CannotWrite, match="No safe connection"):
        run(send(files[:1], archive_of(there.address.replace("http:", "https:"))))


def test_what_cannot_be_sent_is_one_sentence(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"no DICOM at all")
    (tmp_path / "ca.pem").write_bytes(b"no certificate")

    with pytest.raises(UnreadableRecord, match=r"a\.dcm"):
        run(send([tmp_path / "a.dcm"], archive_of("http://127.0.0.1:9/x")))
    with pytest.raises(WrongUse, match="no DICOM file"):
        run(send([], archive_of("http://127.0.0.1:9/x")))


def test_a_file_that_holds_no_certificate_is_said(files, tmp_path):
    (tmp_path / "ca.pem").write_bytes(b"no certificate")

    with pytest.raises(WrongUse, match="no certificate"):
        run(send(files, archive_of("https://127.0.0.1:9/x", certificate=tmp_path / "ca.pem")))


@pytest.mark.parametrize("address", ["ftp://h/x", "http://", "http://h:99999/x", "http://a b/"])
def test_what_is_no_address_of_the_web_is_said(address):
    with pytest.raises(WrongUse, match="no address of a DICOMweb"):
        archive_of(address)


def test_an_address_tells_the_kind_of_archive():
    assert archive_of("PACS@h:104") == Archive("h", 104, "PACS")
    assert archive_of("http://h:8042/dicom-web/") == WebArchive("http://h:8042/dicom-web")
    with pytest.raises(WrongUse, match="password in it"):
        archive_of("http://me:secret@h/x")
    with pytest.raises(WrongUse, match="on the web"):
        archive_of("PACS@h:104", user="anna")
