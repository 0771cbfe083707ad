"""The window: joins canvas and panels, and gives every action its place."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QMainWindow,
    QStackedWidget,
    QToolBar,
)

from inspector_app.domain.messages import Problem
from inspector_app.domain.operators import Right
from inspector_app.gui.actions import Actions
from inspector_app.gui.canvas.canvas import Canvas
from inspector_app.gui.correcting import Correcting
from inspector_app.gui.dialogs import files
from inspector_app.gui.dialogs.about import AboutDialog
from inspector_app.gui.dialogs.keys import KeysDialog
from inspector_app.gui.dialogs.late import late_dialogs
from inspector_app.gui.dialogs.settings import SettingsDialog
from inspector_app.gui.dialogs.views import ViewsDialog
from inspector_app.gui.docks import Docks
from inspector_app.gui.drawing import Drawing
from inspector_app.gui.dropping import DropTarget
from inspector_app.gui.facts import Display, Kind, Notice
from inspector_app.gui.keys import keep_keys
from inspector_app.gui.language import Language
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.looking import Looking
from inspector_app.gui.menus import fill_menus, fill_toolbar
from inspector_app.gui.notices import CrashNet, Notices
from inspector_app.gui.panels.answers import AnswerPanel
from inspector_app.gui.panels.ask import AskPanel
from inspector_app.gui.panels.findings import FindingsPanel
from inspector_app.gui.panels.heat import HeatPanel
from inspector_app.gui.panels.history import HistoryPanel
from inspector_app.gui.panels.pictures import PicturesPanel
from inspector_app.gui.panels.purpose import Purpose
from inspector_app.gui.panels.regions import RegionsPanel
from inspector_app.gui.panels.status import Status
from inspector_app.gui.panels.welcome import Refusal, Welcome
from inspector_app.gui.parts import muted
from inspector_app.gui.picture import Picture
from inspector_app.gui.tab_order import order_tabs
from inspector_app.gui.theme import Look

_SLOW_MS = 150
"""From this on, opening a picture is shown as waiting."""


class MainWindow(QMainWindow):
    """The one window of the program.

    Args:
        session: Its facts.
        look: Its colours.
        language: Its tongue.
        models: Names of the models that can be chosen in the settings.
    """

    closed = Signal()
    """It is closed; nothing of it runs on."""

    def __init__(
        self, session: LiveSession, look: Look, language: Language, *, models: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.session = session
        self.look = look
        self._language = language
        self._models = tuple(models)
        self._dialogs: dict[str, QDialog] = {}
        self.is_closed = False
        self.actions_by_name = Actions(look, self)
        self.canvas = Canvas(session, look)
        self.welcome, self.refusal = Welcome(session, look), Refusal(session, look)
        self.waiting = muted()
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.setObjectName("stage")
        for page in (self.welcome, self.canvas, self.refusal, self.waiting):
            self.stack.addWidget(page)
        self.setCentralWidget(self.stack)
        self.notices = Notices(look, self.stack)
        # A page that is shown puts itself on top of everything in the stack.
        self.stack.currentChanged.connect(lambda _at: self.notices.raise_())
        self.pictures, self.history = PicturesPanel(session, look), HistoryPanel(session, look)
        self.ask, self.answers = AskPanel(session, look), AnswerPanel(session, look)
        self.heat = HeatPanel(session)
        self.regions = RegionsPanel(session, self.actions_by_name)
        self.findings = FindingsPanel(session, self.actions_by_name, look)
        self.docks = Docks(
            self,
            look,
            left=(self.pictures, self.history),
            right={
                "question": self.ask,
                "answer": self.answers,
                "findings": self.findings,
                "regions": self.regions,
                "heat": self.heat,
            },
        )
        self.status = Status(session, look)
        self.setStatusBar(self.status)
        self.toolbar = QToolBar()
        self.toolbar.setObjectName("toolbar")
        self.toolbar.setIconSize(QSize(20, 20))
        self.toolbar.setMovable(False)
        self.addToolBar(self.toolbar)
        self._purpose = Purpose()
        self.net = CrashNet(self)
        self._applied = (session.settings.theme, session.settings.language)
        self._finish()

    def _finish(self) -> None:
        self.addActions(list(self.actions_by_name.all()))
        self.menus = fill_menus(self.menuBar(), self.actions_by_name, self.docks)
        fill_toolbar(self.toolbar, self.actions_by_name, self._purpose)
        self._connect()
        self._bind()
        self.looking = Looking(self, self.canvas, self.actions_by_name, self.session)
        hands = (self.canvas, self.actions_by_name, self.session)
        self.drawing = Drawing(*hands, docks=self.docks, regions=self.regions, parent=self)
        self.correcting = Correcting(*hands, docks=self.docks, panel=self.findings, parent=self)
        self.setMinimumSize(960, 600)
        self.resize(self._first_size())
        self.retranslate()
        self._show_picture(self.session.picture)
        self._show_display(self.session.display)
        order_tabs(self)

    def _first_size(self) -> QSize:
        """Most of the screen, but on a wall of pixels no more than the eye takes in."""
        room = self.screen().availableSize()
        # The frame that the system puts about a window needs room too.
        width, height = room.width(), room.height() - 40
        return QSize(
            min(width, max(1280, min(width * 4 // 5, 2200))),
            min(height, max(760, min(height * 6 // 7, 1400))),
        )

    def open_up(self) -> None:
        """Show the window where and how it was left."""
        keep_keys(self)
        self.net.spread()
        self.docks.recall_geometry()
        self.show()
        self.docks.arrange()
        self.docks.recall_layout()

    def _connect(self) -> None:
        session = self.session
        session.picture_changed.connect(self._show_picture)
        session.refused.connect(self._show_refusal)
        session.opening.connect(self._on_opening)
        session.noticed.connect(self._say)
        session.veil.moved.connect(self._on_veil_moved)
        session.report_written.connect(self._on_report_written)
        session.display_changed.connect(self._show_display)
        session.settings_changed.connect(lambda _settings: self._follow_settings())
        session.inspection_changed.connect(lambda _inspection: self._show_abilities())
        session.worklist.grown.connect(lambda _count: self._show_abilities())
        session.asking.progressed.connect(lambda _progress: self._show_abilities())
        self.canvas.pointed.connect(self.status.show_cursor)
        self.status.chip.clicked.connect(self.open_settings)
        self.ask.question.entered.connect(self._ask)
        for page in (self.welcome, self.refusal):
            page.open_wanted.connect(self.choose_files)
        self.welcome.folder_wanted.connect(self.choose_folder)
        target = DropTarget(self)
        target.over_changed.connect(lambda is_over: self.welcome.set_over(is_over=is_over))
        target.dropped.connect(session.open_paths)
        self.net.caught.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def _bind(self) -> None:
        session, canvas, on = self.session, self.canvas, self.actions_by_name.on
        on("open", self.choose_files)
        on("folder", self.choose_folder)
        on("samples", lambda: session.open_paths([sample.path for sample in session.samples]))
        on("reread", session.reread)
        on("clear", session.clear)
        on("quit", self.close)
        on("previous", lambda: canvas.go(-1))
        on("next", lambda: canvas.go(1))
        on("heat", session.switch_heat)
        on("boxes", session.switch_boxes)
        on("grid", session.switch_grid)
        on("alone", self._on_alone)
        on("inspect", self._ask)
        on("stop", session.stop)
        on("question", self._to_question)
        on(
            "views",
            lambda: self._open("views", lambda: ViewsDialog(session, self.look, parent=self)),
        )
        for name, make in late_dialogs(session, self.look, self._language, parent=self).items():
            on(name, partial(self._open, name, make))
        on("settings", self.open_settings)
        on("keys", self._open_keys)
        on("layout", self.docks.reset)
        on("about", self._open_about)
        on("escape", self._on_escape)
        for name in ("png", "pdf", "html", "csv", "json"):
            on(f"save_{name}", partial(self._save, name))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.actions_by_name.retranslate()
        self.drawing.retranslate()
        self.menus.retranslate()
        self.docks.pictures.set_title(self.tr("Pictures"))
        self.docks.tabs.setTabText(0, self.tr("Worklist"))
        self.docks.tabs.setTabText(1, self.tr("History"))
        self.docks.right["question"].set_title(self.tr("Question"))
        self.docks.right["answer"].set_title(self.tr("Answer"))
        self.docks.right["findings"].set_title(self.tr("Findings"))
        self.docks.right["regions"].set_title(self.tr("Regions"))
        self.docks.right["heat"].set_title(self.tr("Where the model looked"))
        self.toolbar.setWindowTitle(self.tr("Toolbar"))
        whole = self.tr("Research and quality control · not for diagnosis")
        self._purpose.say(whole, short=self.tr("Not for diagnosis"))
        self._show_title()

    # Showing -------------------------------------------------------------------------

    def _show_title(self) -> None:
        locator = self.session.locator
        name = self.session.veil.name(locator) if locator else ""
        self.setWindowTitle(f"{name} \N{EN DASH} Inspector" if name else "Inspector")

    def _on_veil_moved(self, is_down: bool) -> None:
        self._show_title()
        if is_down:
            # What was said before may name a file.
            self.notices.clear()

    def _show_picture(self, picture: Picture | None) -> None:
        self.stack.setCurrentWidget(self.canvas if picture is not None else self.welcome)
        self._show_title()
        self._show_abilities()

    def _on_opening(self, locator: str) -> None:
        """A picture that takes its time: the one before it does not stay in its place."""
        self.waiting.setText(
            self.tr("Opening {name} …").format(name=self.session.veil.name(locator))
        )
        QTimer.singleShot(_SLOW_MS, self, partial(self._show_waiting, locator))

    def _show_waiting(self, locator: str) -> None:
        if self.session.is_opening and self.session.locator == locator:
            self.stack.setCurrentWidget(self.waiting)

    def _show_refusal(self, _locator: str, problem: Problem) -> None:
        self.refusal.show_problem(problem)
        self.stack.setCurrentWidget(self.refusal)
        self._show_title()

    def _show_display(self, display: Display) -> None:
        self.actions_by_name["heat"].setChecked(display.heat)
        self.actions_by_name["boxes"].setChecked(display.boxes)
        self.actions_by_name["grid"].setChecked(not display.smooth)

    def _show_abilities(self) -> None:
        self.actions_by_name.show_abilities(self.session)

    def _on_alone(self) -> None:
        self.docks.set_alone(
            is_on=self.actions_by_name["alone"].isChecked(),
            others=(self.menuBar(), self.toolbar, self.status),
        )

    def _on_escape(self) -> None:
        """Stop what runs; else leave drawing, notices, the lone picture: one at a time."""
        session = self.session
        if session.is_working:
            session.stop()
        elif self.drawing.put_away() or self.looking.put_away() or self.notices.dismiss():
            return
        elif self.actions_by_name["alone"].isChecked():
            self.actions_by_name["alone"].trigger()
        else:
            self.canvas.view.setFocus()

    def _ask(self) -> None:
        """Ask, and leave the question field: the next keys are for the pictures."""
        self.session.ask()
        if self.session.asking.is_running:
            self.canvas.view.setFocus()

    def _to_question(self) -> None:
        self.docks.right["question"].show()
        self.ask.question.setFocus()
        line = self.ask.question.lineEdit()
        if line is not None:
            line.selectAll()

    # Choosing ------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for pictures and open them."""
        if names := files.pictures(self):
            self.session.open_paths(names)

    def choose_folder(self) -> None:
        """Ask for a folder and open what is in it."""
        if folder := files.folder(self):
            self.session.open_paths([folder])

    def _save(self, suffix: str) -> None:
        inspection = self.session.inspection
        if inspection is not None and (
            name := files.destination(
                self, inspection, suffix=suffix, hides_patient=self.session.veil.is_down
            )
        ):
            self.session.write_report(suffix, name, language=self._language.code)

    def _on_report_written(self, path: str) -> None:
        text = self.tr("Saved {name}.").format(name=Path(path).name)
        self._say(Notice(Kind.DONE, text, hint=path))

    def _say(self, notice: Notice) -> None:
        self.notices.say(self.session.veil.notice(notice))

    # Dialogs -------------------------------------------------------------------------

    def open_settings(self) -> None:
        """Show the settings."""
        if (refusal := self.session.presence.refusal(Right.SETTINGS)) is not None:
            self._say(refusal)
            return
        self._open("settings", self._settings_dialog)

    def _settings_dialog(self) -> QDialog:
        dialog = SettingsDialog(self.session, models=self._models, parent=self)
        dialog.chooser_wanted.connect(self.actions_by_name["models"].trigger)
        return dialog

    def _open_about(self) -> None:
        actions = self.actions_by_name.all()
        self._open("about", lambda: AboutDialog(actions, self.look, parent=self))

    def _open_keys(self) -> None:
        self._open("keys", lambda: KeysDialog(self.session, parent=self))

    def _open(self, name: str, make: Callable[[], QDialog]) -> None:
        if name not in self._dialogs:
            self._dialogs[name] = make()
        dialog = self._dialogs[name]
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _follow_settings(self) -> None:
        settings = self.session.settings
        if settings.theme != self._applied[0]:
            self.look.apply(settings.theme)
        if settings.language != self._applied[1]:
            self._language.apply(settings.language)
        self._applied = (settings.theme, settings.language)

    # Events --------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Gone from the screen at once; what runs is stopped, nothing half is stored."""
        if not self.is_closed:
            self.is_closed = True
            try:
                self._fold()
            finally:
                # Whatever fails, the program does not stay behind without a window.
                self.closed.emit()
        super().closeEvent(event)

    def _fold(self) -> None:
        self.docks.remember()
        for dialog in self._dialogs.values():
            dialog.close()
        self.hide()
        self.session.close()
        self.canvas.feeder.close()
        self.net.fold()
