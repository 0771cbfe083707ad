import pytest

from tests.fakes.records import make_frame, make_inspection


@pytest.fixture
def frame():
    return make_frame((640, 480))


@pytest.fixture
def inspection(frame):
    return make_inspection(frame, regions=((300, 150, 420, 260), (20, 20, 140, 160)), id=12)
