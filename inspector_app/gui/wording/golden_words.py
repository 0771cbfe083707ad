"""What the operator's page says of golden samples, in the language of the moment."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.golden import SampleSeen
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.golden import Gate, GoldenGate
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

GATE_CLOSED = frozenset({Gate.DUE, Gate.SHOWN, Gate.WRONG})
"""Where no part may be inspected."""

_CONTEXT = "golden"
_TITLES = {
    Gate.DUE: QT_TRANSLATE_NOOP("golden", "Golden samples are due"),
    Gate.SHOWN: QT_TRANSLATE_NOOP("golden", "Golden samples {done} of {total}"),
    Gate.WRONG: QT_TRANSLATE_NOOP("golden", "BLOCKED"),
}
_DUE = QT_TRANSLATE_NOOP("golden", "No part is inspected before their verdicts are right.")
_WRONG = QT_TRANSLATE_NOOP("golden", "{name}: must be {expected}, was {said} ({words})")
_WORDS = {
    Outcome.PASS: QT_TRANSLATE_NOOP("board", "OK"),
    Outcome.FAIL: QT_TRANSLATE_NOOP("board", "NG"),
    Outcome.CHECK: QT_TRANSLATE_NOOP("board", "CHECK"),
}


def gate_title(gate: GoldenGate) -> str:
    """In large letters."""
    title = QCoreApplication.translate(_CONTEXT, _TITLES[gate.state])
    return title.format(done=gate.done, total=gate.total or "…")


def gate_words(gate: GoldenGate) -> str:
    """Why, line by line; every sample that was judged wrongly is named."""
    if gate.state is Gate.SHOWN:
        return ""
    if gate.state is Gate.DUE:
        return f"{gate.why}\n{QCoreApplication.translate(_CONTEXT, _DUE)}".strip()
    wrong = gate.last.wrong if gate.last is not None else ()
    lines = [gate.why, *(_seen_words(one) for one in wrong)]
    return "\n".join(line for line in lines if line)


def _seen_words(seen: SampleSeen) -> str:
    words = QCoreApplication.translate(_CONTEXT, _WRONG)
    expected, said = (
        QCoreApplication.translate("board", _WORDS[outcome])
        for outcome in (seen.expected, seen.outcome)
    )
    return words.format(name=seen.name, expected=expected, said=said, words=seen.words)
