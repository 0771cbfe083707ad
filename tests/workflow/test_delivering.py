"""Nothing is ever written over the inspected picture."""

import pytest
from PIL import Image

from inspector_app.domain.errors import CannotWrite
from inspector_app.workflow.delivering import check_file


@pytest.mark.parametrize("suffix", ["", "#1", "#2"])
def test_no_report_takes_the_place_of_the_picture_or_of_the_file_it_is_a_page_of(tmp_path, suffix):
    Image.new("L", (2, 2)).save(tmp_path / "a.tif")

    with pytest.raises(CannotWrite, match="the inspected picture itself"):
        check_file(tmp_path / "a.tif", source=f"{tmp_path / 'a.tif'}{suffix}")
