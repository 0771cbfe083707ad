"""Pieces are made beside the window's thread; what is shown meanwhile, and that nothing is lost."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QApplication

from inspector_app.domain.frame import Window
from inspector_app.gui.canvas.feeding import Feeder, Wish
from inspector_app.gui.picture import Pyramid, Tone
from inspector_app.imaging.windowing import grey_to_rgb
from tests.gui.person import sharp

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Asks:
    """Keeps what it is given, and in which thread."""

    def __init__(self):
        self.pieces, self.threads = [], set()

    def take(self, piece):
        self.pieces.append(piece)
        self.threads.add(threading.current_thread())


class Slow(Pyramid):
    """Waits to be let go before it makes a piece, and notes in which thread."""

    def __init__(self, pixels):
        super().__init__(pixels)
        self.gate, self.begun = threading.Event(), threading.Event()
        self.threads, self.levels = set(), []

    def piece(self, level, box, *, tone=None, size=None):
        self.threads.add(threading.current_thread().name)
        self.begun.set()
        assert self.gate.wait(60)
        self.levels.append(box.width())
        return super().piece(level, box, tone=tone, size=size)


@pytest.fixture
def feeder(qtbot):
    made = Feeder()
    yield made
    made.close()


def wish(pyramid, *, width=8):
    return Wish(pyramid, 0, QRect(0, 0, width, 8), (width, 8), 1.0, Tone())


def noise(side=64):
    return np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)


def test_a_piece_is_made_elsewhere_and_told_of_here(feeder, qtbot):
    pyramid, asks = Slow(noise()), Asks()
    pyramid.gate.set()

    feeder.want(asks, wish(pyramid))
    qtbot.waitUntil(lambda: bool(asks.pieces))

    assert pyramid.threads == {"feeder"}
    assert asks.threads == {threading.current_thread()}
    assert asks.pieces[0].image == Pyramid(noise()).piece(0, QRect(0, 0, 8, 8))


def test_only_the_newest_wish_of_those_that_waited_is_met(feeder, qtbot):
    pyramid, asks = Slow(noise()), Asks()

    feeder.want(asks, wish(pyramid, width=8))
    assert pyramid.begun.wait(60)
    for width in range(9, 40):
        feeder.want(asks, wish(pyramid, width=width))
    pyramid.gate.set()
    qtbot.waitUntil(lambda: len(asks.pieces) == 2)

    assert pyramid.levels == [8, 39]


def test_who_waits_in_vain_is_told_later(feeder, qtbot):
    pyramid, asks = Slow(noise()), Asks()
    feeder.want(asks, wish(pyramid))

    assert feeder.wait_for(asks, wish(pyramid), patience_s=0.01) is None

    pyramid.gate.set()
    assert feeder.wait_for(asks, wish(pyramid), patience_s=60) is not None
    qtbot.waitUntil(lambda: bool(asks.pieces))


def test_a_closed_feeder_makes_nothing_and_has_no_thread(feeder):
    asks = Asks()
    feeder.close()

    feeder.want(asks, wish(Pyramid(noise())))

    assert feeder.wait_for(asks, wish(Pyramid(noise())), patience_s=1) is None


def test_the_last_good_picture_stands_until_the_next_window_is_there(opened):
    view, item = opened.canvas.view, opened.canvas.shown
    before = sharp(opened)
    real, gate = Pyramid.piece, threading.Event()
    pyramid = opened.session.picture.pyramid

    def late(level, box, **more):
        if threading.current_thread().name == "feeder":
            assert gate.wait(60)
        return real(pyramid, level, box, **more)

    pyramid.piece = late
    opened.canvas.viewing.invert()
    while_waiting = view.viewport().grab().toImage()
    was_fresh = opened.canvas.shown.is_fresh
    gate.set()
    after = sharp(opened)

    center = before.rect().center()
    assert not was_fresh
    assert while_waiting.pixelColor(center) == before.pixelColor(center)
    assert after.pixelColor(center).red() == 255 - before.pixelColor(center).red()
    assert item.is_fresh


def test_a_picture_that_takes_long_is_first_shown_coarse_and_through_its_window(opened, qtbot):
    values = np.linspace(0, 60000, 400 * 400).reshape(400, 400).astype(np.uint16)
    pyramid = Pyramid(grey_to_rgb((values >> 8).astype(np.uint8)), values=values)
    real, gate = Pyramid.piece, threading.Event()

    def late(level, box, *, tone=None, size=None):
        if threading.current_thread().name == "feeder":
            assert gate.wait(60)
        return real(pyramid, level, box, tone=tone, size=size)

    pyramid.piece = late
    item, view = opened.canvas.shown, opened.canvas.view
    item.set_pyramid(pyramid)
    item.set_tone(Tone(Window(30000, 2, "by hand")))
    view.set_size(pyramid.size)
    QApplication.processEvents()

    shown = view.viewport().grab().toImage()

    middle = shown.rect().center()
    assert not item.is_fresh
    assert shown.pixelColor(middle.x(), middle.y() - 80).red() == 0
    assert shown.pixelColor(middle.x(), middle.y() + 80).red() == 255
    gate.set()
    assert sharp(opened).pixelColor(middle.x(), middle.y() + 80).red() == 255


def test_a_pan_finds_its_next_piece_made_before_it_needs_it(opened, qtbot):
    pixels = np.random.default_rng(1).integers(0, 255, (3000, 3000, 3), dtype=np.uint8)
    item, view = opened.canvas.shown, opened.canvas.view
    pyramid = Pyramid(pixels)
    item.set_pyramid(pyramid)
    view.set_size(pyramid.size)
    view.look(QPointF(800, 800), 1.0)
    sharp(opened)
    qtbot.waitUntil(lambda: item._piece.wish == item._asked)
    sharp(opened)
    qtbot.waitUntil(lambda: item._piece.wish == item._asked)

    for _ in range(60):
        view.pan(20, 0)
        assert view.viewport().grab().toImage().width() > 0
        assert item.is_fresh
        qtbot.waitUntil(lambda: item._piece.wish == item._asked)
