"""The window, put together: the one place that knows both Qt and the rooms behind it.

Nothing here imports torch. The workbench is imported by the worker thread with its first
request, so that the window is up and can be used while torch is still being read.
"""

import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from inspector_app import __version__, crops, paths, plugins
from inspector_app.domain.errors import CannotWrite, ModelTrouble, WrongUse
from inspector_app.domain.live import is_camera_address
from inspector_app.domain.messages import Problem, Request, Steps
from inspector_app.domain.ports import Watching
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.gui.camera_room import CameraRoom
from inspector_app.gui.eye import Cameras
from inspector_app.gui.facts import Kind, Notice, Sample, Strategy
from inspector_app.gui.imports import spare_imports
from inspector_app.gui.interrupt import closed_by_interrupt
from inspector_app.gui.language import Language
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.picture import prepare
from inspector_app.gui.stroll import CanvasBench, Stroll
from inspector_app.gui.theme import Look
from inspector_app.gui.walk import GapProbe, Walk, WindowBench
from inspector_app.gui.worker import Bridge, Perform
from inspector_app.settings import read_settings, save_settings
from inspector_app.workflow.decoder import Decoder

_SWITCH_S = 0.001
_STANDS_BACK = 4
_DEMO_SIZE = (1280, 800)


def _watch(address: str) -> Watching:
    from inspector_app.workflow.watching import Watch  # noqa: PLC0415  late

    return Watch(address)


def _about_cameras(request: Request) -> Steps[Any]:
    from inspector_app.workflow.watching import perform  # noqa: PLC0415  late

    return (yield from perform(request))


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is joined to.

    Attributes:
        model: Does what needs the model.
        desk: Does everything else.
        settings: As they were left.
        save: Stores settings.
        strategies: The crop strategies there are.
        samples: Pictures that come with the program.
        models: Names that can be chosen in the settings.
        notices: Sentences to begin with.
        cameras: Watches cameras.
        close: Gives back what the workers held, once they have ended.
    """

    model: Perform
    desk: Perform
    settings: Settings
    save: Callable[[Settings], None]
    strategies: tuple[Strategy, ...]
    samples: tuple[Sample, ...] = ()
    models: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    cameras: Cameras = field(default_factory=lambda: Cameras(_watch, _about_cameras))
    close: Callable[[], None] = lambda: None


class Workroom:
    """The workbench behind both bridges, made by whichever worker needs it first.

    Its decoder starts at once, so that it is ready when the window is.
    """

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._decoder.start()
        self._lock = threading.Lock()
        self._bench: Any = None

    def at_desk(self, request: Request) -> Steps[Any]:
        """A request that needs no model."""
        return (yield from self._workbench().perform(request))

    def with_model(self, request: Request) -> Steps[Any]:
        """A request that needs the model; the first one reads torch from the disk."""
        from inspector_app.workflow.waking import read_torch  # noqa: PLC0415  late

        yield from read_torch()
        return (yield from self._workbench().perform(request))

    def watch(self, address: str) -> Watching:
        """Watch a camera; files that a watched folder brings are decoded like all others."""
        from inspector_app.workflow.watching import Watch  # noqa: PLC0415  late

        return Watch(address, open_picture=self._decoder.open_picture)

    def close(self) -> None:
        """Give weights and database back, and end the decoder."""
        self._decoder.close()
        with self._lock:
            if self._bench is not None:
                self._bench.close()
                self._bench = None

    def _workbench(self) -> Any:
        with self._lock:
            if self._bench is None:
                from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  late

                self._bench = Workbench(pictures=self._decoder)
            return self._bench


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
        models=paths.model_names(),
        notices=read.notices,
        cameras=Cameras(room.watch, _about_cameras),
        close=room.close,
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
    joined = parts if parts is not None else real_parts()
    window = open_window(joined, paths_to_open)
    with closed_by_interrupt(window):
        code = application.exec()
    if window.session.close():
        joined.close()
    return code


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
        settings=parts.settings,
        save=parts.save,
        strategies=parts.strategies,
        samples=parts.samples,
    )
    window = MainWindow(session, look, language, models=parts.models)
    CameraRoom(window, session)
    # One window, one look: they go together.
    look.setParent(window)
    language.setParent(window)
    window.open_up()
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


def _strategies() -> tuple[Strategy, ...]:
    found = ((name, plugins.load(crops, name)) for name in plugins.names(crops))
    return tuple(Strategy(name, one.TITLE, tuple(one.NEEDS)) for name, one in found)


def _look_for_display() -> None:
    """Say in words what Qt would say by aborting the process."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not platform and not has_display:
        raise WrongUse(
            "There is no display to open a window on.",
            hint='Use "inspector ask" here, or set DISPLAY.',
        )


def measure_window(seconds: float = 30.0) -> WindowBench:
    """Open the real window, let the embedded model work in it, and time the event loop.

    Without a display the window is drawn into memory.

    Raises:
        ModelTrouble: the model cannot be loaded.
    """
    _draw_into_memory_without_display()
    start_s, is_torch_free = _time_start()
    make_application()
    joined = real_parts()
    probe = GapProbe()
    window = open_window(joined, [sample.path for sample in joined.samples[:1]])
    walk = Walk(window)
    try:
        probe.start()
        if not walk.wait_for_model():
            raise _trouble(walk)
        loading = probe.stop()
        walk.wait(lambda: window.session.picture is not None)
        running = walk.keep_asking(joined.samples[:1], seconds=seconds)
    finally:
        window.close()
        joined.close()
    return WindowBench(
        start_s, is_torch_free, loading, running, len(walk.done), seconds, _machine()
    )


def measure_canvas(seconds: float = 60.0) -> CanvasBench:
    """Open big pictures in the real window and drag them about while the model works.

    Without a display the window is drawn into memory.

    Raises:
        ModelTrouble: the model cannot be loaded.
    """
    _draw_into_memory_without_display()
    # Imported late: it reads libraries for files, which the window never does.
    from inspector_app.workflow.bench_pictures import drawn  # noqa: PLC0415

    make_application()
    joined = real_parts()
    with drawn() as pictures:
        window = open_window(joined)
        walk = Walk(window)
        try:
            if not walk.wait_for_model():
                raise _trouble(walk)
            stroll = Stroll(window, walk)
            return stroll.measure(pictures, joined.samples, seconds=seconds, machine=_machine())
        finally:
            window.close()
            joined.close()


def start_and_leave() -> None:
    """Open the real window, say on stdout when it stands, and leave. For timing."""
    application = make_application()
    window = open_window(real_parts())
    # Asked before the first events: one of them sends the model's thread to fetch torch.
    is_torch_free = "torch" not in sys.modules
    application.processEvents()
    sys.stdout.write(f"{is_torch_free}\n")
    sys.stdout.flush()
    window.close()


def demo(out: Path, *, parts: Parts | None = None) -> int:
    """Show the program where there is no screen: inspect the samples, write what comes of it.

    Args:
        out: Folder for pictures of the window, reports and records; made when missing.
        parts: What to join the window to; the real program by default.

    Returns:
        The exit code: 0 when everything was written.

    Raises:
        CannotWrite: the folder cannot be made.
    """
    _draw_into_memory_without_display()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"There is no folder {out} to write into, and it cannot be made: {error.strerror}.",
            hint="Choose another folder or ask for the right to write there.",
        ) from error
    make_application()
    joined = parts if parts is not None else real_parts()
    window = open_window(joined)
    window.resize(*_DEMO_SIZE)
    walk = Walk(window)
    written: list[Path] = []
    try:
        if walk.wait_for_model():
            for sample in joined.samples:
                written += _show(sample, window, walk, out)
    finally:
        window.close()
        joined.close()
    for path in written:
        sys.stdout.write(f"wrote {path}\n")
    for problem in walk.problems:
        sys.stderr.write(f"{problem.text} {problem.hint}\n")
    return 0 if written and not walk.problems else 1


def _show(sample: Sample, window: MainWindow, walk: Walk, out: Path) -> list[Path]:
    """Inspect one sample; the files that were written of it."""
    if walk.inspect(sample) is None:
        return []
    walk.settle()
    stem = out / Path(sample.path).stem
    picture = stem.with_name(f"{stem.name}_window.png")
    written = [picture] if window.grab().save(str(picture)) else []
    for kind in ("pdf", "json"):
        if walk.write(path := stem.with_suffix(f".{kind}"), format=kind):
            written.append(path)
    window.notices.clear()
    return written


def _trouble(walk: Walk) -> ModelTrouble:
    problem = walk.problems[0] if walk.problems else Problem("The model did not load.")
    return ModelTrouble(problem.text, hint=problem.hint)


def _draw_into_memory_without_display() -> None:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _time_start() -> tuple[float, bool]:
    """(seconds, whether torch was left alone) of one start, the better of two."""
    command = [sys.executable, "-c", "from inspector_app import app; app.start_and_leave()"]
    times: list[tuple[float, bool]] = []
    for _ in range(2):
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            said = child.stdout.readline() if child.stdout is not None else ""
            took = time.perf_counter() - begun
        times.append((took, said.strip() == "True"))
    return min(times)


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU cores, "
        f"Python {platform.python_version()}, Qt {qVersion()}, "
        f"{QApplication.platformName()}"
    )
