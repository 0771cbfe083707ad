"""Non-maximum suppression against its definition."""

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region
from inspector_app.imaging.suppression import suppress

BOXES = st.builds(
    lambda x, y, w, h: Region(x, y, x + w, y + h),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 20),
    st.integers(1, 20),
)


@given(st.lists(st.tuples(BOXES, st.integers(0, 5)), max_size=12), st.sampled_from([0, 0.3, 0.5]))
def test_kept_boxes_do_not_meet_and_every_other_meets_a_better_one(scored, overlap):
    regions, scores = [box for box, _ in scored], [score for _, score in scored]

    kept = suppress(regions, scores, overlap=overlap)

    for first in kept:
        for second in kept:
            assert first == second or regions[first].iou(regions[second]) <= overlap
    for index in set(range(len(regions))) - set(kept):
        rivals = [k for k in kept if regions[k].iou(regions[index]) > overlap]
        assert any((-scores[k], k) < (-scores[index], index) for k in rivals)
    assert [scores[k] for k in kept] == sorted((scores[k] for k in kept), reverse=True)


def test_the_better_of_two_that_show_the_same_is_kept():
    boxes = [Region(0, 0, 10, 10), Region(1, 0, 11, 10), Region(30, 30, 40, 40)]

    assert suppress(boxes, [1.0, 2.0, 0.5]) == (1, 2)
    assert suppress([], []) == ()
