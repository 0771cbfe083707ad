"""DICOM files sent to an archive: C-STORE, or over the web, as a client and nothing else."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector_app.domain.errors import CannotWrite, UnreadableRecord, WrongUse
from inspector_app.domain.exporting import SendFiles
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.wording import inert
from inspector_app.workflow.sending_web import WebArchive, send_web

_ADDRESS = re.compile(
    r"(?:(?P<title>[ -~]{1,16})@)?(?P<host>[^@:\s]+|\[[0-9a-fA-F:]+\]):(?P<port>\d+)"
)
_PATIENCE_S = 30.0
_MOST_PDU = 16_384
_OURS = "INSPECTOR"


@dataclass(frozen=True, slots=True)
class Archive:
    """Where files are sent.

    Attributes:
        host: Name or number of the machine.
        port: TCP port.
        title: What the archive calls itself (AE title).
        own: What we call ourselves.
    """

    host: str
    port: int
    title: str = "ANY-SCP"
    own: str = _OURS

    @classmethod
    def of(cls, address: str) -> "Archive":
        """From "TITLE@host:port" or "host:port".

        Raises:
            WrongUse: it is no such address.
        """
        found = _ADDRESS.fullmatch(address.strip())
        if found is None or not 0 < int(found["port"]) < 65_536:
            raise WrongUse(
                f'"{address}" is no address of an archive.', hint="Write TITLE@host:port."
            )
        title = (found["title"] or "ANY-SCP").strip()
        return cls(found["host"].strip("[]"), int(found["port"]), title)


def archive_of(
    address: str, *, user: str = "", password: str = "", certificate: Path | None = None
) -> Archive | WebArchive:
    """The archive at an address: "TITLE@host:port", or "http://host:8042/dicom-web".

    Raises:
        WrongUse: it is no such address, or what only the web knows is given with a title.
    """
    if "://" in address:
        return WebArchive.of(address, user=user, password=password, certificate=certificate)
    if user or certificate is not None:
        raise WrongUse(
            "Users and certificates belong to an archive on the web (http or https).",
            hint="Leave them out.",
        )
    return Archive.of(address)


def send(files: Sequence[Path], archive: Archive | WebArchive) -> Steps[int]:
    """Send DICOM files, one after the other; see `send_web` for an archive on the web.

    Returns:
        How many the archive stored: all of them.

    Raises:
        WrongUse: there is nothing to send.
        UnreadableRecord: a file is no DICOM file.
        CannotWrite: the archive cannot be reached, refuses, or stored only some.
    """
    if isinstance(archive, WebArchive):
        return (yield from send_web(files, archive))
    return (yield from _send_associated(files, archive))


def _send_associated(files: Sequence[Path], archive: Archive) -> Steps[int]:
    """Send DICOM files over one association."""
    # pynetdicom starts threads of its own when it is imported by nobody else.
    from pynetdicom import AE, evt  # noqa: PLC0415  heavy

    if not files:
        raise WrongUse("There is no DICOM file to send.", hint="Export some with --format dicom.")
    client = AE(ae_title=archive.own)
    client.acse_timeout = client.dimse_timeout = client.network_timeout = _PATIENCE_S
    client.connection_timeout = _PATIENCE_S
    for syntax, stored in dict.fromkeys(_kinds(files)):
        client.add_requested_context(stored, syntax)
    yield Step("open", 0, len(files))
    opened: list[object] = []
    with warnings.catch_warnings():
        # The library leaves its socket to the collector where nobody answers.
        warnings.simplefilter("ignore", ResourceWarning)
        association = client.associate(
            archive.host,
            archive.port,
            ae_title=archive.title,
            max_pdu=_MOST_PDU,
            evt_handlers=[(evt.EVT_CONN_OPEN, opened.append)],
        )
    if not association.is_established:
        _let_go(association)
        raise _silence(archive, association, is_there=bool(opened))
    try:
        for at, file in enumerate(files):
            yield Step("save", at, len(files))
            _store(association, file, done=at, of=len(files))
    finally:
        association.release()
    return len(files)


def _let_go(association: Any) -> None:
    """Close the socket of an association that never came to be; the library forgets it."""
    held = getattr(association.dul.socket, "socket", None)
    if held is not None:
        held.close()


def _silence(archive: Archive, association: Any, *, is_there: bool) -> CannotWrite:
    """Why there is no association, as far as the archive says.

    Source: DICOM PS3.8, table 9-21 (reasons of a rejection).
    """
    place = f"{archive.host}:{archive.port}"
    if not association.is_rejected:
        if is_there:
            return CannotWrite(
                f"The archive at {place} does not answer as a DICOM archive does.",
                hint="Check the port: another program may listen there.",
            )
        return CannotWrite(
            f"The archive {archive.title} at {place} does not answer.",
            hint="Check the address, and whether the archive runs and can be reached.",
        )
    answer = association.acceptor.primitive
    if (answer.result_source, answer.diagnostic) == (1, 7):
        return CannotWrite(
            f'There is no archive "{archive.title}" at {place}: it has another title.',
            hint="Ask for its AE title and write TITLE@host:port.",
        )
    if (answer.result_source, answer.diagnostic) == (1, 3):
        return CannotWrite(
            f"The archive {archive.title} at {place} does not know this program.",
            hint=f"Let it take files of the AE title {archive.own}.",
        )
    return CannotWrite(
        f"The archive {archive.title} at {place} refuses ({inert(answer.reason_str)}).",
        hint="Try again later, or look into the archive's own log.",
    )


def sent(request: SendFiles) -> Steps[int]:
    """Send the DICOM files of a folder."""
    archive = archive_of(
        request.address,
        user=request.user,
        password=request.password,
        certificate=Path(request.certificate) if request.certificate else None,
    )
    return (yield from send(dicom_files(Path(request.folder)), archive))


def dicom_files(place: Path) -> tuple[Path, ...]:
    """The DICOM files of a folder, or the file itself."""
    return tuple(sorted(place.glob("*.dcm"))) if place.is_dir() else (place,)


def _kinds(files: Sequence[Path]) -> list[tuple[str, str]]:
    """(transfer syntax, SOP class) of each file, from its beginning alone."""
    import pydicom  # noqa: PLC0415  heavy

    found = []
    for file in files:
        try:
            meta: Any = pydicom.dcmread(file, stop_before_pixels=True)
            found.append((str(meta.file_meta.TransferSyntaxUID), str(meta.SOPClassUID)))
        except (OSError, AttributeError, ValueError, pydicom.errors.InvalidDicomError) as error:
            raise UnreadableRecord(
                f"{file.name} is no DICOM file that can be sent.", hint="Choose another file."
            ) from error
    return found


def _store(association: Any, file: Path, *, done: int, of: int) -> None:
    try:
        status = association.send_c_store(file)
    except (RuntimeError, ValueError) as error:
        raise CannotWrite(
            f"The archive does not take {file.name}: {error}. Stored: {done} of {of}.",
            hint="It may not know this kind of object or its compression.",
        ) from error
    code = getattr(status, "Status", None)
    # 0xB000 and the like are warnings: stored, but coerced.
    if code is None or (code != 0x0000 and code & 0xF000 != 0xB000):
        told = "no answer" if code is None else f"status 0x{code:04X}"
        raise CannotWrite(
            f"The archive did not store {file.name} ({told}). Stored: {done} of {of}.",
            hint="Look into the archive's own log.",
        )
