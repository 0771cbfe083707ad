"""What older versions wrote still means the same."""

import json
from pathlib import Path

import pytest

from inspector_app.domain.preset import FixedRegion, Options, Preset, Wording
from inspector_app.presets.folder import read_file
from inspector_app.presets.schema import VERSION, PresetFile
from inspector_app.presets.versions import NewerPreset, brought_up

OLD = Path(__file__).parent / "old"


def test_there_is_a_file_of_every_old_version():
    assert {path.stem for path in OLD.glob("*.json")} >= {f"v{n}" for n in range(1, VERSION)}


def test_a_preset_of_version_1_means_what_it_meant():
    assert read_file(OLD / "v1.json").preset == Preset(
        "v1",
        "Left edge",
        "manual",
        Options(count=2, gate=0.9, layer=3, each_crop=False, max_tokens=5),
        "Is there a crack?",
        rois=(FixedRegion((1, 2, 30, 40)),),
        wording=Wording(),
    )


def test_version_1_left_out_what_it_did_not_know():
    brought = brought_up({"title": "T", "strategy": "whole", "lamp": "ring"})

    assert PresetFile.model_validate(brought).title == "T"


def test_boxes_that_version_1_never_looked_at_bar_nothing():
    brought = brought_up(
        {"title": "T", "strategy": "whole", "options": {"rois": [[0, 0, 5, 5]], "count": 1}}
    )

    assert PresetFile.model_validate(brought).regions.rois == ()


def test_the_document_itself_is_left_alone():
    document = {"title": "T", "strategy": "whole", "options": {"count": 1}}
    before = json.dumps(document)

    brought_up(document)

    assert json.dumps(document) == before


@pytest.mark.parametrize("version", [VERSION + 1, 99, 10**30])
def test_a_later_version_is_told_from_damage(version):
    with pytest.raises(NewerPreset, match="knows versions up to 2"):
        brought_up({"schema_version": version})
