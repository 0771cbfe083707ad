"""The window, put together: the one place that knows both Qt and the rooms behind it.

Nothing here imports torch. The workbench is imported by the worker thread with its first
request, so that the window is up and can be used while torch is still being read.

    parts       what the window is joined to
    unattended  the real window without a person: demonstration and benchmarks
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from inspector_app import __version__, paths
from inspector_app.app.parts import Parts, real_parts
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.live import is_camera_address
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.features.access_room import AccessRoom
from inspector_app.gui.features.ahead_room import AheadRoom
from inspector_app.gui.features.auto_reports import AutoReports
from inspector_app.gui.features.camera_room import CameraRoom
from inspector_app.gui.features.help_room import HelpRoom
from inspector_app.gui.features.model_room import ModelRoom
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.gui.features.reading_room import ReadingRoom
from inspector_app.gui.features.resuming import Resuming
from inspector_app.gui.features.study_room import StudyRoom
from inspector_app.gui.imports import spare_imports
from inspector_app.gui.interrupt import closed_by_interrupt
from inspector_app.gui.language import Language
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.picture import prepare
from inspector_app.gui.theme import Look
from inspector_app.gui.worker import Bridge
from inspector_app.lasting import uncollected
from inspector_app.resuming import read_last

__all__ = ["Parts", "enlarge", "main", "make_application", "open_window", "real_parts"]

_SWITCH_S = 0.001
_STANDS_BACK = 4


def main(
    paths_to_open: Sequence[str] = (), *, parts: Parts | None = None, is_fresh: bool = False
) -> int:
    """Open the window and stay until it is closed.

    Without paths it goes on where it was left.

    Args:
        paths_to_open: Files and folders.
        parts: What to join it to; the real program by default.
        is_fresh: Begin with nothing open.

    Returns:
        The exit code.

    Raises:
        WrongUse: there is no display.
    """
    joined = parts if parts is not None else real_parts()
    enlarge(joined.settings.scale)
    application = make_application()
    with uncollected():
        window = open_window(joined, paths_to_open)
        Resuming(window, None if is_fresh or paths_to_open else read_last())
    # The tour is about the samples: whoever came with pictures of their own came to work.
    samples = {sample.path for sample in joined.samples}
    room = window.findChild(HelpRoom)
    if room is not None and samples.issuperset(_place(path) for path in paths_to_open):
        room.greet()
    # The program ends with this window, whatever else still stands on the screen.
    application.setQuitOnLastWindowClosed(False)
    window.closed.connect(application.exit)
    with closed_by_interrupt(window):
        code = 0 if window.is_closed else application.exec()
    if window.session.close():
        joined.close()
    return code


def enlarge(percent: int) -> None:
    """Draw everything larger; Qt reads this once, before there is a window.

    Whoever set a factor for this start, in the environment, goes first.
    """
    if percent != 100:
        os.environ.setdefault("QT_SCALE_FACTOR", f"{percent / 100:g}")


def make_application() -> QApplication:
    """The QApplication, or the one there is.

    Raises:
        WrongUse: there is no display.
    """
    spare_imports()
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    _look_for_display()
    # The window's thread gets its turn after a thousandth of a second at the latest.
    sys.setswitchinterval(_SWITCH_S)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Inspector")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("inspector")
    application.setWindowIcon(QIcon(str(paths.resources() / "icons" / "program.svg")))
    return application


def open_window(parts: Parts, paths_to_open: Sequence[str] = ()) -> MainWindow:
    """Build each part once, join them, and show the window.

    The model is fetched as soon as the window stands still.
    """
    application = make_application()
    look = Look(application)
    language = Language(application)
    language.apply(parts.settings.language)
    look.apply(parts.settings.theme)
    session = LiveSession(
        cameras=parts.cameras,
        model=Bridge(parts.model, name="model", prepare=prepare, niceness=_STANDS_BACK),
        desk=Bridge(parts.desk, name="desk", prepare=prepare),
        aside=Bridge(parts.desk, name="aside", prepare=prepare, niceness=_STANDS_BACK),
        disk=Bridge(parts.desk, name="disk"),
        pen=Bridge(parts.desk, name="pen"),
        settings=parts.settings,
        save=parts.save,
        strategies=parts.strategies,
        samples=parts.samples,
    )
    window = MainWindow(session, look, language, models=parts.models)
    CameraRoom(window, session)
    AheadRoom(window, session)
    presets = PresetRoom(window, parts.shelf, models=parts.models).presets
    ModelRoom(window, parts.about_models)
    StudyRoom(window, presets)
    operator = OperatorRoom(window, session)
    reports = AutoReports(session, window)
    session.ahead.finished.connect(reports.take)
    operator.operating.ended.connect(reports.end_shift)
    ReadingRoom(window, session)
    HelpRoom(window, language)
    access = AccessRoom(window, parts.about_users, parts.who)
    # One window, one look: they go together.
    look.setParent(window)
    language.setParent(window)
    window.open_up()
    access.begin()
    for sentence in parts.notices:
        session.noticed.emit(Notice(Kind.INFO, sentence))
    if paths_to_open:
        session.open_paths([_place(path) for path in paths_to_open])
    QTimer.singleShot(0, session, session.start)
    return window


def _place(given: str) -> str:
    """A path that holds wherever the program goes; the address of a camera stays as it is."""
    is_camera = is_camera_address(given) and not Path(given).exists()
    return given if is_camera else str(Path(given).absolute())


def _look_for_display() -> None:
    """Say in words what Qt would say by aborting the process."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not platform and not has_display:
        raise WrongUse(
            "There is no display to open a window on.",
            hint='Use "inspector ask" here, or set DISPLAY.',
        )
