"""DICOM files sent to an archive over the web: DICOMweb storage (STOW-RS) as a client."""

import json
import secrets
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from inspector_app.domain.errors import CannotWrite, UnreadableRecord, WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.wording import inert

_PATIENCE_S = 60.0
_BLOCK = 2**20
_LONGEST_ANSWER = 2**22
_STORED, _FAILED, _UID, _REASON = "00081199", "00081198", "00081155", "00081197"
"""Referenced SOP Sequence, Failed SOP Sequence, Referenced SOP Instance UID, Failure Reason."""


@dataclass(frozen=True, slots=True)
class WebArchive:
    """Where files are sent.

    Attributes:
        address: Of its DICOMweb service: http://host:8042/dicom-web.
        user: Name that it wants, or "".
        password: That belongs to it, or "".
        certificate: File with the certificates that vouch for it; None for those that this
            computer trusts.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: Path | None = None

    @classmethod
    def of(cls, address: str, **more: Any) -> "WebArchive":
        """From the address as it was typed.

        Raises:
            WrongUse: it is none, or holds a password.
        """
        try:
            url = httpx2.URL(address.strip())
        except (httpx2.InvalidURL, ValueError) as error:
            raise WrongUse(_NO_ADDRESS.format(address=inert(address)), hint=_FORM) from error
        is_port = url.port is None or 0 < url.port < 65_536
        if (
            url.scheme not in {"http", "https"}
            or not url.host
            or not is_port
            or " " in address.strip()
        ):
            raise WrongUse(_NO_ADDRESS.format(address=inert(address)), hint=_FORM)
        if url.userinfo:
            raise WrongUse(
                "An address with a name or password in it is shown and kept in many places.",
                hint="Leave them out of the address and give them by themselves.",
            )
        return cls(str(url).rstrip("/"), **more)


_NO_ADDRESS = '"{address}" is no address of a DICOMweb archive.'
_FORM = "Write http://host:8042/dicom-web, or https."


def send_web(files: Sequence[Path], archive: WebArchive) -> Steps[int]:
    """Send DICOM files, one after the other.

    Returns:
        How many the archive stored: all of them.

    Raises:
        WrongUse: there is nothing to send, or the certificate cannot be used.
        UnreadableRecord: a file is no DICOM file.
        CannotWrite: the archive cannot be reached, is not trusted, refuses, is none, or stored
            only some.

    Source: DICOM PS3.18, 10.5 (Store transaction).
    """
    if not files:
        raise WrongUse("There is no DICOM file to send.", hint="Export some with --format dicom.")
    uids = [_uid_of(file) for file in files]
    yield Step("open", 0, len(files))
    auth = (archive.user, archive.password) if archive.user else None
    with httpx2.Client(
        auth=auth, timeout=_PATIENCE_S, follow_redirects=False, verify=_trust(archive)
    ) as client:
        for at, (file, uid) in enumerate(zip(files, uids, strict=True)):
            yield Step("save", at, len(files))
            done = f"Stored: {at} of {len(files)}."
            _check(_posted(client, archive, file, done=done), archive, file, uid=uid, done=done)
    return len(files)


def _uid_of(file: Path) -> str:
    import pydicom  # noqa: PLC0415  heavy

    try:
        meta: Any = pydicom.dcmread(file, specific_tags=["SOPInstanceUID"], stop_before_pixels=True)
        return str(meta.SOPInstanceUID)
    except (OSError, AttributeError, ValueError, pydicom.errors.InvalidDicomError) as error:
        raise UnreadableRecord(
            f"{file.name} is no DICOM file that can be sent.", hint="Choose another file."
        ) from error


def _trust(archive: WebArchive) -> ssl.SSLContext | bool:
    if archive.certificate is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(archive.certificate))
    except (OSError, ssl.SSLError) as error:
        raise WrongUse(
            f"{archive.certificate} holds no certificate that can be used.",
            hint="It must be a PEM file: -----BEGIN CERTIFICATE-----.",
        ) from error


def _posted(
    client: httpx2.Client, archive: WebArchive, file: Path, *, done: str
) -> tuple[httpx2.Response, bytes]:
    """(answer, its content), or one sentence why there is none."""
    mark = secrets.token_hex(16)
    head = f"--{mark}\r\nContent-Type: application/dicom\r\n\r\n".encode("ascii")
    tail = f"\r\n--{mark}--\r\n".encode("ascii")
    try:
        size = len(head) + file.stat().st_size + len(tail)
        with client.stream(
            "POST",
            f"{archive.address}/studies",
            content=_body(head, file, tail),
            headers={
                "Content-Type": f'multipart/related; type="application/dicom"; boundary={mark}',
                "Content-Length": str(size),
                "Accept": "application/dicom+json",
            },
        ) as answer:
            content = b""
            for block in answer.iter_bytes():
                content += block
                if len(content) > _LONGEST_ANSWER:
                    break
            return answer, content
    except OSError as error:
        raise UnreadableRecord(f"{file.name} cannot be read.", hint="Export it again.") from error
    except httpx2.TimeoutException as error:
        raise CannotWrite(
            f"The archive at {archive.address} did not answer in time. {done}",
            hint="Try again; what is stored already is not stored twice.",
        ) from error
    except httpx2.HTTPError as error:
        raise _unreached(archive, error, done=done) from error


def _body(head: bytes, file: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            yield block
    yield tail


def _unreached(archive: WebArchive, error: Exception, *, done: str) -> CannotWrite:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return CannotWrite(
            f"The certificate of {archive.address} is not trusted: {cause.verify_message}.",
            hint="Nothing was sent. Give the file with your site's certificates.",
        )
    if cause is not None:
        return CannotWrite(
            f"No safe connection to {archive.address} can be made. {done}",
            hint="Is it http instead of https?",
        )
    return CannotWrite(
        f"The archive at {archive.address} does not answer. {done}",
        hint="Check the address, and whether the archive runs and can be reached.",
    )


def _check(
    answered: tuple[httpx2.Response, bytes], archive: WebArchive, file: Path, *, uid: str, done: str
) -> None:
    """Whether the archive says that it stored this very file; nothing less counts."""
    answer, content = answered
    code, place = answer.status_code, archive.address
    if code in {401, 403}:
        raise CannotWrite(
            f"The archive at {place} refuses the name or password, or wants one. {done}",
            hint="Give user and password, and ask whether this user may store.",
        )
    if code in {404, 405} or 300 <= code < 400:
        raise CannotWrite(
            f"There is no DICOMweb storage at {place} (status {code}). {done}",
            hint="The address often ends in /dicom-web or /rs.",
        )
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if isinstance(told, list) and len(told) == 1:
        (told,) = told
    if not isinstance(told, dict):
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        what = "a web page" if kind == "text/html" else f"{inert(kind, limit=40) or 'nothing'}"
        raise CannotWrite(
            f"{place} answered with {what} (status {code}), not as a DICOM archive does. {done}",
            hint="Check the address; a proxy or a sign-in page may stand between.",
        )
    if code in {200, 202} and uid in _uids(told, _STORED):
        return
    reasons = [
        item[_REASON]["Value"][0]
        for item in _items(told, _FAILED)
        if isinstance(item.get(_REASON), dict) and item[_REASON].get("Value")
    ]
    why = f"reason 0x{reasons[0]:04X}" if reasons and isinstance(reasons[0], int) else ""
    raise CannotWrite(
        f"The archive did not store {file.name} ({why or f'status {code}'}). {done}",
        hint="Look into the archive's own log.",
    )


def _items(told: dict[str, Any], tag: str) -> Iterator[dict[str, Any]]:
    found = told.get(tag)
    values = found.get("Value", []) if isinstance(found, dict) else []
    return (item for item in values if isinstance(item, dict))


def _uids(told: dict[str, Any], tag: str) -> set[str]:
    return {
        str(value)
        for item in _items(told, tag)
        if isinstance(item.get(_UID), dict)
        for value in item[_UID].get("Value", [])
    }
