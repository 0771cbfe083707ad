"""Non-maximum suppression against its definition."""

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.region import Region
from inspector_app.imaging.suppression import fuse, suppress

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


@given(
    st.lists(st.tuples(BOXES, st.integers(0, 5), st.sampled_from("ab")), max_size=12),
    st.sampled_from([0, 0.3, 0.5]),
)
def test_classes_leave_each_other_alone(scored, overlap):
    regions = [box for box, _, _ in scored]
    scores = [score for _, score, _ in scored]
    classes = [kind for _, _, kind in scored]

    kept = set(suppress(regions, scores, overlap=overlap, classes=classes))

    for kind in "ab":
        own = [at for at in range(len(scored)) if classes[at] == kind]
        alone = suppress([regions[at] for at in own], [scores[at] for at in own], overlap=overlap)
        assert {own[at] for at in alone} == {at for at in kept if classes[at] == kind}


@given(st.lists(st.tuples(BOXES, st.integers(0, 5), st.sampled_from("ab")), max_size=12))
def test_fused_boxes_of_a_class_do_not_overlap_and_use_every_box_at_most_once(scored):
    regions = [box for box, _, _ in scored]
    classes = [kind for _, _, kind in scored]

    fused = fuse(regions, [score for _, score, _ in scored], overlap=0.5, classes=classes)

    members = [index for one in fused for index in one.members]
    assert len(members) == len(set(members))
    for first in fused:
        assert len({classes[index] for index in first.members}) == 1
        for second in fused:
            same = classes[first.members[0]] == classes[second.members[0]]
            assert first is second or not same or first.region.iou(second.region) <= 0.5


def test_fusion_is_the_mean_of_edges_weighted_by_score():
    boxes = [Region(0, 0, 100, 100), Region(10, 0, 110, 100), Region(500, 500, 520, 520)]

    first, second = fuse(boxes, [0.9, 0.3, 0.5], overlap=0.5)

    # (0 * 0.9 + 10 * 0.3) / 1.2 = 2.5, which rounds to even.
    assert (first.region, first.members) == (Region(2, 0, 102, 100), (0, 1))
    assert abs(first.score - 0.6) < 1e-12
    assert (second.region, second.members) == (boxes[2], (2,))


def test_boxes_without_any_score_are_averaged_plainly():
    (one,) = fuse([Region(0, 0, 10, 10), Region(2, 0, 12, 10)], [0.0, 0.0])

    assert one.region == Region(1, 0, 11, 10)
    assert fuse([], []) == ()
