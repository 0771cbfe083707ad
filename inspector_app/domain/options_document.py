"""The options of an inspection as plain JSON values, and back."""

import math
from collections.abc import Mapping
from typing import Any

from inspector_app.domain.check_document import check_document, read_check
from inspector_app.domain.preset import Cut, Options
from inspector_app.domain.region import Region

Document = dict[str, Any]


def options_document(options: Options) -> Document:
    """All of them, by name."""
    gate = options.gate
    return {
        "count": options.count,
        # JSON has no infinity.
        "gate": gate if gate is not None and math.isfinite(gate) else None,
        "rois": [list(region.box) for region in options.rois],
        "layer": options.layer,
        "each_crop": options.each_crop,
        "max_tokens": options.max_tokens,
        "windows": list(options.windows),
        "cuts": [
            {
                "outline": [list(point) for point in cut.outline],
                "name": cut.name,
                "question": cut.question,
                "expected": list(cut.expected),
                "checks": [check_document(check) for check in cut.checks],
            }
            for cut in options.cuts
        ],
        "inside": options.inside,
        "scales": list(options.scales),
        "merge_overlap": options.merge_overlap,
        "fuse_boxes": options.fuse_boxes,
        "budget": options.budget,
        "resolution": options.resolution,
        "reweighting": options.reweighting,
        "reweight_by": options.reweight_by,
        "mixing": options.mixing,
        "crop_scales": list(options.crop_scales),
        "token_budget": options.token_budget,
    }


def read_options(options: Mapping[str, Any]) -> Options:
    """The options that `options_document` was given."""
    rois = tuple(Region(*box) for box in options["rois"])
    # Records of older versions know of no windows, scales and cuts.
    windows = tuple(options.get("windows", ()))
    scales = tuple(options.get("scales", (1.0,)))
    cuts = tuple(
        Cut(
            tuple((float(x), float(y)) for x, y in cut["outline"]),
            cut["name"],
            cut["question"],
            tuple(cut["expected"]),
            tuple(read_check(check) for check in cut.get("checks", ())),
        )
        for cut in options.get("cuts", ())
    )
    read = {
        "rois": rois,
        "windows": windows,
        "scales": scales,
        "cuts": cuts,
        "crop_scales": tuple(options.get("crop_scales", (1.0,))),
    }
    return Options(**{**options, **read})
