"""From the answers to the verdict: what must be measured on the picture, and only when it counts.

Blur and exposure are measured where a rule limits them. Writing is looked for where the verdict
would be PASS, because it bars nothing else; and where there is some, the model is asked what it
says, so that a command in it is called one.
"""

from dataclasses import replace

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import Reading
from inspector_app.domain.quality import Quality
from inspector_app.domain.rule import PictureLimits, Rules
from inspector_app.domain.running import beneath
from inspector_app.domain.saying import has_chinese
from inspector_app.domain.verdict import Evidence, Outcome, Verdict, judge
from inspector_app.imaging.quality import measure
from inspector_app.imaging.writing import lines_of_writing

TRANSCRIBE = "What is written in the picture?"
TRANSCRIBE_ZH = "图中写了什么?"
FOREIGN = "the model does not know the language of the question"
STRAYED = "the rules were made for another question"
_SHORTEST = 3
_UNREAD = "the writing in the picture could not be read"


def judged(
    evidence: Evidence, rules: Rules, *, frame: Frame, reading: Reading
) -> Steps[Verdict | None]:
    """The verdict on one inspection; None where the rules ask for none.

    Args:
        evidence: All but what is measured here.
        rules: Of the preset, or those that follow from the question.
        frame: The picture.
        reading: Of the whole picture, to ask what is written there.
    """
    if not (rules.checks or evidence.is_demanding):
        return None
    if _are_limits(rules.picture):
        is_blur_wanted = rules.picture.most_blur is not None
        quality = measure(frame.pixels, is_blur_wanted=is_blur_wanted)
        evidence = replace(evidence, quality=quality)
    verdict = judge(evidence, rules)
    if verdict is None or verdict.outcome is not Outcome.PASS:
        return verdict
    yield Step("judge", 0, 1)
    lines = [line for line in lines_of_writing(frame.pixels) if line.letters > _SHORTEST]
    if not lines:
        return verdict
    quality = replace(
        evidence.quality or Quality(None, 0.0, 0.0),
        letters=lines[0].letters,
        writing=tuple(line.box for line in lines),
    )
    evidence = yield from _with_transcription(replace(evidence, quality=quality), reading)
    return judge(evidence, rules)


def _are_limits(limits: PictureLimits) -> bool:
    known = (limits.most_blur, limits.most_overexposed, limits.most_underexposed)
    return any(limit is not None for limit in known)


def _with_transcription(evidence: Evidence, reading: Reading) -> Steps[Evidence]:
    """What the model reads in the picture; that it could not be asked is a doubt."""
    question = TRANSCRIBE_ZH if has_chinese(evidence.question) else TRANSCRIBE
    try:
        said = yield from _silent(reading, question)
    except InspectorError:
        return replace(evidence, troubles=(*evidence.troubles, _UNREAD))
    return replace(evidence, transcription=said)


def _silent(reading: Reading, question: str) -> Steps[str]:
    """Ask without showing the words as if they were the answer."""
    answer, _rows = yield from beneath(reading.ask(question), stage="judge", done=0, total=1)
    return answer.text
