"""Colour spaces, profiles, depth and frames of ordinary pictures, against values by hand."""

import io
import struct
import zlib

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.imaging.jpeg import decode_jpeg
from inspector_app.sources import picture
from tests.sources.test_picture import COLOUR, png, rotated, saved

RNG = np.random.default_rng(21)
SRGB_TO_XYZ = np.array(  # D50; columns are red, green, blue. Source: ICC's sRGB v2 profile.
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
)
P3_TO_XYZ = np.array(  # D50. Source: Apple's Display P3 profile.
    [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
)


def profile(to_xyz, *, gamma):
    """A version 2 display profile of three colorants and one gamma. Source: ICC.1:2001-04."""

    def fixed(number):
        return struct.pack(">i", round(number * 65536))

    def place(xyz):
        return b"XYZ " + bytes(4) + b"".join(fixed(side) for side in xyz)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)
    parts = {
        b"desc": text + bytes(-len(text) % 4), b"wtpt": place([0.9642, 1.0, 0.8249]),
        b"rXYZ": place(to_xyz[:, 0]), b"gXYZ": place(to_xyz[:, 1]), b"bXYZ": place(to_xyz[:, 2]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve, b"cprt": b"text" + bytes(4) + b"CC0\0",
    }  # fmt: skip
    table, body, at = b"", b"", 128 + 4 + 12 * len(parts)
    for name, part in parts.items():
        table += name + struct.pack(">II", at + len(body), len(part))
        body += part
    head = bytearray(128)
    head[8:12] = b"\x02\x40\x00\x00"
    head[12:24] = b"mntrRGB XYZ "
    head[36:40] = b"acsp"
    head[68:80] = b"".join(fixed(side) for side in (0.9642, 1.0, 0.8249))
    head[0:4] = struct.pack(">I", at + len(body))
    return bytes(head) + struct.pack(">I", len(parts)) + table + body


def to_srgb(pixels, to_xyz, *, gamma):
    """By hand: linear light, through XYZ, clipped, sRGB's own curve."""
    light = (pixels / 255.0) ** gamma @ (np.linalg.inv(SRGB_TO_XYZ) @ to_xyz).T
    light = np.clip(light, 0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return curved * 255


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "tif"])
def test_a_wide_profile_is_brought_to_srgb(tmp_path, kind):
    flat = np.full((16, 16, 3), (200, 90, 60), np.uint8)
    more = {"jpg": {"quality": 100, "subsampling": 0}, "webp": {"lossless": True}}.get(kind, {})
    path = saved(
        tmp_path / f"a.{kind}", Image.fromarray(flat),
        icc_profile=profile(P3_TO_XYZ, gamma=2.2), **more,
    )  # fmt: skip

    if kind == "tif":
        from inspector_app.sources import tiff as source  # noqa: PLC0415  only here
    else:
        source = picture
    frame = source.open(path)

    wanted = to_srgb(flat[0, 0], P3_TO_XYZ, gamma=2.2)
    assert np.abs(frame.pixels[8, 8] - wanted).max() <= (4 if kind == "jpg" else 2)
    assert np.abs(wanted - flat[0, 0]).max() > 8
    assert any("test brought to sRGB" in note for note in frame.provenance.notes)


def test_transparency_survives_a_profile(tmp_path):
    clear = np.dstack([np.full((4, 4, 3), 90, np.uint8), np.full((4, 4), 255, np.uint8)])
    clear[0, 0, 3] = 0

    frame = picture.open(
        saved(tmp_path / "a.png", Image.fromarray(clear), icc_profile=profile(P3_TO_XYZ, gamma=1.0))
    )

    assert frame.pixels[0, 0].tolist() == [255, 255, 255]
    wanted = to_srgb(np.array([90, 90, 90]), P3_TO_XYZ, gamma=1.0)
    assert np.abs(frame.pixels[2, 2] - wanted).max() <= 2


def test_srgbs_own_profile_changes_nothing(tmp_path):
    from PIL import ImageCms  # noqa: PLC0415  only here

    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    frame = picture.open(saved(tmp_path / "a.png", Image.fromarray(COLOUR), icc_profile=own))

    assert (frame.pixels == COLOUR).all()
    assert frame.provenance.notes == ()


@pytest.mark.parametrize("damage", [b"", b"nonsense", profile(P3_TO_XYZ, gamma=2)[:200]])
def test_a_damaged_profile_is_left_out_and_said(tmp_path, damage):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOUR), icc_profile=damage)

    frame = picture.open(path)

    assert (frame.pixels == COLOUR).all()
    assert bool(frame.provenance.notes) == bool(damage)


def test_inks_become_colours_by_the_usual_formula(tmp_path):
    inks = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255], [100, 50, 200, 30]]], np.uint8)
    image = Image.frombytes("CMYK", (4, 1), inks.tobytes())
    image.save(tmp_path / "a.tif")
    from inspector_app.sources import tiff  # noqa: PLC0415  only here

    frame = tiff.open(str(tmp_path / "a.tif"))

    wanted = (255 - inks[:, :, :3].astype(int)) * (255 - inks[:, :, 3:].astype(int)) / 255
    assert np.abs(frame.pixels - wanted).max() <= 1


def test_grey_with_alpha_is_laid_over_white(tmp_path):
    pair = np.array([[[40, 255], [40, 0], [40, 51]]], np.uint8)

    frame = picture.open(saved(tmp_path / "a.png", Image.frombytes("LA", (3, 1), pair.tobytes())))

    # By hand: 40, all white, and 40 * 0.2 + 255 * 0.8 = 212.
    assert frame.pixels[0, :, 0].tolist() == [40, 255, 212]


def test_deep_grey_with_alpha_keeps_its_values(tmp_path):
    deep = np.array([[[0, 65535], [65535, 65535], [1000, 65535], [7, 0]]], ">u2")
    path = tmp_path / "a.png"
    path.write_bytes(png(4, 1, depth=16, colour=4, body=zlib.compress(b"\0" + deep[0].tobytes())))

    frame = picture.open(str(path))

    assert frame.values.tolist() == [[0, 65535, 1000, 7]]
    assert frame.pixels[0, :, 1].tolist() == [0, 255, 4, 255]


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_jpeg_2000_keeps_the_values_of_its_depth(tmp_path, bits):
    values = RNG.integers(0, 2**bits, (20, 30)).astype(np.uint16)
    path = tmp_path / "a.jp2"
    path.write_bytes(imagecodecs.jpeg2k_encode(values, reversible=True, bitspersample=bits))

    frame = picture.open(str(path))

    assert (frame.values == values).all()


def test_jpeg_2000_colours_come_through_unchanged(tmp_path):
    path = tmp_path / "a.j2k"
    path.write_bytes(imagecodecs.jpeg2k_encode(COLOUR, codecformat="J2K", reversible=True))

    assert (picture.open(str(path)).pixels == COLOUR).all()


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_every_frame_can_be_opened_by_its_number(tmp_path, kind):
    frames = [Image.new("RGB", (6, 5), (level, 0, 0)) for level in (0, 128, 255)]
    more = {"lossless": True} if kind == "webp" else {}
    frames[0].save(
        tmp_path / f"a.{kind}", save_all=True, append_images=frames[1:], duration=100, **more
    )
    path = str(tmp_path / f"a.{kind}")

    assert picture.count(path) == 3
    for number, level in enumerate((0, 128, 255), start=1):
        frame = picture.open(f"{path}#{number}")
        assert abs(int(frame.pixels[2, 2, 0]) - level) <= 1
        assert frame.provenance.notes[0] == f"frame {number} of 3"
        assert frame.provenance.locator == f"{path}#{number}"
        assert abs(int(picture.preview(f"{path}#{number}", side=4)[2, 2, 0]) - level) <= 1
    for opening in (picture.open, lambda locator: picture.preview(locator, side=4)):
        with pytest.raises(UnreadablePicture, match="holds only 3 pictures, not 4"):
            opening(f"{path}#4")


def test_a_second_picture_in_a_camera_file_is_not_counted(tmp_path):
    main, depth = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (4, 4), "blue")
    main.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[depth])

    frame = picture.open(str(tmp_path / "a.jpg"))

    assert picture.count(str(tmp_path / "a.jpg")) == 1
    assert (frame.size, frame.provenance.media) == ((8, 8), "JPEG")
    assert frame.pixels[0, 0, 0] > 200


# --- the quick way for JPEG ----------------------------------------------------------------


def jpeg(image, **more):
    held = io.BytesIO()
    image.save(held, "JPEG", **more)
    return held.getvalue()


@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"subsampling": 0}, {"quality": 30}])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_quick_way_gives_what_two_other_decoders_give(more, mode):
    smooth = np.clip(np.add.outer(np.arange(60) * 3, np.arange(80) * 2)[..., None] + [0, 40, -30],
                     0, 255).astype(np.uint8)  # fmt: skip
    content = jpeg(Image.fromarray(smooth).convert(mode), **more)

    decoded = decode_jpeg(content, size=(80, 60))

    by_pillow = np.asarray(Image.open(io.BytesIO(content)))
    assert (decoded == by_pillow).all()
    flag = cv2.IMREAD_COLOR_RGB if mode == "RGB" else cv2.IMREAD_GRAYSCALE
    by_opencv = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    assert np.abs(decoded.astype(int) - by_opencv).max() <= 3


def test_the_quick_way_leaves_alone_what_needs_care():
    good = jpeg(Image.fromarray(RNG.integers(0, 256, (60, 60, 3), dtype=np.uint8)))
    inks = jpeg(Image.new("CMYK", (60, 60), (9, 99, 199, 20)))

    assert decode_jpeg(good, size=(60, 60)) is not None
    assert decode_jpeg(good, size=(61, 60)) is None
    assert decode_jpeg(inks, size=(60, 60)) is None
    for part in (0, 1, 3, 20, len(good) // 2, len(good) - 1):
        assert decode_jpeg(good[:part], size=(60, 60)) is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_grey_photographs_are_turned_upright(tmp_path, orientation):
    upright = np.zeros((24, 40), np.uint8)
    upright[:8, :8] = 255
    upright[16:, :8] = 120
    exif = Image.Exif()
    exif[0x0112] = orientation

    frame = picture.open(
        saved(tmp_path / "a.jpg", Image.fromarray(rotated(upright, orientation)), exif=exif,
              quality=100)
    )  # fmt: skip

    assert np.abs(frame.pixels[:, :, 0].astype(int) - upright).max() <= 8


def test_a_chunk_that_claims_more_than_the_file_holds_is_refused(tmp_path):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOUR))
    content = bytearray((tmp_path / "a.png").read_bytes())
    at = content.index(b"IDAT")
    content[at - 4 : at] = struct.pack(">I", 2**31 - 1)
    (tmp_path / "a.png").write_bytes(bytes(content))

    with pytest.raises(UnreadablePicture, match="damaged"):
        picture.open(path)


@pytest.mark.parametrize("name", ["none.gif", "empty.gif", "cut.gif"])
def test_what_cannot_be_counted_is_refused_as_it_would_be_opened(tmp_path, name):
    (tmp_path / "empty.gif").write_bytes(b"")
    (tmp_path / "cut.gif").write_bytes(b"GIF89a")
    path = str(tmp_path / name)

    with pytest.raises(UnreadablePicture) as refusal:
        picture.count(path)
    with pytest.raises(UnreadablePicture) as wanted:
        picture.open(path)

    assert refusal.value.sentence() == wanted.value.sentence()
