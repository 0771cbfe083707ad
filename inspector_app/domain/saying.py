"""What short answers say, in English and Chinese: yes, no, nothing, or a doubt.

Nothing here guesses: what is not plainly one of these is None, and becomes CHECK.
"""

import re
import unicodedata

YES = frozenset(
    {"yes", "yeah", "yep", "y", "true", "there is", "there are", "yes there is"}
    | {"是", "是的", "有", "有的", "存在", "对", "对的", "可见", "能看到"}
)
NO = frozenset(
    {"no", "nope", "n", "false", "there is not", "there are none", "no there is not"}
    | {"否", "不是", "没有", "没", "无", "不存在", "未见", "不", "看不到", "没有的"}
)
NOTHING = frozenset(
    {"none", "nothing", "no defect", "no defects", "no damage", "nothing wrong", "no abnormality"}
    | {"no abnormalities", "no finding", "no findings", "no lesion", "no lesions", "normal"}
    | {"no issue", "no issues", "no defects found", "no defect found", "no visible defects"}
    | {"无", "没有", "无缺陷", "没有缺陷", "未见缺陷", "未见异常", "无异常", "没有异常", "正常"}
    | {"未发现缺陷", "未发现异常", "无病变", "未见病变", "没有问题", "无问题"}
)
_HEDGES = re.compile(
    r"\b(maybe|perhaps|possibl[ey]|probabl[ey]|likely|unlikely|might|may|could|unclear|unsure"
    r"|uncertain|appears?|seems?|suspected|suspicious|questionable|cannot|can't|unable)\b"
    r"|可能|也许|疑似|似乎|好像|大概|不确定|不清楚|无法|难以|或许|怀疑"
)
_NEGATIONS = re.compile(
    r"\b(no|not|none|never|without|neither|nor|absent|absence|free|lacks?|lacking)\b|n['\u2019]t\b"
    r"|没|无|未|不|非|否"
)
_INEXACT = re.compile(
    r"\b(about|around|approximately|approx|roughly|nearly|almost|less|more|fewer|greater|over"
    r"|under|below|above|between|than|at least|at most|up to|or)\b|[<>≤≥~≈±]"
    r"|约|大约|左右|以上|以下|超过|不到|小于|大于|至少|至多|之间|多于|少于|几乎|或"
)
_EDGES = " .!,;:'\"`()[]\u201c\u201d\u2018\u2019\u3002\u3001\u00b7"
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")


def plain(text: str) -> str:
    """Lower case, one width, single spaces, no punctuation at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_EDGES)


def is_yes(text: str) -> bool | None:
    """True for yes, False for no, None for anything else.

    A closing remark may follow the word after a comma or full stop if it says neither the
    opposite nor a doubt: "No, there is no crack" is no; "Yes and no" is neither.
    """
    said = plain(text)
    if said in YES:
        return True
    if said in NO:
        return False
    first, _, rest = _split(said)
    if not rest or has_doubt(rest) or rest.split(" ")[0] in YES | NO | {"but"} or "但" in rest:
        return None
    if first in YES:
        return None if has_negation(rest) else True
    # "No, there is a crack" and "no, it is not a crack but a scratch" decide nothing.
    if first in NO and _is_clean(rest):
        return False
    return None


def says_nothing(text: str) -> bool:
    """Whether an answer that should name what is wrong plainly says that nothing is."""
    said = plain(text)
    first, _, rest = _split(said)
    return said in NOTHING or said == "no" or (first in {"no", *NOTHING} and rest in NOTHING)


def has_doubt(text: str) -> bool:
    """Whether the words leave it open: perhaps, unclear, 可能, a question mark."""
    said = plain(text)
    return _HEDGES.search(said) is not None or "?" in unicodedata.normalize("NFKC", text)


def has_negation(text: str) -> bool:
    """Whether any word turns the meaning round."""
    return _NEGATIONS.search(plain(text)) is not None


def is_inexact(text: str) -> bool:
    """Whether a number in it is only about right, or one of several: about, 以上, ±."""
    return _INEXACT.search(plain(text)) is not None


def is_other_language(text: str, *, asked: str) -> bool:
    """Whether a text is plainly not in the language it was asked in, Chinese or Latin script.

    Single codes and numbers have no language.
    """
    wants_chinese, is_chinese = has_chinese(asked), has_chinese(text)
    if not _LETTER.search(text) or not _LETTER.search(asked):
        return False
    return wants_chinese != is_chinese


def has_chinese(text: str) -> bool:
    """Whether any Chinese character is in it."""
    return _CHINESE.search(text) is not None


def is_latin(letter: str) -> bool:
    """Whether it is a letter of a script that parts its words by spaces."""
    return letter.isalpha() and not has_chinese(letter)


def names(text: str, word: str) -> bool:
    """Whether a text holds a word or phrase as such: whole words, simple plurals included."""
    said, wanted = plain(text), plain(word)
    if not wanted:
        return False
    if has_chinese(wanted):
        return wanted in said
    return re.search(rf"(?<!\w){re.escape(wanted)}(s|es)?(?!\w)", said) is not None


def clauses(text: str) -> tuple[str, ...]:
    """The parts that can be negated for themselves."""
    parts = re.split(r"[.,;:!?\n]|\bbut\b|\bhowever\b|但是|但|而", plain(text))
    return tuple(part.strip(_EDGES) for part in parts if part.strip(_EDGES))


def _split(said: str) -> tuple[str, str, str]:
    match = re.search(r"[,.;:!]", said)
    if match is None:
        return said, "", ""
    return said[: match.start()].strip(), match.group(), said[match.end() :].strip(_EDGES)


def _is_clean(rest: str) -> bool:
    """Whether a remark after "no" only says the same once more."""
    if rest in NOTHING:
        return True
    starts = ("there is no ", "there are no ", "i see no ", "没有", "未见", "无")
    return rest.startswith(starts) and not re.search(r"\b(but|except|only|other)\b|但|除|只", rest)
