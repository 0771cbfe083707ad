"""Words from outside are never markup in the window: tooltips guess, and would fetch pictures."""

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QTextDocument

from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.domain.statistics import ParetoRow
from inspector_app.gui.canvas.shape_item import ShapeItem, Style
from inspector_app.gui.charts import ParetoChart
from inspector_app.gui.panels.history import NAME, _Lines
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.theme import Look
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


def test_the_name_of_a_file_is_one_line_of_the_history_that_runs_forwards(qapp):
    class Names(QObject):
        moved, is_down = Signal(bool), False

        def record_name(self, line):
            return line.locator

    lines = _Lines(Names(), None)
    lines.set_lines([RecordLine(1, "2026-03-04", "new\nline\u202egnp.png", "?", "yes", "")])

    assert lines.index(0).data(NAME) == "new line\ufffdgnp.png"


def test_names_under_the_bars_of_findings_never_lie_over_each_other(qapp):
    rows = tuple(ParetoRow(f"missing solder joint {at}", 9 - at, 1.0) for at in range(8))
    chart = ParetoChart(Look(qapp))
    chart.set_rows(rows)
    chart.resize(390, 240)
    chart.show()
    qapp.processEvents()

    (ticks,) = chart.getAxis("bottom")._tickLevels
    bars = 2 * chart.getViewBox().screenGeometry().width() / 8.2
    assert [name.startswith("\n") for _, name in ticks] == [False, True] * 4
    assert all(chart.fontMetrics().horizontalAdvance(name.strip()) <= bars for _, name in ticks)
    assert "missing solder joint 7: 2" in chart.toolTip()
    chart.close()
