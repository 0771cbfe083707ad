"""Good files of every format, bad copies of them, and bombs, for `bench sources`."""

import io
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HTJ2K,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
)

_SIDE = 64
_LONGEST_RUN = 16
_NESTED = 1000


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file to be opened.

    Attributes:
        kind: Of format, in words.
        name: Of the file.
        content: Its bytes.
    """

    kind: str
    name: str
    content: bytes


def specimens(seed: int) -> tuple[Specimen, ...]:
    """One small good file of every format and of every kind of coded DICOM."""
    colour, deep = _pictures(seed)
    made = [
        Specimen("PNG", "a.png", _saved(colour, "PNG")),
        Specimen("PNG 16 bit", "b.png", _saved(deep, "PNG")),
        Specimen("JPEG", "a.jpg", _saved(colour, "JPEG")),
        Specimen("WebP", "a.webp", _saved(colour, "WEBP")),
        Specimen("GIF", "a.gif", _animated(colour)),
        Specimen("BMP", "a.bmp", _saved(colour, "BMP")),
        Specimen("JPEG 2000", "a.jp2", _saved(colour, "JPEG2000")),
        Specimen("TIFF", "a.tif", _tiff(deep, compression=None)),
        Specimen("TIFF LZW", "b.tif", _tiff(colour, compression="lzw")),
        Specimen("TIFF deflated", "c.tif", _tiff(deep, compression="zlib")),
        Specimen("BigTIFF", "d.tif", _tiff(deep, compression=None, bigtiff=True)),
    ]
    made.append(Specimen("PDF", "a.pdf", _saved(colour, "PDF")))
    made.append(Specimen("video", "a.mp4", _video(colour)))
    for title, coded in _codings().items():
        made.append(Specimen(f"DICOM {title}", "a.dcm", coded(deep)))
    return tuple(made)


def mutated(content: bytes, *, seed: int) -> bytes:
    """A bad copy: bytes changed, put in, taken out, repeated or cut off; mostly at the front.

    The same seed makes the same copy.
    """
    rng = np.random.default_rng(seed)
    bad = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        # Headers decide more than pixels do.
        reach = len(bad) if rng.random() < 0.5 else min(len(bad), 600)
        at = int(rng.integers(0, max(1, reach)))
        length = int(rng.integers(1, _LONGEST_RUN))
        match int(rng.integers(0, 6)):
            case 0 | 1:
                bad[at : at + 1] = bytes([int(rng.integers(0, 256))])
            case 2:
                bad[at : at + length] = rng.bytes(length)
            case 3:
                bad[at : at + length] = b""
            case 4:
                bad[at:at] = bad[at : at + length]
            case _:
                word = rng.choice([0, 1, 0x7F, 0x80, 0xFF]).item()
                bad[at : at + 4] = bytes([word]) * 4
    if rng.random() < 0.1:
        del bad[int(rng.integers(0, max(1, len(bad)))) :]
    return bytes(bad)


def bombs() -> tuple[Specimen, ...]:
    """Small files that claim to be, or would become, too large."""
    pixels, deep = _pictures(0)
    huge_j2k = bytearray(imagecodecs.jpeg2k_encode(deep, codecformat="J2K", reversible=True))
    huge_j2k[8:16] = struct.pack(">II", 60_000, 60_000)
    return (
        Specimen("PNG of 60,000 x 60,000", "size.png", _png(60_000, 60_000)),
        Specimen("PNG chunk that claims 2 GB", "chunk.png", _claiming_png(pixels)),
        Specimen("PNG text that inflates to 1 GB", "text.png", _text_png()),
        Specimen("TIFF of 60,000 x 60,000", "size.tif", _tiff_claim(deep)),
        Specimen("GIF of 65,535 x 65,535", "size.gif", b"GIF89a" + b"\xff" * 4 + bytes(3) + b";"),
        Specimen("JPEG of 65,500 x 65,500", "size.jpg", _jpeg_claim(pixels)),
        Specimen("JPEG 2000 of 60,000 x 60,000", "size.j2k", bytes(huge_j2k)),
        Specimen("DICOM of 60,000 x 60,000", "size.dcm", _dicom(deep, Rows=60_000, Columns=60_000)),
        Specimen("DICOM sequences 1,000 deep", "deep.dcm", _nested(_NESTED)),
        Specimen("DICOM that inflates to 1 GB", "deflated.dcm", _deflated_bomb()),
        Specimen(
            "DICOM around a larger JPEG 2000",
            "frame.dcm",
            _encapsulated(deep, bytes(huge_j2k), syntax=JPEG2000Lossless),
        ),
    )


def photograph(*, width: int = 4000, height: int = 3000) -> bytes:
    """A 12-megapixel JPEG with the detail of a camera's."""
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8))
    large = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noisy = np.clip(large + rng.integers(-6, 7, large.shape, dtype=np.int16), 0, 255)
    return _saved(noisy.astype(np.uint8), "JPEG", quality=90)


def _pictures(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    rng = np.random.default_rng(seed)
    ramp = np.add.outer(np.arange(_SIDE), np.arange(_SIDE)) * 30
    deep = (ramp + rng.integers(0, 40, ramp.shape)).astype(np.uint16)
    colour = np.stack([deep >> 4, deep >> 5, 255 - (deep >> 4)], axis=-1).astype(np.uint8)
    return colour, deep


def _saved(pixels: NDArray[np.generic], kind: str, **more: int) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, kind, **more)
    return held.getvalue()


def _animated(pixels: NDArray[np.uint8]) -> bytes:
    frames = [Image.fromarray(np.roll(pixels, 9 * at, axis=1)) for at in range(3)]
    held = io.BytesIO()
    frames[0].save(held, "GIF", save_all=True, append_images=frames[1:])
    return held.getvalue()


def _tiff(pixels: NDArray[np.generic], *, compression: str | None, bigtiff: bool = False) -> bytes:
    held = io.BytesIO()
    tifffile.imwrite(held, pixels, compression=compression, bigtiff=bigtiff)
    return held.getvalue()


def _video(pixels: NDArray[np.uint8]) -> bytes:
    """Five frames of MPEG-4."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (_SIDE, _SIDE))
        for at in range(5):
            writer.write(np.ascontiguousarray(np.roll(pixels, 5 * at, axis=1)))
        writer.release()
        return path.read_bytes()


# --- DICOM ------------------------------------------------------------------------------------


def _codings() -> dict[str, Callable[[NDArray[np.uint16]], bytes]]:
    """Every transfer syntax that is read, and how to write a picture in it."""

    def coded(
        syntax: UID, encode: Callable[..., bytes | bytearray]
    ) -> Callable[[NDArray[np.uint16]], bytes]:
        return lambda deep: _encapsulated(deep, bytes(encode(deep)), syntax=syntax)

    return {
        "explicit": _dicom,
        "implicit": partial(_dicom, syntax=ImplicitVRLittleEndian),
        "big endian": partial(_dicom, syntax=ExplicitVRBigEndian),
        "deflated": partial(_dicom, syntax=DeflatedExplicitVRLittleEndian),
        "RLE": coded(RLELossless, _runs),
        "JPEG": lambda deep: _encapsulated(
            (deep >> 4).astype(np.uint8),
            bytes(imagecodecs.jpeg8_encode((deep >> 4).astype(np.uint8))),
            syntax=JPEGBaseline8Bit,
        ),
        "JPEG lossless": coded(
            JPEGLosslessSV1, partial(imagecodecs.jpeg8_encode, lossless=True, bitspersample=16)
        ),
        "JPEG-LS": coded(JPEGLSLossless, imagecodecs.jpegls_encode),
        "JPEG 2000": coded(
            JPEG2000Lossless, partial(imagecodecs.jpeg2k_encode, codecformat="J2K", reversible=True)
        ),
        "HTJ2K": coded(HTJ2K, partial(imagecodecs.htj2k_encode, reversible=True)),
    }


def _runs(deep: NDArray[np.uint16]) -> bytes:
    """DICOM's own run-length coding. Source: PS3.5, annex G."""
    planes = [_literal(plane.astype(np.uint8)) for plane in (deep >> 8, deep & 255)]
    starts = [64, 64 + len(planes[0])]
    return struct.pack("<16I", 2, *starts, *[0] * 13) + b"".join(planes)


def _literal(plane: NDArray[np.uint8]) -> bytes:
    """Runs that repeat nothing: as good as any for a decoder."""
    return b"".join(bytes([_SIDE - 1]) + row.tobytes() for row in plane) + b"\x80"


def _dataset(pixels: NDArray[np.generic], *, syntax: UID) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    dataset.PatientName, dataset.Modality = "Wang^XiaoDong", "CT"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    dataset.WindowCenter, dataset.WindowWidth = [-600, 40], [1500, 400]
    dataset.PixelSpacing = [0.5, 0.5]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [0, 0, 10]
    return dataset


def _dicom(
    pixels: NDArray[np.generic], *, syntax: UID = ExplicitVRLittleEndian, **more: int
) -> bytes:
    dataset = _dataset(pixels, syntax=syntax)
    turned = pixels if syntax.is_little_endian else pixels.byteswap()
    dataset.add_new("PixelData", "OW", turned.tobytes())
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return _written(dataset)


def _encapsulated(pixels: NDArray[np.generic], coded: bytes, *, syntax: UID) -> bytes:
    dataset = _dataset(pixels, syntax=syntax)
    dataset.add_new("PixelData", "OB", encapsulate([coded]))
    return _written(dataset)


def _written(dataset: Dataset) -> bytes:
    held = io.BytesIO()
    dataset.save_as(held, enforce_file_format=True)
    return held.getvalue()


def _nested(depth: int) -> bytes:
    """Sequences of undefined length, one inside the other."""
    opened = b"\x08\x00\x15\x11\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closed = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    return bytes(128) + b"DICM" + opened * depth + closed * depth


def _deflated_bomb() -> bytes:
    meta = _dicom(np.zeros((2, 2), np.uint16), syntax=DeflatedExplicitVRLittleEndian)
    end = 144 + int.from_bytes(meta[140:144], "little")
    return meta[:end] + _zeros(1 << 30, wbits=-15)


# --- bombs of other formats -------------------------------------------------------------------


def _zeros(size: int, *, wbits: int = 15) -> bytes:
    """So many zeros, deflated."""
    packing, step = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(1 << 20)
    return b"".join([*(packing.compress(step) for _ in range(size >> 20)), packing.flush()])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(bytes(3 * 64 + 1)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + _chunk(b"IEND", b"")


def _claiming_png(pixels: NDArray[np.uint8]) -> bytes:
    good = bytearray(_saved(pixels, "PNG"))
    at = good.index(b"IDAT")
    good[at - 4 : at] = struct.pack(">I", 2**31 - 1)
    return bytes(good)


def _text_png() -> bytes:
    return _png(64, 64, _chunk(b"zTXt", b"Comment\0\0" + _zeros(1 << 30)))


def _jpeg_claim(pixels: NDArray[np.uint8]) -> bytes:
    good = bytearray(_saved(pixels, "JPEG"))
    at = good.index(b"\xff\xc0")
    good[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(good)


def _tiff_claim(deep: NDArray[np.uint16]) -> bytes:
    held = io.BytesIO(_tiff(deep, compression="zlib"))
    with tifffile.TiffFile(held, mode="r+") as file:
        page = file.pages.first
        for tag in ("ImageWidth", "ImageLength"):
            page.tags[tag].overwrite(60_000)
        return held.getvalue()


def copies(specimen: Specimen, *, count: int, seed: int) -> Iterator[bytes]:
    """`count` bad copies of a specimen; the same seed makes the same ones."""
    for at in range(count):
        yield mutated(specimen.content, seed=seed * 1_000_003 + at)
