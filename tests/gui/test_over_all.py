"""Every window, panel and dialog, in every language and in one that is 40 % longer.

No words are clipped, every control has a name, and Tab comes everywhere.
"""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from inspector_app import app
from inspector_app.domain.settings import Settings
from inspector_app.gui.action_table import TABLE
from inspector_app.gui.eye import Cameras
from inspector_app.gui.facts import Sample
from inspector_app.gui.features.help_room import HelpRoom
from inspector_app.gui.features.operator_room import OperatorRoom
from inspector_app.store.records import Store
from inspector_app.workflow.watching import perform
from tests.fakes.perform import Script
from tests.gui.conftest import STRATEGIES, paint
from tests.gui.looking_over import Pseudo, clipped, nameless, pseudo, unreachable
from tests.gui.watched import Watched, page_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_QUIET = {"open", "folder", "quit", "save_png", "save_pdf", "save_html", "save_csv", "save_json"}
"""What asks the system for a file."""


def wait(is_so, *, ms=60_000):
    loop, timer, end = QEventLoop(), QTimer(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if is_so() else None)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    timer.start(5)
    end.start(ms)
    loop.exec()
    timer.stop()
    end.stop()
    return is_so()


def told(found):
    """A line for each thing that is wrong."""
    return "\n".join(f"{name}: {one}" for name, all in found.items() for one in all)


def settle():
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, 0)
        QCoreApplication.processEvents()


@pytest.fixture(scope="module")
def watched():
    """The cameras that were opened."""
    return []


@pytest.fixture(scope="module")
def window(tmp_path_factory, qapp, watched):
    """One window for all: answered, at 1280 x 800."""
    folder = tmp_path_factory.mktemp("over_all")
    patch = pytest.MonkeyPatch()
    patch.setenv("INSPECTOR_HOME", str(tmp_path_factory.mktemp("home")))
    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName"):
        patch.setattr(QFileDialog, name, lambda *_a, **_k: ("", ""))
    patch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: "")
    store = Store(folder / "records")
    script = Script(store=store)
    pictures = [str(paint(folder / name, seed=at)) for at, name in enumerate(("a.png", "b.png"))]
    parts = app.Parts(
        model=script.perform,
        desk=script.perform,
        settings=Settings(language="en"),
        save=lambda _settings: None,
        strategies=STRATEGIES,
        samples=(Sample(pictures[0], "industrial", "A plate", ("Is there a crack?",)),),
        models=("embedded", "other"),
        cameras=Cameras(lambda address: watched.append(Watched(address)) or watched[-1], perform),
    )
    made = app.open_window(parts, pictures)
    made.resize(1280, 800)
    assert wait(lambda: made.session.picture is not None and made.session.model is not None)
    made.session.set_question("Is there a crack?")
    made.session.ask()
    assert wait(lambda: made.session.inspection is not None)
    yield made
    made.close()
    assert made.session.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    store.close()
    patch.undo()


@pytest.fixture(scope="module")
def dialogs(window):
    """Every dialog that an action opens, and the help."""
    known = set(QApplication.topLevelWidgets())
    for name, (text, *_more) in TABLE.items():
        if text.endswith("…") and name not in _QUIET and window.actions_by_name[name].isEnabled():
            window.actions_by_name[name].trigger()
            settle()
    window.open_settings()
    settle()
    found = {
        type(one).__name__: one
        for one in QApplication.topLevelWidgets()
        if one not in known and one.isWindow() and one.isVisible() and one.findChildren(object)
    }
    yield found
    for one in found.values():
        one.close()


@pytest.fixture(scope="module")
def operator_page(window, dialogs):
    """Operator mode at 1280 x 800; the window stands behind it."""
    room = window.findChild(OperatorRoom)
    room.dialog.name.setText("Li Wei")
    room.dialog.accept()
    assert wait(lambda: room.page is not None and room.page.isVisible())
    # It went when it was answered; the other languages are to be seen on it, too.
    room.dialog.show()
    room.page.showNormal()
    room.page.resize(1280, 800)
    settle()
    yield room.page
    room.page.hide()
    room.operating.end()


@pytest.fixture(params=["en", "zh_CN", "pseudo"], scope="module")
def tongue(request, window, dialogs, qapp):
    """Each language in turn, exchanged while everything is open."""
    choice = "en" if request.param == "pseudo" else request.param
    window._language.apply(choice)
    translator = Pseudo()
    if request.param == "pseudo":
        qapp.installTranslator(translator)
    settle()
    yield request.param
    qapp.removeTranslator(translator)


def test_the_pseudo_language_keeps_places_and_grows_by_forty_percent():
    assert pseudo("&Open") == "&Opéñxx"
    assert pseudo("{count} of {whole}").startswith("{count} óf {whole} ")
    for text in ("Inspect", "Zoom only in doubt", "At most so many places are shown enlarged."):
        assert 1.38 <= len(pseudo(text)) / len(text) <= 1.6


def test_the_dialogs_of_the_program_are_all_there(dialogs):
    assert {
        "SettingsDialog", "KeysDialog", "AboutDialog", "StatisticsDialog", "PreviewDialog",
        "ViewsDialog", "PresetEditor", "ModelsDialog", "CameraDialog", "BadgeDialog", "HelpDialog",
        "ReasonDialog",
    } <= set(dialogs)  # fmt: skip


def test_no_words_are_clipped_in_the_window(window, tongue):
    found = {}
    for panel in ("answer", "findings", "regions"):
        window.docks.right[panel].raise_()
        settle()
        found[panel] = clipped(window)
    for tab in range(window.docks.tabs.count()):
        window.docks.tabs.setCurrentIndex(tab)
        settle()
        found[tab] = clipped(window)
    window.docks.tabs.setCurrentIndex(0)
    assert window.width() == 1280
    assert not any(found.values()), told(found)


def test_no_words_are_clipped_in_any_dialog(dialogs, tongue):
    found = {}
    for name, one in dialogs.items():
        settle()
        found[name] = clipped(one)
        if one.width() > 1280 or one.height() > 800:
            found[name].append(f"{one.width()} x {one.height()}")
    assert not any(found.values()), told(found)


def test_no_words_are_clipped_before_a_camera(window, watched, tongue):
    session = window.session
    here = session.picture.locator
    session.open_camera("rtsp://host/line-3")
    watched[-1].give(1)
    watched[-1].shot = replace(watched[-1].shot, taken_s=time.monotonic())
    assert wait(lambda: session.eye.is_open and session.is_live_shown)
    assert wait(lambda: bool(page_of(window).figures.text()))
    found = {"live": clipped(window), "names": nameless(window)}
    session.switch_frozen()
    settle()
    found["frozen"] = clipped(window)
    session.close_camera()
    session.go_to(here)
    assert wait(lambda: session.inspection is not None)
    assert not any(found.values()), told(found)


def test_no_words_of_the_operators_page_are_clipped(window, operator_page, tongue):
    operator_page.retranslate()
    settle()
    found = {"page": clipped(operator_page), "names": nameless(operator_page)}

    assert not any(found.values()), told(found)


def test_no_words_of_the_tour_are_clipped(window, tongue):
    tour = window.findChild(HelpRoom).tour
    tour.begin()
    found = []
    for _step in tour.steps():
        settle()
        found += clipped(tour.coach)
        tour.coach.next_wanted.emit()
    assert tour.at == -1
    assert found == []


def test_every_control_has_a_name_for_screen_readers(window, dialogs):
    found = {name: nameless(one) for name, one in {"window": window, **dialogs}.items()}

    assert not any(found.values()), told(found)


def test_tab_comes_to_every_control(window, dialogs):
    found = {name: unreachable(one) for name, one in {"window": window, **dialogs}.items()}

    assert not any(found.values()), told(found)
