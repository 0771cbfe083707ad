"""Presets that tests of the window use, and hands for their editor."""

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


def type_into(editor, place, text):
    """Type an entry of a preset as a person would, and let the editor look at it."""
    control = editor.fields[place].control
    if hasattr(control, "setPlainText"):
        control.setPlainText(text)
    else:
        control.setText(text)
        control.textEdited.emit(text)
    editor._check()


def choose_in(editor, place, value):
    """Choose one of the values that an entry may have."""
    control = editor.fields[place].control
    control.setCurrentIndex(control.findData(value))
    control.activated.emit(control.currentIndex())
    editor._check()
