"""The stored samples of one frame, by decoders that neither crash nor invent."""

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import pixel_array
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.imaging.source_bytes import check_pixels

# Named one by one, so that GDCM is never chosen: damaged JPEG ends the whole process in it.
# The quicker RLE decoder of pylibjpeg panics over damaged segments.
DECODERS = {
    JPEGBaseline8Bit: "pillow",
    JPEGExtended12Bit: "pillow",
    JPEGLSLossless: "pyjpegls",
    JPEGLSNearLossless: "pyjpegls",
    JPEG2000Lossless: "pylibjpeg",
    JPEG2000: "pylibjpeg",
    HTJ2KLossless: "pylibjpeg",
    HTJ2KLosslessRPCL: "pylibjpeg",
    HTJ2K: "pylibjpeg",
    RLELossless: "pydicom",
}
LOSSLESS = (JPEGLossless, JPEGLosslessSV1)
_AS_STORED = {"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB"}
_SHAPE = ("SamplesPerPixel", "Rows", "Columns")
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_MOST_INFLATED = 64 << 20
_MOST_TIMES = 50
_START_OF_SCAN = 0xDA
_BARE = {0x01, *range(0xD0, 0xDA)}


def stored(dataset: Dataset, *, index: int, name: str) -> NDArray[Any]:
    """Frame `index` as stored: (H, W), or (H, W, 3) RGB.

    Raises:
        UnreadablePicture: a compression for which there is no free decoder.
        Exception: whatever decoders raise for damaged bytes.
    """
    syntax = UID(getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", "") or "")
    is_compressed = bool(syntax) and not syntax.is_private and syntax.is_compressed
    if is_compressed and syntax.is_encapsulated:
        if syntax not in DECODERS and syntax not in LOSSLESS:
            raise UnreadablePicture(
                f"{name} is compressed as {syntax.name[:80]}, which this program cannot decode.",
                hint="Export it uncompressed, or as JPEG 2000.",
            )
        _check_codestream(dataset, index=index, name=name)
    is_deep = int(dataset.get("BitsStored", 8)) > 8
    if syntax in LOSSLESS or (syntax == JPEGExtended12Bit and is_deep):
        return _by_libjpeg(dataset, index=index)
    if syntax == RLELossless and dataset.PhotometricInterpretation in _AS_STORED:
        return _by_runs(dataset, index=index)
    return pixel_array(dataset, index=index, decoding_plugin=DECODERS.get(syntax, ""))


def check_deflated(content: bytes, *, name: str) -> None:
    """Refuse a deflated file that would grow beyond reason, before it is inflated whole.

    Raises:
        UnreadablePicture: it would.
    """
    length = int.from_bytes(content[140:144], "little")
    if content[132:136] != b"\x02\x00\x00\x00" or _DEFLATED not in content[144 : 144 + length]:
        return
    packed = memoryview(content)[144 + length :]
    most = max(_MOST_INFLATED, _MOST_TIMES * len(packed))
    inflating, grown = zlib.decompressobj(-zlib.MAX_WBITS), 0
    rest: Any = packed
    while rest and not inflating.eof:
        grown += len(inflating.decompress(rest, 1 << 20))
        rest = inflating.unconsumed_tail
        if grown > most:
            raise UnreadablePicture(
                f"{name} would grow to more than {most >> 20} MB when it is inflated.",
                hint="Export it again without deflation.",
            )


def frames_of(dataset: Dataset) -> int:
    """Number of frames, at least 1."""
    try:
        return max(1, int(dataset.get("NumberOfFrames") or 1))
    except (TypeError, ValueError):
        return 1


def _check_codestream(dataset: Dataset, *, index: int, name: str) -> None:
    """Refuse a frame that claims another size than the header: a bomb, or damage."""
    coded = get_frame(dataset.PixelData or b"", index, number_of_frames=frames_of(dataset))
    claimed = claimed_size(coded)
    if claimed is None:
        return
    check_pixels(claimed, name=name)
    if claimed != (int(dataset.Columns), int(dataset.Rows)):
        raise ValueError(f"the frame is {claimed}, the header says otherwise")


def claimed_size(coded: bytes) -> tuple[int, int] | None:
    """(width, height) that a JPEG, JPEG-LS or JPEG 2000 codestream says it has.

    Source: ITU-T T.81 B.2.2, T.87 C.2.2, T.800 A.5.1.
    """
    at = coded.find(b"\xff\x4f\xff\x51", 0, 1 << 16)
    if at >= 0 and len(coded) >= at + 24:
        right, bottom, left, top = np.frombuffer(coded, ">u4", 4, at + 8).tolist()
        return right - left, bottom - top
    if not coded.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(coded) and coded[at] == 0xFF:
        kind = coded[at + 1]
        if kind == _START_OF_SCAN:
            return None
        if kind == 0xFF or kind in _BARE:
            at += 1 if kind == 0xFF else 2
            continue
        if kind in {0xC0, 0xC1, 0xC2, 0xC3, 0xF7}:
            height, width = np.frombuffer(coded, ">u2", 2, at + 5).tolist()
            return width, height
        at += 2 + int.from_bytes(coded[at + 2 : at + 4], "big")
    return None


def _by_libjpeg(dataset: Dataset, *, index: int) -> NDArray[Any]:
    """Lossless and 12-bit JPEG, for which pydicom would need a decoder that crashes."""
    frame = get_frame(dataset.PixelData or b"", index, number_of_frames=frames_of(dataset))
    photometric = str(dataset.PhotometricInterpretation)
    if photometric.startswith("MONOCHROME") or photometric == "PALETTE COLOR":
        decoded = imagecodecs.jpeg8_decode(frame)
    else:
        given = "rgb" if photometric == "RGB" else "ycbcr"
        decoded = imagecodecs.jpeg8_decode(frame, colorspace=given, outcolorspace="rgb")
    if decoded.shape[:2] != (dataset.Rows, dataset.Columns):
        raise ValueError(f"the frame is {decoded.shape}, the header says otherwise")
    if not dataset.PixelRepresentation:
        return np.asarray(decoded)
    # Two's complement in as many bits as are stored.
    sign = 1 << (int(dataset.BitsStored) - 1)
    values = decoded.astype(np.int32) & (2 * sign - 1)
    return np.asarray((values ^ sign) - sign, dtype=np.int16)


def _by_runs(dataset: Dataset, *, index: int) -> NDArray[Any]:
    """Run-length coded planes, many times quicker than by pydicom's own loop.

    Source: PS3.5 annex G: a table of 16 words, then one coded segment per byte of a sample,
    the most significant first.
    """
    frame = get_frame(dataset.PixelData or b"", index, number_of_frames=frames_of(dataset))
    samples, rows, columns = (int(dataset.get(keyword)) for keyword in _SHAPE)
    kind = "i" if dataset.PixelRepresentation else "u"
    dtype = np.dtype(f">{kind}{int(dataset.BitsAllocated) // 8}")
    count, *starts = np.frombuffer(frame, "<u4", 16).tolist()
    if count != samples * dtype.itemsize:
        raise ValueError(f"{count} segments for {samples} samples of {dtype.itemsize} bytes")
    bytes_ = np.empty((samples, rows * columns, dtype.itemsize), np.uint8)
    for at, (start, end) in enumerate(pairwise([*starts[:count], len(frame)])):
        if not 64 <= start < end <= len(frame):
            raise ValueError("a segment lies outside its frame")
        plane = np.frombuffer(imagecodecs.packbits_decode(frame[start:end]), np.uint8)
        if len(plane) < rows * columns:
            raise ValueError("a segment ends before its plane does")
        sample, byte = divmod(at, dtype.itemsize)
        # One more byte may be there, to make the segment even.
        bytes_[sample, :, byte] = plane[: rows * columns]
    planes = bytes_.view(dtype)[:, :, 0].reshape(samples, rows, columns)
    planes = planes.astype(dtype.newbyteorder("="))
    return planes[0] if samples == 1 else np.moveaxis(planes, 0, -1)


def number(entry: Any) -> float | None:
    """The first of one or several numbers; None where it is none."""
    found = numbers(entry)
    return found[0] if found else None


def numbers(entry: Any) -> tuple[float, ...]:
    """One or several finite numbers; empty where any of them is none."""
    if entry is None or isinstance(entry, bytes):
        return ()
    several = isinstance(entry, Sequence) and not isinstance(entry, str)
    try:
        found = tuple(float(one) for one in (entry if several else (entry,)))
    except (TypeError, ValueError, OverflowError):
        return ()
    return found if all(np.isfinite(found)) else ()
