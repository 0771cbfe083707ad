"""Regions are drawn, changed by mouse, keys and numbers, stored, and taken back."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from inspector_app.domain.errors import CannotWrite
from inspector_app.domain.gesture import Verb
from inspector_app.domain.preset import FixedRegion, Options, Preset
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.gui.canvas.turn import Turn
from tests.gui.person import ask, told

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BOX = Shape.of(Region(100, 80, 180, 140))


@pytest.fixture
def drawn(opened, qtbot):
    """The window with one region, which is in hand."""
    opened.session.regions.add(BOX)
    wait_for(opened, qtbot, 1)
    opened.canvas.view.setFocus()
    return opened


def wait_for(window, qtbot, count):
    qtbot.waitUntil(lambda: len(window.session.regions.all) == count)


def press(window, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.canvas.view, key, modifier)


def click(window, qtbot, *points, double=False):
    view = window.canvas.view
    for at, point in enumerate(points):
        place = view.mapFromScene(QPointF(*point))
        qtbot.mouseMove(view.viewport(), place)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if double and at == len(points) - 1:
            qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def drag(window, qtbot, start, end, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.canvas.view
    a, b = view.mapFromScene(QPointF(*start)), view.mapFromScene(QPointF(*end))
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(port, left, modifier, a)
    for place in ((a + b) / 2, b):
        event_at(view, place, modifier)
    qtbot.mouseRelease(port, left, modifier, b)


def event_at(view, place, modifier):
    left = Qt.MouseButton.LeftButton
    there = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, there, QPointF(view.mapToGlobal(place)), left, left, modifier
    )
    QApplication.sendEvent(view.viewport(), event)


def box_of(window):
    (roi,) = window.session.regions.all
    return roi.shape


def test_a_polygon_is_drawn_by_clicks_and_closed_by_a_double_click(opened, qtbot):
    opened.canvas.view.setFocus()
    press(opened, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    click(opened, qtbot, (50, 40), (150, 50), (90, 160), double=True)
    wait_for(opened, qtbot, 1)

    shape = box_of(opened)

    assert shape.kind == ShapeKind.POLYGON
    for point, meant in zip(shape.points, ((50, 40), (150, 50), (90, 160)), strict=True):
        assert point == pytest.approx(meant, abs=1)
    assert opened.session.strategy == "manual"
    (box,) = opened.session.rois
    assert box == shape.bounds((320, 240))
    assert not opened.session.is_drawing


def test_enter_closes_a_polygon_and_backspace_takes_a_corner_back(opened, qtbot, stage):
    opened.canvas.view.setFocus()
    press(opened, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    click(opened, qtbot, (50, 40), (150, 50), (90, 160), (20, 20))
    press(opened, qtbot, Qt.Key.Key_Backspace)
    press(opened, qtbot, Qt.Key.Key_Return)
    wait_for(opened, qtbot, 1)

    assert len(box_of(opened).points) == 3
    assert not [one for one in stage.script.asked if type(one).__name__ == "Inspect"]


def test_escape_gives_a_polygon_up(opened, qtbot):
    opened.canvas.view.setFocus()
    press(opened, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    click(opened, qtbot, (50, 40), (150, 50))
    press(opened, qtbot, Qt.Key.Key_Escape)

    assert not opened.session.is_drawing
    assert not opened.canvas.view.is_sketching


def test_a_square_is_drawn_with_shift(opened, qtbot):
    opened.canvas.view.setFocus()
    press(opened, qtbot, Qt.Key.Key_R)
    drag(opened, qtbot, (50, 40), (150, 80), Qt.KeyboardModifier.ShiftModifier)
    wait_for(opened, qtbot, 1)

    width, height = box_of(opened).size

    assert width == pytest.approx(100, abs=2)
    assert abs(width - height) <= 1


def test_arrows_move_what_is_in_hand_and_are_stored_as_one_gesture(drawn, qtbot):
    before = drawn.session.locator
    for _ in range(3):
        press(drawn, qtbot, Qt.Key.Key_Right)
    press(drawn, qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: box_of(drawn) == BOX.moved(3, 10))

    assert drawn.session.locator == before
    assert drawn.session.book.undoes == Verb.MOVED
    drawn.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: box_of(drawn) == BOX)


def test_arrows_follow_the_screen_on_a_turned_picture(drawn, qtbot):
    drawn.canvas.viewing.set_turn(Turn(1))
    press(drawn, qtbot, Qt.Key.Key_Right)

    # A quarter clockwise: what is up in the picture is right on the screen.
    qtbot.waitUntil(lambda: box_of(drawn) == BOX.moved(0, -1))


def test_arrows_are_for_the_next_picture_when_nothing_is_in_hand(drawn, qtbot):
    press(drawn, qtbot, Qt.Key.Key_Escape)
    press(drawn, qtbot, Qt.Key.Key_Right)

    qtbot.waitUntil(lambda: drawn.session.picture.locator.endswith("b.png"))


def test_regions_stay_at_the_edge_of_the_picture(drawn, qtbot):
    for _ in range(30):
        press(drawn, qtbot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)

    qtbot.waitUntil(lambda: box_of(drawn).points[0] == (0.0, 80.0))


def test_regions_come_back_with_their_picture_and_after_a_restart(drawn, stage, qtbot):
    drawn.session.regions.rename(drawn.session.book.chosen, "left")
    drawn.session.go(1)
    qtbot.waitUntil(lambda: drawn.session.picture.locator.endswith("b.png"))
    assert drawn.session.rois == ()
    assert drawn.session.strategy == "relative_attention"
    drawn.session.go(-1)
    wait_for(drawn, qtbot, 1)
    drawn.close()

    again = stage.open("a.png")
    wait_for(again, qtbot, 1)

    assert again.session.regions.all[0].name == "left"
    assert again.session.strategy == "manual"
    for _ in range(2):
        again.actions_by_name["undo"].trigger()
    wait_for(again, qtbot, 0)
    again.actions_by_name["redo"].trigger()
    wait_for(again, qtbot, 1)


def test_a_locked_region_is_neither_moved_nor_deleted(drawn, qtbot):
    drawn.actions_by_name["lock"].trigger()
    qtbot.waitUntil(lambda: drawn.session.regions.all[0].is_locked)

    drag(drawn, qtbot, (140, 110), (200, 150))
    press(drawn, qtbot, Qt.Key.Key_Right)
    press(drawn, qtbot, Qt.Key.Key_Delete)
    drawn.actions_by_name["remove"].trigger()
    drawn.actions_by_name["lock"].trigger()
    qtbot.waitUntil(lambda: not drawn.session.regions.all[0].is_locked)

    assert box_of(drawn) == BOX


def test_copies_of_a_region_have_colours_of_their_own(drawn, qtbot):
    for count in (2, 3, 4, 5):
        drawn.actions_by_name["duplicate"].trigger()
        wait_for(drawn, qtbot, count)

    assert len({roi.colour for roi in drawn.session.regions.all}) == 5


def test_what_could_not_be_stored_goes_back_to_where_it_was(drawn, qtbot, stage):
    stage.script.no_gesture = CannotWrite("The disk is full.", hint="Make room.")
    drag(drawn, qtbot, (140, 110), (170, 130))
    qtbot.waitUntil(lambda: bool(told(drawn)))

    (item,) = drawn.canvas.marking.regions.items

    assert item.shape_now == BOX
    assert box_of(drawn) == BOX


def test_the_knob_turns_and_the_numbers_tell(drawn, qtbot):
    view = drawn.canvas.view
    knob = drawn.canvas.marking.regions.items[0]._knob()
    drag(drawn, qtbot, knob.toTuple(), (200, 110))
    qtbot.waitUntil(lambda: box_of(drawn).angle != 0)

    assert box_of(drawn).angle == pytest.approx(90, abs=1)
    assert drawn.regions.sides["angle"].value() == box_of(drawn).angle
    assert view.has_chosen


def test_numbers_are_pixels_or_per_cent(drawn, qtbot):
    panel = drawn.regions
    assert [panel.sides[name].value() for name in ("x", "y", "width", "height")] == [
        100,
        80,
        80,
        60,
    ]
    panel.unit.setCurrentIndex(1)
    panel.unit.activated.emit(1)
    assert panel.sides["x"].value() == pytest.approx(31.25)
    assert panel.sides["height"].value() == pytest.approx(25.0)

    panel.sides["width"].setValue(50.0)

    qtbot.waitUntil(lambda: box_of(drawn).region == Region(100, 80, 260, 140))


def test_name_colour_and_question_are_typed(drawn, qtbot):
    panel = drawn.regions
    panel.name.setText("weld")
    panel.name.editingFinished.emit()
    qtbot.waitUntil(lambda: drawn.session.regions.all[0].name == "weld")
    panel.colour.activated.emit(2)
    panel.question.setText("Is it closed?")
    panel.expected.setText("yes, closed")
    panel.question.editingFinished.emit()
    qtbot.waitUntil(lambda: drawn.session.regions.all[0].question == "Is it closed?")

    (roi,) = drawn.session.regions.all

    assert (roi.colour, roi.expected) == (2, ("yes", "closed"))
    assert "weld" in drawn.canvas.marking.regions.items[0].style.tag


def test_a_presets_region_becomes_the_pictures_own_when_it_is_moved(opened, qtbot):
    session = opened.session
    session.take_preset(Preset("p", "P", "manual", Options(), rois=(FixedRegion((0, 0, 50, 50)),)))
    session.lay_rois((Region(0, 0, 50, 50), Region(60, 60, 90, 90)))
    assert session.book.marks.rois == ()

    drag(opened, qtbot, (25, 25), (45, 35))
    qtbot.waitUntil(lambda: len(session.book.marks.rois) == 2)

    assert session.rois[1] == Region(60, 60, 90, 90)
    assert session.rois[0].x0 == pytest.approx(20, abs=1)
    opened.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: session.rois[0] == Region(0, 0, 50, 50))
    assert session.rois == (Region(0, 0, 50, 50), Region(60, 60, 90, 90))


def test_marks_are_walked_through_by_keys(drawn, qtbot):
    drawn.actions_by_name["duplicate"].trigger()
    wait_for(drawn, qtbot, 2)
    first, second = (roi.id for roi in drawn.session.regions.all)
    assert drawn.session.book.chosen == second

    press(drawn, qtbot, Qt.Key.Key_E)
    assert drawn.session.book.chosen == ""
    press(drawn, qtbot, Qt.Key.Key_E)
    assert drawn.session.book.chosen == first
    press(drawn, qtbot, Qt.Key.Key_Delete)
    wait_for(drawn, qtbot, 1)


def test_the_menu_says_what_is_taken_back(drawn, qtbot):
    assert drawn.actions_by_name["undo"].text() == "U&ndo: draw"
    drawn.actions_by_name["undo"].trigger()
    wait_for(drawn, qtbot, 0)

    assert drawn.actions_by_name["redo"].text() == "Re&do: draw"
    assert not drawn.actions_by_name["undo"].isEnabled()


def test_what_is_asked_carries_outlines_and_questions(drawn, qtbot):
    regions = drawn.session.regions
    assert drawn.session.request_for("a.png").options.cuts == ()
    regions.reshape(drawn.session.book.chosen, BOX.turned_to(30), Verb.TURNED)
    regions.ask(drawn.session.book.chosen, "Is it closed?", ["yes"])
    qtbot.waitUntil(lambda: bool(regions.all[0].question))

    options = drawn.session.request_for("a.png").options

    (cut,) = options.cuts
    assert cut.question == "Is it closed?"
    assert cut.expected == ("yes",)
    assert cut.outline == BOX.turned_to(30).outline
    assert options.rois == (BOX.turned_to(30).bounds((320, 240)),)


def test_a_search_can_be_kept_inside_the_regions(drawn, qtbot):
    assert drawn.session.strategy == "manual"

    drawn.regions.use.activated.emit(1)

    assert drawn.session.strategy == "relative_attention"
    options = drawn.session.request_for("a.png").options
    assert (options.rois, options.inside) == ((BOX.region,), True)
    drawn.regions.use.activated.emit(0)
    assert drawn.session.strategy == "manual"


def test_a_presets_names_and_questions_stand_at_its_regions(opened, qtbot):
    fixed = FixedRegion((0, 0, 50, 50), name="seal", question="Is it closed?")
    opened.session.take_preset(Preset("p", "P", "manual", Options(), rois=(fixed,)))
    opened.session.lay_rois((Region(0, 0, 50, 50),))

    (roi,) = opened.session.regions.all

    assert (roi.name, roi.question) == ("seal", "Is it closed?")
    assert opened.session.request_for("a.png").options.cut_of(0).question == "Is it closed?"


def test_what_the_model_saw_of_a_polygon_is_shown_with_its_grey(drawn, qtbot):
    regions = drawn.session.regions
    regions.reshape(drawn.session.book.chosen, BOX.turned_to(45), Verb.TURNED)
    regions.ask(drawn.session.book.chosen, "Is it closed?", [])
    qtbot.waitUntil(lambda: bool(regions.all[0].question))
    ask(drawn, qtbot)

    (card,) = drawn.answers.crops.cards

    assert "Is it closed?" in card._where.text()
    image = card._picture.pixmap().toImage()
    corner, middle = image.pixelColor(1, 1), image.pixelColor(image.rect().center())
    assert (corner.red(), corner.green(), corner.blue()) == (128, 128, 128)
    assert middle != corner
    drawn.actions_by_name["views"].trigger()
    dialog = drawn._dialogs["views"]
    words = [" ".join(dialog._facts_of(view)) for view in drawn.session.inspection.views]
    assert ["grey" in said for said in words] == [False, True]
