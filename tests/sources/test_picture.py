"""Ordinary pictures: every mode, every orientation, every way to be broken."""

import hashlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.imaging.source_bytes import MOST_PIXELS
from inspector_app.sources import picture

RNG = np.random.default_rng(11)
COLOUR = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)


def saved(path, image, **more):
    image.save(path, **more)
    return str(path)


def rotated(upright, orientation):
    """What a camera stores so that `orientation` makes it upright. Source: EXIF 2.32."""
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }
    return np.ascontiguousarray(stored[orientation])


@pytest.mark.parametrize("kind", ["png", "webp", "bmp", "ppm", "gif"])
def test_colours_come_through_unchanged(tmp_path, kind):
    few = (COLOUR // 128) * 255
    path = saved(
        tmp_path / f"a.{kind}",
        Image.fromarray(few),
        **({"lossless": True} if kind == "webp" else {}),
    )

    assert picture.accepts(path)
    frame = picture.open(path)

    assert (frame.pixels == few).all()
    assert frame.values is None
    assert frame.provenance.window is None
    assert frame.provenance.media == kind.upper()


def test_a_photograph_comes_through_nearly_unchanged(tmp_path):
    smooth = np.tile(np.arange(64, dtype=np.uint8)[:, None, None] * 3, (1, 80, 3))

    frame = picture.open(saved(tmp_path / "a.jpg", Image.fromarray(smooth), quality=95))

    assert frame.provenance.media == "JPEG"
    assert np.abs(frame.pixels.astype(int) - smooth).max() <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_every_orientation_is_turned_upright_and_recorded(tmp_path, kind, orientation):
    upright = np.zeros((24, 40, 3), np.uint8)
    upright[:8, :8] = 255
    upright[16:, :8] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    more = {"png": {}, "jpg": {"quality": 100, "subsampling": 0}, "webp": {"lossless": True}}[kind]

    frame = picture.open(
        saved(
            tmp_path / f"a.{kind}",
            Image.fromarray(rotated(upright, orientation)),
            exif=exif,
            **more,
        )
    )

    assert frame.size == (40, 24)
    assert np.abs(frame.pixels.astype(int) - upright).max() <= (8 if kind == "jpg" else 0)
    assert frame.provenance.orientation == orientation


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_left_alone(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation

    frame = picture.open(saved(tmp_path / "a.png", Image.fromarray(COLOUR), exif=exif))

    assert (frame.pixels == COLOUR).all()
    assert frame.provenance.orientation == 1


def test_grey_one_bit_palette_and_cmyk_become_rgb(tmp_path):
    grey = COLOUR[:, :, 0]

    assert (picture.open(saved(tmp_path / "l.png", Image.fromarray(grey))).pixels
            == grey[:, :, None]).all()  # fmt: skip
    bits = Image.fromarray(grey).convert("1", dither=Image.Dither.NONE)
    assert (picture.open(saved(tmp_path / "1.png", bits)).pixels[:, :, 1]
            == np.asarray(bits) * 255).all()  # fmt: skip
    palette = Image.fromarray(COLOUR).convert("P", palette=Image.Palette.ADAPTIVE)
    assert (picture.open(saved(tmp_path / "p.png", palette)).pixels
            == np.asarray(palette.convert("RGB"))).all()  # fmt: skip
    cmyk = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    assert np.abs(picture.open(saved(tmp_path / "c.jpg", cmyk, quality=100)).pixels
                  - np.array([255, 0, 0])).max() <= 3  # fmt: skip


def test_what_is_transparent_is_laid_over_white_and_said(tmp_path):
    clear = np.dstack([COLOUR, np.full((5, 7), 255, np.uint8)])
    clear[0, 0, 3], clear[0, 1, 3] = 0, 51

    frame = picture.open(saved(tmp_path / "a.png", Image.fromarray(clear)))

    assert frame.pixels[0, 0].tolist() == [255, 255, 255]
    assert np.abs(frame.pixels[0, 1] - (COLOUR[0, 1] * 0.2 + 255 * 0.8)).max() <= 1
    assert (frame.pixels[1:] == COLOUR[1:]).all()
    assert frame.provenance.notes == ("transparent parts are shown white",)


def test_a_transparent_palette_colour_is_shown_white(tmp_path):
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.putpixel((1, 1), 1)

    frame = picture.open(saved(tmp_path / "a.gif", palette, transparency=0))

    assert frame.pixels[0, 0].tolist() == [255, 255, 255]
    assert frame.pixels[1, 1].tolist() == [200, 100, 50]


def test_the_first_picture_of_several_is_shown_and_said(tmp_path):
    frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "lime", "blue")]

    frame = picture.open(
        saved(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])
    )

    assert frame.pixels[0, 0].tolist() == [255, 0, 0]
    assert "frame 1 of 3" in frame.provenance.notes


def test_sixteen_bits_keep_their_values_and_name_their_window(tmp_path):
    deep = RNG.integers(0, 65536, (30, 40)).astype(np.uint16)

    frame = picture.open(saved(tmp_path / "a.png", Image.fromarray(deep)))

    assert frame.values.dtype == np.uint16
    assert (frame.values == deep).all()
    assert frame.provenance.window.name == "full range"
    assert (frame.pixels[:, :, 0] == np.rint(deep / 257)).all()


def test_sixteen_bits_are_turned_upright_with_their_values(tmp_path):
    deep = np.arange(24, dtype=np.uint16).reshape(4, 6) * 2000
    exif = Image.Exif()
    exif[0x0112] = 6

    frame = picture.open(saved(tmp_path / "a.png", Image.fromarray(rotated(deep, 6)), exif=exif))

    assert (frame.values == deep).all()
    assert frame.size == (6, 4)


def test_sixteen_bit_colour_is_said_to_be_narrowed(tmp_path):
    rows = b"".join(b"\x00" + struct.pack(">6H", *(300 * k for k in range(1, 7))) for _ in range(2))
    path = tmp_path / "a.png"
    path.write_bytes(png(2, 2, depth=16, colour=2, body=zlib.compress(rows)))

    frame = picture.open(str(path))

    assert frame.size == (2, 2)
    assert "16-bit colour shown with 8 bits" in frame.provenance.notes


def png(width, height, *, depth=8, colour=0, body=b""):
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_the_hash_is_that_of_the_bytes_and_the_file_stays_as_it_was(tmp_path):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOUR))
    before = (tmp_path / "a.png").read_bytes()
    stamp = (tmp_path / "a.png").stat().st_mtime_ns

    frame = picture.open(path)

    assert frame.provenance.sha256 == hashlib.sha256(before).hexdigest()
    assert frame.provenance.locator == path
    assert (tmp_path / "a.png").read_bytes() == before
    assert (tmp_path / "a.png").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_preview_is_the_picture_made_small(tmp_path, kind, orientation):
    upright = np.zeros((480, 800, 3), np.uint8)
    upright[:160, :200] = 255
    upright[320:, 400:] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"a.{kind}", Image.fromarray(rotated(upright, orientation)), exif=exif)

    small = picture.preview(path, side=80)

    wanted = np.asarray(Image.fromarray(upright).resize((80, 48), Image.Resampling.BOX))
    assert small.shape == (48, 80, 3)
    assert np.abs(small.astype(int) - wanted).mean() < 4


def test_a_preview_of_a_damaged_file_is_refused(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.fromarray(COLOUR))
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:300])

    with pytest.raises(UnreadablePicture, match="damaged"):
        picture.preview(path, side=80)


def test_a_single_pixel_is_a_picture(tmp_path):
    frame = picture.open(saved(tmp_path / "a.png", Image.new("RGB", (1, 1), (7, 8, 9))))

    assert frame.pixels.tolist() == [[[7, 8, 9]]]


def test_a_panorama_of_20000_pixels_opens(tmp_path):
    wide = Image.new("L", (20_000, 300), 77)

    assert picture.open(saved(tmp_path / "a.png", wide)).size == (20_000, 300)


def test_more_than_pillows_own_limit_opens_up_to_ours(tmp_path):
    wide = Image.new("1", (20_000, 10_000), 1)

    with pytest.MonkeyPatch.context() as patch:
        # Only the header matters here: decoding 600 MB would make the test slow.
        patch.setattr(picture, "upright_from_image", lambda image, orientation: _small(image))
        frame = picture.open(saved(tmp_path / "a.png", wide))

    assert frame.size == (1, 1)


def _small(image):
    assert image.size == (20_000, 10_000)
    from inspector_app.imaging.conversion import Upright  # noqa: PLC0415

    return Upright(np.zeros((1, 1, 3), np.uint8))


@pytest.mark.parametrize(("width", "height"), [(30_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(tmp_path, width, height):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(width, height, body=zlib.compress(b"")))
    assert width * height > MOST_PIXELS

    with pytest.raises(UnreadablePicture, match="million") as refusal:
        picture.open(str(path))

    assert refusal.value.hint


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif", "bmp", "ppm", "jp2"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_in_one_sentence(tmp_path, kind, part):
    noise = Image.fromarray(RNG.integers(0, 256, (60, 60, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    noise.save(buffer, {"jpg": "JPEG", "jp2": "JPEG2000"}.get(kind, kind.upper()))
    content = buffer.getvalue()
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(content[: int(len(content) * part)])

    with pytest.raises(UnreadablePicture) as refusal:
        picture.open(str(path))

    assert f"cut.{kind}" in str(refusal.value)
    assert "\n" not in refusal.value.sentence()


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif", "bmp"])
def test_damaged_bytes_give_a_picture_or_a_refusal_and_nothing_else(tmp_path, kind):
    buffer = io.BytesIO()
    Image.fromarray(COLOUR).save(buffer, "JPEG" if kind == "jpg" else kind.upper())
    good = buffer.getvalue()
    path = tmp_path / f"a.{kind}"
    for seed in range(60):
        rng = np.random.default_rng(seed)
        bad = bytearray(good)
        for at in rng.integers(8, len(bad), 3):
            bad[at] = int(rng.integers(0, 256))
        path.write_bytes(bytes(bad))

        try:
            frame = picture.open(str(path))
        except UnreadablePicture:
            continue
        assert frame.pixels.size


@pytest.mark.parametrize(
    "content", [b"hello", b"%PDF-1.7", b"%!PS-Adobe EPS", b"II*\x00", b"BM is a text"]
)
def test_other_files_are_not_accepted(tmp_path, content):
    path = tmp_path / "a.png"
    path.write_bytes(content)

    assert not picture.accepts(str(path))
