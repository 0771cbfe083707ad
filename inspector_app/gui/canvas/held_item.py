"""What boxes and measurements have in common: drawn over the picture and taken hold of."""

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from inspector_app.gui.canvas.camera import scale_of
from inspector_app.gui.painting import unharmed


class HeldItem(QGraphicsItem):
    """An item in picture pixels whose lines and handles are as large on any zoom.

    Args:
        z: Over what it lies; more is higher.
    """

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self.setZValue(z)

    @property
    def _view(self) -> QGraphicsView | None:
        """The view it is seen in."""
        scene = self.scene()
        views = scene.views() if scene is not None else []
        return views[0] if views else None

    def _scale(self) -> float:
        """Logical screen pixels per picture pixel."""
        view = self._view
        return scale_of(view.transform()) if view is not None else 1.0

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002  Qt's signature
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        with unharmed(painter):
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        """Draw it; an error is told and harms nothing else."""
        raise NotImplementedError
