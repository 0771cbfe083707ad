"""TIFF of every depth and layout."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.imaging.conversion import turned
from inspector_app.sources import tiff
from tests.sources.test_picture import rotated

RNG = np.random.default_rng(5)
COLOUR = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)
DEEP = RNG.integers(0, 65536, (20, 30)).astype(np.uint16)


def written(path, values, **more):
    tifffile.imwrite(path, values, **more)
    return str(path)


@pytest.mark.parametrize("compression", [None, "zlib", "lzw", "packbits", "lzma", "zstd"])
def test_colours_come_through_unchanged(tmp_path, compression):
    path = written(tmp_path / "a.tif", COLOUR, photometric="rgb", compression=compression)

    assert tiff.accepts(path)
    frame = tiff.open(path)

    assert (frame.pixels == COLOUR).all()
    assert frame.values is None
    assert frame.provenance.media == "TIFF"


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_sixteen_bits_keep_their_values(tmp_path, byteorder, bigtiff):
    path = written(tmp_path / "a.tif", DEEP, byteorder=byteorder, bigtiff=bigtiff)

    frame = tiff.open(path)

    assert frame.values.dtype == np.uint16
    assert frame.values.dtype.isnative
    assert (frame.values == DEEP).all()
    assert (frame.pixels[:, :, 2] == np.rint(DEEP / 257)).all()
    assert frame.provenance.window.name == "full range"


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (RNG.normal(0, 1, (9, 9)).astype(np.float32), np.float32),
        (RNG.normal(0, 1, (9, 9)).astype(np.float64), np.float32),
        (RNG.normal(0, 1, (9, 9)).astype(np.float16), np.float32),
        (RNG.integers(-900, 900, (9, 9)).astype(np.int16), np.int16),
        (RNG.integers(0, 50_000, (9, 9)).astype(np.uint32), np.uint16),
        (RNG.integers(-9, 9, (9, 9)).astype(np.int8), np.int16),
        (RNG.integers(0, 2**31, (9, 9)).astype(np.uint32), np.float32),
    ],
)
def test_every_depth_of_grey_keeps_its_values(tmp_path, values, kept):
    frame = tiff.open(written(tmp_path / "a.tif", values))

    assert frame.values.dtype == kept
    assert frame.values == pytest.approx(values.astype(kept))
    order = np.argsort(values.ravel(), kind="stable")
    assert (np.diff(frame.pixels[:, :, 0].ravel()[order].astype(int)) >= 0).all()
    assert np.ptp(frame.pixels) > 180


def test_floats_that_are_not_numbers_are_black(tmp_path):
    values = np.linspace(0, 1, 81, dtype=np.float32).reshape(9, 9)
    values[4, 4] = np.nan

    frame = tiff.open(written(tmp_path / "a.tif", values))

    assert frame.pixels[4, 4].tolist() == [0, 0, 0]
    assert np.isnan(frame.values[4, 4])


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_deep_colour_is_narrowed_and_said(tmp_path, planar):
    deep = RNG.integers(0, 65536, (3, 20, 30) if planar == "separate" else (20, 30, 3))
    path = written(
        tmp_path / "a.tif", deep.astype(np.uint16), photometric="rgb", planarconfig=planar
    )

    frame = tiff.open(path)

    wanted = np.rint((np.moveaxis(deep, 0, -1) if planar == "separate" else deep) / 257)
    assert (frame.pixels == wanted).all()
    assert "16-bit colour shown with 8 bits" in frame.provenance.notes


def test_the_first_page_of_several_is_shown_and_said(tmp_path):
    stack = np.stack([np.full((8, 9), level, np.uint16) for level in (100, 200, 300)])
    stack[0, 0, 0] = 7

    frame = tiff.open(written(tmp_path / "a.tif", stack, photometric="minisblack"))

    assert frame.size == (9, 8)
    assert frame.values[0, 0] == 7
    assert "page 1 of 3" in frame.provenance.notes


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("deep", [True, False])
def test_every_orientation_is_turned_upright_and_recorded(tmp_path, orientation, deep):
    upright = DEEP if deep else COLOUR
    path = written(
        tmp_path / "a.tif", rotated(upright, orientation),
        photometric="minisblack" if deep else "rgb",
        extratags=[(274, "H", 1, orientation, True)],
    )  # fmt: skip

    frame = tiff.open(path)

    assert frame.size == (30, 20)
    assert ((frame.values if deep else frame.pixels) == upright).all()
    assert frame.provenance.orientation == orientation


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_undoes_what_the_camera_did(orientation):
    assert (turned(rotated(COLOUR, orientation), orientation) == COLOUR).all()


def test_white_as_zero_is_shown_the_right_way_round(tmp_path):
    deep = tiff.open(written(tmp_path / "d.tif", DEEP, photometric="miniswhite"))
    shallow = tiff.open(
        written(tmp_path / "s.tif", COLOUR[:, :, 0].copy(), photometric="miniswhite")
    )

    assert (deep.values == DEEP).all()
    assert (deep.pixels[:, :, 0] == 255 - np.rint(DEEP / 257)).all()
    assert (shallow.pixels[:, :, 0] == 255 - COLOUR[:, :, 0]).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "YCbCr", "LA"])
def test_every_shallow_mode_opens(tmp_path, mode):
    image = Image.fromarray(COLOUR).convert(mode)
    image.save(tmp_path / "a.tif")

    frame = tiff.open(str(tmp_path / "a.tif"))

    assert frame.size == (30, 20)
    wanted = np.asarray(
        image.convert("RGBA").convert("RGB") if mode in {"RGBA", "LA"} else image.convert("RGB")
    )
    assert np.abs(frame.pixels.astype(int) - wanted).max() <= 2


def test_a_truncated_file_is_refused(tmp_path):
    written(tmp_path / "a.tif", RNG.integers(0, 65536, (200, 200)).astype(np.uint16))
    content = (tmp_path / "a.tif").read_bytes()
    for part in (4, 9, 100, 200, 5000, len(content) - 9):
        (tmp_path / "cut.tif").write_bytes(content[:part])

        with pytest.raises(UnreadablePicture, match=r"cut\.tif"):
            tiff.open(str(tmp_path / "cut.tif"))


def test_damaged_bytes_give_a_picture_or_a_refusal_and_nothing_else(tmp_path):
    written(tmp_path / "a.tif", DEEP, compression="zlib")
    good = (tmp_path / "a.tif").read_bytes()
    for seed in range(80):
        rng = np.random.default_rng(seed)
        bad = bytearray(good)
        for at in rng.integers(4, min(len(bad), 300), 2):
            bad[at] = int(rng.integers(0, 256))
        (tmp_path / "b.tif").write_bytes(bytes(bad))

        try:
            frame = tiff.open(str(tmp_path / "b.tif"))
        except UnreadablePicture:
            continue
        assert frame.pixels.size


def test_a_picture_that_is_too_large_is_refused_by_its_header(tmp_path):
    written(tmp_path / "a.tif", DEEP)
    with tifffile.TiffFile(tmp_path / "a.tif", mode="r+b") as file:
        file.pages[0].tags["ImageWidth"].overwrite(60_000)
        file.pages[0].tags["ImageLength"].overwrite(60_000)

    with pytest.raises(UnreadablePicture, match="million"):
        tiff.open(str(tmp_path / "a.tif"))


@pytest.mark.parametrize(
    "values",
    [np.zeros((4, 5), np.complex64), np.zeros((32, 32, 32), np.uint16)],
    ids=["complex", "volume"],
)
def test_numbers_that_make_no_picture_are_refused(tmp_path, values):
    more = {"volumetric": True, "tile": (16, 16, 16)} if values.ndim == 3 else {}

    with pytest.raises(UnreadablePicture):
        tiff.open(written(tmp_path / "a.tif", values, photometric="minisblack", **more))
