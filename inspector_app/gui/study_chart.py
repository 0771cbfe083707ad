"""The figure of a study: shares with their intervals, or curves over the layers."""

import math
from typing import Any

# It publishes no types: hence the ignored subclass of Any below.
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from inspector_app.domain.studies import StudyCurve, StudyRow
from inspector_app.gui.charts import clear_chart, settle_chart
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.study_words import way_word

MOST_ROWS = 14
_LONGEST = 46


class StudyChart(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Right answers of each way of looking with 95 % intervals, or a ratio of each layer."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: tuple[StudyRow, ...] = ()
        self._curves: tuple[StudyCurve, ...] = ()
        settle_chart(self)
        look.changed.connect(self._draw)
        self._draw()

    def set_rows(self, rows: tuple[StudyRow, ...]) -> None:
        """Show shares, the first on top."""
        self._rows, self._curves = rows[:MOST_ROWS], ()
        self._draw()

    def set_curves(self, curves: tuple[StudyCurve, ...]) -> None:
        """Show a curve of right and one of wrong answers."""
        self._rows, self._curves = (), curves
        self._draw()

    def _draw(self) -> None:
        clear_chart(self, self._look)
        # Ticks of what was shown before do not stay.
        self.getAxis("left").setTicks(None)
        self.getAxis("bottom").setTicks(None)
        if self._rows:
            self._draw_rows()
        elif self._curves:
            self._draw_curves()
        else:
            self.getAxis("left").setTicks([[]])
            self.getAxis("bottom").setTicks([[]])

    def _draw_rows(self) -> None:
        names = []
        for at, row in enumerate(self._rows):
            y = len(self._rows) - 1 - at
            # A square tells a control from a strategy where colours do not.
            symbol, colour = self._mark(is_first=not row.is_control)
            ends = [100 * row.low, 100 * row.high]
            self.addItem(pyqtgraph.PlotCurveItem(ends, [y, y], pen=_pen(colour)))
            self._dot(100 * row.share, y, symbol=symbol, colour=colour)
            word = way_word(row.way)
            names.append((y, word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}\u2026"))
        self.getAxis("left").setTicks([names])
        self.setXRange(0, 100, padding=0.02)
        self.setYRange(-0.6, len(self._rows) - 0.4, padding=0)

    def _draw_curves(self) -> None:
        colours = self._look.colours
        self.addLine(y=1.0, pen=_pen(colours.muted, style=Qt.PenStyle.DashLine))
        top = 1.2
        for curve in self._curves:
            symbol, colour = self._mark(is_first=curve.is_right)
            places = list(range(len(curve.values)))
            self.addItem(pyqtgraph.PlotCurveItem(places, list(curve.values), pen=_pen(colour)))
            for at, value in enumerate(curve.values):
                self._dot(at, value, symbol=symbol, colour=colour)
                ends = [curve.low[at], curve.high[at]]
                if all(map(math.isfinite, ends)):
                    self.addItem(pyqtgraph.PlotCurveItem([at, at], ends, pen=_pen(colour)))
                    top = max(top, ends[1])
            top = max(top, *curve.values)
        longest = max(len(curve.values) for curve in self._curves)
        self.getAxis("bottom").setTicks([[(at, str(at)) for at in range(longest)]])
        self.setXRange(-0.4, longest - 0.6, padding=0)
        self.setYRange(0, 1.08 * top, padding=0)

    def _mark(self, *, is_first: bool) -> tuple[str, str]:
        """Symbol and colour of a strategy or right answers, or of a control or wrong ones."""
        colours = self._look.colours
        return ("o", colours.accent) if is_first else ("s", colours.check)

    def _dot(self, x: float, y: float, *, symbol: str, colour: str) -> None:
        self.addItem(
            pyqtgraph.ScatterPlotItem(
                [x], [y], symbol=symbol, size=9, brush=QColor(colour), pen=None
            )
        )


def _pen(colour: str, *, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Any:
    return pyqtgraph.mkPen(QColor(colour), width=1.8, style=style)
