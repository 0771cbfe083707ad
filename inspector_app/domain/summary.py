"""An Inspection in short sentences, for reports and the command line.

English; `say` turns each sentence, its {places} still open, into another language.
"""

import math
from collections.abc import Callable

from inspector_app.domain.answer import Answer
from inspector_app.domain.finding import Finding
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.trial import Trial, TrialKind
from inspector_app.domain.verdict import Verdict
from inspector_app.domain.wording import percent

Say = Callable[[str], str]


def english(text: str) -> str:
    """As it is."""
    return text


def strategy_words(name: str, *, say: Say = english) -> str:
    """A strategy's name as words: "relative_attention" is "relative attention"."""
    return say(name.replace("_", " "))


def weight_words(answer: Answer, *, say: Say = english) -> str:
    """How the model weighed its words: probability of the answer, and its margin."""
    if answer.logprob is None:
        return say("probability not told by this model")
    share = percent(math.exp(min(answer.logprob, 0.0)))
    said = say("probability {share}").format(share=share)
    if answer.margin is not None:
        said += say(", margin {margin}").format(margin=f"{answer.margin:.2f}")
        runner_up = answer.runner_up.strip()
        if runner_up:
            said += say(' over "{word}"').format(word=runner_up)
    return said


def verdict_words(verdict: Verdict, *, say: Say = english) -> str:
    """Why a verdict is what it is, with the values behind it."""
    reason = say(verdict.reason)
    return f"{reason} ({verdict.detail})" if verdict.detail else reason


def finding_words(found: Finding, *, say: Say = english) -> str:
    """What was found, how bad it is, where, and what to do about it."""
    words = f"{say(found.type)}, {say(found.severity.value)}"
    if found.location is not None:
        x0, y0, x1, y1 = found.location.box
        words += f", x {x0}-{x1}, y {y0}-{y1}"
    return f"{words}: {found.suggestion}" if found.suggestion else words


def verdict_line(verdict: Verdict, *, say: Say = english) -> str:
    """The reason, what was found, and every further doubt, in one line."""
    more = [finding_words(found, say=say) for found in verdict.findings]
    more += [say(flag) for flag in verdict.flags if flag != verdict.reason]
    return "; ".join((verdict_words(verdict, say=say), *more))


def agreement_words(inspection: Inspection, *, say: Say = english) -> str:
    """Whether the answers before and after zooming agree; "" when nothing was zoomed."""
    if inspection.agrees is None:
        return ""
    return say(
        "Whole picture and zoomed view agree."
        if inspection.agrees
        else "Whole picture and zoomed view disagree."
    )


def map_words(inspection: Inspection, *, say: Say = english) -> str:
    """What the heat is: its method and layer; "" where there is none."""
    looked = inspection.map
    if looked is None:
        return ""
    layer = "" if looked.layer is None else say(", layer {layer}").format(layer=looked.layer)
    return f"{strategy_words(looked.method, say=say)}{layer}"


def looked_words(inspection: Inspection, *, say: Say = english) -> str:
    """The caption of the heat; "" where there is none."""
    looked = map_words(inspection, say=say)
    sentence = "Where the model looked ({looked}). Not a probability and not a confidence."
    return say(sentence).format(looked=looked) if looked else ""


def crop_words(inspection: Inspection, index: int, *, say: Say = english) -> str:
    """Where a region lies and why it was chosen."""
    found = inspection.regions[index]
    x0, y0, x1, y1 = found.region.box
    is_drawn = found.origin == "manual"
    origin = say("drawn by hand") if is_drawn else strategy_words(found.origin, say=say)
    score = ""
    if found.score is not None:
        score = say(", score {score}").format(score=f"{found.score:.3g}")
    shown = inspection.view_of(index)
    wider = (
        ""
        if shown is None or shown.region == found.region
        else say("; shown with its surroundings")
    )
    return f"x {x0}-{x1}, y {y0}-{y1}; {origin}{score}{wider}"


def crop_answer(inspection: Inspection, index: int, *, say: Say = english) -> str:
    """What a region gave by itself, with its probability; "not asked" where it was not."""
    if index >= len(inspection.crop_answers):
        return say("not asked by itself")
    answer = inspection.crop_answers[index]
    known = "" if answer.logprob is None else f" {percent(math.exp(min(answer.logprob, 0.0)))}"
    return f"{answer.text or say('(no words)')}{known}"


def trial_words(trial: Trial, *, say: Say = english) -> str:
    """Which experiment, and how it was set."""
    if trial.kind is TrialKind.MIXED:
        words = say("Experiment, not judged: words of whole picture ({share}) and crops mixed")
        return words.format(share=percent(trial.setting))
    words = (
        say("Experiment, not judged: attention to the regions times {factor}")
        if trial.source == "regions"
        else say("Experiment, not judged: attention by the map up to times {factor}")
    )
    return words.format(factor=f"{trial.setting:g}")


def window_words(inspection: Inspection, *, say: Say = english) -> str:
    """The grey windows that each were a view, in their order; "" where none were wished."""
    return "; ".join(
        f"{say(window.name)} W {window.width:g} L {window.center:g}"
        for window in inspection.windows
    )


def measured_words(inspection: Inspection, *, say: Say = english) -> str:
    """What had been measured on the picture; "" where nothing was."""
    return "; ".join(f"{say(one.measure.kind)} {one.words}" for one in inspection.measures)


def title(inspection: Inspection, *, say: Say = english) -> str:
    """The record's name for people."""
    if inspection.id is None:
        return say("Inspection, not stored")
    return say("Inspection {number}").format(number=inspection.id)


def time_words(inspection: Inspection, *, say: Say = english) -> str:
    """Wall time by stage and in all."""
    spent = inspection.timings_ms
    if not spent:
        return say("not measured")
    stages = ", ".join(f"{say(stage)} {took:.0f}" for stage, took in spent.items())
    return f"{sum(spent.values()):.0f} ms ({stages})"


def pass_words(inspection: Inspection, *, say: Say = english) -> str:
    """What the network did."""
    done = inspection.passes
    return say("{vision} vision, {language} language, {tokens} prompt tokens read").format(
        vision=done.vision, language=done.language, tokens=done.tokens_prefilled
    )
