"""A window that works ahead, and what is asked of it in tests."""

from pathlib import Path

import pytest

from inspector_app.domain.messages import Inspect
from inspector_app.gui.features.ahead_room import AheadRoom
from inspector_app.gui.worklist import Role
from tests.gui.person import CRACK


def inspected(stage):
    """Names of the pictures that inspections were begun of, in order."""
    return [Path(one.locator).stem for one in stage.script.asked if isinstance(one, Inspect)]


def go_to(window, qtbot, stage, name):
    window.session.go_to(str(stage.folder / name))
    qtbot.waitUntil(
        lambda: (
            window.session.picture is not None
            and Path(window.session.picture.locator).name == name
            and not window.session.is_opening
        )
    )


def wait_for(window, qtbot, *, done):
    """Until so many of the next pictures have their answer."""
    qtbot.waitUntil(lambda: window.session.ahead.state.done == done)


def badge(window, row):
    return window.session.worklist.index(row).data(Role.OUTCOME)


def strip(window):
    return window.findChild(AheadRoom).strip


@pytest.fixture
def running(opened, qtbot):
    """The window with a question that stands, and run-ahead switched on."""
    opened.session.set_question(CRACK)
    opened.session.set_ahead(is_on=True)
    return opened


@pytest.fixture
def held(opened, qtbot, stage):
    """The same in the middle of inspecting the picture on the screen."""
    stage.script.hold.clear()
    opened.session.set_question(CRACK)
    opened.session.set_ahead(is_on=True)
    qtbot.waitUntil(lambda: opened.session.is_working)
    return opened
