"""What a person does with the window, for tests."""

from PySide6.QtCore import QEventLoop, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent

from inspector_app.gui.dropping import DropTarget

CRACK = "Is there a crack?"


def ask(window, qtbot, question=CRACK):
    """Type a question and press Enter; wait for the end."""
    field = window.ask.question
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), question)
    with qtbot.waitSignal(window.session.inspection_changed, check_params_cb=bool):
        qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Return)


def sharp(window):
    """What the canvas shows once the picture is as sharp as it gets (QImage)."""
    loop, timer, end = QEventLoop(), QTimer(), QTimer()
    seen = []

    def look():
        image = window.canvas.view.viewport().grab().toImage()
        if window.canvas.shown.is_fresh:
            seen.append(image)
            loop.quit()

    timer.timeout.connect(look)
    end.timeout.connect(loop.quit)
    timer.start(2)
    end.start(60_000)
    loop.exec()
    return seen[0]


def told(window):
    """The notices that stand there, newest first."""
    return [card.notice for card in window.notices.cards]


def drop(window, *paths):
    """Let files fall on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    # Qt hands drops on only while something is really dragged from another program.
    window.findChild(DropTarget).eventFilter(window, event)
