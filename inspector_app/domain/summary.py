"""An Inspection in short English sentences, for reports and the command line."""

import math

from inspector_app.domain.answer import Answer
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.wording import percent


def strategy_words(name: str) -> str:
    """A strategy's name as words: "relative_attention" is "relative attention"."""
    return name.replace("_", " ")


def weight_words(answer: Answer) -> str:
    """How the model weighed its words: probability of the answer, and its margin."""
    if answer.logprob is None:
        return "probability not told by this model"
    said = f"probability {percent(math.exp(min(answer.logprob, 0.0)))}"
    if answer.margin is not None:
        runner_up = f' over "{answer.runner_up.strip()}"' if answer.runner_up.strip() else ""
        said += f", margin {answer.margin:.2f}{runner_up}"
    return said


def agreement_words(inspection: Inspection) -> str:
    """Whether the answers before and after zooming agree; "" when nothing was zoomed."""
    if inspection.agrees is None:
        return ""
    return (
        "Whole picture and zoomed view agree."
        if inspection.agrees
        else "Whole picture and zoomed view disagree."
    )


def map_words(inspection: Inspection) -> str:
    """What the heat is: its method and layer; "" where there is none."""
    looked = inspection.map
    if looked is None:
        return ""
    layer = "" if looked.layer is None else f", layer {looked.layer}"
    return f"{strategy_words(looked.method)}{layer}"


def crop_words(inspection: Inspection, index: int) -> str:
    """Where a region lies and why it was chosen."""
    found = inspection.regions[index]
    x0, y0, x1, y1 = found.region.box
    origin = "drawn by hand" if found.origin == "manual" else strategy_words(found.origin)
    score = "" if found.score is None else f", score {found.score:.3g}"
    shown = inspection.views[index + 1].region if index + 1 < len(inspection.views) else None
    wider = "" if shown in {None, found.region} else "; shown with its surroundings"
    return f"x {x0}-{x1}, y {y0}-{y1}; {origin}{score}{wider}"


def crop_answer(inspection: Inspection, index: int) -> str:
    """What a region gave by itself, with its probability; "not asked" where it was not."""
    if index >= len(inspection.crop_answers):
        return "not asked by itself"
    answer = inspection.crop_answers[index]
    known = "" if answer.logprob is None else f" {percent(math.exp(min(answer.logprob, 0.0)))}"
    return f"{answer.text or '(no words)'}{known}"


def title(inspection: Inspection) -> str:
    """The record's name for people."""
    return "Inspection, not stored" if inspection.id is None else f"Inspection {inspection.id}"


def time_words(inspection: Inspection) -> str:
    """Wall time by stage and in all."""
    if not inspection.timings_ms:
        return "not measured"
    stages = ", ".join(f"{stage} {spent:.0f}" for stage, spent in inspection.timings_ms.items())
    return f"{sum(inspection.timings_ms.values()):.0f} ms ({stages})"


def pass_words(inspection: Inspection) -> str:
    """What the network did."""
    done = inspection.passes
    return (
        f"{done.vision} vision, {done.language} language, "
        f"{done.tokens_prefilled} prompt tokens read"
    )
