"""Where the actions stand: menus and toolbar."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QMenu, QMenuBar, QToolBar

from inspector_app.gui.actions import Actions
from inspector_app.gui.docks import Docks

_MENUS = {
    "file": "open folder samples - camera live close_camera - reread clear - "
    "preview save_png save_pdf save_html save_csv save_json - quit",
    "edit": "undo redo - draw draw_polygon duplicate square lock - next_mark previous_mark "
    "delete_mark remove copy_before save_regions - to_regions to_findings",
    "view": "fit actual zoom_in zoom_out reset_view - heat boxes grid texts patient - "
    "compare link - alone * layout",
    "picture": "previous next leaf_back leaf_on",
    "display": "window_file window_auto window_full - window_1 window_2 window_3 window_4 "
    "window_5 - invert rotate_right rotate_left flip upend - tool_window tool_hand",
    "measure": "length size angle - unmeasure - calibrate uncalibrate",
    "findings": "accept reject reopen edit_box - find_box find_polygon find_line find_point"
    " - read_first end_reading - sign",
    "inspect": "question inspect stop - ahead pause_ahead - freeze trigger - views",
    "tools": "operator - statistics studies trail export - back_up restore wipe_caches - "
    "presets models settings keys - users lock_window sign_out",
    "help": "help tour - about",
}
_TOOLBAR = (
    "open folder camera live - previous next - fit actual zoom_in zoom_out - heat boxes"
    " - draw draw_polygon undo redo - save_png save_pdf views"
)


class Menus(QObject):
    """The menu bar; its titles follow the language."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._menus = {name: QMenu(bar) for name in _MENUS}
        self._panels = QMenu(bar)
        for menu in self._menus.values():
            bar.addMenu(menu)

    def fill(self, actions: Actions, docks: Docks) -> None:
        """Put every action in its place; a star stands for the list of panels."""
        for dock in docks.all:
            self._panels.addAction(dock.toggleViewAction())
        for name, words in _MENUS.items():
            menu = self._menus[name]
            for word in words.split():
                if word == "-":
                    menu.addSeparator()
                elif word == "*":
                    menu.addSeparator()
                    menu.addMenu(self._panels)
                else:
                    menu.addAction(actions[word])

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        titles = {
            "file": self.tr("&File"),
            "edit": self.tr("&Edit"),
            "findings": self.tr("Fi&ndings"),
            "view": self.tr("&View"),
            "picture": self.tr("&Picture"),
            "display": self.tr("&Display"),
            "measure": self.tr("&Measure"),
            "inspect": self.tr("&Inspect"),
            "tools": self.tr("&Tools"),
            "help": self.tr("&Help"),
        }
        for name, title in titles.items():
            self._menus[name].setTitle(title)
        self._panels.setTitle(self.tr("P&anels"))


def fill_menus(bar: QMenuBar, actions: Actions, docks: Docks) -> Menus:
    """Build the menu bar."""
    menus = Menus(bar)
    menus.fill(actions, docks)
    return menus


def fill_toolbar(toolbar: QToolBar, actions: Actions, purpose: QLabel) -> None:
    """The few actions that are used all day, and what the program is not for."""
    for word in _TOOLBAR.split():
        if word == "-":
            toolbar.addSeparator()
        else:
            toolbar.addAction(actions[word])
    toolbar.addWidget(purpose)
