"""What a question is about, and the small questions that searches ask of parts of a picture."""

import re

from inspector_app.domain.asking import UNWANTED, unwanted_in

_PICTURE = frozenset({"picture", "image", "photo", "photograph", "scan", "frame", "page", "scene"})
# What a thing has rather than what it is: the thing is named behind "of" or "on".
_TRAITS = frozenset(
    {"color", "colour", "code", "text", "word", "words", "number", "name", "shape", "size", "side"}
    | {"material", "margin", "density", "brand", "type", "kind", "time", "price", "date", "letter"}
    | {"letters", "digit", "digits", "value", "reading", "state", "condition", "position"}
    | {"location", "direction", "pattern", "texture", "writing", "title", "logo", "content"}
)
_END = frozenset(
    {"is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "can", "could", "will"}
    | {"would", "should", "in", "on", "at", "of", "from", "to", "with", "near", "by", "under"}
    | {"over", "behind", "beside", "between", "above", "below", "left", "right", "and", "or"}
    | {"that", "which", "who", "wearing", "made", "printed", "written", "say", "says", "show"}
    | {"shows", "read", "reads", "this", "here", "there", "what", "visible", "seen", "present"}
    | {"tell", "smooth", "dense"}
)
_NOUNS = re.compile(r"\b(?:the|a|an|any|some|this|that)\s+([a-z][a-z' -]*)", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:which|what|how many)\s+(?:kind of |type of |sort of )?([a-z][a-z' -]*)", re.IGNORECASE
)
_LEADING = re.compile(r"^\s*([a-z][a-z -]*?)\s*:\s*(?:what|which|read|how)\b", re.IGNORECASE)
_TRAITS_ZH = (
    "颜色|编号|编码|代码|号码|数字|文字|字样|字|内容|形状|大小|尺寸|边缘|材质|品牌|位置|密度"
    "|价格|日期|读数|状态"
)
_OF_ZH = re.compile(
    rf"([\u3400-\u9fff]{{1,8}}?)(?:上|里|中)?(?:的|是什么|有什么|什么)?(?:{_TRAITS_ZH})"
)
_WRITTEN_ZH = re.compile(r"([\u3400-\u9fff]{1,8}?)(?:上|里)(?:写|印|标|刻|显示)")
_THERE_ZH = re.compile(
    r"(?:有没有|是否有|是否存在|存在|能否看到|看得到|能看到|有)([\u3400-\u9fff]{1,10}?)(?:吗|么|呢|[?\uff1f]|$)"
)
_LEAD_ZH = re.compile(
    r"^(?:请|请问|问|那个|这个|该|图中|图片中|图里|图上|照片中|画面中|读出|读取|告诉我|看看|的)+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def target_of(question: str) -> str:
    """The thing that a question is about, in a word or three; "" where none is plain.

    Rules, not a model: what nobody wants ("defect"), what is asked for ("which screw"), the
    thing that has the trait asked for ("the code on the red label" gives "red label").
    """
    named = unwanted_in(question)
    if _CHINESE.search(question):
        return named or _chinese_target(question)
    if named and named in _THINGS:
        return named
    leading = _LEADING.match(question)
    if leading is not None:
        return _trimmed(leading.group(1))
    if re.search(r"\bwhat('s| is) wrong\b", question, re.IGNORECASE) or named:
        return "defect"
    asked = [_trimmed(found) for found in _ASKED.findall(question)]
    things = [_trimmed(found) for found in _phrases(question)]
    for thing in (*asked, *things):
        if thing and not _is_idle(thing):
            return thing
    return ""


def exists_question(question: str) -> str:
    """Asks whether a part shows what a question is about, to be answered yes or no."""
    target = target_of(question)
    if not target:
        return answerable_question(question)
    if _CHINESE.search(target):
        return f"图中有{target}吗?"
    if re.search(r"[^s']s$", target):
        return f"Are there any {target}?"
    article = "an" if target[0].lower() in "aeiou" else "a"
    return f"Is there {article} {target}?"


def compared_words(question: str) -> tuple[str, str]:
    """The words to compare a picture with, and a question that they stand in.

    The question itself where it holds them: a model that was asked it has read it already,
    another would have to be read first.
    """
    words = target_of(question) or question
    holds = words.casefold() in question.casefold()
    return words, question if holds else exists_question(question)


def answerable_question(question: str) -> str:
    """Asks whether a part is enough to answer a question, to be answered yes or no."""
    if _CHINESE.search(question):
        return f"只看这张图,能回答\u201c{question.strip()}\u201d吗?只回答是或否。"
    return f'Can the question "{question.strip()}" be answered from this picture? Say yes or no.'


def box_question(question: str, *, form: str) -> str:
    """Asks for the place that holds the answer.

    Args:
        question: The user's words.
        form: How a box is written, see `domain.coordinates`.
    """
    if _CHINESE.search(question):
        return (
            f"为了回答\u201c{question.strip()}\u201d,需要看图中的哪个区域?"
            f'只回答一个边界框: {{"bbox_2d": {form}}}'
        )
    return (
        f'Which region of the picture must be seen to answer: "{question.strip()}"? '
        f'Reply with one bounding box only: {{"bbox_2d": {form}}}'
    )


_THINGS = frozenset(UNWANTED) - frozenset(
    {"missing", "broken", "damaged", "cracked", "scratched", "stained", "dented", "loose"}
    | {"defective", "corroded", "rusty", "chipped", "leaking", "fractured", "bleeding", "abnormal"}
)


def _phrases(question: str) -> list[str]:
    """What stands behind each article, overlapping ones included."""
    found, at = [], 0
    while (match := _NOUNS.search(question, at)) is not None:
        found.append(match.group(1))
        at = match.start() + 1
    return found


def _trimmed(phrase: str) -> str:
    """The words up to the first that ends a noun phrase."""
    kept: list[str] = []
    for word in phrase.split():
        if word.lower().strip("'") in _END:
            break
        kept.append(word)
    return " ".join(kept[:3]).strip(" -'").lower()


def _is_idle(thing: str) -> bool:
    """Whether it is a trait or the picture itself."""
    last = thing.rsplit(maxsplit=1)[-1].removesuffix("'s")
    return last in _TRAITS or last in _PICTURE


def _chinese_target(question: str) -> str:
    for pattern in (_THERE_ZH, _WRITTEN_ZH, _OF_ZH):
        match = pattern.search(question)
        if match is not None:
            target = _LEAD_ZH.sub("", match.group(1))
            if target and target not in {"什么", "哪个", "哪些", "图", "图片"}:
                return target
    return ""
