"""Codes are read as another encoder wrote them, and stand where they were put."""

import cv2
import numpy as np
import pytest
import zxingcpp

from inspector_app.domain.code import Code, serials
from inspector_app.imaging.codes import read_codes
from inspector_app.imaging.registration import prepare, register

SIZE = (900, 700)  # (width, height)


def code_image(text, kind, *, scale=4):
    """(h, w) uint8, with its quiet zone."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return np.array(made.to_image(scale=scale))


def on_table(code, *, at=(300, 200), size=SIZE, value=190):
    table = np.full((size[1], size[0], 3), value, np.uint8)
    (x, y), (height, width) = at, code.shape
    table[y : y + height, x : x + width] = code[..., None]
    return table


@pytest.mark.parametrize("kind", ["DataMatrix", "QRCode", "Aztec", "Code128", "Code39", "EAN13"])
def test_a_code_says_what_was_written_whatever_its_kind(kind):
    text = "4006381333931" if kind == "EAN13" else "SN-0042"

    (code,) = read_codes(on_table(code_image(text, kind)))

    assert (code.text, code.format.removesuffix("Code")) == (text, kind.removesuffix("Code"))


def test_a_code_of_another_encoder_is_read():
    written = cv2.QRCodeEncoder.create().encode("工号 17 / A")
    large = cv2.resize(written, None, fx=5, fy=5, interpolation=cv2.INTER_NEAREST)

    (code,) = read_codes(on_table(np.pad(large, 20, constant_values=255)))

    assert code.text == "工号 17 / A"


@pytest.mark.parametrize("angle", [0, 17, 90, 135, 180, 261])
@pytest.mark.parametrize("kind", ["DataMatrix", "QRCode"])
def test_corners_stand_where_the_code_was_turned_to(kind, angle):
    scale = 6
    code = code_image("SN-0042", kind, scale=scale)
    quiet = scale if kind == "DataMatrix" else 4 * scale
    side = code.shape[0] - 2 * quiet
    x0 = y0 = quiet - 0.5  # pixel middles are whole numbers: an edge lies half a pixel before
    flat = np.array([[x0, y0], [x0 + side, y0], [x0 + side, y0 + side], [x0, y0 + side]])
    middle = ((code.shape[1] - 1) / 2, (code.shape[0] - 1) / 2)
    turn = cv2.getRotationMatrix2D(middle, -angle, 1.0)
    turn[:, 2] += (300, 240)
    table = np.full((700, 900), 190, np.uint8)
    there = cv2.warpAffine(code, turn, (900, 700), table, borderMode=cv2.BORDER_TRANSPARENT)

    (found,) = read_codes(there)

    expected = flat @ turn[:, :2].T + turn[:, 2]
    assert np.abs(np.array(found.corners) - expected).max() <= 2.0


def test_small_and_light_on_dark_codes_are_read():
    small = on_table(code_image("SN-7", "DataMatrix", scale=2))
    inverted = 255 - on_table(code_image("SN-8", "DataMatrix"), value=0)

    assert [one.text for one in read_codes(small)] == ["SN-7"]
    assert [one.text for one in read_codes(inverted)] == ["SN-8"]


def test_two_codes_are_two_and_the_same_text_twice_is_one_serial_number():
    picture = on_table(code_image("SN-1", "DataMatrix"), at=(100, 100))
    other = code_image("SN-2", "QRCode")
    picture[400 : 400 + other.shape[0], 500 : 500 + other.shape[1]] = other[..., None]

    found = read_codes(picture)

    assert serials(found) == ("SN-1", "SN-2")
    assert serials((found[0], found[0])) == ("SN-1",)


def test_stripes_noise_and_an_empty_picture_hold_no_code():
    noise = np.random.default_rng(5).integers(0, 256, (400, 500, 3), dtype=np.uint8)
    stripes = np.zeros((300, 400), np.uint8)
    stripes[:, ::3] = stripes[:, ::7] = 255

    for picture in (noise, stripes, np.full((9, 9, 3), 80, np.uint8)):
        assert read_codes(picture) == ()


def test_a_serial_number_is_one_line_without_control_characters():
    code = Code("\x1d01 0400\nA\x00", "DataMatrix", ((0, 0), (1, 0), (1, 1), (0, 1)))

    assert "\n" not in code.serial
    assert "\x00" not in code.serial
    assert "\x1d" not in code.serial


@pytest.mark.parametrize("kind", ["DataMatrix", "QRCode"])
def test_a_part_without_texture_is_found_by_its_code(kind):
    rng = np.random.default_rng(3)
    template = on_table(code_image("PART-7 REV B", kind, scale=9), at=(350, 250))
    for _ in range(60):
        x, y = rng.integers(60, 640, 2)
        cv2.circle(template, (int(x) + 100, int(y)), 4, (150, 150, 150), -1)
    move = cv2.getRotationMatrix2D((450, 350), 31, 1.06)
    move[:, 2] += (40, -25)
    picture = cv2.warpAffine(template, move, SIZE, borderValue=(190, 190, 190))

    found = register(prepare(template), picture)

    assert found is not None
    assert found.method == "code"
    for x, y in [(250, 200), (600, 480)]:
        there = move[:, :2] @ (x, y) + move[:, 2]
        assert np.hypot(*np.subtract(found.point(x, y), there)) <= 1.0


def test_another_code_on_the_part_does_not_place_it():
    template = on_table(code_image("PART-7", "DataMatrix", scale=9))
    other = on_table(code_image("PART-8", "DataMatrix", scale=9), at=(420, 300))

    found = register(prepare(template), other)

    assert found is None or found.method != "code"
