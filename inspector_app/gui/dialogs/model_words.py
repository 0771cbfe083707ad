"""How models are told of in words."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.checkpoint import ModelLine, ModelList, Presence
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.wording import inert
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

NEEDS = ("float32", "bfloat16", "int8")
"""The precisions whose need is shown; float16 needs what bfloat16 needs."""

_PRESENCE = {
    Presence.READY: QT_TRANSLATE_NOOP("models", "here"),
    Presence.ABSENT: QT_TRANSLATE_NOOP("models", "not here"),
    Presence.PARTIAL: QT_TRANSLATE_NOOP("models", "half pulled"),
    Presence.SERVER: QT_TRANSLATE_NOOP("models", "on a server"),
    Presence.DAMAGED: QT_TRANSLATE_NOOP("models", "damaged"),
}
_STAGES = {
    "ask": QT_TRANSLATE_NOOP("models", "Asking"),
    "fetch": QT_TRANSLATE_NOOP("models", "Fetching"),
    "check": QT_TRANSLATE_NOOP("models", "Comparing"),
    "save": QT_TRANSLATE_NOOP("models", "Putting in place"),
    "open": QT_TRANSLATE_NOOP("models", "Looking into it"),
    "load": QT_TRANSLATE_NOOP("models", "Looking into it"),
    "export": QT_TRANSLATE_NOOP("models", "Exporting the vision tower"),
    "compare": QT_TRANSLATE_NOOP("models", "Comparing and measuring"),
}
_ON_SERVER = QT_TRANSLATE_NOOP(
    "models",
    "It answers on a server, which does not tell where it looks: no heat map, and no strategy"
    " that needs one. Pictures that are asked about are sent there.",
)
_CANNOT = QT_TRANSLATE_NOOP("models", "not for this version")
_NOT_YET = QT_TRANSLATE_NOOP("models", "This program cannot load its family yet.")
_BEST = QT_TRANSLATE_NOOP("models", "It would run in {precision} here.")
_NONE = QT_TRANSLATE_NOOP("models", "Too large for this computer in every precision.")
_LICENCE = QT_TRANSLATE_NOOP("models", "Licence: {licence}.")
_FROM = QT_TRANSLATE_NOOP("models", "Published as {repository}.")
_COMMIT = QT_TRANSLATE_NOOP("models", "Here is commit {commit}.")
_SIZE = QT_TRANSLATE_NOOP("models", "{size} in {folder}.")
_FITS = QT_TRANSLATE_NOOP("models", "Needs {need} in {precision}; {free} are free.")


def _say(text: str) -> str:
    return QCoreApplication.translate("models", text)


def amount(count: int) -> str:
    """Bytes for people, in decimal units as disks and downloads are told."""
    if count < 10**9:
        return f"{count / 1e6:.0f} MB"
    return f"{count / 1e9:.1f} GB"


def presence_word(line: ModelLine) -> str:
    """What is on this computer."""
    if not line.can_load:
        return _say(_CANNOT)
    word = _say(_PRESENCE[line.presence])
    if line.presence in (Presence.READY, Presence.PARTIAL) and line.bytes_here:
        return f"{word}, {amount(line.bytes_here)}"
    return word


def stage_word(stage: str) -> str:
    """What is being done."""
    return _say(_STAGES[stage]) if stage in _STAGES else stage


def once_freed(known: ModelList, facts: ModelFacts | None) -> tuple[ModelList, int]:
    """What there would be without the model in use, and the MiB that it holds.

    Args:
        known: What there is.
        facts: Of the model in use; None where there is none.
    """
    if facts is None:
        return known, 0
    on_card = facts.device.startswith("cuda")
    held = known.held_by(facts.name, precision=facts.dtype, on_card=on_card)
    return known.once_freed(held, on_card=on_card), held


def cells_of(line: ModelLine, known: ModelList) -> list[str]:
    """A model's row in the list: title, what is here, and what each precision needs."""
    told = dict(line.memory_mib)
    free = known.free_mib if known.card_mib is None else known.card_mib
    title = line.title
    if sum(one.title == title for one in known.lines) > 1:
        # Such as a copy of a model beside it, which brought its card along.
        title = f"{title} ({line.name})"
    cells = [inert(title, limit=80), presence_word(line)]
    for precision in NEEDS:
        need = told.get(precision)
        mark = "" if need is None else ("✓ " if need <= free else "✕ ")
        cells.append("" if need is None else mark + amount(need * 2**20))
    return cells


def need_words(line: ModelLine, precision: str, known: ModelList) -> str:
    """Need against what is free, in a sentence."""
    need = dict(line.memory_mib).get(precision)
    if need is None:
        return ""
    free = known.free_mib if known.card_mib is None else known.card_mib
    return _say(_FITS).format(
        need=amount(need * 2**20), precision=precision, free=amount(free * 2**20)
    )


def best_fit(line: ModelLine, known: ModelList) -> str:
    """The precision it would get here, as `workflow.fitting` chooses; "" where none is known."""
    free = known.free_mib if known.card_mib is None else known.card_mib
    usual = NEEDS if known.card_mib is None else NEEDS[1:]
    told = dict(line.memory_mib)
    return next((one for one in usual if one in told and told[one] <= free), "")


def details_of(line: ModelLine, known: ModelList) -> str:
    """Everything a chooser should know, in a few sentences."""
    words = []
    if line.trouble:
        words.append(line.trouble)
    if line.presence == Presence.SERVER:
        words.append(_say(_ON_SERVER))
    if not line.can_load:
        words.append(_say(_NOT_YET))
    if line.limits and line.presence != Presence.SERVER:
        words.append(line.limits)
    facts = []
    if line.memory_mib:
        best = best_fit(line, known)
        facts.append(_say(_BEST).format(precision=best) if best else _say(_NONE))
    if line.licence:
        facts.append(_say(_LICENCE).format(licence=line.licence))
    if line.repository:
        facts.append(_say(_FROM).format(repository=line.repository))
    if line.revision:
        facts.append(_say(_COMMIT).format(commit=line.revision[:12]))
    if line.presence in (Presence.READY, Presence.PARTIAL, Presence.DAMAGED):
        facts.append(_say(_SIZE).format(size=amount(line.bytes_here), folder=line.folder))
    words.append(" ".join(facts))
    return "\n".join(inert(one, limit=900) for one in words if one)
