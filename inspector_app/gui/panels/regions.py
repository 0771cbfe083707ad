"""The regions of interest as a list, and the one in hand in numbers."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.gesture import Roi, Verb
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import tag
from inspector_app.gui.actions import Actions
from inspector_app.gui.canvas.shaping import placed
from inspector_app.gui.parts import caption, muted
from inspector_app.gui.regions import COLOURS
from inspector_app.gui.session import Session

_ID = Qt.ItemDataRole.UserRole
_TOOLS = ("draw", "draw_polygon", "duplicate", "square", "lock", "delete_mark")
_SIDES = ("x", "y", "width", "height", "angle")
_PLACES = (("x", 0, 0), ("y", 0, 1), ("angle", 0, 2), ("width", 1, 0), ("height", 1, 1))


class RegionsPanel(QScrollArea):
    """Names, colours, places and questions of the regions that people drew.

    Args:
        session: Stores what is changed here.
        actions: Of the window; some of them stand here as buttons.
    """

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self._regions = session.regions
        self.list = QListWidget()
        self.empty = muted()
        self.name, self.question, self.expected = (QLineEdit() for _ in range(3))
        for field in (self.name, self.question, self.expected):
            field.setMaxLength(400)
            # Enter stores what is typed; it does not inspect.
            field.setProperty("takes_enter", True)
        self.colour, self.unit = QComboBox(), QComboBox()
        self.sides = {name: _number() for name in _SIDES}
        self._captions = {name: caption() for name in (*_SIDES, "name", "question", "expected")}
        self._form = QWidget()
        self.use = QComboBox()
        self._build(actions)
        self._listen()
        self.retranslate()
        self._show_regions(self._regions.all)

    def _build(self, actions: Actions) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(2)
        for name in (*_TOOLS, "save_regions"):
            if name == "save_regions":
                bar.addStretch(1)
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(18, 18))
            bar.addWidget(button)
        grid = QGridLayout(self._form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._captions["name"], 0, 0)
        grid.addWidget(self.name, 0, 1, 1, 2)
        grid.addWidget(self.colour, 0, 3)
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(5)
        for name, row, column in _PLACES:
            numbers.addWidget(self._captions[name], row, 2 * column)
            numbers.addWidget(self.sides[name], row, 2 * column + 1)
            numbers.setColumnStretch(2 * column + 1, 1)
        numbers.addWidget(self.unit, 1, 5)
        grid.addLayout(numbers, 1, 0, 1, 4)
        for row, name, field in ((2, "question", self.question), (3, "expected", self.expected)):
            grid.addWidget(self._captions[name], row, 0)
            grid.addWidget(field, row, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(bar)
        layout.addWidget(self.use)
        layout.addWidget(self.list)
        layout.addWidget(self.empty)
        layout.addWidget(self._form)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(120)

    def _listen(self) -> None:
        regions, book = self._regions, self._session.book
        regions.changed.connect(self._show_regions)
        book.chosen_changed.connect(lambda _id: self._show_chosen())
        self.list.currentItemChanged.connect(self._on_row)
        self._on_edit(self.name, lambda id: regions.rename(id, self.name.text()))
        for field in (self.question, self.expected):
            self._on_edit(
                field,
                lambda id: regions.ask(
                    id, self.question.text(), self.expected.text().split(_COMMA)
                ),
            )
        self.colour.activated.connect(lambda at: self._with_chosen(regions.recolour, at))
        self.use.activated.connect(lambda at: self._session.search_inside(is_on=at == 1))
        self._session.rois_changed.connect(lambda _rois: self._show_use())
        self.unit.activated.connect(lambda _at: self._show_chosen())
        for name, side in self.sides.items():
            side.valueChanged.connect(lambda _value, name=name: self._on_number(name))

    def _on_edit(self, field: QLineEdit, keep: Callable[[str], None]) -> None:
        field.editingFinished.connect(
            lambda: keep(roi.id) if (roi := self._regions.chosen) is not None else None
        )

    def _with_chosen(self, do: Callable[..., None], *values: Any) -> None:
        if (roi := self._regions.chosen) is not None:
            do(roi.id, *values)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.list.setAccessibleName(self.tr("Regions"))
        self.empty.setText(
            self.tr("Draw a region with R, a polygon with Shift+R. Arrows move what is chosen.")
        )
        words = {
            "name": (self.tr("Name"), self.tr("Stands beside the region's letter")),
            "x": ("x", self.tr("Left edge")),
            "y": ("y", self.tr("Upper edge")),
            "width": (self.tr("w"), self.tr("Width")),
            "height": (self.tr("h"), self.tr("Height")),
            "angle": ("\N{ANGLE}", self.tr("Turned clockwise, in degrees")),
            "question": (
                self.tr("Ask"),
                self.tr("A question of this region alone, asked beside the common one"),
            ),
            "expected": (
                self.tr("Good"),
                self.tr(
                    "Answers to its own question that are good, with commas between; "
                    "any other answer fails the picture"
                ),
            ),
        }
        fields = {
            "name": self.name,
            "question": self.question,
            "expected": self.expected,
            **self.sides,
        }
        for name, (short, tip) in words.items():
            self._captions[name].setText(short)
            fields[name].setToolTip(tip)
            fields[name].setAccessibleName(tip)
        self.question.setPlaceholderText(self.tr("the common question"))
        self.expected.setPlaceholderText(self.tr("OK, no"))
        self._fill_choices()
        with QSignalBlocker(self.use):
            self.use.clear()
            self.use.addItems(
                [self.tr("Ask about these regions"), self.tr("Search only inside them")]
            )
        self.use.setAccessibleName(self.tr("What the regions are for"))
        self.use.setToolTip(
            self.tr("Shown enlarged as they are, or the strategy looks for a place inside them")
        )
        self._show_regions(self._regions.all)

    def _fill_choices(self) -> None:
        names = (
            self.tr("Sky blue"),
            self.tr("Green"),
            self.tr("Vermilion"),
            self.tr("Purple"),
            self.tr("Blue"),
            self.tr("Orange"),
            self.tr("Yellow"),
            self.tr("White"),
        )
        for box in (self.colour, self.unit):
            at = max(0, box.currentIndex())
            with QSignalBlocker(box):
                box.clear()
                if box is self.colour:
                    for name, colour in zip(names, COLOURS, strict=True):
                        box.addItem(swatch(colour), name)
                else:
                    box.addItems([self.tr("px"), "%"])
                box.setCurrentIndex(at)
        self.colour.setAccessibleName(self.tr("Colour"))
        self.colour.setToolTip(self.tr("Colour; every common kind of colour vision tells them"))
        self.unit.setAccessibleName(self.tr("Unit"))
        self.unit.setToolTip(self.tr("Pixels, or per cent of the picture's width and height"))

    # Showing -------------------------------------------------------------------------

    def _show_regions(self, rois: Sequence[Roi]) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for at, roi in enumerate(rois):
                said = [tag(at), roi.name]
                said += [self.tr("(locked)")] if roi.is_locked else []
                item = QListWidgetItem(swatch(COLOURS[roi.colour % len(COLOURS)]), "")
                item.setText(" ".join(word for word in said if word))
                item.setData(_ID, roi.id)
                self.list.addItem(item)
        self.list.setVisible(bool(rois))
        self.list.setFixedHeight(_ROW * min(_ROWS, max(1, len(rois))) + 4)
        self._show_use()
        self.empty.setVisible(not rois)
        self._show_chosen()

    def _show_use(self) -> None:
        self.use.setVisible(bool(self._regions.all))
        with QSignalBlocker(self.use):
            self.use.setCurrentIndex(int(self._session.is_inside))

    def _show_chosen(self) -> None:
        roi = self._regions.chosen
        row = self._regions.all.index(roi) if roi is not None else -1
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(row)
        self._form.setVisible(roi is not None)
        if roi is None:
            return
        for field, text in (
            (self.name, roi.name),
            (self.question, roi.question),
            (self.expected, f"{_COMMA} ".join(roi.expected)),
        ):
            if field.text() != text:
                field.setText(text)
        with QSignalBlocker(self.colour):
            self.colour.setCurrentIndex(roi.colour % len(COLOURS))
        self._show_numbers(roi)

    def _show_numbers(self, roi: Roi) -> None:
        x, y, width, height = _box(roi.shape)
        across, down = self._units
        is_percent = self.unit.currentIndex() == 1
        values = {
            "x": x / across,
            "y": y / down,
            "width": width / across,
            "height": height / down,
            "angle": roi.shape.angle,
        }
        is_rectangle = roi.shape.kind == ShapeKind.RECTANGLE
        for name, value in values.items():
            field = self.sides[name]
            with QSignalBlocker(field):
                is_whole = not is_percent and roi.shape.region is not None and name != "angle"
                field.setDecimals(0 if is_whole else 2)
                field.setValue(value)
            field.setEnabled(not roi.is_locked and (is_rectangle or name in {"x", "y"}))
        self.sides["angle"].setEnabled(is_rectangle and not roi.is_locked)

    @property
    def _units(self) -> tuple[float, float]:
        """Pixels of one unit (across, down)."""
        if self.unit.currentIndex() != 1:
            return 1.0, 1.0
        width, height = self._regions.size
        return max(width, 1) / 100, max(height, 1) / 100

    # Doing ---------------------------------------------------------------------------

    def _on_row(self, item: QListWidgetItem | None) -> None:
        self._session.book.choose("" if item is None else item.data(_ID))

    def _on_number(self, name: str) -> None:
        roi = self._regions.chosen
        if roi is None:
            return
        shown, field = _box(roi.shape), self.sides[name]
        across, down = self._units
        value = field.value()
        if name == "angle":
            if abs(value - roi.shape.angle) > 0.006:
                turned = roi.shape.turned_to(value).snapped()
                self._regions.reshape(roi.id, turned, Verb.TURNED)
            return
        at = _SIDES.index(name)
        wanted = value * (down if name in {"y", "height"} else across)
        # What was only rounded to be shown is not changed.
        if abs(wanted - shown[at]) <= 0.006 * (down if name in {"y", "height"} else across):
            return
        box = [*shown]
        box[at] = wanted
        self._regions.reshape(
            roi.id,
            _boxed(roi.shape, box, within=self._regions.size),
            Verb.MOVED if at < 2 else Verb.RESIZED,
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


_COMMA = ","
_ROW = 35
_ROWS = 3
"""So many regions are seen at once; at a usual height of the window the rest has room below."""


def _number() -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(-1e6, 1e6)
    field.setKeyboardTracking(False)
    field.setMinimumWidth(56)
    return field


def swatch(colour: str) -> QIcon:
    """A small square of a colour, with an edge that shows it on any ground."""
    drawn = QPixmap(14, 14)
    drawn.fill(QColor(colour))
    painter = QPainter(drawn)
    painter.setPen(QColor(0, 0, 0, 160))
    painter.drawRect(0, 0, 13, 13)
    painter.end()
    icon = QIcon(drawn)
    # Else the style tints it in a selected row, and it is another colour than on the picture.
    icon.addPixmap(drawn, QIcon.Mode.Selected)
    return icon


def _box(shape: Shape) -> tuple[float, float, float, float]:
    """(x, y, width, height) as they are typed: of a rectangle before it is turned."""
    xs, ys = zip(*shape.points, strict=True)
    return min(xs), min(ys), *shape.size


def _boxed(shape: Shape, box: Sequence[float], *, within: tuple[int, int]) -> Shape:
    """The shape with its box where it was typed, kept inside the picture."""
    x, y, width, height = box
    if shape.kind == ShapeKind.RECTANGLE:
        center = x + width / 2, y + height / 2
        return placed(shape, center=center, size=(width, height), within=within)
    left, top, _width, _height = _box(shape)
    return shape.moved(x - left, y - top).kept_inside(within)
