"""What studies measure, in words."""

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.studies import StudyKind, StudyRow
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.words import percent_words, strategy_title

_KINDS = {
    StudyKind.SIZE: QT_TRANSLATE_NOOP("study", "Accuracy by size of the target"),
    StudyKind.TUNE: QT_TRANSLATE_NOOP("study", "Best way of looking for these pictures"),
    StudyKind.LAYERS: QT_TRANSLATE_NOOP("study", "Attention in the true box, layer by layer"),
}
_HELP = {
    StudyKind.SIZE: QT_TRANSLATE_NOOP(
        "study",
        "Right answers on the whole picture, by every strategy, and by controls of equal cost.",
    ),
    StudyKind.TUNE: QT_TRANSLATE_NOOP(
        "study",
        "Tries every strategy with several counts of crops, gates and resolutions, and chooses.",
    ),
    StudyKind.LAYERS: QT_TRANSLATE_NOOP(
        "study",
        "How much more the model looks into the true box than elsewhere, right and wrong "
        "answers apart. 1 is chance.",
    ),
}
_WAYS = {
    "whole": QT_TRANSLATE_NOOP("study", "whole picture"),
    "true_box": QT_TRANSLATE_NOOP("study", "true box enlarged"),
    "random_crop": QT_TRANSLATE_NOOP("study", "random box enlarged"),
    "larger": QT_TRANSLATE_NOOP("study", "larger picture, tokens of whole and crop"),
    "larger_most": QT_TRANSLATE_NOOP("study", "larger picture, tokens of the costliest"),
}
_SIZES = {
    "small": QT_TRANSLATE_NOOP("study", "small"),
    "medium": QT_TRANSLATE_NOOP("study", "medium"),
    "large": QT_TRANSLATE_NOOP("study", "large"),
    "no box": QT_TRANSLATE_NOOP("study", "size unknown"),
    "all": QT_TRANSLATE_NOOP("study", "all sizes"),
}
_PARTS = (
    QT_TRANSLATE_NOOP("study", "{value} crops"),
    QT_TRANSLATE_NOOP("study", "resolution x{value}"),
    QT_TRANSLATE_NOOP("study", "gate {value}"),
    QT_TRANSLATE_NOOP("study", "scales {value}"),
)
_GROUPS = {
    "study": QT_TRANSLATE_NOOP("study", "your pictures"),
    "text": QT_TRANSLATE_NOOP("study", "text"),
    "plate": QT_TRANSLATE_NOOP("study", "plates"),
    "tissue": QT_TRANSLATE_NOOP("study", "tissue"),
    "all": QT_TRANSLATE_NOOP("study", "all pictures"),
}


def _say(text: str) -> str:
    return QCoreApplication.translate("study", text)


def kind_word(kind: StudyKind) -> str:
    """What is measured."""
    return _say(_KINDS[kind])


def kind_help(kind: StudyKind) -> str:
    """In a sentence."""
    return _say(_HELP[kind])


def way_word(way: str) -> str:
    """A strategy, a control, or a choice, whose strategy is its first word."""
    if way in _WAYS:
        return _say(_WAYS[way])
    name, *rest = way.split(", ")
    title = _say(_WAYS[name]) if name in _WAYS else strategy_title(name, otherwise=name)
    return ", ".join((title, *map(_part_word, rest)))


def _part_word(part: str) -> str:
    """A part of a choice's words (see `domain.studies.Choice.words`)."""
    for words in _PARTS:
        before, behind = words.split("{value}")
        if part.startswith(before) and part.endswith(behind):
            value = part.removeprefix(before).removesuffix(behind)
            return _say(words).format(value=value)
    return part


def place_word(group: str, size_bin: str) -> str:
    """Which pictures a row or a curve is of; "" for all."""
    if group == size_bin == "all":
        return _say(_GROUPS[group])
    known = _say(_GROUPS[group]) if group in _GROUPS else group
    parts = (known, _say(_SIZES[size_bin]) if size_bin in _SIZES else size_bin)
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def cells_of(row: StudyRow) -> tuple[str, ...]:
    """A row of the table."""
    return (
        place_word(row.group, row.size_bin),
        way_word(row.way),
        f"{row.right} / {row.asked}",
        percent_words(row.share),
        f"{100 * row.low:.0f}\N{EN DASH}{percent_words(row.high)}",
        *("" if share is None else percent_words(share) for share in (row.hit, row.recovered)),
        *("" if number is None else f"{number:.0f}" for number in (row.tokens, row.ms)),
    )


def time_words(seconds: float) -> str:
    """How long something takes, roughly."""
    if seconds < 90:
        return _say("{count} s").format(count=max(1, round(seconds)))
    return _say("{count} min").format(count=round(seconds / 60))


_TIMES = (QT_TRANSLATE_NOOP("study", "{count} s"), QT_TRANSLATE_NOOP("study", "{count} min"))
