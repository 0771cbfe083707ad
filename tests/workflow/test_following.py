"""Regions that follow the part, and what becomes of a part that is not there."""

import dataclasses
import math

import cv2
import numpy as np
import pytest
from PIL import Image

from inspector_app.domain.check_kinds import YesNo
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Frame, Provenance, View
from inspector_app.domain.messages import Inspect
from inspector_app.domain.placement import Placement
from inspector_app.domain.preset import Cut, Options
from inspector_app.domain.region import Region
from inspector_app.domain.rule import PictureLimits, Rules, Travel
from inspector_app.domain.verdict import Outcome
from inspector_app.training.scene_shots import make_shots
from inspector_app.workflow.following import (
    NOT_MOVED,
    RESIZED,
    UNREAD,
    Follower,
    moved_cut,
    moved_region,
)
from inspector_app.workflow.inspecting import Clock, Opened, inspect
from tests.fakes.model import FakeModel
from tests.fakes.steps import finish

SIZE = (800, 600)
ROI = Region(300, 200, 420, 290)
ANY = PictureLimits(most_blur=None, most_overexposed=None, most_underexposed=None)
RULES = Rules((YesNo(),), picture=ANY)


def frame(pixels):
    return Frame(np.ascontiguousarray(pixels), Provenance("a", "", "scene"))


@pytest.fixture
def shots(tmp_path):
    made = make_shots(seed=4, size=SIZE)
    path = tmp_path / "template.png"
    Image.fromarray(made.template).save(path)
    return made, str(path)


def opened(path):
    with Image.open(path) as picture:
        return frame(np.array(picture.convert("RGB")))


def request(template, **changes):
    known = {"rules": RULES, "template": template, "save": False}
    return Inspect(
        "a",
        "Is there a defect?",
        "manual",
        changes.pop("options", Options(rois=(ROI,))),
        **{**known, **changes},
    )


def asked(pixels, wanted):
    model, picture = FakeModel(), frame(pixels)
    reading = Opened(picture, model, model.read([View.of(picture)]))
    followed = Follower(opened).follow(wanted, picture)
    return finish(inspect(reading, followed, clock=Clock()))


def test_a_region_lies_where_its_part_went(shots):
    made, path = shots

    found = asked(made.picture, request(path))

    middle = np.array(ROI.center) - 0.5
    there = made.matrix[:, :2] @ middle + made.matrix[:, 2] + 0.5
    assert math.dist(found.regions[0].region.center, there) < 2
    assert found.verdict.outcome is Outcome.PASS
    assert found.placement.score > 0.7
    assert found.notes[0].startswith("part found by")


def test_a_part_outside_its_travel_is_a_check_and_nothing_is_moved(shots):
    made, path = shots
    tight = Rules((YesNo(),), picture=ANY, travel=Travel(shift=0.001, rotation=0.01))

    found = asked(made.picture, request(path, rules=tight))

    assert found.verdict.outcome is Outcome.CHECK
    assert found.verdict.reason == "the part lies outside the allowed travel"
    assert found.regions[0].region == ROI
    assert found.notes[0] == NOT_MOVED


@pytest.mark.parametrize("kind", ["other", "empty"])
def test_a_wrong_part_is_a_check(shots, kind):
    _, path = shots

    found = asked(make_shots(seed=4, kind=kind, size=SIZE).picture, request(path))

    assert found.verdict.outcome is Outcome.CHECK
    assert found.verdict.reason == "the part was not found as in the template"


def test_a_missing_template_is_a_check_with_the_reason(shots):
    made, _ = shots

    def missing(locator):
        raise UnreadablePicture("There is no file gone.png.")

    picture, model = frame(made.picture), FakeModel()
    followed = Follower(missing).follow(request("gone.png"), picture)
    reading = Opened(picture, model, model.read([View.of(picture)]))
    found = finish(inspect(reading, followed, clock=Clock()))

    assert (found.verdict.outcome, found.verdict.reason) == (Outcome.CHECK, UNREAD)
    assert found.whole.text == "no"
    assert "gone.png" in found.notes[0]


def test_a_region_that_the_part_took_out_of_the_picture_is_a_check(tmp_path):
    made = make_shots(seed=4, size=SIZE)
    path = tmp_path / "template.png"
    Image.fromarray(made.template).save(path)
    shift = np.array([[1, 0, -150.0], [0, 1, 0]])
    moved = cv2.warpAffine(made.template, shift, SIZE, borderMode=cv2.BORDER_REPLICATE)
    outside = Options(rois=(Region(10, 10, 60, 60),))

    found = asked(moved, dataclasses.replace(request(str(path)), options=outside))

    assert found.verdict.outcome is Outcome.CHECK
    assert found.verdict.reason == "a region of the part lies outside the picture"


def test_a_region_of_which_the_picture_shows_only_a_part_is_a_check(tmp_path):
    made = make_shots(seed=4, size=SIZE)
    path = tmp_path / "template.png"
    Image.fromarray(made.template).save(path)
    shift = np.array([[1, 0, -60.0], [0, 1, 0]])
    moved = cv2.warpAffine(made.template, shift, SIZE, borderMode=cv2.BORDER_REPLICATE)

    half, most = (
        asked(moved, request(str(path), options=Options(rois=(Region(*box),))))
        # 40 of its 80 columns are gone; 60 of 680 would be too many, 10 of 650 are not.
        for box in ((20, 200, 100, 280), (50, 0, 700, 600))
    )

    assert half.verdict.outcome is Outcome.CHECK
    assert half.verdict.reason == "a region of the part lies outside the picture"
    assert most.verdict.outcome is Outcome.PASS


def test_a_picture_of_another_size_than_the_template_is_a_check_and_nothing_is_moved(shots):
    made, path = shots
    # The same part, as sharp and as large, with an edge of 200 rows below.
    taller = np.concatenate([made.template, np.full((200, *made.template.shape[1:]), 90, np.uint8)])

    found = asked(taller, request(path))

    assert (found.verdict.outcome, found.verdict.reason) == (Outcome.CHECK, RESIZED)
    assert found.regions[0].region == ROI


def test_the_template_is_made_ready_once(shots):
    made, path = shots
    calls = []

    def counted(locator):
        calls.append(locator)
        return opened(locator)

    follower = Follower(counted)
    for _ in range(3):
        follower.follow(request(path), frame(made.picture))

    assert calls == [path]


def test_without_a_template_nothing_is_looked_for(shots):
    wanted = request("")

    followed = Follower(opened).follow(wanted, frame(shots[0].picture))

    assert followed.request is wanted
    assert not followed.has_template


@pytest.mark.parametrize(
    ("matrix", "box"),
    [
        (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (10, 20, 30, 50)),
        (((1.0, 0.0, 7.0), (0.0, 1.0, -5.0)), (17, 15, 37, 45)),
        # A quarter turn clockwise about (50, 50): (x, y) goes to (100 - y, x).
        (((0.0, -1.0, 99.0), (1.0, 0.0, 0.0)), (50, 10, 80, 30)),
        (((1.0, 0.0, -25.0), (0.0, 1.0, 0.0)), (0, 20, 5, 50)),
        (((1.0, 0.0, -30.0), (0.0, 1.0, 0.0)), None),
    ],
)
def test_a_moved_region_is_the_upright_box_about_it(matrix, box):
    placement = Placement(matrix, (100, 100), (100, 100), 1.0, 0.0, "phase", 9)

    moved = moved_region(Region(10, 20, 30, 50), placement)

    assert (None if moved is None else moved.box) == box


def test_an_outline_goes_with_its_region():
    quarter = ((0.0, -1.0, 100.0), (1.0, 0.0, 0.0))  # turned by 90 degrees clockwise
    placement = Placement(quarter, (101, 101), (101, 101), 1.0, 0.0, "marker", 9)
    cut = Cut(((10.0, 20.0), (30.0, 20.0), (10.0, 60.0)), "seal")

    moved = moved_cut(cut, placement)

    # A corner of pixel edges (x, y) goes to (101 - y, x): edges, not middles, are turned.
    assert moved.outline == ((81.0, 10.0), (81.0, 30.0), (41.0, 10.0))
    assert moved.name == "seal"
