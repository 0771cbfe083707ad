"""Presets that tests of the window use."""

from inspector_app.domain.messages import Inspect
from inspector_app.domain.preset import Options, Preset, Targets, Wording
from inspector_app.domain.rule import Rules
from inspector_app.presets import save_preset

MINE = Preset(
    "mine",
    "Mine",
    "relative_attention",
    Options(count=3, gate=0.8, max_tokens=9),
    "Is there a crack?",
    wording=Wording("basic", "en", (), "Describe it."),
    rules=Rules(least_margin=0.2),
    targets=Targets(0.9, 500),
    title_zh="我的",
)


def kept(room, *presets):
    """Keep presets as the user's own, and list them."""
    for one in presets:
        save_preset(one)
    room.presets.refresh()


def last_asked(stage):
    """The newest inspection that was asked for."""
    return [request for request in stage.script.asked if isinstance(request, Inspect)][-1]
