"""The hand that measures the canvas: what it does is seen, and counted from when it was due."""

from inspector_app.gui.scripted.stroll import CanvasBench, Delays, Stroll
from inspector_app.gui.scripted.walk import Walk


def test_a_stroll_moves_zooms_and_draws_and_counts_every_beat(opened):
    view = opened.canvas.view
    stroll = Stroll(opened, Walk(opened))

    delays = stroll.run(seconds=1.2)

    assert set(delays) == {"pan", "zoom", "window", "box", "all"}
    assert delays["all"].events == sum(one.events for n, one in delays.items() if n != "all")
    assert delays["all"].events >= 40
    assert all(0 < one.p95_ms <= one.worst_ms for one in delays.values())
    assert len(opened.session.rois) == 1
    assert opened.canvas.viewing.window is not None
    assert view._deed is None


def test_the_first_paint_of_a_picture_is_that_of_its_own(opened):
    name = opened.session.worklist.locators[2]

    assert 0 < Stroll(opened, Walk(opened)).time_to_paint(name) < 60_000
    assert opened.session.picture.locator == name


def test_figures_name_their_targets_and_can_be_written():
    delays = {"pan": Delays.of([1.0, 3.0]), "all": Delays.of([1.0, 3.0])}
    found = CanvasBench(delays, 4, 24.9, 60.0, 120.0, 140.0, 10.0, 900.0, 2.0, "a machine")

    text = "\n".join(found.lines())

    for target in ("< 33 ms", "< 100 ms", "< 150 ms", "< 40 ms", "< 1500 ms", "target < 3)"):
        assert target in text
    assert found.as_json()["delays"]["pan"] == {"events": 2, "p95_ms": 3.0, "worst_ms": 3.0}
