"""Parts with numbers: each number is exactly its box, and no answer is too odd."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from inspector_app.crops import region_marks
from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.choosing import choice_question, chosen_in
from inspector_app.domain.messages import Step
from inspector_app.domain.ports import Glance
from inspector_app.domain.preset import Options
from inspector_app.domain.question import Question
from inspector_app.domain.region import Region
from inspector_app.imaging.marking import PAGE, can_be_marked, marked, sheet
from inspector_app.imaging.quarters import scaled_tiles
from tests.fakes.look import fake_frame, fake_look, finish

Q = Question("What is on the red label?")


class Chooser:
    """A look of a model that answers with numbers, and lets nobody see inside."""

    can_attend = False
    input_side = 336

    def __init__(self, *answers):
        self.answers = list(answers)
        self.shown = []
        self.doubts = []

    def ask_about(self, question, *, pixels, max_tokens=None):
        assert max_tokens is not None
        yield Step("look", 0, 1)
        self.shown.append((question, pixels))
        text = self.answers.pop(0)
        return Glance(Answer(text, (Token(text, math.log(0.9)),), 0.8))

    def doubt(self, reason):
        self.doubts.append(reason)


def propose(look, *, size=(1600, 1200), **options):
    regions, seen = finish(region_marks.propose(fake_frame(size), Q, Options(**options), look=look))
    return [one.region for one in regions], seen


def test_every_number_maps_to_exactly_its_tile():
    tiles = scaled_tiles((1600, 1200), scale=region_marks.SCALE)
    assert len(tiles) == 16
    for number in range(1, 17):
        page, place = divmod(number - 1, PAGE)
        answers = ["0", "0"]
        answers[page] = str(place + 1)
        regions, seen = propose(Chooser(*answers))
        assert regions == [tiles[number - 1]]
        assert seen is None


def test_what_two_sheets_gave_is_compared_on_a_third():
    tiles = scaled_tiles((1600, 1200), scale=region_marks.SCALE)
    look = Chooser("2, 3", "Part 3.", "3")

    regions, _ = propose(look)

    # On the third sheet stand tiles 2 and 3 of the first and 3 of the second.
    assert regions == [tiles[PAGE + 2]]
    assert "3 numbered parts" in look.shown[2][0]
    assert np.array_equal(
        look.shown[2][1],
        sheet(fake_frame((1600, 1200)).pixels, [tiles[1], tiles[2], tiles[PAGE + 2]], side=336),
    )


def test_a_budget_of_one_shows_one_sheet():
    look = Chooser("1")
    propose(look, budget=1)
    assert len(look.shown) == 1


@pytest.mark.parametrize("text", ["", "K7F", "yes", "seventeen", "1.5", "12", "99999", "\u0000"])
def test_an_answer_that_chooses_nothing_is_a_doubt_and_no_error(text):
    look = Chooser(text, text)
    regions, _ = propose(look)
    assert regions == []
    assert set(look.doubts) == {region_marks.UNREADABLE}


def test_none_of_them_is_an_answer_and_no_doubt():
    look = Chooser("0", "None.")
    assert propose(look)[0] == []
    assert look.doubts == []


def test_a_picture_that_fits_whole_is_not_cut_up():
    look = Chooser()
    assert propose(look, size=(300, 200)) == ([], None)


def test_where_attention_can_be_read_the_parts_are_windows_of_the_map():
    hot = np.ones((10, 10), np.float32)
    hot[7, 2] = 40
    look = fake_look(hot, size=(1600, 1200))
    chooser = Chooser("1")
    look.ask_about, look.doubt = chooser.ask_about, chooser.doubt

    regions, seen = finish(region_marks.propose(fake_frame((1600, 1200)), Q, Options(), look=look))

    (one,) = regions
    assert one.region.x0 <= 400 <= one.region.x1
    assert one.region.y0 <= 900 <= one.region.y1
    assert seen.method == "relative_attention"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2", (2,)), ("2, 5", (2, 5)), ("5 and 2.", (5, 2)), ("#3", (3,)), ("Number 4!", (4,)),
        ("<region3><region1>", (3, 1)), ("2, 2, 2", (2,)), ("[1]", (1,)), ("编号 3", (3,)),
        ("选3号", (3,)), ("7 or 12", (7,)), ("0", ()), ("none", ()), ("没有", ()), ("1.5", None),
        ("1 2 3 4 5 6 7 8 9", None), ("x2", None), ("-", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, wanted):
    assert chosen_in(text, count=9) == wanted


@given(some.text(max_size=80), some.integers(1, 40))
def test_no_text_raises_and_no_number_reaches_outside(text, count):
    named = chosen_in(text, count=count)
    assert named is None or all(1 <= number <= count for number in named)
    assert named is None or len(set(named)) == len(named)


def test_the_question_names_the_count_in_its_own_language():
    english = choice_question("What is it?", count=7, is_sheet=True)
    assert re.search(r"sheet of 7 numbered parts", english)
    assert "What is it?" in english
    chinese = choice_question("红色标签上是什么?", count=5, is_sheet=False)
    assert "5" in chinese
    assert "编号方框" in chinese


def test_each_part_stands_in_its_cell_in_the_order_of_numbers():
    pixels = np.zeros((100, 100, 3), np.uint8)
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0), (0, 250, 250)]
    regions = []
    for at, colour in enumerate(colours):
        regions.append(Region(20 * at, 0, 20 * at + 20, 20))
        pixels[0:20, 20 * at : 20 * at + 20] = colour

    made = sheet(pixels, regions, side=300)

    assert made.shape == (300, 300, 3)
    for at, colour in enumerate(colours):
        row, col = divmod(at, 3)
        assert tuple(made[100 * row + 70, 100 * col + 70]) == colour
    assert tuple(made[270, 270]) == (255, 255, 255)


def test_large_boxes_apart_are_marked_on_the_picture_and_others_are_not():
    size = (700, 500)
    apart = [Region(0, 0, 200, 200), Region(300, 100, 500, 300)]
    assert can_be_marked(apart, size=size)
    assert not can_be_marked([Region(0, 0, 50, 200)], size=size)
    assert not can_be_marked([*apart, Region(150, 150, 350, 350)], size=size)

    pixels = np.full((500, 700, 3), 90, np.uint8)
    made = marked(pixels, apart, side=350)
    changed = (made != 90).any(-1)
    assert made.shape == (250, 350, 3)
    # The outline runs inside the box, half as large as the picture was.
    assert changed[0:100, 99].all()
    assert not changed[0:100, 101:150].any()
    assert changed[50, 150]
    assert not changed[220:, 260:].any()
