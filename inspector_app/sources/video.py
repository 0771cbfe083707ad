"""Video files, one exact frame at a time.

The frames of a video are numbered in the order in which they are shown, whatever the times
between them: the N-th time stamp of the stream, found without decoding, says which one is
meant, and the decoder starts from the key frame before it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector_app.domain.errors import InspectorError, UnreadablePicture
from inspector_app.domain.frame import Frame, Pixels, Provenance
from inspector_app.domain.locator import split
from inspector_app.imaging.conversion import turned
from inspector_app.imaging.source_bytes import (
    beginning,
    check_number,
    check_pixels,
    check_readable,
)

TITLE = "Video (MP4, MOV, MKV, WebM, AVI, MPEG, WMV, FLV, Ogg)"
IS_MOVING = True

_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"jp2 ")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_SIGNATURES = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"0&\xb2u\x8ef\xcf\x11",  # ASF, WMV
    b"FLV\x01",
    b"OggS",
    b"YUV4MPEG2",
)
_PACKET = 188
# Decoders that can leave out single frames on the way; others would leave out what is wanted.
_SKIPPING = {"h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video"}
# Counter-clockwise degrees that a player turns by, as the EXIF orientation that does the same.
_ORIENTATIONS = {0: 1, 90: 8, 180: 3, 270: 6}


def accepts(locator: str) -> bool:
    """Whether the file begins like one of these containers."""
    start = beginning(locator, length=2 * _PACKET + 1)
    if start[4:8] in _BOXES:
        return not (start[4:8] == b"ftyp" and start[8:12] in _PICTURE_BRANDS)
    if start[:4] == b"RIFF":
        return start[8:12] == b"AVI "
    is_transport = len(start) > _PACKET and all(byte == 0x47 for byte in start[::_PACKET])
    return is_transport or start.startswith(_SIGNATURES)


def count(locator: str) -> int:
    """How many frames the video has, without decoding them.

    Raises:
        UnreadablePicture: as `open`.
    """
    path = Path(split(locator)[0])
    with _opened(locator) as (container, stream, _file):
        return _held(_stamps(container, stream), container, stream, name=path.name)


def open(locator: str) -> Frame:
    """Decode one frame, turned as players turn it.

    Raises:
        UnreadablePicture: missing, damaged, too large, or no such frame.
    """
    path, wanted = split(locator)
    name, number = Path(path).name, wanted or 1
    with _opened(locator) as (container, stream, file):
        check_pixels((stream.width, stream.height), name=name)
        stamps = _stamps(container, stream)
        held = _held(stamps, container, stream, name=name)
        check_number(number, held=held, name=name)
        container.seek(0)
        if stamps is None:
            found = _counted(container, stream, number)
        else:
            found = _stamped(container, stream, stamps[number - 1])
        if found is None:
            raise UnreadablePicture(
                f"Frame {number} of {name} is damaged.", hint="Step to the next one."
            )
        check_pixels((found.width, found.height), name=name)
        orientation = _ORIENTATIONS.get(round(found.rotation / 90) * 90 % 360, 1)
        pixels = _upright(found, orientation)
        notes = (
            f"frame {number} of {held}",
            *((f"at {found.time:.3f} s",) if found.time is not None else ()),
            *_shape_notes(stream),
        )
        media = container.format.long_name.split(" / ")[0]
        digest = _digest(file)
    return Frame(pixels, Provenance(locator, digest, media, orientation=orientation, notes=notes))


def _upright(frame: VideoFrame, orientation: int) -> Pixels:
    drawn = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    return np.ascontiguousarray(turned(drawn, orientation))


def _shape_notes(stream: VideoStream) -> tuple[str, ...]:
    ratio = stream.sample_aspect_ratio
    if not ratio or ratio == 1:
        return ()
    return (f"pixels are not square ({ratio.numerator}:{ratio.denominator})",)


def _stamps(container: InputContainer, stream: VideoStream) -> list[int] | None:
    """The frames' time stamps in the order they are shown; None where there are none."""
    stamps = []
    for packet in container.demux(stream):
        if not packet.size or packet.is_discard:
            continue
        if packet.pts is None:
            return None
        stamps.append(packet.pts)
    # Two packets with one stamp are two halves of one picture (interlaced).
    return sorted(set(stamps))


def _held(
    stamps: list[int] | None, container: InputContainer, stream: VideoStream, *, name: str
) -> int:
    """How many frames; decoding tells only where the container does not."""
    held = len(stamps) if stamps is not None else stream.frames
    if stamps is None and not held:
        container.seek(0)
        held = sum(1 for _ in _decoded(container, stream))
    if not held:
        raise UnreadablePicture(
            f"{name} holds no picture.", hint="Play it elsewhere to see whether it is whole."
        )
    return held


def _stamped(container: InputContainer, stream: VideoStream, stamp: int) -> VideoFrame | None:
    """The frame with this time stamp."""
    is_quick = stream.codec_context.name in _SKIPPING
    for start, until in ((stamp, stamp if is_quick else None), (None, None)):
        if start is None:
            container.seek(0)  # some containers cannot seek to a stamp
            stream.codec_context.skip_frame = "DEFAULT"
        else:
            container.seek(start, stream=stream, backward=True)
        for frame in _decoded(container, stream, until=until):
            if frame.pts == stamp:
                return frame
            if frame.pts is not None and frame.pts > stamp:
                break
    return None


def _counted(container: InputContainer, stream: VideoStream, number: int) -> VideoFrame | None:
    """The `number`-th frame that comes out of the decoder."""
    for at, frame in enumerate(_decoded(container, stream), start=1):
        if at == number:
            return frame
    return None


def _decoded(
    container: InputContainer, stream: VideoStream, *, until: int | None = None
) -> Iterator[VideoFrame]:
    """Frames in the order they are shown; a packet that is damaged is left out.

    Args:
        container: At any place.
        stream: Of it.
        until: Of the frames before this stamp, those that no other one needs are left out.
    """
    for packet in container.demux(stream):
        if until is not None and packet.pts is not None:
            stream.codec_context.skip_frame = "NONREF" if packet.pts < until else "DEFAULT"
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _digest(file: BufferedReader) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(locator: str) -> Iterator[tuple[InputContainer, VideoStream, BufferedReader]]:
    """Container, its first video stream and the file; troubles become words for the user."""
    path = Path(split(locator)[0])
    check_readable(locator)
    try:
        with path.open("rb") as file, av.open(file, mode="r") as container:
            if not container.streams.video:
                raise UnreadablePicture(
                    f"{path.name} holds sound but no picture.", hint="Choose another file."
                )
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield container, stream, file
    except InspectorError:
        raise
    except MemoryError as error:
        raise UnreadablePicture(
            f"There is not enough memory to open {path.name}.", hint="Close other programs."
        ) from error
    except Exception as error:  # decoders raise whatever they like
        raise UnreadablePicture(
            f"{path.name} is damaged, incomplete or of a kind of video this program cannot read.",
            hint="Copy it again from its origin, or convert it to MP4.",
        ) from error
