"""The leap from one picture inspected ahead to the next, as the benchmark takes it."""

from inspector_app.gui.scripted.leap import Leap
from inspector_app.gui.scripted.walk import Walk
from tests.gui.person import CRACK


def test_every_leap_ends_with_picture_and_answer_on_the_screen(opened, qtbot, stage):
    session = opened.session
    pictures = [str(stage.folder / name) for name in ("a.png", "b.png", "c.png")]

    leaps = Leap(opened, session, Walk(opened)).measure(pictures, question=CRACK)

    assert (leaps.count, leaps.prepared) == (2, 2)
    assert 0 < leaps.typical_ms <= leaps.worst_ms < float("inf")
    assert session.inspection.provenance.locator == pictures[2]
    assert not session.settings.inspect_ahead
    assert "2 of them prepared" in leaps.lines()[0]
