"""Words that stand the same in the window, in reports and on the command line."""

import unicodedata

NOTICE = "For research and quality control. Not for diagnosis."
NOTICE_ZH = "仅供科研与质量控制,不得作为诊断依据"

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Joiners belong to the spelling of several scripts and to emoji.
_HARMLESS = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}


def tag(index: int) -> str:
    """The letter of the box at `index`: A to Z, then A1 to Z1, and so on."""
    turn, letter = divmod(index, 26)
    return chr(ord("A") + letter) + (str(turn) if turn else "")


def inert(text: str, *, limit: int | None = None) -> str:
    """Text as one line that can do nothing but be read.

    Line ends and tabs become spaces; control characters, direction overrides and halves
    of characters become a visible mark.

    Args:
        text: Anything: a question, an answer, a path, a note.
        limit: Most characters; what is longer is cut and ends in an ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(0, limit - 1)].rstrip() + "…"
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter in "\t\r\n\v\f\x85\u2028\u2029":
        return " "
    if letter in _HARMLESS or unicodedata.category(letter) not in _HIDDEN:
        return letter
    return _REPLACEMENT


def percent(probability: float | None) -> str:
    """A probability as a whole percentage; "not told" where a model tells none.

    What is neither certain nor impossible is never rounded to 100 % or 0 %.
    """
    if probability is None:
        return "not told"
    if 0.995 <= probability < 1:
        return "> 99 %"
    if 0 < probability < 0.005:
        return "< 1 %"
    return f"{probability:.0%}".replace("%", " %")
