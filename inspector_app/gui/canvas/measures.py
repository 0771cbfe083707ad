"""The measurements on the picture: drawn, dragged, kept with the picture."""

from functools import partial

from PySide6.QtCore import QObject, QPointF

from inspector_app.domain.gesture import Gesture, Marks, Measurements, Verb
from inspector_app.domain.measure import Measure, distance
from inspector_app.gui.book import Book
from inspector_app.gui.canvas.measure_item import MeasureItem
from inspector_app.gui.canvas.measuring import measured, words_of
from inspector_app.gui.canvas.view import View
from inspector_app.gui.viewing import Viewing

_SMALLEST = 0.5
"""Picture pixels: what is drawn shorter was a slip."""


class Measures(QObject):
    """Keeps the items in step with what is stored.

    Args:
        view: Where they lie.
        viewing: What a pixel measures.
        book: What is measured.
    """

    def __init__(self, view: View, viewing: Viewing, book: Book) -> None:
        super().__init__(view)
        self._view = view
        self._viewing = viewing
        self._book = book
        self.items: list[MeasureItem] = []
        self._fresh: MeasureItem | None = None
        self._is_bare = False
        view.measuring.connect(self._on_measuring)
        view.measured.connect(self._on_measured)
        book.changed.connect(self._show)
        viewing.calibration_changed.connect(lambda _calibration: self.retell())

    def set_bare(self, *, is_bare: bool) -> None:
        """While a key is held, nothing lies on the picture."""
        self._is_bare = is_bare
        for item in self.items:
            item.setVisible(not is_bare)

    def retell(self) -> None:
        """The unit may have changed."""
        for item in self.items:
            item.show_measure(item.measure, self._words(item.measure))

    @property
    def _aspect(self) -> float:
        calibration = self._viewing.calibration
        if calibration is None:
            return 1.0
        across, down = calibration.mm_per_pixel
        return down / across

    def _words(self, measure: Measure) -> str:
        return words_of(measure, self._viewing.calibration)

    def _new_item(self, measure: Measure) -> MeasureItem:
        item = MeasureItem(measure, aspect=self._aspect)
        item.show_measure(measure, self._words(measure))
        item.setVisible(not self._is_bare)
        self._view.scene().addItem(item)
        return item

    def set_measures(self, measures: tuple[Measure, ...]) -> None:
        """What is measured on the open picture."""
        self._book.do(Gesture(Verb.MEASURED, (Measurements(measures),)))

    def _show(self, marks: Marks) -> None:
        measures = marks.measures
        self._drop_fresh()
        # An item in the middle of its own mouse event is kept and told its place.
        for item in self.items[len(measures) :]:
            self._view.scene().removeItem(item)
        del self.items[len(measures) :]
        for item, measure in zip(self.items, measures, strict=False):
            item.show_measure(measure, self._words(measure))
        for index in range(len(self.items), len(measures)):
            item = self._new_item(measures[index])
            item.on_moving = partial(self._on_moving, index)
            item.on_changed = partial(self._on_changed, index)
            self.items.append(item)

    def _on_moving(self, index: int, measure: Measure) -> None:
        self.items[index].show_measure(measure, self._words(measure))

    def _on_changed(self, index: int, measure: Measure) -> None:
        measures = list(self._book.expected.marks.measures)
        measures[index : index + 1] = [measure]
        self.set_measures(tuple(measures))

    def _on_measuring(self, start: QPointF, end: QPointF | None) -> None:
        if end is None:
            self._drop_fresh()
            return
        made = self._made(start, end)
        if self._fresh is None:
            self._fresh = self._new_item(made)
        self._fresh.show_measure(made, self._words(made))

    def _on_measured(self, start: QPointF, end: QPointF) -> None:
        made = self._made(start, end)
        if distance(*made.points[:2]) < _SMALLEST:
            self._drop_fresh()
        else:
            # It is drawn as long as it is on its way to the disk.
            self.set_measures((*self._book.expected.marks.measures, made))

    def _made(self, start: QPointF, end: QPointF) -> Measure:
        kind = self._view.tool
        return measured(kind, (start.x(), start.y()), (end.x(), end.y()), aspect=self._aspect)

    def _drop_fresh(self) -> None:
        if self._fresh is not None:
            self._view.scene().removeItem(self._fresh)
            self._fresh = None
