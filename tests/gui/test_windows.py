"""Grey windows for the model: chosen in the panel, said on the picture, listed in what it saw."""

from dataclasses import replace

import numpy as np
import pytest

from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.inspection import ShownView
from inspector_app.domain.preset import Options, Preset
from inspector_app.gui.canvas.corners import flag_lines
from inspector_app.gui.dialogs.views import ViewsDialog
from inspector_app.gui.picture import Picture, Pyramid
from inspector_app.imaging.windowing import grey_to_rgb, window_to_uint8
from tests.gui.person import ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OWN = Window(40, 400, "file", "LINEAR")
LUNG = Window(-600, 1500, "lung", "LINEAR")


def slice_of(locator="ct.dcm"):
    values = np.linspace(-1000, 1000, 200 * 160).reshape(160, 200).astype(np.int16)
    pixels = grey_to_rgb(window_to_uint8(values, center=40, width=400))
    about = Provenance(locator, "c" * 64, "DICOM", window=OWN)
    frame = Frame(pixels, about, values=values, windows=(OWN,), unit="HU")
    return Picture(locator, about, Pyramid(pixels, values=values), frame)


@pytest.fixture
def scan(opened):
    """The window on a slice in Hounsfield units."""
    opened.session.picture = slice_of()
    opened.session.picture_changed.emit(opened.session.picture)
    return opened


def entry(window, words):
    """The entry of the menu that begins with these words."""
    chooser = window.ask.windows
    chooser._menu.aboutToShow.emit()
    return next(one for one in chooser._menu.actions() if one.text().startswith(words))


def test_windows_can_be_chosen_for_deep_pictures_only(opened):
    assert not opened.ask.windows.isVisibleTo(opened.ask)

    opened.session.picture_changed.emit(slice_of())

    assert opened.ask.windows.isVisibleTo(opened.ask)


def test_the_order_of_choosing_is_that_of_the_views(scan):
    for words in ("lung", "bone", "soft tissue"):
        entry(scan, words).trigger()
    entry(scan, "bone").trigger()

    assert scan.session.options.windows == ("lung", "soft tissue")
    assert next(iter(scan.session.sent_windows.values())) == LUNG
    entry(scan, "As opened").trigger()
    assert scan.session.options.windows == ()


def test_the_window_on_the_screen_can_be_sent(scan):
    scan.canvas.viewing.drag_window(50, 20)
    scan.canvas.viewing.rest()
    shown = scan.canvas.viewing.window

    entry(scan, "As on the screen").trigger()

    (sent,) = scan.session.sent_windows.values()
    assert sent.width == pytest.approx(shown.width, rel=1e-5)
    assert sent.center == pytest.approx(shown.center, rel=1e-5)


def test_the_picture_says_through_which_windows_it_is_sent(scan):
    entry(scan, "lung").trigger()
    entry(scan, "bone").trigger()

    said = flag_lines(scan.canvas._sight())

    at = said.index("the model is shown W 1500 L -600")
    assert said[at + 1] == "+ W 2500 L 480"


def test_a_picture_of_8_bits_is_asked_about_without_windows(scan, qtbot):
    entry(scan, "lung").trigger()

    scan.session.go_to(scan.session.worklist.locators[1])
    qtbot.waitUntil(lambda: scan.session.picture.locator == scan.session.worklist.locators[1])

    assert scan.session.options.windows == ()
    scan.session.picture_changed.emit(slice_of())
    assert scan.session.options.windows == ("lung",)


def test_what_the_model_saw_names_the_window_of_each_view(opened, qtbot):
    ask(opened, qtbot)
    made = opened.session.inspection
    bone = Window(480, 2500, "bone", "LINEAR")
    views = tuple(
        ShownView(view.pixels, view.region, window=window)
        for view in made.views
        for window in (LUNG, bone)
    )
    opened.session.inspection = replace(made, views=views)
    dialog = ViewsDialog(opened.session, opened.look, parent=opened)

    named = [dialog.list.item(row).text() for row in range(dialog.list.count())]

    assert named[:2] == ["Whole picture\nlung 1500 / -600", "Whole picture\nbone 2500 / 480"]
    assert named[2:4] == ["Crop A\nlung 1500 / -600", "Crop A\nbone 2500 / 480"]
    dialog.list.setCurrentRow(1)
    assert "width 2500 about 480" in dialog.words.text()


def test_a_preset_brings_its_windows(scan):
    brought = Preset("ct", "CT", "relative_attention", Options(windows=("bone", "lung")))

    scan.session.take_preset(brought)

    assert scan.session.options.windows == ("bone", "lung")
    assert "bone" in scan.ask.windows.accessibleName()
