"""Videos written by an encoder here, read frame by frame, against a plain walk through them."""

import hashlib
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.locator import join
from inspector_app.sources import picture, video

GREYS = range(10, 250, 10)


def written(path, *, codec="mpeg4", stamps=None, size=(64, 48), greys=GREYS, **options):
    """A video whose frames are one grey each, at these stamps (in 1/100 s)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 100)
        stream.codec_context.gop_size = 8
        for at, grey in enumerate(greys):
            pixels = np.full((size[1], size[0], 3), grey, np.uint8)
            pixels[:, : size[0] // 2] //= 2
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = stamps[at] if stamps else 4 * at
            frame.time_base = Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return str(path)


def walked(path):
    """Every frame, by decoding the file from its beginning."""
    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def ending(look):
    """What a look at a damaged file ends in: pixels, or the way out."""
    try:
        return look().pixels.size
    except UnreadablePicture as error:
        return error.hint


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {}),
        ("a.mp4", {"bf": "2"}),
        ("a.mkv", {"bf": "2"}),
        ("a.mov", {}),
        ("a.avi", {}),
        ("a.avi", {"bf": "2"}),
        ("a.ts", {"codec": "mpeg2video", "bf": "2"}),
        ("a.webm", {"codec": "libvpx"}),
        ("a.mpg", {"codec": "mpeg2video"}),
        ("a.mp4", {"codec": "libx264", "bf": "3"}),
        ("a.mkv", {"codec": "libsvtav1", "preset": "10"}),
        ("a.mp4", {"codec": "libx265", "x265-params": "log-level=none"}),
    ],
)
def test_every_frame_is_the_one_a_plain_walk_meets(tmp_path, name, options):
    if options.get("codec", "mpeg4") not in av.codecs_available:
        pytest.skip("this build of the library has no such encoder")
    path = written(tmp_path / name, **options)
    expected = walked(path)

    assert video.accepts(path)
    assert video.count(path) == len(expected) == len(GREYS)
    for number in (1, 2, 7, 9, 16, 23, 24):
        frame = video.open(join(path, number))
        assert (frame.pixels == expected[number - 1]).all(), number


def test_frames_at_uneven_times_are_counted_not_timed(tmp_path):
    stamps = [0, 1, 3, 50, 51, 300, 301, 302]
    path = written(tmp_path / "a.mkv", stamps=stamps, greys=GREYS[:8])
    expected = walked(path)

    frames = [video.open(join(path, number)) for number in range(1, 9)]

    assert all((f.pixels == e).all() for f, e in zip(frames, expected, strict=True))
    assert "at 0.500 s" in frames[3].provenance.notes


def test_the_first_frame_is_shown_when_none_is_named(tmp_path):
    path = written(tmp_path / "中文 视频.mp4")

    frame = video.open(path)

    assert frame.provenance.notes[0] == f"frame 1 of {len(GREYS)}"
    assert frame.provenance.locator == path
    assert (
        frame.provenance.sha256
        == hashlib.sha256((tmp_path / "中文 视频.mp4").read_bytes()).hexdigest()
    )


# Matrices that turn the picture clockwise on the screen, as phones write them (ISO 14496-12).
@pytest.mark.parametrize(
    ("matrix", "turns"),
    [
        ((0, 1, -1, 0), 3),
        ((-1, 0, 0, -1), 2),
        ((0, -1, 1, 0), 1),
    ],
)
def test_a_phone_held_upright_gives_an_upright_picture(tmp_path, matrix, turns):
    path = tmp_path / "a.mp4"
    written(path)
    plain = video.open(str(path)).pixels
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    a, b, c, d = (value * 65536 for value in matrix)
    content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)

    frame = video.open(str(path))

    assert (frame.pixels == np.rot90(plain, turns)).all()
    assert frame.provenance.orientation == {3: 6, 2: 3, 1: 8}[turns]


def test_a_frame_behind_the_last_is_refused_in_words(tmp_path):
    path = written(tmp_path / "a.mp4")

    with pytest.raises(UnreadablePicture, match="only 24 pictures, not 25"):
        video.open(join(path, 25))


def test_sound_alone_is_no_picture(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with pytest.raises(UnreadablePicture, match="sound but no picture"):
        video.open(str(path))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_damage_ends_in_a_picture_or_a_sentence(tmp_path, name):
    whole = (tmp_path / name, written(tmp_path / name))[0].read_bytes()
    rng = np.random.default_rng(3)

    for trial in range(60):
        content = bytearray(whole[: len(whole) // 2] if trial % 6 == 0 else whole)
        for at in rng.integers(0, len(content), 1 + trial % 40):
            content[at] = rng.integers(0, 256)
        path = tmp_path / f"hurt{name[1:]}"
        path.write_bytes(content)
        assert ending(lambda: video.open(join(str(path), 1 + trial % 24)))  # noqa: B023


def test_an_empty_file_and_a_missing_one_are_told_apart(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"")

    with pytest.raises(UnreadablePicture, match="is empty"):
        video.open(str(tmp_path / "a.mp4"))
    with pytest.raises(UnreadablePicture, match="There is no file"):
        video.open(str(tmp_path / "b.mp4"))


def test_a_moving_picture_and_a_still_one_are_not_taken_for_each_other(tmp_path):
    path = written(tmp_path / "a.mp4")
    (tmp_path / "a.avif").write_bytes(b"\x00\x00\x00\x1cftypavif" + bytes(20))

    assert not picture.accepts(path)
    assert not video.accepts(str(tmp_path / "a.avif"))
