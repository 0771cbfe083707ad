"""The list of models: what is here, pulling, comparing, choosing."""

import dataclasses
import json
import shutil
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
from PySide6.QtCore import Qt

from inspector_app import paths
from inspector_app.domain.checkpoint import Arriving, ModelList, Tower
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Step
from inspector_app.gui.dialogs.model_words import once_freed
from inspector_app.gui.features.model_room import ModelRoom
from inspector_app.runtime.tower_facts import installed, made_of
from inspector_app.workflow import towers
from inspector_app.workflow.model_shelf import list_models
from tests.fakes.hub import REPOSITORY, Hub, files_of, serving
from tests.fakes.steps import finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

EMBEDDED = paths.shipped_models() / "embedded"
SEVEN = {"float32": 29293, "bfloat16": 14646, "int8": 8348}
"""MiB that LLaVA-1.5 7B needs."""


@pytest.fixture
def own_card(home):
    """A model of the user's own that is published, and not here yet."""
    folder = paths.user_models() / "mine"
    folder.mkdir(parents=True)
    text = (EMBEDDED / "card.toml").read_text(encoding="utf-8")
    told = f'\n[checkpoint]\nrepository = "{REPOSITORY}"\n'
    (folder / "card.toml").write_text(text + told, encoding="utf-8")
    return folder


@pytest.fixture
def hub():
    with serving(Hub(files_of(EMBEDDED))) as running:
        yield running


@pytest.fixture
def room(opened, qtbot, own_card):
    found = opened.findChild(ModelRoom)
    opened.actions_by_name["models"].trigger()
    qtbot.waitUntil(lambda: found.models.known is not None)
    return found


def choose(room, name):
    found = room.dialog.list
    for at in range(found.topLevelItemCount()):
        item = found.topLevelItem(at)
        if item.data(0, Qt.ItemDataRole.UserRole) == name:
            found.setCurrentItem(item)
            return item
    raise AssertionError(name)


def rest(room, qtbot):
    """Until nothing is being done and the list is up to date."""
    qtbot.waitUntil(lambda: room.models.doing is None)
    room.models.refresh()
    qtbot.waitUntil(lambda: not room.models._bridge.is_busy)


def pull_from(room, hub):
    choose(room, "mine")
    room.dialog.source.setEditText(hub.url)
    room.dialog.pull.click()


def test_the_list_tells_what_is_here_and_what_fits(room):
    here, absent = choose(room, "embedded"), choose(room, "llava-1.5-7b")

    assert here.text(1).startswith("here, ")
    assert absent.text(1) == "not here"
    free = room.models.known.free_mib
    assert absent.text(4) == ("✓" if free >= 8348 else "✕") + " 8.8 GB"
    assert "LicenseRef-Llama-2" in room.dialog.details.text()
    run_in = [name for name, need in SEVEN.items() if need <= free]
    told = f"It would run in {run_in[0]} here." if run_in else "Too large for this computer"
    assert told in room.dialog.details.text()
    assert not room.dialog.use.isEnabled()
    assert room.dialog.pull.isEnabled()


def test_what_the_model_in_use_holds_makes_room_for_another(room, opened, monkeypatch):
    line = next(one for one in room.models.known.lines if one.name == "llava-1.5-7b")
    facts = dataclasses.replace(opened.session.model, name=line.name, dtype="bfloat16")
    known = ModelList((line,), 6000, None, 10**9, own_mib=20_000)

    # Its own need counts, however much else the program holds, and mapped weights are free already.
    assert once_freed(known, facts) == (dataclasses.replace(known, free_mib=20_646), 14_646)
    assert once_freed(dataclasses.replace(known, own_mib=500), facts)[1] == 500
    assert once_freed(known, None) == (known, 0)
    on_card = dataclasses.replace(facts, device="cuda:0 (H200)", dtype="int8")
    card = dataclasses.replace(known, card_mib=1000, own_card_mib=9000)
    assert once_freed(card, on_card) == (dataclasses.replace(card, card_mib=9348), 8348)

    monkeypatch.setattr(type(opened.session), "model", property(lambda _session: facts))
    monkeypatch.setattr(room.models, "known", known)
    room.dialog._show_list(known)
    assert choose(room, line.name).text(3) == "✓ 15.4 GB"
    assert "would give back 15.4 GB" in room.dialog.room.text()
    assert "It would run in bfloat16 here" in room.dialog.details.text()


def test_models_of_one_title_are_told_apart_by_name(room):
    titles = {choose(room, name).text(0) for name in ("embedded", "mine")}

    assert len(titles) == 2
    assert any(title.endswith(" (mine)") for title in titles)
    assert choose(room, "llava-1.5-7b").text(0) == "LLaVA-1.5 7B"


def test_the_dialog_begins_with_what_really_runs(room, opened):
    facts = opened.session.model

    assert room.dialog.said.text().startswith(f"In use: {facts.name} on {facts.device} with")


def test_a_model_is_pulled_compared_and_used(room, hub, qtbot, opened, own_card):
    pull_from(room, hub)
    rest(room, qtbot)
    assert "is here, complete" in room.dialog.said.text()

    room.dialog.verify.click()
    rest(room, qtbot)
    assert "All 6 files" in room.dialog.said.text()

    room.dialog.use.click()
    assert opened.session.settings.model == "mine"
    assert choose(room, "mine").font(0).bold()


def test_a_pull_can_be_stopped_and_goes_on(room, hub, qtbot, own_card):
    hub.stall = "model.safetensors"
    pull_from(room, hub)
    qtbot.waitUntil(lambda: "model.safetensors" in room.dialog.said.text())

    room.dialog.stop.click()
    rest(room, qtbot)

    assert room.dialog.said.text().startswith("Stopped.")
    assert choose(room, "mine").text(1).startswith("half pulled")
    assert room.dialog.pull.text() == "Go on pulling"
    hub.stall = ""
    hub.release.set()
    room.dialog.pull.click()
    rest(room, qtbot)
    assert choose(room, "mine").text(1).startswith("here")


def test_a_hub_that_cannot_be_reached_is_said_where_the_progress_was(room, qtbot):
    choose(room, "mine")
    room.dialog.source.setEditText("http://127.0.0.1:9")

    room.dialog.pull.click()
    rest(room, qtbot)

    assert "cannot be reached" in room.dialog.said.text()
    assert "folder" in room.dialog.said.text()


def test_a_damaged_model_is_named_and_can_be_repaired(room, hub, qtbot, own_card):
    pull_from(room, hub)
    rest(room, qtbot)
    (own_card / "model.safetensors").write_bytes(b"half")
    rest(room, qtbot)

    assert choose(room, "mine").text(1) == "damaged"
    assert "has 4 of" in room.dialog.details.text()
    assert not room.dialog.use.isEnabled()
    room.dialog.pull.click()
    rest(room, qtbot)
    assert choose(room, "mine").text(1).startswith("here")


def test_a_folder_is_added(room, qtbot, tmp_path):
    shutil.copytree(EMBEDDED, tmp_path / "twin")

    room.models.add(str(tmp_path / "twin"))
    rest(room, qtbot)

    assert room.dialog.said.text() == "twin was added."
    assert choose(room, "twin").text(1).startswith("here")


def test_a_model_on_a_server_says_that_it_tells_no_places(room, qtbot, opened):
    folder = paths.user_models() / "lab"
    folder.mkdir()
    (folder / "card.toml").write_text(
        'name = "lab"\nfamily = "remote"\n[server]\nurl = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
        '[prompt]\ntemplate = "{images}{question}"\n[attention]\nlayer = 0\n'
    )
    rest(room, qtbot)
    choose(room, "lab")
    facts = ModelFacts("lab", "remote", "http://lab", "server", "", False, False)

    opened.session.asking.model_changed.emit(facts)

    assert "no heat map" in room.dialog.details.text()
    assert room.dialog.use.isEnabled()
    assert not room.dialog.pull.isEnabled()
    assert "does not tell where it looks" in room.dialog.said.text()


def test_the_heat_panel_says_so_too(opened, qtbot):
    facts = ModelFacts("lab", "remote", "http://lab", "server", "", False, False)
    opened.session.asking.model = facts

    opened.session.asking.model_changed.emit(facts)

    assert "does not tell where it looks" in opened.heat.source.text()


def test_the_settings_lead_to_the_list(opened, qtbot):
    opened.open_settings()

    opened._dialogs["settings"].chooser.click()

    room = opened.findChild(ModelRoom)
    qtbot.waitUntil(lambda: room.models is not None and room.models.known is not None)
    assert room.dialog.isVisible()


def measured(*, onnx_ms=7.6, difference=7e-7):
    return Tower(
        "0" * 64, "1" * 64, installed(), "CPUExecutionProvider", difference, 11.4, onnx_ms, 1,
        made_of(EMBEDDED),
    )  # fmt: skip


@pytest.fixture
def exporting(monkeypatch):
    """Exports at once, or stands in a stage until it is stopped."""
    told = {"tower": measured(), "stage": ""}

    def export(name):
        for at, stage in enumerate(towers.STAGES):
            yield Step(stage, at, 4, Arriving("", at, 4))
            while stage == told["stage"]:
                yield Step(stage, at, 4, Arriving("", at, 4))
        folder = paths.towers() / "0"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tower.json").write_text(json.dumps(dataclasses.asdict(told["tower"])))
        return told["tower"]

    monkeypatch.setattr(towers, "export_tower", export)
    return told


def test_a_vision_tower_is_exported_and_chosen(room, qtbot, opened, exporting):
    choose(room, "embedded")
    assert room.dialog.tower.isVisible()
    assert not room.dialog.tower.choice.isEnabled()

    room.dialog.tower.export.click()
    rest(room, qtbot)

    told = room.dialog.details.text()
    assert "7.6 ms a picture by ONNX Runtime (CPUExecutionProvider), 11.4 ms by PyTorch" in told
    assert "largest difference 7e-07" in told
    assert "ONNX Runtime is the faster one" in told
    assert room.dialog.tower.export.text() == "Export again"
    combo = room.dialog.tower.choice
    combo.setCurrentIndex(combo.findData("torch"))
    combo.activated.emit(combo.currentIndex())
    assert opened.session.settings.tower == "torch"
    assert "PyTorch runs it, as you chose." in room.dialog.details.text()


def test_a_tower_that_is_slower_or_differs_is_not_the_default(room, qtbot, exporting):
    choose(room, "embedded")
    for tower, words in (
        (measured(onnx_ms=11.0), "not clearly faster"),
        (measured(difference=0.01), "the difference is too large"),
    ):
        exporting["tower"] = tower
        room.dialog.tower.export.click()
        rest(room, qtbot)

        assert words in room.dialog.details.text()


def test_an_export_can_be_stopped(room, qtbot, exporting):
    exporting["stage"] = "export"
    choose(room, "embedded")
    room.dialog.tower.export.click()
    qtbot.waitUntil(lambda: "Exporting the vision tower" in room.dialog.said.text())
    assert not room.dialog.tower.export.isEnabled()

    room.dialog.stop.click()
    rest(room, qtbot)

    assert room.dialog.said.text() == "Stopped."
    assert room.dialog.tower.export.isEnabled()
    assert room.models.known.lines[0].tower is None


def test_what_cannot_be_exported_is_not_offered(room):
    choose(room, "llava-1.5-7b")

    assert not room.dialog.tower.isVisible()


def test_the_list_does_not_mind_torch_being_imported_meanwhile(home, monkeypatch):
    half = ModuleType("torch")
    half.__spec__ = ModuleSpec("torch", None)
    half.__spec__._initializing = True
    monkeypatch.setitem(sys.modules, "torch", half)

    assert finish(list_models()).card_mib is None
