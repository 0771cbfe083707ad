"""The window, put together: the one place that knows both Qt and the rooms behind it.

Nothing here imports torch. The workbench is imported by the worker thread with its first
request, so that the window is up and can be used while torch is still being read.
"""

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from inspector_app import __version__, crops, paths, plugins
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Request, Step, Steps
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.gui.facts import Kind, Notice, Sample
from inspector_app.gui.language import Language
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.picture import prepare
from inspector_app.gui.session import Session
from inspector_app.gui.steady import steady_singletons
from inspector_app.gui.theme import Look
from inspector_app.gui.worker import Bridge, Perform
from inspector_app.settings import read_settings, save_settings

_SWITCH_S = 0.001
_STANDS_BACK = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is joined to.

    Attributes:
        model: Does what needs the model.
        desk: Does everything else.
        settings: As they were left.
        save: Stores settings.
        strategies: (name, title) of the crop strategies.
        samples: Pictures that come with the program.
        models: Names that can be chosen in the settings.
        notices: Sentences to begin with.
    """

    model: Perform
    desk: Perform
    settings: Settings
    save: Callable[[Settings], None]
    strategies: tuple[tuple[str, str], ...]
    samples: tuple[Sample, ...] = ()
    models: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class Workroom:
    """The workbench behind both bridges, made by whichever worker needs it first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bench: Any = None

    def at_desk(self, request: Request) -> Steps[Any]:
        """A request that needs no model."""
        return (yield from self._workbench().perform(request))

    def with_model(self, request: Request) -> Steps[Any]:
        """A request that needs the model; the first one reads torch from the disk."""
        yield Step("load", 0, 0)
        yield from _read_torch()
        return (yield from self._workbench().perform(request))

    def _workbench(self) -> Any:
        with self._lock:
            if self._bench is None:
                from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  late

                self._bench = Workbench()
            return self._bench


def _read_torch() -> Steps[None]:
    """Import torch in pieces that let the window's thread breathe.

    Loading a shared library by its name through libc gives the interpreter free, which the
    import statement does not; a collection in the middle of a million new objects would
    hold it for a fifth of a second.
    """
    if "torch" in sys.modules:
        return
    for library in _torch_libraries():
        _load_freely(library)
        yield Step("load", 0, 0)
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("torch")
        yield Step("load", 0, 0)
        importlib.import_module("transformers")
    finally:
        gc.freeze()
        if was_collecting:
            gc.enable()
    yield Step("load", 0, 0)


def _torch_libraries() -> list[Path]:
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        return []
    folder = Path(found.submodule_search_locations[0]) / "lib"
    names = ("libc10.so", "libgomp.so.1", "libtorch_cpu.so")
    return [folder / name for name in names if (folder / name).is_file()]


def _load_freely(library: Path) -> None:
    """Map a library without holding the interpreter; a failure is left to the import."""
    if not sys.platform.startswith("linux"):
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    dlopen(os.fsencode(library), os.RTLD_NOW | os.RTLD_GLOBAL)


def real_parts() -> Parts:
    """The program as it is shipped."""
    read = read_settings()
    room = Workroom()
    return Parts(
        model=room.with_model,
        desk=room.at_desk,
        settings=read.settings,
        save=save_settings,
        strategies=_strategies(),
        samples=samples(),
        models=_models(),
        notices=read.notices,
    )


def main(paths_to_open: Sequence[str] = (), *, parts: Parts | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        paths_to_open: Files and folders.
        parts: What to join it to; the real program by default.

    Returns:
        The exit code.

    Raises:
        WrongUse: there is no display.
    """
    application = make_application()
    window = open_window(parts if parts is not None else real_parts(), paths_to_open)
    code = application.exec()
    window.session.close()
    return code


def make_application() -> QApplication:
    """The QApplication, or the one there is.

    Raises:
        WrongUse: there is no display.
    """
    steady_singletons()
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
    session = Session(
        model=Bridge(parts.model, name="model", prepare=prepare, niceness=_STANDS_BACK),
        desk=Bridge(parts.desk, name="desk", prepare=prepare),
        settings=parts.settings,
        save=parts.save,
        strategies=parts.strategies,
        samples=parts.samples,
    )
    window = MainWindow(session, look, language, models=parts.models)
    # One window, one look: they go together.
    look.setParent(window)
    language.setParent(window)
    window.open_up()
    for sentence in parts.notices:
        session.noticed.emit(Notice(Kind.INFO, sentence))
    if paths_to_open:
        session.open_paths([str(Path(path).absolute()) for path in paths_to_open])
    QTimer.singleShot(0, session, session.start)
    return window


def samples() -> tuple[Sample, ...]:
    """The pictures that come with the program; none where they were left out."""
    folder = paths.resources() / "samples"
    try:
        listed = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        return tuple(_sample(entry, folder) for entry in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _sample(entry: dict[str, Any], folder: Path) -> Sample:
    box = entry.get("box")
    return Sample(
        path=str(folder / entry["file"]),
        trade=str(entry["trade"]),
        title=str(entry.get("title", entry["file"])),
        questions=tuple(str(question) for question in entry["questions"]),
        box=Region(*(int(side) for side in box)) if box else None,
        expected=str(entry.get("expected") or ""),
    )


def _strategies() -> tuple[tuple[str, str], ...]:
    return tuple((name, plugins.load(crops, name).TITLE) for name in plugins.names(crops))


def _models() -> tuple[str, ...]:
    """Folders with a card, the user's own after the shipped ones."""
    found = [
        card.parent.name
        for folder in (paths.shipped_models(), paths.user_models())
        for card in sorted(folder.glob("*/card.toml"))
    ]
    return tuple(dict.fromkeys(found))


def _look_for_display() -> None:
    """Say in words what Qt would say by aborting the process."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not platform and not has_display:
        raise WrongUse(
            "There is no display to open a window on.",
            hint='Use "inspector ask" here, or set DISPLAY.',
        )
