"""Colours can be read, icons are sharp, and no two verdicts look alike."""

from dataclasses import asdict

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from inspector_app import app, paths
from inspector_app.domain.settings import Theme
from inspector_app.gui.theme import CONTRAST, DARK, LIGHT, Look

GROUNDS = ("ground", "panel", "raised", "overlay")
WORDS = ("text", "muted", "passed", "failed", "check", "trouble", "accent")


def luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """1 to 21. Source: WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def without_green(colour: str) -> np.ndarray:
    """What a person without green receptors sees. Source: Machado et al. 2009, severity 1."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    seen = np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    )
    return seen @ parts


@pytest.mark.parametrize("colours", [DARK, LIGHT, CONTRAST], ids=["dark", "light", "contrast"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("word", WORDS)
def test_every_word_can_be_read_on_every_ground(colours, ground, word):
    assert contrast(getattr(colours, word), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("word", WORDS)
def test_with_high_contrast_every_word_stands_out_more(ground, word):
    assert contrast(getattr(CONTRAST, word), getattr(CONTRAST, ground)) >= 7


@pytest.mark.parametrize("colours", [DARK, LIGHT, CONTRAST], ids=["dark", "light", "contrast"])
def test_words_on_the_accent_and_on_selected_rows_can_be_read(colours):
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.text, colours.selected) >= 4.5
    assert contrast(colours.muted, colours.selected) >= 4.5
    for outcome in ("PASS", "FAIL", "CHECK"):
        assert contrast(colours.outcome(outcome), colours.selected) >= 4.5
    assert contrast(colours.edge, colours.panel) >= 2.0


@pytest.mark.parametrize("colours", [DARK, LIGHT, CONTRAST], ids=["dark", "light", "contrast"])
def test_verdicts_differ_for_eyes_without_green(colours):
    seen = [without_green(colours.outcome(name)) for name in ("PASS", "FAIL", "CHECK")]

    for at, one in enumerate(seen):
        for other in seen[at + 1 :]:
            assert np.linalg.norm(one - other) > 45


@pytest.mark.parametrize("colours", [DARK, LIGHT, CONTRAST], ids=["dark", "light", "contrast"])
def test_greys_about_the_picture_have_no_cast(colours):
    for name in ("ground", "panel", "raised", "canvas", "line", "edge", "text", "muted"):
        assert QColor(asdict(colours)[name]).saturation() == 0, name


@pytest.fixture
def look(qapp):
    app.make_application()
    return Look(qapp)


def test_the_style_sheet_has_no_colour_left_open(look):
    for theme in (Theme.DARK, Theme.LIGHT, Theme.CONTRAST):
        look.apply(theme)

        sheet = QApplication.instance().styleSheet()
        rules = sheet.split("*/", 1)[1]
        assert rules.strip()
        assert "@" not in rules


def test_every_icon_is_drawn_at_the_size_asked_for(look):
    names = [file.stem for file in (paths.resources() / "icons").glob("*.svg")]
    assert len(names) > 30

    for name in names:
        drawn = look.icon(name).pixmap(QSize(24, 24), 2.0).toImage()
        assert drawn.width() == 48, name
        ink = sum(drawn.pixelColor(x, y).alpha() > 0 for x in range(48) for y in range(48))
        assert ink > 40, name


def test_an_icon_takes_the_colour_of_the_theme(look):
    look.apply(Theme.LIGHT)
    drawn = look.icon("stop").pixmap(QSize(24, 24), 1.0).toImage()

    darkest = min(
        drawn.pixelColor(x, y).lightness()
        for x in range(24)
        for y in range(24)
        if drawn.pixelColor(x, y).alpha() > 200
    )
    assert darkest < 60
