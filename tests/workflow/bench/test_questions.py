"""Two questions about one picture: the second one looks elsewhere and sees its crop afresh."""

import numpy as np
import pytest

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.domain.region import Region
from inspector_app.workflow.bench.network import Layout, picture
from inspector_app.workflow.bench.questions import opposite, square_at_peak, two_questions


@pytest.mark.parametrize(
    ("region", "box"),
    [
        (Region(0, 0, 30, 20), (70, 80, 100, 100)),
        (Region(70, 80, 100, 100), (0, 0, 30, 20)),
        (Region(60, 10, 90, 30), (0, 80, 30, 100)),
        (Region(35, 40, 65, 60), (70, 80, 100, 100)),
    ],
)
def test_the_opposite_region_is_as_large_and_in_the_farthest_corner(region, box):
    assert opposite(region, within=(100, 100)) == Region(*box)


def test_the_square_lies_about_the_highest_cell_and_inside():
    values = np.zeros(6, np.float32)
    values[5] = 1
    grid = TokenGrid(2, 3, 0, 0, 90, 60)

    # The last cell's middle is (75, 45).
    assert square_at_peak(values, grid=grid, side=20, within=(90, 60)) == Region(65, 35, 85, 55)
    assert square_at_peak(values, grid=grid, side=40, within=(90, 60)) == Region(50, 20, 90, 60)


def test_the_second_crop_is_seen_even_where_both_questions_look_into_the_first_corner():
    # A picture hardly larger than the crop: its squares are few.
    layout = Layout(layers=2, width=128, side=56, layer=1, answer=2, shown=(57, 56))
    view = View.of(picture(layout))

    first, second = two_questions(layout.model(), view=view, layout=layout)

    assert first.region != second.region
    assert (first.passes.vision, second.passes.vision) == (2, 1)
