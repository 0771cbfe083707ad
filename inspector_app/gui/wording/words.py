"""Words of the work in the language of the moment.

Other rooms speak English; what they say in fixed words is translated here. A sentence that
is not known is shown as it came.
"""

import math

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.answer import Answer
from inspector_app.domain.region import ScoredRegion
from inspector_app.domain.trial import Trial, TrialKind
from inspector_app.domain.wording import inert, percent
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.picture_notes import PICTURE_NOTES
from inspector_app.gui.wording.problems import matching, told_words

TIMES = "\N{MULTIPLICATION SIGN}"
EMPTY = "\N{EN DASH}"
_LONG_MS = 10_000

_STAGES = {
    "wait": QT_TRANSLATE_NOOP("stage", "waiting for the model"),
    "load": QT_TRANSLATE_NOOP("stage", "loading the model"),
    "open": QT_TRANSLATE_NOOP("stage", "opening"),
    "read": QT_TRANSLATE_NOOP("stage", "reading"),
    "ask": QT_TRANSLATE_NOOP("stage", "asking"),
    "look": QT_TRANSLATE_NOOP("stage", "looking"),
    "zoom": QT_TRANSLATE_NOOP("stage", "zooming"),
    "experiment": QT_TRANSLATE_NOOP("stage", "trying experiments"),
    "judge": QT_TRANSLATE_NOOP("stage", "judging"),
    "save": QT_TRANSLATE_NOOP("stage", "saving"),
}
_STRATEGIES = {
    "auto": QT_TRANSLATE_NOOP("strategy", "Automatic"),
    "attention": QT_TRANSLATE_NOOP("strategy", "Attention"),
    "attention_and_values": QT_TRANSLATE_NOOP("strategy", "Attention and value vectors"),
    "relative_attention": QT_TRANSLATE_NOOP("strategy", "Relative attention"),
    "gradient_attention": QT_TRANSLATE_NOOP("strategy", "Gradient attention"),
    "pixel_gradient": QT_TRANSLATE_NOOP("strategy", "Pixel gradient"),
    "value_cache": QT_TRANSLATE_NOOP("strategy", "Value vectors"),
    "zoom_refine": QT_TRANSLATE_NOOP("strategy", "The model's own box"),
    "region_marks": QT_TRANSLATE_NOOP("strategy", "Choice of numbered parts"),
    "zoom_tree": QT_TRANSLATE_NOOP("strategy", "Search by yes and no"),
    "tiles": QT_TRANSLATE_NOOP("strategy", "Tiles at several scales"),
    "manual": QT_TRANSLATE_NOOP("strategy", "Drawn by hand"),
    "whole": QT_TRANSLATE_NOOP("strategy", "Whole picture only"),
}
_STRATEGY_HELP = {
    "auto": QT_TRANSLATE_NOOP(
        "strategy", "Zoom only where the first answer is unsure, by the best means at hand."
    ),
    "relative_attention": QT_TRANSLATE_NOOP(
        "strategy", "Zoom where this question looks more than a neutral one does."
    ),
    "gradient_attention": QT_TRANSLATE_NOOP(
        "strategy", "Zoom where attention mattered for the first word of the answer."
    ),
    "pixel_gradient": QT_TRANSLATE_NOOP(
        "strategy", "Zoom where a change of pixels would change the answer most. Slower."
    ),
    "value_cache": QT_TRANSLATE_NOOP(
        "strategy", "Zoom where the picture resembles the words, after asking whether it is there."
    ),
    "zoom_refine": QT_TRANSLATE_NOOP("strategy", "Zoom into the box that the model names."),
    "region_marks": QT_TRANSLATE_NOOP(
        "strategy", "Zoom into the numbered parts that the model chooses. For larger models."
    ),
    "zoom_tree": QT_TRANSLATE_NOOP(
        "strategy", "Ask of ever smaller parts whether it is there. For any model; slow."
    ),
    "tiles": QT_TRANSLATE_NOOP(
        "strategy", "Ask overlapping tiles at several scales and merge what they find. Slowest."
    ),
    "manual": QT_TRANSLATE_NOOP("strategy", "Zoom into the rectangles you draw (key R)."),
    "whole": QT_TRANSLATE_NOOP("strategy", "Ask once about the whole picture, no zoom."),
}
_NOTES = (
    QT_TRANSLATE_NOOP("note", "the regions stay where they were drawn"),
    QT_TRANSLATE_NOOP("note", "the part was not looked for: {reason}"),
    QT_TRANSLATE_NOOP(
        "note",
        "part found by {method}: moved {across} across and {down} down, turned {turn}, "
        "scale {scale}, score {score}, error {error} px",
    ),
    QT_TRANSLATE_NOOP("note", "not zoomed: the first answer was sure"),
    QT_TRANSLATE_NOOP("note", "searched inside the drawn regions only"),
    QT_TRANSLATE_NOOP("note", "not zoomed: no part of the picture stands out"),
    QT_TRANSLATE_NOOP("note", "experiment left out: there is no map of where the model looked"),
    QT_TRANSLATE_NOOP("note", "experiment left out: no region is looked at closer"),
    QT_TRANSLATE_NOOP("note", "the model does not know the language of the question"),
    QT_TRANSLATE_NOOP("note", "experiment left out: out of memory"),
    QT_TRANSLATE_NOOP("note", "fewer crops: the token budget has room for {count}"),
    QT_TRANSLATE_NOOP(
        "note", "the enlarged part is shown with fewer pixels: the model has no room for more"
    ),
    QT_TRANSLATE_NOOP("note", "inspected ahead, before anybody asked"),
    QT_TRANSLATE_NOOP("note", "not stored: {reason}"),
    QT_TRANSLATE_NOOP("note", "preset {name} {version}, changed"),
    QT_TRANSLATE_NOOP("note", "preset {name} {version}"),
    QT_TRANSLATE_NOOP("note", "stepped down to 1 crop: out of memory"),
    QT_TRANSLATE_NOOP("note", "stepped down to {count} crops: out of memory"),
    QT_TRANSLATE_NOOP("note", "stepped down to the CPU in {precision}: out of memory"),
    QT_TRANSLATE_NOOP(
        "note", "stepped down to looking at the picture smaller, not in tiles: out of memory"
    ),
    QT_TRANSLATE_NOOP("note", "stepped down to {precision}: out of memory"),
    QT_TRANSLATE_NOOP("note", "forgot the pictures before this one: out of memory"),
    QT_TRANSLATE_NOOP("note", "looked at the picture smaller, not in tiles: memory ended before"),
    QT_TRANSLATE_NOOP("note", "only 1 crop of {count}: memory ended before"),
    QT_TRANSLATE_NOOP("note", "only {crops} crops of {count}: memory ended before"),
    QT_TRANSLATE_NOOP("note", "runs on the CPU in {precision}: memory ended before"),
    QT_TRANSLATE_NOOP("note", "runs in {precision}: memory ended before"),
    QT_TRANSLATE_NOOP("note", "runs in {precision}: not enough free memory for {usual}"),
    QT_TRANSLATE_NOOP("note", "operator {name}"),
    QT_TRANSLATE_NOOP("note", "part {serial}"),
)
_OUTCOMES = (
    QT_TRANSLATE_NOOP("verdict", "PASS"),
    QT_TRANSLATE_NOOP("verdict", "FAIL"),
    QT_TRANSLATE_NOOP("verdict", "CHECK"),
)
_TRADES = {
    "text": QT_TRANSLATE_NOOP("trade", "Text"),
    "industrial": QT_TRANSLATE_NOOP("trade", "Industry"),
    "medical": QT_TRANSLATE_NOOP("trade", "Medicine"),
}
_BY_REGIONS = QT_TRANSLATE_NOOP("trial", "Experiment, not judged, attention {times} in the regions")
_BY_MAP = QT_TRANSLATE_NOOP("trial", "Experiment, not judged, attention {times} by the map")
_MIXED = QT_TRANSLATE_NOOP("trial", "Experiment, not judged, mixed with {share} whole picture")
_NO_WORDS = QT_TRANSLATE_NOOP("trial", "(no words)")
_UNTOLD = QT_TRANSLATE_NOOP("number", "not told")


def _say(context: str, text: str) -> str:
    return QCoreApplication.translate(context, text)


def duration(ms: float) -> str:
    """Milliseconds as they are, from ten seconds on as seconds."""
    return f"{ms:.0f} ms" if ms < _LONG_MS else f"{ms / 1000:.1f} s"


def stage_words(stage: str) -> str:
    """What is being done, in words of the work."""
    return _say("stage", _STAGES.get(stage, stage))


def strategy_title(name: str, *, otherwise: str) -> str:
    """A strategy's name for people."""
    return _say("strategy", _STRATEGIES[name]) if name in _STRATEGIES else otherwise


def strategy_help(name: str) -> str:
    """What a strategy does in one sentence; empty for one that came as a plug-in."""
    return _say("strategy", _STRATEGY_HELP[name]) if name in _STRATEGY_HELP else ""


def outcome_word(outcome: str) -> str:
    """PASS, FAIL or CHECK as it is said."""
    return _say("verdict", outcome)


def note_words(note: str) -> str:
    """What happened on the way; what is not known is shown as it came, as one line."""
    for template in (*_NOTES, *PICTURE_NOTES):
        found = matching(template).fullmatch(note)
        if found is not None:
            places = {name: told_words(part) for name, part in found.groupdict().items()}
            return inert(_say("note", template).format(**places), limit=400)
    return inert(note, limit=400)


def trial_words(trial: Trial) -> str:
    """An experiment and what it answered, in a line."""
    if trial.kind is TrialKind.MIXED:
        words = _say("trial", _MIXED).format(share=percent(trial.setting))
    else:
        source = _BY_REGIONS if trial.source == "regions" else _BY_MAP
        words = _say("trial", source).format(times=f"{TIMES} {trial.setting:.4g}")
    said = inert(trial.answer.text, limit=200) or _say("trial", _NO_WORDS)
    sure = sureness(trial.answer)
    return f"{words}: {said}" + ("" if sure is None else f"  ({percent_words(sure)})")


def trade_word(trade: str) -> str:
    """Whose kind of picture it is."""
    return _say("trade", _TRADES[trade]) if trade in _TRADES else trade


def percent_words(probability: float | None) -> str:
    """A probability for people."""
    return _say("number", _UNTOLD) if probability is None else percent(probability)


def sureness(answer: Answer) -> float | None:
    """Probability of all words of an answer together, 0..1; None where unknown."""
    logprob = answer.logprob
    return None if logprob is None or not answer.tokens else math.exp(logprob)


def score_words(scored: ScoredRegion) -> str:
    """A box in its tooltip."""
    region = scored.region
    where = QCoreApplication.translate("region", "{width} x {height} px at ({x}, {y})").format(
        width=region.width, height=region.height, x=region.x0, y=region.y0
    )
    who = strategy_title(scored.origin, otherwise=scored.origin)
    if scored.score is None:
        return f"{who}\n{where}"
    score = QCoreApplication.translate(
        "region", "score {score:.3g}: how much it stands out; not a probability"
    ).format(score=scored.score)
    return f"{who}\n{where}\n{score}"
