"""Regions drawn on a picture are kept in a preset with all they are, and come back from it."""

from pathlib import Path

import numpy as np
import pytest

from inspector_app.domain.preset import MOST_ROIS
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.gui.dialogs.preset_texts import ROIS, merged_rois
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.presets.folder import own_folder, stored
from inspector_app.presets.schema_regions import RoiPart
from tests.gui.person import told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TURNED = Shape(ShapeKind.RECTANGLE, ((40.0, 30.0), (120.0, 80.0)), 30.0)
POLYGON = Shape(ShapeKind.POLYGON, ((200.0, 40.0), (280.0, 60.0), (230.0, 150.0)))


@pytest.fixture
def drawn(opened, qtbot):
    """The window with an upright, a turned and a many-cornered region, the last one locked."""
    regions = opened.session.regions
    for at, shape in enumerate((Shape.of(Region(5, 6, 65, 56)), TURNED, POLYGON), 1):
        regions.add(shape)
        qtbot.waitUntil(lambda at=at: len(regions.all) == at)
    last = regions.all[2].id
    regions.rename(last, "seal")
    regions.ask(last, "Is it closed?", ["yes"])
    regions.recolour(last, 6)
    regions.lock(last, is_locked=True)
    qtbot.waitUntil(lambda: regions.all[2].is_locked)
    return opened


def save(window, name, *, follows):
    window.actions_by_name["save_regions"].trigger()
    dialog = window.findChild(PresetRoom).dialog
    dialog.name.setCurrentText(name)
    dialog.follows.setChecked(follows)
    dialog.accept()


def test_regions_are_kept_with_shape_question_rule_colour_and_lock(drawn, stage, qtbot):
    save(drawn, "plate", follows=True)

    kept = stored("plate")
    first, second, third = kept.preset.inside((320, 240))
    assert (first.box, first.unit) == ((5, 6, 65, 56), "pixels")
    assert first.on((320, 240)) == Region(5, 6, 65, 56)
    assert second.shape_on((320, 240)).angle == 30
    assert np.allclose(second.shape_on((320, 240)).points, TURNED.points, atol=1e-3)
    assert np.allclose(third.shape_on((320, 240)).points, POLYGON.points, atol=1e-3)
    assert (third.name, third.question, third.expected) == ("seal", "Is it closed?", ("yes",))
    assert (third.colour, third.is_locked) == (6, True)
    copy = Path(kept.preset.template_picture)
    assert copy.parent.parent == own_folder()
    assert copy.read_bytes() == (stage.folder / "a.png").read_bytes()
    assert "plate" in told(drawn)[0].text


def test_the_preset_brings_them_to_the_next_picture_as_they_were_drawn(drawn, stage, qtbot):
    save(drawn, "plate", follows=True)

    drawn.session.go_to(str(stage.folder / "b.png"))
    qtbot.waitUntil(lambda: len(drawn.session.regions.all) == 3)

    second, third = drawn.session.regions.all[1:]
    assert second.shape.angle == 30
    assert np.allclose(third.shape.points, POLYGON.points, atol=1e-3)
    assert (third.name, third.expected, third.colour) == ("seal", ("yes",), 6)
    assert third.is_locked
    request = drawn.session.request_for(str(stage.folder / "b.png"))
    assert len(request.options.rois) == 3
    assert request.options.cuts[0].outline == ()
    assert np.allclose(request.options.cuts[2].outline, POLYGON.points, atol=1e-3)
    assert request.options.cuts[2].question == "Is it closed?"
    assert request.template == stored("plate").preset.template_picture


def test_without_following_no_picture_is_kept(drawn):
    save(drawn, "plate", follows=False)

    assert stored("plate").preset.template_picture == ""
    assert {roi.unit for roi in stored("plate").preset.rois} == {"percent"}
    assert not (own_folder() / "plate.files").exists()


def test_a_name_that_is_none_is_refused_in_words_and_nothing_is_kept(drawn):
    save(drawn, "../evil", follows=True)

    assert "cannot be the name of a preset" in told(drawn)[0].text
    assert not own_folder().exists() or not list(own_folder().glob("*"))


def test_regions_cannot_be_saved_where_there_are_none(opened):
    assert not opened.actions_by_name["save_regions"].isEnabled()


def test_a_picture_can_have_32_regions_and_no_more(opened, qtbot):
    regions = opened.session.regions
    for at in range(MOST_ROIS + 1):
        regions.add(Shape.of(Region(3 * at, 4, 3 * at + 3, 40)))
    qtbot.waitUntil(lambda: len(regions.all) == MOST_ROIS)

    assert "32 regions" in told(opened)[-1].text


@pytest.mark.parametrize(
    "line",
    [
        "10, 20, 300, 400",
        "left: 0, 0, 54, 100 % | Is it closed?",
        "seal: 10, 20, 300, 400 @15.5 | Which code? => A7; B8",
        "8, 9; 30, 12; 20, 40 %",
    ],
)
def test_a_line_of_text_says_all_of_a_region_and_is_read_back(line):
    (roi,) = ROIS.read(line)

    assert ROIS.write([roi]) == line
    assert RoiPart.model_validate(roi)


def test_a_polygon_typed_as_text_has_the_box_about_it():
    (roi,) = ROIS.read("seal: 8, 9; 30, 12; 20, 40")

    assert roi["box"] == [8, 9, 30, 40]
    assert roi["corners"] == [[8, 9], [30, 12], [20, 40]]


def test_typing_a_region_anew_keeps_the_colour_and_lock_it_had():
    before = [{"box": [0, 0, 9, 9], "name": "seal", "colour": 6, "locked": True}]

    (roi,) = merged_rois(ROIS.read("seal: 0, 0, 20, 20"), before)

    assert (roi["box"], roi["colour"], roi["locked"]) == ([0, 0, 20, 20], 6, True)
