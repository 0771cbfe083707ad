"""Questions about how things lie to each other, which a crop alone cannot answer."""

import re

_ENGLISH = re.compile(
    r"\b(?:left|right|between|above|below|beneath|underneath|behind|in front of|next to|beside"
    r"|near(?:er|est)?|closer|closest|farther|farthest|further|opposite|relative to|how far"
    r"|distance|position|which side|on top of|top|bottom|upper|lower|leftmost|rightmost"
    r"|where|order|surround(?:ed|ing)|same side)\b",
    re.IGNORECASE,
)
# "Is that right?", "right now" and "what is left" are about no place.
_IDLE = re.compile(
    r"\b(?:is (?:that|this|it) right|all right|right now|right (?:code|answer|word|value|size)"
    r"|(?:are|is) left\b(?! of)|left over|left behind|where possible|in order)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"左|右|之间|中间|上方|下方|上面|下面|前面|后面|前方|后方|旁边|旁|对面|相邻|靠近|最近|最远|距离|多远"
    r"|位于|位置|哪里|哪儿|哪一?[边侧]|在哪|顶部|底部|周围|方向|顺序"
)
_IDLE_CHINESE = re.compile(r"左右(?:吗|$)|大约|右键|左右两")


def is_relational(question: str) -> bool:
    """Whether the answer depends on where things lie: left of, between, 左边, 之间.

    A crop loses this: for such questions one crop cost 10 points of accuracy in a public
    comparison, so the answer on the whole picture is kept in front.
    """
    return bool(
        _ENGLISH.search(_IDLE.sub(" ", question))
        or _CHINESE.search(_IDLE_CHINESE.sub(" ", question))
    )
