"""Grey values, windows and padding of DICOM: a golden table worked out by hand from PS3.3."""

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi, apply_windowing
from pydicom.sequence import Sequence

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import GreyTable
from inspector_app.sources import dicom
from tests.sources.test_dicom import HU, written


def grey_of(path):
    return dicom.open(path).pixels[:, :, 0]


def row(*values, dtype=np.int16):
    return np.array([values], dtype)


# Source: PS3.3 C.11.2.1.2.1 and C.11.2.1.3; every entry by hand with fractions:
# LINEAR is 255 times (x - (c - 0.5)) over (w - 1) plus one half, LINEAR_EXACT 255 times
# (x - c) over w plus one half, SIGMOID 255 over 1 plus e to the -4 (x - c) over w.
GOLDEN = [
    # function, center, width, stored value, slope, intercept, grey
    ("LINEAR", 40, 400, -160, 1, 0, 0),
    ("LINEAR", 40, 400, 40, 1, 0, 128),      # 0.5 + 0.5/399 -> 127.8195
    ("LINEAR", 40, 400, 239, 1, 0, 255),
    ("LINEAR", 40, 400, 1064, 1, -1024, 128),
    ("LINEAR", 2048, 4096, 0, 1, 0, 0),
    ("LINEAR", 2048, 4096, 4095, 1, 0, 255),
    ("LINEAR", 2048, 4096, 2048, 1, 0, 128),  # 0.5 + 0.5/4095 -> 127.531
    ("LINEAR", 0, 1, -1, 1, 0, 0),
    ("LINEAR", 0, 1, 0, 1, 0, 255),
    ("LINEAR", 100, 51, 100, 0.5, 50, 130),   # x = 100 -> 0.51 -> 130.05
    ("LINEAR_EXACT", 40, 400, 40, 1, 0, 128),  # 127.5, to even
    ("LINEAR_EXACT", 40, 400, 239, 1, 0, 254),  # 0.9975 -> 254.3625
    ("LINEAR_EXACT", 40, 400, 240, 1, 0, 255),
    ("LINEAR_EXACT", 40, 400, -159, 1, 0, 1),  # 0.0025 -> 0.6375
    ("LINEAR_EXACT", 0.5, 1, 0, 1, 0, 0),
    ("LINEAR_EXACT", 0.5, 1, 1, 1, 0, 255),
    ("SIGMOID", 40, 400, 40, 1, 0, 128),
    ("SIGMOID", 40, 400, 140, 1, 0, 186),      # 1 / (1 + e^-1) = 0.731059 -> 186.42
    ("SIGMOID", 40, 400, -60, 1, 0, 69),       # 0.268941 -> 68.58
    ("SIGMOID", 40, 400, 440, 1, 0, 250),      # 0.982014 -> 250.41
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "center", "width", "stored", "slope", "intercept", "grey"), GOLDEN
)
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_the_golden_table(
    tmp_path, function, center, width, stored, slope, intercept, grey, photometric
):
    path = written(
        tmp_path / "a.dcm", row(stored, stored), WindowCenter=center, WindowWidth=width,
        VOILUTFunction=function, RescaleSlope=slope, RescaleIntercept=intercept,
        PhotometricInterpretation=photometric,
    )  # fmt: skip

    frame = dicom.open(path)

    assert frame.pixels[0, 0, 0] == (255 - grey if photometric == "MONOCHROME1" else grey)
    assert frame.values[0, 0] == stored * slope + intercept
    assert frame.is_inverted == (photometric == "MONOCHROME1")
    assert frame.windows[0].curve == function


def test_the_reported_case_of_another_viewer_is_right(tmp_path):
    # dcm4che issue 1578: window 400/40 (centre 40) over these HU must not be shown too light.
    values = row(-128, 66, 194)

    grey = grey_of(written(tmp_path / "a.dcm", values, WindowCenter=40, WindowWidth=400))

    # -128: 255 * (-167.5 / 399 + 0.5) = 20.45; 66: 144.44; 194: 226.24.
    assert grey[0].tolist() == [20, 144, 226]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_every_depth_is_shown_as_pydicom_shows_it(tmp_path, signed, bits):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    dtype = {(8, False): "u1", (8, True): "i1"}.get((bits, signed), "i2" if signed else "u2")
    values = np.linspace(low, high, 64 * 64).round().astype(dtype).reshape(64, 64)
    center, width = (low + high) / 2 + 3, (high - low) * 0.7
    path = written(
        tmp_path / "a.dcm", values, WindowCenter=center, WindowWidth=width, BitsStored=bits,
        HighBit=bits - 1,
    )  # fmt: skip

    grey = grey_of(path)

    dataset = pydicom.dcmread(path)
    shown = apply_windowing(values, dataset).astype(np.float64)
    assert np.abs(grey - (shown - low) / (high - low) * 255).max() <= 0.5 + 1e-3


def test_every_window_is_offered_by_its_explanation(tmp_path):
    path = written(
        tmp_path / "a.dcm", HU, WindowCenter=[40, -600, 300, 9], WindowWidth=[400, 1500, 2000, 0],
        WindowCenterWidthExplanation=["SOFT TISSUE", "", "BONE", "none"],
    )  # fmt: skip

    windows = dicom.open(path).windows

    assert [(one.center, one.width, one.name) for one in windows] == [
        (40, 400, "SOFT TISSUE"), (-600, 1500, "file 2"), (300, 2000, "BONE"),
    ]  # fmt: skip


def table(first, bits, entries, **more):
    item = Dataset()
    item.LUTDescriptor = [len(entries) % 65536, first, bits]
    item.LUTData = np.asarray(entries, "<u2").tobytes()
    for keyword, value in more.items():
        setattr(item, keyword, value)
    return item


def test_a_grey_table_is_looked_up_entry_by_entry(tmp_path):
    path = written(
        tmp_path / "a.dcm", row(-9, -3, -2, -1, 0, 77),
        VOILUTSequence=Sequence([table(-3, 12, [0, 4095, 2047, 1000])]),
        WindowCenter=3, WindowWidth=7,
    )  # fmt: skip

    frame = dicom.open(path)

    # By hand: below the first entry the first, above the last the last; 4095 is white.
    wanted = [0, 0, 255, round(2047 / 4095 * 255), round(1000 / 4095 * 255)]
    assert frame.pixels[0, :, 0].tolist() == [*wanted, wanted[-1]]
    assert [one.curve for one in frame.windows] == ["TABLE", "LINEAR"]
    assert frame.windows[0].table == GreyTable(-3, 4095, (0, 4095, 2047, 1000))


def test_several_tables_are_offered_and_the_first_is_that_of_pydicom(tmp_path):
    entries = (np.arange(300) ** 2 % 4096).tolist()
    items = [table(50, 12, entries, LUTExplanation="HARD"), table(0, 12, entries[::-1])]
    values = np.arange(512).reshape(16, 32).astype(np.uint16)
    path = written(tmp_path / "a.dcm", values, VOILUTSequence=Sequence(items))

    frame = dicom.open(path)

    wanted = apply_voi(values, pydicom.dcmread(path)) / 4095 * 255
    assert np.abs(frame.pixels[:, :, 0] - wanted).max() <= 0.5
    assert [one.name for one in frame.windows] == ["HARD", "file 2"]


def test_a_modality_table_comes_before_the_window(tmp_path):
    item = table(0, 16, [10, 20, 30, 1000])
    item.ModalityLUTType = "US"
    path = written(
        tmp_path / "a.dcm", row(0, 1, 2, 3, 9, dtype=np.uint16),
        ModalityLUTSequence=Sequence([item]), WindowCenter=20.5, WindowWidth=21,
    )  # fmt: skip

    frame = dicom.open(path)

    assert frame.values[0].tolist() == [10, 20, 30, 1000, 1000]
    assert (frame.values == apply_modality_lut(row(0, 1, 2, 3, 9, dtype=np.uint16),
                                               pydicom.dcmread(path))).all()  # fmt: skip
    assert frame.pixels[0, :, 0].tolist() == [0, 128, 255, 255, 255]


def test_a_range_of_padding_is_told_and_does_not_make_the_window(tmp_path):
    values = np.full((16, 16), -3000, np.int16)
    values[0, 0], values[4:12, 4:12] = -2990, np.arange(64).reshape(8, 8)
    path = written(
        tmp_path / "a.dcm", values, PixelPaddingValue=-3000, PixelPaddingRangeLimit=-2990,
        RescaleSlope=2, RescaleIntercept=10,
    )  # fmt: skip

    frame = dicom.open(path)

    assert frame.padding == (-5990, -5970)
    # Values 0..63 are 10..136.
    assert (frame.provenance.window.center, frame.provenance.window.width) == (73, 126)


@pytest.mark.parametrize(
    ("more", "unit"),
    [
        ({"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": 0}, "HU"),
        ({"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": 0, "RescaleType": "US"}, "HU"),
        ({"Modality": "PT", "RescaleType": "BQML"}, "BQML"),
        ({"Modality": "MR"}, ""),
    ],
)
def test_values_come_with_their_unit(tmp_path, more, unit):
    assert dicom.open(written(tmp_path / "a.dcm", HU, **more)).unit == unit


@pytest.mark.parametrize("data", [b"\0" * 4, b"\0" * 60])
def test_a_table_that_is_cut_off_is_refused(tmp_path, data):
    item = table(0, 16, [0] * 40)
    item.LUTData = data
    path = written(tmp_path / "a.dcm", HU.astype(np.uint16), VOILUTSequence=Sequence([item]))

    with pytest.raises(UnreadablePicture, match="damaged"):
        dicom.open(path)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
@pytest.mark.parametrize("slope", [1, 0.5])
def test_a_slice_of_full_size_is_mapped_as_a_small_one_is(tmp_path, dtype, slope):
    values = np.random.default_rng(6).integers(0, 4096, (512, 520)).astype(dtype)
    path = written(
        tmp_path / "a.dcm", values, WindowCenter=40, WindowWidth=400, RescaleSlope=slope,
        RescaleIntercept=-1024,
    )  # fmt: skip

    frame = dicom.open(path)

    heights = values * float(slope) - 1024
    assert (frame.values == heights).all()
    assert frame.values.dtype == (np.int16 if slope == 1 else np.float32)
    wanted = np.rint(np.clip((heights - 39.5) / 399 + 0.5, 0, 1) * 255)
    assert (frame.pixels[:, :, 0] == wanted).all()
