"""DICOM against pydicom's own functions and against values worked out by hand."""

import contextlib
import io
import warnings
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pydicom.data
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_voi_lut, pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    SecondaryCaptureImageStorage,
)

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.sources import dicom
from inspector_app.sources.dicom.stored import DECODERS, LOSSLESS

FOLDER = Path(pydicom.data.__file__).parent / "test_files"
SHIPPED = sorted(path for path in FOLDER.rglob("*.dcm") if path.stat().st_size < 800_000)


def written(path, pixels, **more):
    """A small DICOM file with these stored values and elements."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.Rows, dataset.Columns = pixels.shape[-3:-1] if more.get("colour") else pixels.shape[-2:]
    dataset.SamplesPerPixel = 3 if more.pop("colour", False) else 1
    dataset.PhotometricInterpretation = "RGB" if dataset.SamplesPerPixel == 3 else "MONOCHROME2"
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    content = pixels.tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    dataset.save_as(path, enforce_file_format=True)
    return str(path)


HU = (np.arange(64 * 64).reshape(64, 64) % 4096).astype(np.int16)


def by_pydicom(path):
    """(pixels, dataset) of the first frame, or None where pydicom has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, force=True)
        try:
            return pixel_array(dataset, index=0), dataset
        except Exception:  # noqa: BLE001  what pydicom cannot read, it says in many ways
            return None


def reference_grey(stored, dataset):
    """pydicom's modality and window, scaled to 0..255; None where the file has no window."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if "WindowCenter" not in dataset and "VOILUTSequence" not in dataset:
            return None
        values = apply_modality_lut(stored, dataset)
        shown = apply_voi_lut(values, dataset, index=0).astype(np.float64)
    if dataset.get("VOILUTSequence"):
        return shown / (2 ** dataset.VOILUTSequence[0].LUTDescriptor[2] - 1) * 255
    bits, signed = dataset.BitsStored, dataset.PixelRepresentation
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    slope, intercept = dataset.get("RescaleSlope", 1), dataset.get("RescaleIntercept", 0)
    low, high = low * slope + intercept, high * slope + intercept
    grey = (shown - float(low)) / float(high - low) * 255
    return 255 - grey if dataset.PhotometricInterpretation == "MONOCHROME1" else grey


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_file_that_pydicom_can_decode_opens_as_pydicom_shows_it(path):
    known = by_pydicom(path)

    try:
        frame = dicom.open(str(path))
    except UnreadablePicture:
        assert known is None
        return

    if known is None:
        # 12-bit JPEG, for which pydicom lacks a decoder here.
        assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == JPEGExtended12Bit
        return
    stored, dataset = known
    assert frame.size == (dataset.Columns, dataset.Rows)
    if dataset.SamplesPerPixel == 3 and stored.dtype == np.uint8:
        assert (frame.pixels == stored).all()
    elif dataset.SamplesPerPixel == 1 and dataset.PhotometricInterpretation != "PALETTE COLOR":
        wanted = reference_grey(stored, dataset)
        if wanted is not None:
            assert np.abs(frame.pixels[:, :, 0] - wanted).max() <= 0.5 + 1e-3
        if frame.values is not None:
            assert np.allclose(frame.values, apply_modality_lut(stored, dataset), rtol=1e-6)


@pytest.mark.parametrize("function", [None, "LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_window_and_polarity_are_those_of_pydicom(tmp_path, function, photometric):
    more = {"VOILUTFunction": function} if function else {}
    path = written(
        tmp_path / "a.dcm", HU, WindowCenter=40, WindowWidth=400, RescaleSlope=1,
        RescaleIntercept=-1024, PhotometricInterpretation=photometric, **more,
    )  # fmt: skip

    frame = dicom.open(path)

    stored, dataset = by_pydicom(path)
    with np.errstate(over="ignore"):
        wanted = reference_grey(stored, dataset)
    assert np.abs(frame.pixels[:, :, 0] - wanted).max() <= 0.5 + 1e-3
    assert (frame.values == HU.astype(int) - 1024).all()
    assert frame.values.dtype == np.int16
    window = frame.provenance.window
    assert (window.center, window.width, window.name) == (40, 400, "file")


def test_polarity_is_turned_after_the_window_and_not_before(tmp_path):
    values = np.array([[0, 1000, 4000]], np.uint16)
    path = written(tmp_path / "a.dcm", values, WindowCenter=1000, WindowWidth=1001,
                   PhotometricInterpretation="MONOCHROME1")  # fmt: skip

    frame = dicom.open(path)

    # By hand: (1000 - 999.5) / 1000 + 0.5 = 0.5005, 128 of 255, turned round 127.
    assert frame.pixels[0, :, 0].tolist() == [255, 127, 0]


def test_the_first_of_several_windows_is_taken(tmp_path):
    path = written(tmp_path / "a.dcm", HU, WindowCenter=[40, -600], WindowWidth=[400, 1500])

    window = dicom.open(path).provenance.window

    assert (window.center, window.width) == (40, 400)


@pytest.mark.parametrize("width", [0, -5, 0.5])
def test_a_window_that_makes_no_sense_is_replaced_and_said(tmp_path, width):
    path = written(tmp_path / "a.dcm", HU, WindowCenter=40, WindowWidth=width)

    frame = dicom.open(path)

    assert frame.provenance.window.name == "full range"
    assert any("automatic" in note for note in frame.provenance.notes)
    assert (frame.pixels.min(), frame.pixels.max()) == (0, 255)


def test_a_grey_table_in_the_file_is_followed(tmp_path):
    item = Dataset()
    item.LUTDescriptor = [256, 100, 16]
    item.LUTData = (np.arange(256) ** 2).astype("<u2").tobytes()
    path = written(tmp_path / "a.dcm", HU.astype(np.uint16), VOILUTSequence=Sequence([item]))

    frame = dicom.open(path)

    stored, dataset = by_pydicom(path)
    wanted = apply_voi_lut(stored, dataset) / 65535 * 255
    assert np.abs(frame.pixels[:, :, 0] - wanted).max() <= 0.5 + 1e-6
    assert frame.provenance.window.name == "file"


def test_padding_outside_the_scanned_circle_does_not_make_the_window(tmp_path):
    values = np.full((64, 64), -2000, np.int16)
    values[16:48, 16:48] = np.arange(1024).reshape(32, 32) % 100

    frame = dicom.open(written(tmp_path / "a.dcm", values, PixelPaddingValue=-2000))

    assert (frame.provenance.window.center, frame.provenance.window.width) == (49.5, 99)
    assert (frame.pixels[0, 0] == 0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colour_comes_through(tmp_path, dtype):
    top = np.iinfo(dtype).max
    pixels = (np.random.default_rng(0).random((6, 7, 3)) * top).astype(dtype)

    frame = dicom.open(written(tmp_path / "a.dcm", pixels, colour=True))

    assert np.abs(frame.pixels - pixels.astype(float) / top * 255).max() <= 0.51
    assert frame.values is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"PixelSpacing": [0.5, 0.25], "Modality": "CT"}, (0.25, 0.5)),
        ({"PixelSpacing": [0, 0.25]}, None),
        ({"PixelSpacing": [-1, 1]}, None),
        ({"PixelSpacing": [0.5]}, None),
        ({}, None),
        ({"ImagerPixelSpacing": [0.2, 0.2], "Modality": "DX"}, None),
        ({"ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.2, 0.2], "Modality": "DX"}, None),
        (
            {
                "ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.2, 0.2], "Modality": "DX",
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            (0.2, 0.2),
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.15, 0.15], "Modality": "DX"},
            (0.15, 0.15),
        ),
    ],
)  # fmt: skip
def test_millimetres_are_given_only_where_the_file_vouches_for_them(tmp_path, more, expected):
    assert dicom.open(written(tmp_path / "a.dcm", HU, **more)).mm_per_pixel == expected


def test_the_first_frame_of_several_is_shown_and_said(tmp_path):
    stack = np.stack([HU, HU // 2, HU // 4])

    frame = dicom.open(written(tmp_path / "a.dcm", stack, NumberOfFrames=3))

    assert (frame.values == HU).all()
    assert "frame 1 of 3" in frame.provenance.notes


def test_an_enhanced_file_keeps_its_facts_one_level_down(tmp_path):
    window, rescale, measures, group = Dataset(), Dataset(), Dataset(), Dataset()
    window.WindowCenter, window.WindowWidth = 30, 60
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = 2, -100, "HU"
    measures.PixelSpacing = [0.7, 0.6]
    group.FrameVOILUTSequence = Sequence([window])
    group.PixelValueTransformationSequence = Sequence([rescale])
    group.PixelMeasuresSequence = Sequence([measures])
    path = written(tmp_path / "a.dcm", HU, SharedFunctionalGroupsSequence=Sequence([group]))

    frame = dicom.open(path)

    assert frame.mm_per_pixel == (0.6, 0.7)
    assert (frame.provenance.window.center, frame.provenance.window.width) == (30, 60)
    assert (frame.values == HU.astype(int) * 2 - 100).all()


def test_eight_bits_without_a_window_are_grey_already(tmp_path):
    grey = np.random.default_rng(1).integers(40, 90, (8, 8), dtype=np.uint8)

    frame = dicom.open(written(tmp_path / "a.dcm", grey))

    assert (frame.pixels[:, :, 0] == grey).all()
    assert frame.values is None
    assert frame.provenance.window is None


def test_a_file_without_a_picture_says_so(tmp_path):
    path = written(tmp_path / "a.dcm", HU)
    dataset = pydicom.dcmread(path)
    del dataset.PixelData
    dataset.save_as(path)

    assert dicom.accepts(path)
    with pytest.raises(UnreadablePicture, match=r"a\.dcm is a DICOM file without a picture"):
        dicom.open(path)


def test_a_picture_that_is_too_large_is_refused_by_its_header(tmp_path):
    path = written(tmp_path / "a.dcm", HU)
    dataset = pydicom.dcmread(path)
    dataset.Rows = dataset.Columns = 60_000
    dataset.save_as(path)

    with pytest.raises(UnreadablePicture, match="million"):
        dicom.open(path)


def test_sequences_nested_beyond_reason_are_refused(tmp_path):
    content = _nested(900)
    path = tmp_path / "a.dcm"
    path.write_bytes(content)

    with pytest.raises(UnreadablePicture):
        dicom.open(str(path))


def _nested(depth):
    """Implicit little endian sequences of undefined length, one inside the other."""
    opened = b"\x08\x00\x15\x11\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closed = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    return bytes(128) + b"DICM" + opened * depth + closed * depth


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path, part):
    content = Path(written(tmp_path / "a.dcm", HU)).read_bytes()
    (tmp_path / "cut.dcm").write_bytes(content[: int(len(content) * part)])

    with pytest.raises(UnreadablePicture, match="cut"):
        dicom.open(str(tmp_path / "cut.dcm"))


def test_damaged_bytes_give_a_picture_or_a_refusal_and_nothing_else(tmp_path):
    path = written(tmp_path / "a.dcm", HU, WindowCenter=40, WindowWidth=400, PixelSpacing=[1, 1])
    good = Path(path).read_bytes()
    for seed in range(200):
        rng = np.random.default_rng(seed)
        bad = bytearray(good)
        for at in rng.integers(132, 600, 3):
            bad[at] = int(rng.integers(0, 256))
        Path(path).write_bytes(bytes(bad))

        try:
            frame = dicom.open(path)
        except UnreadablePicture:
            continue
        assert frame.pixels.size


def test_damaged_runs_are_refused_and_no_decoder_panics(tmp_path, capfd):
    good = (FOLDER / "MR_small_RLE.dcm").read_bytes()
    start = good.index(b"\xe0\x7f\x10\x00")
    for seed in range(60):
        rng = np.random.default_rng(seed)
        bad = bytearray(good)
        for at in rng.integers(start + 20, start + 400, 4):
            bad[at] = int(rng.integers(0, 256))
        (tmp_path / "a.dcm").write_bytes(bytes(bad))

        try:
            frame = dicom.open(str(tmp_path / "a.dcm"))
        except UnreadablePicture:
            continue
        assert frame.size == (64, 64)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("syntax", [JPEGLossless, JPEGLosslessSV1])
@pytest.mark.parametrize("signed", [False, True])
def test_lossless_jpeg_comes_through_unchanged(tmp_path, syntax, signed):
    values = HU - 2000 if signed else HU.astype(np.uint16)
    coded = imagecodecs.jpeg8_encode(
        values.view(np.uint16) & 0xFFFF, lossless=True, bitspersample=16
    )

    frame = dicom.open(compressed(tmp_path / "a.dcm", values, coded, syntax))

    assert (frame.values == values).all()


def test_lossless_jpeg_in_colour_comes_through_unchanged(tmp_path):
    colour = np.random.default_rng(2).integers(0, 256, (16, 18, 3), dtype=np.uint8)
    coded = imagecodecs.jpeg8_encode(colour, lossless=True, colorspace="rgb", outcolorspace="rgb")

    frame = dicom.open(compressed(tmp_path / "a.dcm", colour, coded, JPEGLossless, colour=True))

    assert (frame.pixels == colour).all()


def compressed(path, values, coded, syntax, **more):
    written(path, values, **more)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([coded])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path)
    return str(path)


def test_lossless_jpeg_of_another_size_than_the_header_says_is_refused(tmp_path):
    coded = imagecodecs.jpeg8_encode(HU[:32].astype(np.uint16), lossless=True, bitspersample=16)

    with pytest.raises(UnreadablePicture):
        dicom.open(compressed(tmp_path / "a.dcm", HU, coded, JPEGLosslessSV1))


def test_the_decoder_that_crashes_over_damaged_jpeg_is_never_asked():
    chosen = {**DECODERS, **dict.fromkeys(LOSSLESS, "imagecodecs")}
    crashing = []
    for syntax in pydicom.uid.AllTransferSyntaxes:
        with contextlib.suppress(NotImplementedError):
            if "gdcm" in pydicom.pixels.get_decoder(syntax).available_plugins:
                crashing.append(syntax)

    assert len(crashing) > 4
    assert set(crashing) <= set(chosen)
    assert "gdcm" not in chosen.values()


def test_the_mark_counts_and_not_the_name(tmp_path):
    path = written(tmp_path / "IM0001", HU)
    (tmp_path / "fake.dcm").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    assert dicom.accepts(path)
    assert not dicom.accepts(str(tmp_path / "fake.dcm"))


def test_nothing_is_written_to_the_file(tmp_path):
    path = written(tmp_path / "a.dcm", HU, WindowCenter=40, WindowWidth=400)
    before = io.BytesIO(Path(path).read_bytes()).getvalue()

    dicom.open(path)

    assert Path(path).read_bytes() == before
