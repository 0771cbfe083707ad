"""How a golden sample is asked about: as a part would be, with nothing kept among the parts."""

from dataclasses import replace

from inspector_app.domain.golden import GoldenSample
from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Preset


def on_sample(request: Inspect, preset: Preset, sample: GoldenSample) -> Inspect:
    """A request with the regions and grey windows of its preset laid on a sample's picture."""
    laid = preset.options_for(sample.size, is_deep=sample.is_deep)
    options = replace(request.options, rois=laid.rois, cuts=laid.cuts, windows=laid.windows)
    strategy = preset.strategy if preset.rois else request.strategy
    template = preset.template_picture if preset.rois else ""
    return replace(
        request,
        locator=sample.picture,
        strategy=strategy,
        options=options,
        template=template,
        save=False,
    )
