"""Charts of the statistics, drawn by pyqtgraph in the colours of the theme."""

import math
from typing import Any

# It publishes no types: hence the ignored subclasses of Any below.
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from inspector_app.domain.statistics import Chart, ParetoRow
from inspector_app.domain.wording import inert
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.verdict_words import type_words

_MOST_BARS = 10
_MOST_NAMES = 6
_LONGEST = 60


class ShareChart(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """A p-chart: the share that failed of each shift, its limits, and the share of all."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._chart = Chart(0.0, ())
        settle_chart(self)
        look.changed.connect(self._draw)
        self._draw()

    def set_chart(self, chart: Chart) -> None:
        """Show other figures."""
        self._chart = chart
        self._draw()

    def _draw(self) -> None:
        clear_chart(self, self._look)
        colours, points = self._look.colours, self._chart.points
        if not points:
            return
        places = list(range(len(points)))
        limits = _pen(colours.failed, style=Qt.PenStyle.DashLine)
        # Limits hold for one shift: a step a shift, from half before it to half after.
        edges = [at - 0.5 for at in (*places, len(points))]
        for values in ([one.low for one in points], [one.high for one in points]):
            shown = [100 * value for value in values]
            self.addItem(pyqtgraph.PlotCurveItem(edges, shown, stepMode="center", pen=limits))
        self.addLine(y=100 * self._chart.center, pen=_pen(colours.muted))
        shares = [100 * one.share for one in points]
        self.addItem(pyqtgraph.PlotCurveItem(places, shares, pen=_pen(colours.text)))
        for at, one in enumerate(points):
            colour = colours.failed if one.is_out else colours.text
            self.addItem(
                pyqtgraph.ScatterPlotItem(
                    [at],
                    [100 * one.share],
                    symbol="s" if one.is_out else "o",
                    size=10 if one.is_out else 8,
                    brush=QColor(colour),
                    pen=None,
                )
            )
        # "2026-03-04 06:00" without its year and minutes, and only as many as there is room for.
        every = math.ceil(len(points) / _MOST_NAMES)
        names = [(at, one.name[5:13]) for at, one in enumerate(points) if at % every == 0]
        self.getAxis("bottom").setTicks([names])
        top = max(*shares, *(100 * one.high for one in points), 1.0)
        self.setXRange(-0.6, len(points) - 0.4, padding=0)
        self.setYRange(-0.03 * top, top * 1.08, padding=0)


class ParetoChart(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Bars of the most frequent findings, the most frequent first."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: tuple[ParetoRow, ...] = ()
        settle_chart(self)
        look.changed.connect(self._draw)
        self._draw()

    def set_rows(self, rows: tuple[ParetoRow, ...]) -> None:
        """Show other figures."""
        self._rows = rows[:_MOST_BARS]
        self._draw()

    def _draw(self) -> None:
        clear_chart(self, self._look)
        rows, colours = self._rows, self._look.colours
        if not rows:
            return
        places = list(range(len(rows)))
        counts = [row.count for row in rows]
        self.addItem(
            pyqtgraph.BarGraphItem(
                x=places, height=counts, width=0.7, brush=QColor(colours.accent), pen=None
            )
        )
        for at, row in enumerate(rows):
            words = pyqtgraph.TextItem(
                str(row.count), color=QColor(colours.text), anchor=(0.5, 1.0)
            )
            words.setPos(at, row.count)
            self.addItem(words)
        self._name_bars()
        self.setXRange(-0.6, max(len(rows), 4) - 0.4, padding=0)
        self.setYRange(0, max(counts) * 1.2, padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Names take the room there is."""
        super().resizeEvent(event)
        # The base class is resized before anything of this one is there, and after it is closed.
        if getattr(self, "_rows", ()) and self.plotItem is not None:
            self._name_bars()

    def _name_bars(self) -> None:
        """Every other name one line lower, so that each has the room of two bars."""
        metrics, names = self.fontMetrics(), []
        room = 2 * self.width() // (max(len(self._rows), 4) + 2) - 6
        whole = [inert(type_words(row.name), limit=_LONGEST) for row in self._rows]
        for at, name in enumerate(whole):
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(room, 20))
            names.append((at, f"\n{shown}" if at % 2 else shown))
        # Left to itself the axis cuts letters that are higher than Latin ones.
        self.getAxis("bottom").setHeight(2 * metrics.height() + 10)
        self.getAxis("bottom").setTicks([names])
        counted = zip(whole, self._rows, strict=True)
        self.setToolTip(plain_tip("\n".join(f"{name}: {row.count}" for name, row in counted)))


def settle_chart(chart: Any) -> None:
    """A chart that is only looked at."""
    chart.setMouseEnabled(x=False, y=False)
    chart.setMenuEnabled(False)
    chart.hideButtons()
    chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # Else the uppermost number of the axis is cut in half.
    chart.getPlotItem().setContentsMargins(0, 8, 6, 2)


def clear_chart(chart: Any, look: Look) -> None:
    """Empty a chart, and give it the colours of the moment."""
    colours = look.colours
    chart.clear()
    chart.setBackground(QColor(colours.ground))
    for side in ("left", "bottom"):
        axis = chart.getAxis(side)
        axis.setPen(_pen(colours.edge))
        axis.setTextPen(QColor(colours.muted))
    chart.getAxis("bottom").setTicks([[]])


def _pen(colour: str, *, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Any:
    return pyqtgraph.mkPen(QColor(colour), width=1.5, style=style)
