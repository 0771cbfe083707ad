"""Every transfer syntax, every frame; and what is refused before it is decoded."""

import warnings
import zlib

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.sources import dicom
from inspector_app.sources.dicom.stored import claimed_size
from tests.sources.test_dicom import FOLDER, HU, compressed, written

DEEP = (HU.astype(np.uint16) * 7) % 60_000
COLOUR = np.random.default_rng(4).integers(0, 256, (24, 30, 3), dtype=np.uint8)


def j2k(pixels):
    return imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", reversible=True)


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        (JPEG2000Lossless, j2k),
        (JPEG2000, j2k),
        (JPEGLSLossless, imagecodecs.jpegls_encode),
        (HTJ2KLossless, lambda pixels: imagecodecs.htj2k_encode(pixels, reversible=True)),
        (HTJ2K, lambda pixels: imagecodecs.htj2k_encode(pixels, reversible=True)),
    ],
    ids=["J2K lossless", "J2K", "JPEG-LS", "HTJ2K lossless", "HTJ2K"],
)
def test_lossless_codings_by_another_library_come_through_unchanged(tmp_path, syntax, encode):
    frame = dicom.open(compressed(tmp_path / "a.dcm", DEEP, bytes(encode(DEEP)), syntax))

    assert (frame.values == DEEP).all()


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_every_plain_coding_comes_through_unchanged(tmp_path, syntax):
    path = written(tmp_path / "a.dcm", DEEP, WindowCenter=1000, WindowWidth=2000)
    dataset = pydicom.dcmread(path)
    turned = DEEP.astype(">u2") if syntax == ExplicitVRBigEndian else DEEP
    dataset.add_new("PixelData", "OW", turned.tobytes())
    fresh = Dataset(dataset)
    fresh.file_meta = dataset.file_meta
    fresh.file_meta.TransferSyntaxUID = syntax
    pydicom.dcmwrite(
        path, fresh, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian,
        enforce_file_format=True,
    )  # fmt: skip

    frame = dicom.open(path)

    assert (frame.values == DEEP).all()
    assert frame.windows[0].center == 1000


def test_runs_come_through_unchanged(tmp_path):
    path = written(tmp_path / "a.dcm", DEEP)
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    dataset.save_as(path)

    assert (dicom.open(path).values == DEEP).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16])
def test_runs_of_every_depth_come_through_unchanged(tmp_path, dtype):
    values = np.array([[0, 1, 2, 2, 2, 2], [100, 101, 7, 7, 7, 120]], dtype) * (
        dtype(1) if dtype == np.uint8 else dtype(-3 if dtype == np.int16 else 301)
    )
    path = written(tmp_path / "a.dcm", values, WindowCenter=0, WindowWidth=100)
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    dataset.save_as(path)

    assert (dicom.open(path).values == values.astype(np.float64)).all()


def test_runs_in_colour_come_through_unchanged(tmp_path):
    path = written(tmp_path / "a.dcm", COLOUR, colour=True)
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    dataset.save_as(path)

    assert (dicom.open(path).pixels == COLOUR).all()


@pytest.mark.parametrize(
    ("at", "word"), [(0, 1), (0, 3), (4, 0), (4, 63), (8, 10**9), (8, 70)], ids=str
)
def test_runs_that_do_not_fill_their_planes_are_refused(tmp_path, at, word):
    plane = bytes([63]) + bytes(range(64))
    good = np.array([2, 64, 64 + 65, *[0] * 13], "<u4").tobytes() + plane * 2 + b"\x80\0"
    bad = bytearray(good)
    bad[at : at + 4] = np.array([word], "<u4").tobytes()
    values = np.zeros((8, 8), np.uint16)

    whole = dicom.open(compressed(tmp_path / "a.dcm", values, good, RLELossless))
    with pytest.raises(UnreadablePicture, match="damaged"):
        dicom.open(compressed(tmp_path / "b.dcm", values, bytes(bad), RLELossless))

    # By hand: both bytes of each sample are its place.
    assert (whole.values.ravel() == np.arange(64) * 257).all()


def frames_in(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        head = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        try:
            return int(head.get("NumberOfFrames") or 1) if "Rows" in head else 0
        except ValueError:  # one of them is damaged on purpose
            return 0


SEVERAL = [path for path in sorted(FOLDER.rglob("*.dcm")) if frames_in(path) > 1]


@pytest.mark.parametrize("path", SEVERAL, ids=lambda path: path.name)
def test_every_frame_of_shipped_files_is_that_of_pydicom(path):
    held = frames_in(path)

    assert dicom.count(str(path)) == held
    for number in (1, 2, held):
        frame = dicom.open(f"{path}#{number}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path, force=True)
            stored = pixel_array(dataset, index=number - 1)
            if stored.ndim == 2 and frame.values is not None:
                assert np.allclose(frame.values, apply_modality_lut(stored, dataset), rtol=1e-6)
            elif stored.dtype == np.uint8:
                assert (frame.pixels == (stored if stored.ndim == 3 else stored[..., None])).all()
        assert f"frame {number} of {held}" in frame.provenance.notes


def test_several_frames_are_coded_one_by_one(tmp_path):
    stack = np.stack([DEEP, DEEP // 2, DEEP // 3])
    path = written(tmp_path / "a.dcm", stack, NumberOfFrames=3)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.JPEGLosslessSV1
    dataset.PixelData = encapsulate(
        [imagecodecs.jpeg8_encode(one, lossless=True, bitspersample=16) for one in stack]
    )
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path)

    for number, wanted in enumerate(stack, start=1):
        assert (dicom.open(f"{path}#{number}").values == wanted).all()
    with pytest.raises(UnreadablePicture, match="holds only 3 pictures, not 4"):
        dicom.open(f"{path}#4")


def test_each_frame_of_an_enhanced_file_has_its_own_facts(tmp_path):
    def group(center, intercept, corner):
        window, rescale, place, one = Dataset(), Dataset(), Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = center, 100
        rescale.RescaleSlope, rescale.RescaleIntercept = 1, intercept
        place.ImagePositionPatient = [0, 0, corner]
        one.FrameVOILUTSequence = Sequence([window])
        one.PixelValueTransformationSequence = Sequence([rescale])
        one.PlanePositionSequence = Sequence([place])
        return one

    plane, shared = Dataset(), Dataset()
    plane.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PlaneOrientationSequence = Sequence([plane])
    path = written(
        tmp_path / "a.dcm", np.stack([HU, HU]), NumberOfFrames=2,
        SharedFunctionalGroupsSequence=Sequence([shared]),
        PerFrameFunctionalGroupsSequence=Sequence([group(10, -5, 1.5), group(20, -7, 4.0)]),
    )  # fmt: skip

    first, second = dicom.open(f"{path}#1"), dicom.open(f"{path}#2")

    assert (first.windows[0].center, second.windows[0].center) == (10, 20)
    assert (first.values == HU - 5).all()
    assert (second.values == HU - 7).all()
    assert (first.scan.slice_mm, second.scan.slice_mm) == (1.5, 4.0)
    assert second.scan.edges.right == "L"


def test_a_palette_is_looked_up(tmp_path):
    path = written(
        tmp_path / "a.dcm", np.array([[0, 1, 2, 2]], np.uint8),
        PhotometricInterpretation="PALETTE COLOR",
    )  # fmt: skip
    dataset = pydicom.dcmread(path)
    for colour, entries in (("Red", [0, 255, 10]), ("Green", [1, 2, 3]), ("Blue", [7, 8, 9])):
        table = (np.array(entries, "<u2") * 257).tobytes()
        dataset.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [3, 0, 16])
        dataset.add_new(f"{colour}PaletteColorLookupTableData", "OW", table)
    dataset.save_as(path)

    frame = dicom.open(path)

    assert frame.pixels[0].tolist() == [[0, 1, 7], [255, 2, 8], [10, 3, 9], [10, 3, 9]]


def test_a_colour_profile_inside_is_followed(tmp_path):
    from tests.sources.test_picture_colours import P3_TO_XYZ, profile, to_srgb  # noqa: PLC0415

    flat = np.full((4, 4, 3), (200, 90, 60), np.uint8)
    path = written(tmp_path / "a.dcm", flat, colour=True, ICCProfile=profile(P3_TO_XYZ, gamma=2.2))

    wanted = to_srgb(flat[0, 0], P3_TO_XYZ, gamma=2.2)
    assert np.abs(dicom.open(path).pixels[1, 1] - wanted).max() <= 2


# --- refused before decoding ---------------------------------------------------------------------


def test_a_video_inside_is_named_and_refused(tmp_path):
    path = compressed(tmp_path / "a.dcm", DEEP, b"\0\0\1\xb3" * 8, MPEG2MPML)

    with pytest.raises(UnreadablePicture, match="compressed as MPEG2") as refusal:
        dicom.open(path)

    assert "Export" in refusal.value.hint


@pytest.mark.parametrize(
    ("encode", "size"),
    [
        (j2k, (64, 64)),
        (imagecodecs.jpegls_encode, (64, 64)),
        (lambda pixels: imagecodecs.jpeg2k_encode(pixels, codecformat="JP2"), (64, 64)),
        (lambda pixels: imagecodecs.jpeg8_encode(pixels[:40].astype(np.uint8)), (64, 40)),
        (
            lambda pixels: imagecodecs.jpeg8_encode(pixels[:40], lossless=True, bitspersample=16),
            (64, 40),
        ),
        (lambda pixels: b"", None),
        (lambda pixels: b"\xff\xd8\xff\xda\0\0", None),
        (lambda pixels: pixels.tobytes()[:500], None),
    ],
    ids=["J2K", "JPEG-LS", "JP2", "JPEG", "lossless", "nothing", "scan at once", "no stream"],
)
def test_a_codestream_says_its_size(encode, size):
    assert claimed_size(bytes(encode(DEEP))) == size


def test_a_codestream_larger_than_its_header_is_refused_undecoded(tmp_path):
    coded = bytearray(j2k(DEEP))
    coded[8:16] = (60_000).to_bytes(4, "big") * 2
    path = compressed(tmp_path / "a.dcm", DEEP, bytes(coded), JPEG2000Lossless)

    with pytest.raises(UnreadablePicture, match="million"):
        dicom.open(path)


def test_a_file_that_inflates_beyond_reason_is_refused(tmp_path):
    path = written(tmp_path / "a.dcm", np.zeros((2, 2), np.uint16))
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    content = (tmp_path / "a.dcm").read_bytes()
    end = 144 + int.from_bytes(content[140:144], "little")
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packing.compress(bytes(1 << 20)) for _ in range(200)) + packing.flush()
    (tmp_path / "a.dcm").write_bytes(content[:end] + bomb)

    with pytest.raises(UnreadablePicture, match="would grow to more than"):
        dicom.open(path)
