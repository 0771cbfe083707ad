"""A film in lists: once; and its frames when it is leafed through."""

import numpy as np
import pytest

from inspector_app.workflow.open import list_pictures, open_picture, open_thumbnail, pictures_in
from tests.sources.test_video import written


def test_a_folder_shows_a_film_once_and_its_frames_when_it_is_leafed_through(tmp_path):
    path = written(tmp_path / "a.mp4", greys=range(10, 60, 10))

    assert list_pictures(str(tmp_path)) == (path,)
    assert pictures_in(path) == tuple(f"{path}#{number}" for number in range(1, 6))
    assert open_thumbnail(path, side=32).shape == (24, 32, 3)
    assert np.median(open_picture(f"{path}#5").pixels[:, 40:]) == pytest.approx(50, abs=6)
