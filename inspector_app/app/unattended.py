"""The real window without a person: the demonstration, and the benchmarks that need a window."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication

from inspector_app.app import Parts, make_application, open_window, real_parts
from inspector_app.domain.errors import CannotWrite, ModelTrouble
from inspector_app.domain.messages import Problem
from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.facts import Sample
from inspector_app.gui.features.resuming import Resuming
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.scripted.stroll import CanvasBench, Stroll
from inspector_app.gui.scripted.walk import GapProbe, Leaps, Walk, WindowBench
from inspector_app.lasting import uncollected
from inspector_app.resuming import read_last

if TYPE_CHECKING:
    from inspector_app.app.kills import KillBench

_DEMO_SIZE = (1280, 800)
_LEAPS = 8
_START = "from inspector_app.app.unattended import start_and_leave; start_and_leave()"


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
        done = len(walk.done)
        leaps = _measure_leaps(window, walk, question=joined.samples[0].questions[0])
    finally:
        window.close()
        joined.close()
    return WindowBench(start_s, is_torch_free, loading, running, done, seconds, _machine(), leaps)


def _measure_leaps(window: MainWindow, walk: Walk, *, question: str) -> Leaps:
    """From key to key through photographs of 12 megapixels that were inspected ahead."""
    # Imported late: one reads libraries for files, the other those for tests of Qt programs.
    from inspector_app.gui.scripted.leap import Leap  # noqa: PLC0415
    from inspector_app.workflow.bench.pictures import drawn_photographs  # noqa: PLC0415

    session = window.session
    if not isinstance(session, AheadSession):
        raise TypeError("only a session that works ahead can be measured so")
    with drawn_photographs(_LEAPS + 1) as pictures:
        return Leap(window, session, walk).measure(pictures, question=question)


def measure_canvas(seconds: float = 60.0) -> CanvasBench:
    """Open big pictures in the real window and drag them about while the model works.

    Without a display the window is drawn into memory.

    Raises:
        ModelTrouble: the model cannot be loaded.
    """
    _draw_into_memory_without_display()
    # Imported late: it reads libraries for files, which the window never does.
    from inspector_app.workflow.bench.camera import playing_camera  # noqa: PLC0415
    from inspector_app.workflow.bench.pictures import drawn  # noqa: PLC0415

    make_application()
    joined = real_parts()
    with drawn() as pictures, playing_camera() as camera:
        window = open_window(joined)
        walk = Walk(window)
        try:
            if not walk.wait_for_model():
                raise _trouble(walk)
            stroll = Stroll(window, walk)
            return stroll.measure(
                pictures, joined.samples, camera=camera, seconds=seconds, machine=_machine()
            )
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


def start_again_and_leave() -> None:
    """Open the real window as it was left, say which picture it shows and after what work."""
    _draw_into_memory_without_display()
    application = make_application()
    joined = real_parts()
    with uncollected():
        window = open_window(joined)
        Resuming(window, read_last())
    ends = time.monotonic() + 60
    while window.session.picture is None and time.monotonic() < ends:
        application.processEvents()
    picture = window.session.picture
    sys.stdout.write(f"{picture.locator if picture else ''}\t{time.process_time()}\n")
    sys.stdout.flush()
    window.close()
    joined.close()


def measure_kills(kills: int, seed: int = 0) -> "KillBench":
    """Kill the program so often, each time at another instant; see `kills`."""
    from inspector_app.app import kills as killing  # noqa: PLC0415  only here

    return killing.measure_kills(kills, seed)


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
    command = [sys.executable, "-c", _START]
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
