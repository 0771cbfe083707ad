"""How typed experiments become options."""

import pytest

from inspector_app.cli.asking import options_from, with_experiments
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options


def typed(options=Options(), *, reweight=None, by="", mix=None):  # noqa: B008  frozen
    return with_experiments(options, reweight=reweight, by=by, mix=mix)


def test_nothing_typed_changes_nothing():
    assert typed() == Options()


def test_a_factor_alone_raises_the_regions():
    made = typed(reweight=1.8)
    assert (made.reweighting, made.reweight_by, made.mixing) == (1.8, "regions", None)


def test_the_map_can_choose_and_answers_can_be_mixed():
    made = typed(reweight=1.2, by="map", mix=0.25)
    assert (made.reweighting, made.reweight_by, made.mixing) == (1.2, "map", 0.25)


def test_a_preset_with_an_experiment_keeps_its_factor_when_only_the_place_is_typed():
    preset = Options(reweighting=1.8, reweight_by="regions")
    assert typed(preset, by="map") == Options(reweighting=1.8, reweight_by="map")
    assert typed(preset, reweight=1.1) == Options(reweighting=1.1, reweight_by="regions")
    kept = options_from(preset, count=2, gate=None, layer=None, roi=None)
    assert (kept.reweighting, kept.reweight_by) == (1.8, "regions")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reweight": 0.9},
        {"reweight": 2.1},
        {"mix": 1.5},
        {"by": "map"},
        {"reweight": 1.5, "by": "x"},
    ],
)
def test_what_makes_no_sense_is_wrong_use(wrong):
    with pytest.raises(WrongUse):
        typed(**wrong)
