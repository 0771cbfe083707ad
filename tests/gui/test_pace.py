"""How long inspections take beside what a preset aims at."""

import pytest
from PySide6.QtWidgets import (
    QLabel,
)

from inspector_app.domain.preset import Options, Preset, Targets
from inspector_app.gui.pace import percentile, spent_ms
from inspector_app.gui.wording.words import duration
from tests.gui.person import ask
from tests.gui.preset_use import kept

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5], 0.5, 5),
        ([5], 0.95, 5),
        ([1, 2, 3, 4], 0.5, 2),
        ([4, 1, 3, 2], 0.95, 4),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.5, 50),
    ],
)
def test_percentiles_are_of_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_loading_the_model_is_no_part_of_an_inspection():
    assert spent_ms({"open": 1.0, "load": 500.0, "ask": 2.0, "total": 503.0}) == 3.0


@pytest.mark.parametrize(
    ("aim", "word"), [(500, "in time · p50 228 · p95 228 of 500 ms"), (50, "too slow")]
)
def test_the_pace_is_told_in_word_symbol_and_figures(opened, room, qtbot, aim, word):
    kept(room, Preset("p", "P", "whole", Options(), "Is it?", targets=Targets(0.9, aim)))
    room.presets.choose("p")
    assert room.chip.words.text() == f"aim {aim} ms"

    ask(opened, qtbot)

    assert word in room.chip.words.text()
    symbol = room.chip.findChildren(QLabel)[0]
    assert not symbol.pixmap().isNull()
    assert "1 inspection under this preset" in room.chip.toolTip()
    assert "90%" in room.chip.toolTip()


def test_a_preset_that_was_left_is_measured_by_itself(opened, room, qtbot):
    room.presets.choose("medical")
    ask(opened, qtbot)
    assert room.pace.figures.count == 1

    opened.session.set_count(1)
    assert room.pace.figures is None

    opened.session.set_count(3)
    assert room.pace.figures.count == 1


def test_without_an_aim_nothing_is_told(opened, room):
    assert not room.chip.isVisibleTo(opened)
    kept(room, Preset("p", "P", "whole", Options(), "Is it?"))

    room.presets.choose("p")

    assert not room.chip.isVisibleTo(opened)


def test_the_line_below_says_less_where_it_has_no_room(opened, room, qtbot):
    room.presets.choose("medical")
    ask(opened, qtbot)

    opened.resize(2200, 800)
    qtbot.waitUntil(lambda: "reading 61 ms" in opened.status.took.text())
    opened.resize(1000, 800)
    qtbot.waitUntil(lambda: opened.status.took.text() == "228 ms")

    last = opened.status.size_words
    assert last.mapTo(opened.status, last.rect().topRight()).x() < opened.status.width()
    assert "reading: 61 ms" in opened.status.took.toolTip()


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "0 ms"), (9_999.4, "9999 ms"), (10_000, "10.0 s"), (11_178, "11.2 s")]
)
def test_long_times_are_told_in_seconds(ms, words):
    assert duration(ms) == words
