"""The canvas shows the right pixels at the right place, whatever the picture."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector_app import app
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.frame import Window
from inspector_app.domain.region import Region
from inspector_app.gui.canvas.bearings import round_length
from inspector_app.gui.canvas.heat_item import HeatItem
from inspector_app.gui.canvas.picture_item import PictureItem
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.canvas.view import View
from inspector_app.gui.facts import Display
from inspector_app.gui.picture import Pyramid, Tone, image_of
from inspector_app.imaging.windowing import grey_to_rgb


@pytest.fixture
def view(qtbot):
    app.make_application()
    made = View()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def shown(view, item, size) -> QImage:
    """What the view draws of an item of this picture size."""
    view.scene().addItem(item)
    view.set_size(size)
    return view.grab().toImage()


def noise(width, height, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_at_one_to_one_every_pixel_is_the_frames_own(view):
    pixels = noise(200, 120)
    item = PictureItem()
    item.set_pyramid(Pyramid(pixels))
    view.scene().addItem(item)
    view.set_size((200, 120))
    view.actual_size()
    image = view.grab().toImage()

    for x, y in ((0, 0), (199, 119), (37, 81), (100, 60)):
        colour = image.pixelColor(view.mapFromScene(QPointF(x, y)))
        assert (colour.red(), colour.green(), colour.blue()) == tuple(pixels[y, x])


def test_enlarged_pixels_are_shown_as_squares(view):
    pixels = noise(40, 30)
    item = PictureItem()
    item.set_pyramid(Pyramid(pixels))
    view.scene().addItem(item)
    view.set_size((40, 30))
    view.zoom(10 / view.scale_now)
    image = view.grab().toImage()

    for dx, dy in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)):
        colour = image.pixelColor(view.mapFromScene(QPointF(20 + dx, 15 + dy)))
        assert (colour.red(), colour.green(), colour.blue()) == tuple(pixels[15, 20])


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (20_000, 3), (3001, 1999)])
def test_any_size_is_drawn_whole_and_near(view, size):
    pixels = np.full((size[1], size[0], 3), (200, 40, 90), np.uint8)
    item = PictureItem()
    item.set_pyramid(Pyramid(pixels))

    image = shown(view, item, size)

    middle = image.pixelColor(view.mapFromScene(QPointF(size[0] / 2, size[1] / 2)))
    assert abs(middle.red() - 200) < 80 or min(size) < 20
    view.zoom(64)
    view.travel_to(Region.square_at((0, 0), side=1, within=size))
    assert not view.grab().isNull()


def test_a_small_copy_is_stretched_over_the_frame_it_shows(view):
    pixels = np.zeros((50, 100, 3), np.uint8)
    pixels[:, 50:] = 255
    pyramid = Pyramid(pixels, size=(1000, 500))
    item = PictureItem()
    item.set_pyramid(pyramid)

    image = shown(view, item, (1000, 500))

    assert image.pixelColor(view.mapFromScene(QPointF(300, 250))).red() < 20
    assert image.pixelColor(view.mapFromScene(QPointF(700, 250))).red() > 235


def test_a_portrait_shows_the_region_and_nothing_else():
    pixels = np.zeros((2000, 3000, 3), np.uint8)
    pixels[800:1200, 1000:1600] = 250

    inside = Pyramid(pixels).portrait(Region(1040, 840, 1560, 1160), side=96)
    beside = Pyramid(pixels).portrait(Region(0, 0, 900, 700), side=96)

    assert max(inside.width(), inside.height()) == 96
    assert inside.pixelColor(2, 2).red() > 240
    assert inside.pixelColor(inside.width() - 3, inside.height() - 3).red() > 240
    assert beside.pixelColor(90, 60).red() == 0


def test_the_zoom_keeps_the_point_under_the_cursor(view):
    view.set_size((1000, 800))
    cursor = QPointF(310, 90)
    before = view.mapToScene(cursor.toPoint())

    for _ in range(8):
        view.zoom(1.3, at=cursor)

    after = view.mapToScene(cursor.toPoint())
    assert after.x() == pytest.approx(before.x(), abs=3)
    assert after.y() == pytest.approx(before.y(), abs=3)


def test_a_fitted_picture_stays_fitted_when_the_window_grows(view, qtbot):
    view.set_size((1000, 500))
    view.resize(800, 600)

    qtbot.waitUntil(lambda: view.scale_now == pytest.approx((800 - 24) / 1000, rel=0.01))


def test_a_bright_cell_is_painted_over_its_own_place(view):
    values = np.zeros((4, 5), np.float32)
    values[2, 3] = 1.0
    # A grid that reaches beyond the picture on the left, as one with padding does.
    attention = AttentionMap(values, TokenGrid(4, 5, -100, 0, 400, 400), "test", layer=1)
    heat = HeatItem()
    heat.set_size((400, 400))
    heat.show_map(attention, replace(Display(), smooth=False, opacity=1.0))

    image = shown(view, heat, (400, 400))
    ground = image.pixelColor(view.mapFromScene(QPointF(100, 100)))

    assert image.pixelColor(view.mapFromScene(QPointF(250, 250))) != ground
    for x, y in ((190, 250), (310, 250), (250, 190), (250, 310)):
        assert image.pixelColor(view.mapFromScene(QPointF(x, y))) == ground


def test_heat_leaves_no_state_behind_for_the_boxes(view):
    item = PictureItem()
    item.set_pyramid(Pyramid(np.full((300, 400, 3), 200, np.uint8)))
    view.scene().addItem(item)
    values = np.zeros((3, 4), np.float32)
    values[0, 0] = 1
    heat = HeatItem()
    heat.set_size((400, 300))
    heat.show_map(AttentionMap(values, TokenGrid(3, 4, 0, 0, 400, 300), "test"), Display())

    image = shown(view, heat, (400, 300))

    far = image.pixelColor(view.mapFromScene(QPointF(390, 290)))
    assert (far.red(), far.green(), far.blue()) == (200, 200, 200)


def test_the_same_map_in_the_same_colours_is_coloured_once():
    heat = HeatItem()
    heat.set_size((64, 64))
    attention = AttentionMap(np.eye(8, dtype=np.float32), TokenGrid(8, 8, 0, 0, 64, 64), "test")

    heat.show_map(attention, Display())
    first = heat._image
    heat.show_map(attention, replace(Display(), opacity=0.2))

    assert heat._image is first


def test_an_image_has_memory_of_its_own():
    pixels = noise(7, 5)
    image = image_of(pixels)
    pixels[:] = 0

    assert image.size().toTuple() == (7, 5)
    assert image.pixelColor(3, 2) != QColor(0, 0, 0)


def test_a_piece_beyond_the_edge_is_cut_off():
    pyramid = Pyramid(noise(30, 20))

    assert pyramid.piece(0, QRect(0, 0, 30, 20)).format() == QImage.Format.Format_RGB32
    assert pyramid.level_for(0.0) == 0
    assert pyramid.level_for(1e-9) == pyramid.last


def test_painting_onto_any_device_never_raises(view):
    item = PictureItem()
    item.set_pyramid(Pyramid(noise(500, 400)))
    view.scene().addItem(item)
    view.set_size((500, 400))
    paper = QImage(2000, 1500, QImage.Format.Format_ARGB32)
    paper.fill(Qt.GlobalColor.black)

    painter = QPainter(paper)
    view.scene().render(painter)
    painter.end()

    assert paper.pixelColor(1000, 750) != QColor(Qt.GlobalColor.black)


@pytest.mark.parametrize(
    ("about", "length"), [(110, 100), (99, 50), (23, 20), (1.0, 1.0), (0.74, 0.5), (4999, 2000)]
)
def test_a_ruler_has_a_round_length(about, length):
    assert round_length(about) == pytest.approx(length)


def test_a_click_on_the_small_map_goes_there(opened, qtbot):
    canvas, view = opened.canvas, opened.canvas.view
    assert not canvas.map.isVisible()
    view.zoom(6)
    assert canvas.map.isVisible()

    corner = canvas.map.rect().bottomRight() - QPoint(20, 20)
    qtbot.mouseClick(canvas.map, Qt.MouseButton.LeftButton, pos=corner)

    middle = view.mapToScene(view.viewport().rect().center())
    assert middle.x() > 0.75 * 320
    assert middle.y() > 0.65 * 240


def test_the_ruler_counts_pixels_where_nothing_is_calibrated(opened):
    ruler, view = opened.canvas.ruler, opened.canvas.view

    assert ruler.words.endswith(" px")
    said = float(ruler.words.removesuffix(" px"))
    assert ruler._length == pytest.approx(said * view.scale_now)
    ruler.show_scale(2.0, mm_per_pixel=0.5)
    assert ruler.words == "20 mm"
    assert ruler._length == pytest.approx(80)


@pytest.mark.parametrize("turn", [Turn(quarters, flip) for quarters in range(4) for flip in (0, 1)])
@pytest.mark.parametrize("scale", [0.37, 1.0, 1.7, 3.0, 8.0])
def test_however_turned_and_zoomed_a_patch_is_where_the_geometry_says(view, turn, scale):
    """Two quick ways draw the picture; both must put it where boxes and points are put."""
    pixels = np.full((600, 800, 3), 30, np.uint8)
    pixels[280:340, 380:470] = 220
    item = PictureItem()
    item.set_pyramid(Pyramid(pixels))
    view.scene().addItem(item)
    view.set_size((800, 600))
    view.set_turn(turn)
    view.look(QPointF(425, 310), scale)

    image = view.viewport().grab().toImage()

    # A little more than half a pixel of the screen to each side of the patch's edges.
    slip = 1.5 / scale + 0.5
    for x, y, is_inside in (
        (380 + slip, 310, True),
        (470 - slip, 310, True),
        (425, 280 + slip, True),
        (425, 340 - slip, True),
        (380 - slip, 310, False),
        (470 + slip, 310, False),
        (425, 280 - slip, False),
        (425, 340 + slip, False),
    ):
        place = view.place_of(QPointF(x, y))
        if view.viewport().rect().contains(place):
            light = image.pixelColor(place).red()
            assert (light > 125) == is_inside, (x, y, light)


def test_haste_and_rest_show_the_same_picture(view):
    values = (np.indices((900, 700)).sum(0) * 30).astype(np.uint16)
    item = PictureItem()
    item.set_pyramid(Pyramid(grey_to_rgb((values >> 8).astype(np.uint8)), values=values))
    view.scene().addItem(item)
    view.set_size((700, 900))
    tone = Tone(Window(20_000, 30_000, "test"))
    item.set_tone(tone, is_hasty=True)
    hasty = view.viewport().grab().toImage()
    item.set_tone(tone)
    rested = view.viewport().grab().toImage()

    for place in (QPoint(200, 150), QPoint(180, 80), QPoint(230, 260)):
        assert abs(hasty.pixelColor(place).red() - rested.pixelColor(place).red()) <= 4
