"""The real window, workbench, store and a small real network: pictures inspected ahead."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from inspector_app import app, paths
from inspector_app.domain.inspection import MADE_AHEAD
from inspector_app.gui.scripted.walk import Walk
from inspector_app.store.records import Store

# The platform without a screen says so whenever a dialog wants to be raised.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def pictures(tmp_path):
    made = []
    for at in range(3):
        noise = np.random.default_rng(at).integers(0, 256, (60, 80, 3), np.uint8)
        made.append(str(tmp_path / f"{at}.png"))
        Image.fromarray(noise).save(made[-1])
    return made


def test_answers_made_ahead_stand_there_at_a_key_and_in_the_store(
    qtbot, tiny_model, pictures, home
):
    parts = app.real_parts()
    parts = replace(parts, settings=replace(parts.settings, model=str(tiny_model), language="en"))
    window = app.open_window(parts, pictures)
    session, walk = window.session, Walk(window)
    try:
        assert walk.wait_for_model()
        walk.wait(lambda: session.picture is not None)
        session.set_question("Is there a crack?")
        session.set_ahead(is_on=True)
        assert walk.wait(lambda: session.ahead.state.done == 2, patience_s=60)
        qtbot.keyClick(window.canvas.view, Qt.Key.Key_N)
        assert walk.wait(lambda: session.locator == pictures[1] and not session.is_opening)
        assert session.inspection is not None
        shown = session.inspection
    finally:
        closed = window.close()
        session.close()
        parts.close()

    assert closed
    assert not walk.problems
    store = Store(paths.data())
    try:
        kept = {line.locator: store.open(line.id) for line in store.list()}
    finally:
        store.close()
    assert set(kept) == set(pictures)
    for name, record in kept.items():
        with Image.open(name) as opened:
            assert (record.views[0].pixels == np.array(opened.convert("RGB"))).all()
        assert record.provenance.sha256 == hashlib.sha256(Path(name).read_bytes()).hexdigest()
        assert MADE_AHEAD in record.notes
    assert shown.id == kept[pictures[1]].id
    assert (shown.views[0].pixels == kept[pictures[1]].views[0].pixels).all()
