"""Asking a model to choose among numbered parts of a picture, and reading what it chose."""

import re

_LONGEST = 2000
"""Characters of an answer that are searched for numbers."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARK = re.compile(
    r"<(?:region|mark|obj|box|bin|id)[_ ]?([0-9]{1,4})>"
    r"|(?<![a-z0-9_.,])#?([0-9]{1,4})(?![a-z0-9_]|[.,][0-9])",
    re.IGNORECASE,
)

_NONE = re.compile(r"\W*(none|no|nothing|没有|都没有|无)\W*", re.IGNORECASE)


def choice_question(question: str, *, count: int, is_sheet: bool) -> str:
    """Asks which of the numbered parts show what a question is about.

    Args:
        question: The user's words.
        count: How many parts there are, numbered from 1.
        is_sheet: Whether each part is shown by itself on a sheet; else boxes on the picture.
    """
    if _CHINESE.search(question):
        what = (
            f"图中是同一张图片的 {count} 个编号局部" if is_sheet else f"图中有 {count} 个编号方框"
        )
        return (
            f"{what}。为了回答\u201c{question.strip()}\u201d,需要看哪一个?"
            "只回答编号,例如 2;可以写多个,例如 2, 5;都没有就回答 0。"
        )
    what = (
        f"The picture is a sheet of {count} numbered parts of one photograph."
        if is_sheet
        else f"The picture has {count} numbered boxes."
    )
    return (
        f'{what} Which must be seen to answer: "{question.strip()}"? '
        "Reply with the number only, such as 2, or several, such as 2, 5; 0 for none."
    )


def chosen_in(text: str, *, count: int) -> tuple[int, ...] | None:
    """The numbers that an answer names, from 1, each once, in its order.

    Never raises. Numbers of no part are passed over, fractions are no numbers; an answer that
    names every part chooses nothing.

    Args:
        text: Of the answer.
        count: How many parts there were.

    Returns:
        Empty where it says that none is; None where it says nothing that could be understood.
    """
    numbers = [int(one or other) for one, other in _MARK.findall(text[:_LONGEST])]
    named = tuple(dict.fromkeys(number for number in numbers if 1 <= number <= count))
    if len(named) == count > 1:
        return None
    if named:
        return named
    return () if 0 in numbers or _says_none(text) else None


def _says_none(text: str) -> bool:
    return _NONE.fullmatch(text) is not None
