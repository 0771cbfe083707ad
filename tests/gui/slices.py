"""A slice of a scan on the canvas, and the hand that works on it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from inspector_app.domain.scan import Edges, Scan
from inspector_app.gui.picture import Picture, Pyramid
from tests.gui.person import sharp

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
SCAN = Scan(
    patient="ZZTEST Wang",
    patient_id="4711",
    birth_date="19610203",
    sex="F",
    age="063Y",
    institution="General Hospital",
    study_date="20240229",
    modality="CT",
    slice_mm=-12.5,
    edges=Edges(left="R", right="L", top="A", bottom="P"),
    needs_laterality=True,
    is_lossy=True,
    lossy_ratio=12.0,
    is_derived=True,
    has_burned_in=True,
)


def show(window, frame, locator="ct.dcm"):
    """Put a Frame on the canvas as the desk would."""
    pyramid = Pyramid(frame.pixels, values=frame.values, is_inverted=frame.is_inverted)
    window.session.locator = locator
    window.session._show(Picture(locator, frame.provenance, pyramid, frame))


def drag(view, start, end, *, button=LEFT, steps=5):
    """Press, move and release as a hand does."""
    port = view.viewport()

    def tell(kind, place, pressed, buttons):
        at = QPointF(place)
        event = QMouseEvent(
            kind, at, QPointF(port.mapToGlobal(at)), pressed, buttons, Qt.KeyboardModifier(0)
        )
        QApplication.sendEvent(port, event)

    a, b = QPointF(*start), QPointF(*end)
    tell(QEvent.Type.MouseButtonPress, a, button, button)
    for step in range(1, steps + 1):
        at = a + (b - a) * step / steps
        tell(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button)
    tell(QEvent.Type.MouseButtonRelease, b, button, Qt.MouseButton.NoButton)


def roll(view, notches, *, held=Qt.KeyboardModifier.NoModifier):
    """Turn the wheel, up is positive."""
    at = QPointF(200, 150)
    event = QWheelEvent(
        at,
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def lights(window):
    """Grey values that the canvas shows at three picture points."""
    view = window.canvas.view
    image = sharp(window)
    places = [view.place_of(QPointF(100, y)) for y in (20, 80, 140)]
    return [image.pixelColor(place).red() for place in places]
