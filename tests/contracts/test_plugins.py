"""Every plug-in of every room has the agreed names, kinds and arguments."""

import inspect

import pytest

from inspector_app import cameras, crops, families, plugins, reports, sources
from inspector_app.domain.errors import WrongUse

ROOMS = {
    "cameras": cameras,
    "crops": crops,
    "families": families,
    "reports": reports,
    "sources": sources,
}
NEEDS = {"ask", "attend", "backpropagate"}


def plug_ins(room):
    return [
        pytest.param(plugins.load(ROOMS[room], name), id=name)
        for name in plugins.names(ROOMS[room])
    ]


def arguments(function):
    return [
        (name, parameter.kind is parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(function).parameters.items()
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for_and_what_a_plug_in_defines(room):
    said = " ".join((ROOMS[room].__doc__ or "").split())

    assert len(said) > 200
    assert "may import" in said.lower()
    assert "A new " in said or "To add " in said


@pytest.mark.parametrize("room", ROOMS)
def test_asking_for_a_plug_in_that_is_not_there_lists_those_that_are(room):
    with pytest.raises(WrongUse, match="nonsense") as refusal:
        plugins.load(ROOMS[room], "nonsense")

    for name in plugins.names(ROOMS[room]):
        assert name in refusal.value.hint


@pytest.mark.parametrize("plug_in", plug_ins("crops"))
def test_a_strategy_has_title_needs_and_a_generator(plug_in):
    assert plug_in.TITLE
    assert set(plug_in.NEEDS) <= NEEDS
    assert isinstance(plug_in.NEEDS, tuple)
    assert inspect.isgeneratorfunction(plug_in.propose)
    assert arguments(plug_in.propose) == [
        ("frame", False), ("question", False), ("options", False), ("look", True),
    ]  # fmt: skip
    assert plug_in.__doc__


def test_the_promised_strategies_are_there():
    wanted = {
        "relative_attention", "gradient_attention", "pixel_gradient", "manual", "whole",
        "value_cache", "zoom_refine", "zoom_tree", "tiles", "auto",
    }  # fmt: skip

    assert wanted <= set(plugins.names(crops))


@pytest.mark.parametrize("plug_in", plug_ins("sources"))
def test_a_source_has_title_accepts_and_open(plug_in, tmp_path):
    assert plug_in.TITLE
    assert arguments(plug_in.accepts) == [("locator", False)]
    assert arguments(plug_in.open) == [("locator", False)]
    for nothing in (str(tmp_path), str(tmp_path / "none.png"), "", "\0", "rtsp://camera/1"):
        assert plug_in.accepts(nothing) is False


@pytest.mark.parametrize("plug_in", plug_ins("reports"))
def test_a_report_has_title_suffix_and_write(plug_in):
    assert plug_in.TITLE
    assert plug_in.SUFFIX.startswith(".")
    assert arguments(plug_in.write) == [
        ("inspection", False), ("destination", False), ("frame", True), ("language", True),
        ("standing", True), ("letterhead", True),
    ]  # fmt: skip
    if hasattr(plug_in, "write_book"):
        assert arguments(plug_in.write_book) == [
            ("book", False), ("destination", False), ("language", True), ("letterhead", True),
        ]  # fmt: skip


@pytest.mark.parametrize("plug_in", plug_ins("families"))
def test_a_family_has_load(plug_in):
    assert arguments(plug_in.load) == [("folder", False), ("device", True), ("precision", True)]


@pytest.mark.parametrize("camera", plug_ins("cameras"))
def test_a_camera_has_the_agreed_names(camera):
    assert isinstance(camera.TITLE, str)
    assert isinstance(camera.IS_STEADY, bool)
    assert arguments(camera.accepts) == [("address", False)]
    assert arguments(camera.found) == []
    assert arguments(camera.open) == [("address", False)]


@pytest.mark.parametrize("address", ["usb:0", "rtsp://h/1", "http://h/1", "folder:/x", "genicam:7"])
def test_every_address_is_known_by_exactly_one_camera(address):
    rooms = (plugins.load(cameras, name) for name in plugins.names(cameras))

    assert sum(room.accepts(address) for room in rooms) == 1
