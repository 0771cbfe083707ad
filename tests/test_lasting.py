"""Garbage collections are put off only as long as they are asked to be."""

import gc
import sys

import pytest

from inspector_app.lasting import lasting, uncollected


@pytest.fixture(autouse=True)
def collecting():
    gc.enable()
    yield
    gc.enable()


@pytest.mark.parametrize("putting_off", [uncollected, lasting])
def test_nothing_is_collected_inside_and_everything_afterwards(putting_off):
    with putting_off():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_who_collects_by_hand_goes_on_so():
    gc.disable()

    with uncollected():
        pass

    assert not gc.isenabled()


def test_an_error_inside_does_not_end_collections_for_good():
    with pytest.raises(ValueError, match="inside"), lasting():
        raise ValueError("inside")

    assert gc.isenabled()


def test_only_what_came_with_modules_is_kept_for_good(monkeypatch):
    frozen = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))

    with lasting():
        pass
    assert not frozen
    with lasting():
        monkeypatch.setitem(sys.modules, "a_module_that_came", sys)

    assert frozen == [True]
