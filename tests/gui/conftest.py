"""A window joined to a scripted worker, as `app.open_window` joins it to the real one."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector_app import app
from inspector_app.domain.frame import Frame, Provenance, Window
from inspector_app.domain.settings import Settings
from inspector_app.gui.eye import Cameras
from inspector_app.gui.facts import Kind, Sample, Strategy
from inspector_app.gui.features.preset_room import PresetRoom
from inspector_app.gui.main_window import MainWindow
from inspector_app.imaging.windowing import grey_to_rgb, window_to_uint8
from inspector_app.workflow.watching import perform
from tests.fakes.perform import Script
from tests.gui.slices import SCAN, show
from tests.gui.watched import Watched, page_of

STRATEGIES = (
    Strategy("gradient_attention", "Gradient attention", ("attend", "backpropagate")),
    Strategy("manual", "Drawn by hand"),
    Strategy("relative_attention", "Relative attention", ("attend",)),
    Strategy("whole", "Whole picture only"),
)


def paint(path: Path, *, size: tuple[int, int] = (320, 240), seed: int = 0) -> Path:
    """A picture file with some structure."""
    noise = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


@dataclass
class Stage:
    """What a test of the window needs at hand."""

    script: Script
    folder: Path
    saved: list[Settings] = field(default_factory=list)
    windows: list[MainWindow] = field(default_factory=list)
    samples: tuple[Sample, ...] = ()
    bugs_expected: bool = False

    def open(self, *names: str, **settings) -> MainWindow:
        """Open the window on pictures of the folder."""
        paths = [str(self.folder / name) for name in names]
        window = app.open_window(self.parts(**settings), paths)
        self.windows.append(window)
        return window

    def parts(self, **settings) -> app.Parts:
        """What the window is joined to."""
        return app.Parts(
            model=self.script.perform,
            desk=self.script.perform,
            settings=replace(Settings(language="en"), **settings),
            save=self.saved.append,
            strategies=STRATEGIES,
            samples=self.samples,
            models=("embedded", "other"),
        )


@pytest.fixture
def stage(qtbot, tmp_path, home):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for at, name in enumerate(("a.png", "b.png", "c.png")):
        paint(folder / name, seed=at)
    made = Stage(Script(), folder)
    yield made
    made.script.hold.set()
    made.script.gate.set()
    cards = [card for window in made.windows for card in window.notices.cards]
    bugs = [card.notice for card in cards if card.notice.kind == Kind.BUG]
    # All are closed whatever is found: one that stayed would keep the next application open.
    for window in made.windows:
        window.close()
        window.deleteLater()
    assert made.bugs_expected or not bugs, bugs[0].trace


@pytest.fixture
def opened(stage, qtbot):
    """The window with its first picture on the screen."""
    window = stage.open("a.png", "b.png", "c.png")
    qtbot.waitUntil(lambda: window.session.picture is not None)
    qtbot.waitUntil(lambda: window.session.model is not None)
    return window


@pytest.fixture
def room(opened, qtbot):
    """What has the presets of the opened window."""
    found = opened.findChild(PresetRoom)
    qtbot.waitUntil(lambda: bool(found.presets.entries))
    return found


@pytest.fixture
def editor(room):
    """The editor of presets, which tries what is typed at once."""
    room.open_editor()
    room._editor.preview._pause.setInterval(0)
    return room._editor


@pytest.fixture
def camera(stage, qtbot):
    """(window, session, the watched camera), live on the screen."""
    watched = []

    def watch(address):
        watched.append(Watched(address))
        return watched[-1]

    parts = replace(stage.parts(), cameras=Cameras(watch, perform))
    window = app.open_window(parts)
    stage.windows.append(window)
    qtbot.waitUntil(lambda: window.session.model is not None)
    window.session.set_question("Is there a crack?")
    window.session.open_camera("rtsp://host/1")
    watched[0].give(1)
    qtbot.waitUntil(lambda: page_of(window).picture.shot is not None)
    return window, window.session, watched[0]


@pytest.fixture
def scan(opened, qtbot):
    """The window on a CT slice of 200 x 160 values from -1000 to 1000."""
    values = np.linspace(-1000, 1000, 200 * 160).reshape(160, 200).astype(np.int16)
    shown = Window(40, 400, "file", "LINEAR")
    others = (shown, Window(-600, 1500, "LUNG", "LINEAR"))
    frame = Frame(
        grey_to_rgb(window_to_uint8(values, center=40, width=400)),
        Provenance("ct.dcm", "c" * 64, "DICOM", window=shown),
        values=values,
        mm_per_pixel=(0.5, 0.5),
        calibration="pixel spacing",
        windows=others,
        unit="HU",
        scan=SCAN,
    )
    show(opened, frame)
    opened.activateWindow()
    opened.canvas.view.setFocus()
    return opened
