"""Words from outside are never markup in the window: tooltips guess, and would fetch pictures."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.gui.canvas.shape_item import ShapeItem, Style
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.worklist import Worklist

HOSTILE = '<img src="file:///x.png"><b>crack</b> &amp; =CMD'


def seen(tip):
    """What a tooltip shows of words that it takes for markup."""
    page = QTextDocument()
    page.setHtml(tip)
    return page.toPlainText()


@pytest.mark.parametrize("words", [HOSTILE, "5 <u>mm</u>\nsecond line", "<!-- gone -->"])
def test_markup_is_read_letter_by_letter(qapp, words):
    assert seen(plain_tip(words)) == words


@pytest.mark.parametrize("words", ["", "crack", "probability < 1 %", "a & b\nc"])
def test_words_without_markup_stay_as_they_are(words):
    assert plain_tip(words) == words


def test_what_a_person_called_a_finding_is_no_markup_on_the_picture(qapp):
    shape = Shape.of(Region(1, 2, 30, 40))
    item = ShapeItem(shape, Style("#4fd8ff", "", tip=HOSTILE), within=(64, 48))
    assert seen(item.toolTip()) == HOSTILE

    item.show_shape(shape, Style("#4fd8ff", "", tip=f"new {HOSTILE}"))
    assert seen(item.toolTip()) == f"new {HOSTILE}"


def test_the_name_of_a_file_is_no_markup_in_the_worklist(qapp):
    worklist = Worklist()
    worklist.add(("<img src=x onerror=alert(1)>.png",))

    tip = worklist.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert seen(tip) == "<img src=x onerror=alert(1)>.png"
