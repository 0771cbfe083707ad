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


# --- pages, palettes, inks, alpha -----------------------------------------------------------


@pytest.mark.parametrize("bigtiff", [False, True])
def test_every_page_can_be_opened_by_its_number(tmp_path, bigtiff):
    pages = [DEEP, DEEP // 2, COLOUR, COLOUR[:, :, 0]]
    path = str(tmp_path / "页.tif")
    with tifffile.TiffWriter(path, bigtiff=bigtiff) as writer:
        for page in pages:
            writer.write(page, photometric="rgb" if page.ndim == 3 else "minisblack", metadata=None)

    assert tiff.count(path) == 4
    for number, page in enumerate(pages, start=1):
        frame = tiff.open(f"{path}#{number}")
        if page.dtype == np.uint16:
            assert (frame.values == page).all()
        else:
            assert (frame.pixels == (page if page.ndim == 3 else page[:, :, None])).all()
        assert f"page {number} of 4" in frame.provenance.notes
    with pytest.raises(UnreadablePicture, match="holds only 4 pictures, not 5"):
        tiff.open(f"{path}#5")


def test_smaller_copies_and_masks_are_no_pages(tmp_path):
    path = str(tmp_path / "a.tif")
    with tifffile.TiffWriter(path) as writer:
        writer.write(DEEP, metadata=None)
        writer.write(DEEP[::2, ::2], subfiletype=1, metadata=None)
        writer.write(DEEP // 3, metadata=None)
        writer.write(DEEP > 9, subfiletype=4, photometric="minisblack", metadata=None)

    assert tiff.count(path) == 2
    assert (tiff.open(f"{path}#2").values == DEEP // 3).all()


def test_a_deep_palette_is_looked_up(tmp_path):
    colours = np.zeros((3, 65536), np.uint16)
    colours[0, 300], colours[1, 400], colours[:, 500] = 65535, 65535, 25700
    values = np.array([[0, 300, 400, 500]], np.uint16)
    path = written(tmp_path / "a.tif", values, photometric="palette", colormap=colours)

    frame = tiff.open(path)

    assert frame.pixels[0].tolist() == [[0, 0, 0], [255, 0, 0], [0, 255, 0], [100, 100, 100]]


def test_deep_inks_become_colours(tmp_path):
    inks = np.array([[[0, 0, 0, 0], [65535, 0, 0, 0], [0, 0, 0, 65535]]], np.uint16)
    path = written(tmp_path / "a.tif", inks, photometric="separated")

    frame = tiff.open(path)

    assert frame.pixels[0].tolist() == [[255, 255, 255], [0, 255, 255], [0, 0, 0]]
    assert "16-bit colour shown with 8 bits" in frame.provenance.notes


def test_deep_transparency_is_laid_over_white(tmp_path):
    deep = np.full((1, 3, 4), 65535, np.uint16)
    deep[0, :, :3], deep[0, 0, 0] = 0, 65535
    deep[0, 1, 3], deep[0, 2, 3] = 0, 13107
    path = written(tmp_path / "a.tif", deep, photometric="rgb", extrasamples=["unassalpha"])

    frame = tiff.open(path)

    # By hand: opaque red, clear, and a fifth of black over white: 204.
    assert frame.pixels[0].tolist() == [[255, 0, 0], [255, 255, 255], [204, 204, 204]]


def test_lab_colours_become_rgb(tmp_path):
    # CIELAB of sRGB red is (53.2, 80.1, 67.2); mid grey (53.6, 0, 0). Source: CIE 15 by D65.
    lab = np.array([[[53.6 * 2.55, 0, 0], [255, 0, 0], [0, 0, 0]]]).round().astype(np.uint8)
    Image.frombytes("LAB", (3, 1), lab.tobytes()).save(tmp_path / "a.tif")

    frame = tiff.open(str(tmp_path / "a.tif"))

    grey, white, black = frame.pixels[0].astype(int)
    assert np.abs(grey - 128).max() <= 3
    assert white.min() >= 253
    assert black.max() <= 2


def test_numbers_too_wide_to_keep_are_said(tmp_path):
    wide = np.array([[0, 2**24 + 1, 2**31]], np.uint32)
    exact = np.array([[0, 2**20, 2**31]], np.uint32)

    assert (
        "32-bit values kept to 24 bits"
        in tiff.open(written(tmp_path / "a.tif", wide)).provenance.notes
    )
    assert tiff.open(written(tmp_path / "b.tif", exact)).provenance.notes == ()


def test_white_as_zero_is_told_to_whoever_windows_it(tmp_path):
    assert tiff.open(written(tmp_path / "a.tif", DEEP, photometric="miniswhite")).is_inverted
    assert not tiff.open(written(tmp_path / "b.tif", DEEP)).is_inverted


def test_a_chain_of_pages_that_bites_its_tail_comes_to_an_end(tmp_path):
    path = tmp_path / "a.tif"
    written(path, DEEP, metadata=None)
    with tifffile.TiffFile(path) as file:
        at = file.pages.first.offset
        count = len(file.pages.first.tags)
    content = bytearray(path.read_bytes())
    content[at + 2 + 12 * count : at + 6 + 12 * count] = at.to_bytes(4, "little")
    path.write_bytes(bytes(content))

    assert tiff.count(str(path)) >= 1
    assert (tiff.open(str(path)).values == DEEP).all()
