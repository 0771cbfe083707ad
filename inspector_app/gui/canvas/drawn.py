"""Regions and findings on the canvas: in step with what is stored, changed by mouse and keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPointF, QTimer

from inspector_app.domain.gesture import Verb
from inspector_app.domain.shape import Shape
from inspector_app.gui.canvas.shape_item import ShapeItem, Style
from inspector_app.gui.canvas.view import View

_REST_MS = 350
"""So long after the last arrow key, what was moved by them is stored as one gesture."""

Reshape = Callable[[str, Shape, Verb], None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape as it is stored.

    Attributes:
        id: Of its mark.
        shape: Where.
        style: How it is drawn.
    """

    id: str
    shape: Shape
    style: Style


class DrawnItems(QObject):
    """Keeps items in step with what is stored, and tells what people do to them.

    Args:
        view: Where they lie.
        choose: Takes a mark in hand.
        reshape: Stores another shape of a mark.
        look_at: Brings a shape before the eyes.
        light: Told the number of the shape under the mouse, or -1.
    """

    def __init__(
        self,
        view: View,
        *,
        choose: Callable[[str], None],
        reshape: Reshape,
        look_at: Callable[[Shape], None],
        light: Callable[[int], None] = lambda _index: None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._choose = choose
        self._reshape = reshape
        self._look_at = look_at
        self._light = light
        self._drawn: dict[str, ShapeItem] = {}
        self._chosen = ""
        self._is_visible = True
        self._was_nudged = False
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._resting.timeout.connect(self.flush)

    @property
    def items(self) -> list[ShapeItem]:
        """In their order."""
        return list(self._drawn.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """Of their marks, in their order."""
        return tuple(self._drawn)

    def show_drawn(self, every: Sequence[Drawn], *, within: tuple[int, int]) -> None:
        """These are stored now.

        Args:
            every: All of them.
            within: (width, height) of the picture.
        """
        kept = {one.id: one for one in every}
        for id in [id for id in self._drawn if id not in kept]:
            self._view.scene().removeItem(self._drawn.pop(id))
        before, self._drawn = self._drawn, {}
        for index, one in enumerate(every):
            item = before.get(one.id)
            if item is None:
                item = ShapeItem(one.shape, one.style, within=within)
                self._view.scene().addItem(item)
                item.on_chosen = partial(self._choose, one.id)
                item.on_changed = partial(self._on_changed, one.id)
                item.on_opened = partial(self._on_opened, one.id)
                item.setVisible(self._is_visible)
                item.set_chosen(one.id == self._chosen)
            elif not (self._was_nudged and one.id == self._chosen):
                item.show_shape(one.shape, one.style)
            item.on_hover = partial(self._on_hover, index)
            self._drawn[one.id] = item

    def show_chosen(self, id: str) -> None:
        """This one is in hand."""
        self.flush()
        self._chosen = id
        for each, item in self._drawn.items():
            item.set_chosen(each == id)

    def set_visible(self, *, is_visible: bool) -> None:
        """Show them, or nothing."""
        self._is_visible = is_visible
        for item in self._drawn.values():
            item.setVisible(is_visible)

    def set_lit(self, index: int) -> None:
        """The one of this number is pointed at elsewhere; -1 for none."""
        for at, item in enumerate(self._drawn.values()):
            item.set_lit(at == index)

    def nudge(self, dx: int, dy: int, *, within: tuple[int, int]) -> None:
        """Move what is in hand by picture pixels, as seen on the screen; stored when keys rest."""
        item = self._drawn.get(self._chosen)
        if item is None or item.style.is_locked:
            return
        back, _is_possible = self._view.turn.transform().inverted()
        by = back.map(QPointF(dx, dy))
        item.preview(item.shape_now.moved(round(by.x()), round(by.y())).kept_inside(within))
        self._was_nudged = True
        self._resting.start()

    def flush(self) -> None:
        """Store what was moved by keys."""
        was_nudged, self._was_nudged = self._was_nudged, False
        self._resting.stop()
        item = self._drawn.get(self._chosen)
        if was_nudged and item is not None:
            self._reshape(self._chosen, item.shape_now, Verb.MOVED)

    def _on_changed(self, id: str, shape: Shape, verb: Verb) -> None:
        self._resting.stop()
        self._was_nudged = False
        self._reshape(id, shape, verb)

    def _on_opened(self, id: str) -> None:
        self._look_at(self._drawn[id].shape_now)

    def _on_hover(self, index: int, is_over: bool) -> None:
        self._light(index if is_over else -1)
