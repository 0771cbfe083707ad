"""Whatever keys and mouse do, in whatever order: no bug card, no crash, clean end."""

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Theme
from tests.fakes.perform import answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NAMES = (
    "N P F R H B G Q X Space Left Right Plus Minus Escape Return 1 F5 F11 Up"  # the window's own
)
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in NAMES.split(" ")]
QUESTIONS = ("Is there a crack?", "", "What is it?\n<b>bold</b>", "\u202eback", "x" * 3000)
WORDS = ("yes", "no", "", "<img src=x>" * 20)


class Monkey:
    """One random act after the other."""

    def __init__(self, window, script, *, seed):
        self.window, self.script = window, script
        self.dice = random.Random(seed)

    def act(self):
        self.dice.choice(
            [self.key, self.key, self.drag, self.drag, self.zoom, self.ask, self.choose, self.draw]
        )()

    def place(self):
        size = self.window.canvas.view.viewport().size()
        return QPoint(self.dice.randrange(size.width()), self.dice.randrange(size.height()))

    def key(self):
        window = self.window
        target = self.dice.choice([window.canvas.view, window.pictures.list, window])
        QTest.keyClick(target, self.dice.choice(KEYS))

    def drag(self):
        port = self.window.canvas.view.viewport()
        button = self.dice.choice([Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
        start, end = self.place(), self.place()
        boxes = self.window.session.rois
        if boxes and self.dice.random() < 0.7:
            start = self.window.canvas.view.mapFromScene(QPointF(*boxes[0].center))
        QTest.mousePress(port, button, pos=start)
        QTest.mouseMove(port, (start + end) / 2)
        QTest.mouseMove(port, end)
        QTest.mouseRelease(port, button, pos=end)

    def zoom(self):
        factor = self.dice.choice([0.01, 0.3, 0.8, 1.3, 4, 50])
        self.window.canvas.view.zoom(factor, at=QPointF(self.place()))

    def ask(self):
        if self.dice.random() < 0.3:
            self.script.hold.clear()
        else:
            self.script.hold.set()
        if self.dice.random() < 0.2:
            self.script.error = ModelTrouble("There is no model.", hint="Choose another.")
        self.script.whole = answer(self.dice.choice(WORDS))
        self.window.session.set_question(self.dice.choice(QUESTIONS))
        self.window.session.ask()

    def choose(self):
        session = self.window.session
        session.open_record(self.dice.randint(1, 4))
        session.change_settings(
            replace(
                session.settings,
                theme=self.dice.choice(list(Theme)),
                language=self.dice.choice(["en", "zh_CN"]),
                count=self.dice.randint(1, 4),
            )
        )
        self.window.heat.layer.setValue(self.dice.randint(0, 3))

    def draw(self):
        x, y = self.dice.randrange(0, 200), self.dice.randrange(0, 150)
        self.window.session.add_roi(Region(x, y, x + 60, y + 50))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_monkey_at_the_keyboard_breaks_nothing(stage, qtbot, seed):
    (stage.folder / "broken.png").write_bytes(b"no picture")
    window = stage.open("a.png", "b.png", "broken.png", "c.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    monkey = Monkey(window, stage.script, seed=seed)

    for _ in range(100):
        monkey.act()
        QApplication.processEvents()

    stage.script.hold.set()
    window.session.stop()
    qtbot.waitUntil(lambda: not window.session.asking.is_running)
    assert window.isVisible()
