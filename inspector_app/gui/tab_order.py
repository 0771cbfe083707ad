"""In which order Tab goes through the window: that of thought."""

import itertools
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from inspector_app.gui.main_window import MainWindow


def order_tabs(window: "MainWindow") -> None:
    """Which picture, the picture, what is asked, what was said, where the model looked."""
    pictures, ask, heat = window.pictures, window.ask, window.heat
    chain = (
        pictures.filter,
        pictures.which,
        pictures.order,
        pictures.list,
        window.canvas.view,
        ask.question,
        ask.strategy,
        ask.count,
        ask.gate,
        ask.inspect,
        ask.stop,
        window.answers,
        heat.is_shown,
        heat.is_grid,
        heat.opacity,
        heat.layer,
        heat.colours,
        window.status.chip,
    )
    for before, after in itertools.pairwise(chain):
        QWidget.setTabOrder(before, after)
