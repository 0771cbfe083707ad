"""Which questions are about something that nobody wants to find, so that "no" is good news."""

import re

_THINGS = frozenset(
    {"crack", "scratch", "stain", "dent", "defect", "damage", "hole", "rust", "corrosion", "chip"}
    | {"break", "burr", "flaw", "leak", "spill", "nodule", "lesion", "tumor", "tumour", "fracture"}
    | {"bleed", "bleeding", "haemorrhage", "hemorrhage", "mass", "polyp", "calcification"}
    | {"effusion", "abnormality"}
)
_STATES = frozenset(
    {"missing", "broken", "damaged", "cracked", "scratched", "stained", "dented", "loose"}
    | {"defective", "corroded", "rusty", "chipped", "leaking", "fractured", "bleeding", "abnormal"}
)
UNWANTED = _THINGS | _STATES
"""Words for what nobody wants to find, in the singular."""

# A negation turns the answer round; a quantity or comparison leaves room beside "no".
_TURNED = frozenset(
    {"no", "not", "none", "never", "nothing", "neither", "without", "free", "absent", "absence"}
    | {"lack", "lacks", "lacking", "repaired", "fixed", "gone", "exclude", "excluded", "ruled"}
    | {"than", "only", "fewer", "less", "all", "every", "most", "both", "many", "several"}
    | {"completely", "fully", "entirely", "totally"}
)
_CONTRACTED = re.compile(r"n['\u2019]t\b")
_ANSWERS = re.compile(r"\byes\s*(or|/|,)\s*no\b")
_OPENING = re.compile(r"(is|are|was|were|does|do|did|has|have|can|could|any)\b")
_PRESENCE = re.compile(
    r"(is|are|was|were) (there|this|that|it|these|those)\b"
    r"|(can|could|do|did) (you|we|one|i) (see|find|notice|detect|spot)\b"
    r"|(does|do|did)\b.*?\b(have|show|contain|display|bear)\b"
    r"|(has|have)\b|any\b"
)
_SEEN = re.compile(
    r"(is|are|was|were|can|could)\b.*\b(visible|present|seen|found|detected|there)\b"
)


_THINGS_ZH = (
    "裂纹|裂缝|裂痕|划痕|划伤|刮痕|污渍|污点|污迹|凹痕|凹陷|凹坑|缺陷|瑕疵|损伤|损坏|破损|孔洞|锈|腐蚀|缺口|断裂|毛刺"
    "|泄漏|漏油|结节|病变|病灶|肿瘤|肿块|骨折|出血|息肉|钙化|积液|异常|缺失|缺损|松动|变形|气泡|崩边"
)
_OPENING_ZH = r"(这(里|上面|张图|幅图)?|图(中|片中|像中|里|上)|[\u3400-\u9fff]{0,8}?[上中里内])?"
_PRESENCE_ZH = re.compile(
    rf"^{_OPENING_ZH}(有没有|是否有|是否存在|是否出现|存不存在|能否看到|能不能看到|能看到|看得到|可见|存在|出现|有)"
    rf"(任何|明显的?|可见的?|一个|一条|一处|什么)?({_THINGS_ZH})(或|和|、|{_THINGS_ZH})*(吗|么|呢)?$"
)


def asks_for_unwanted(question: str) -> bool:
    """Whether this is a plain yes/no question whose "yes" means something unwanted is there.

    "Is there a crack?", "Does the plate have a dent?" and "Is a screw missing?" are; "Is the
    plate free of cracks?" (turned round) and "Is the nodule smooth?" (about a property) are
    not: their "no" must never become a PASS.
    """
    if re.search(r"[\u3400-\u9fff]", question):
        return _asks_in_chinese(question)
    plain = _ANSWERS.sub(" ", _CONTRACTED.sub(" not", question.lower()))
    sentences = [" ".join(re.findall(r"[a-z]+", part)) for part in re.split(r"[.?!\n]", plain)]
    asked = [sentence for sentence in sentences if _OPENING.match(sentence)]
    if len(asked) != 1 or not _TURNED.isdisjoint(" ".join(sentences).split()):
        return False
    return _asks_for_presence(asked[0])


def unwanted_in(question: str) -> str:
    """The first unwanted thing that a question names, as a word for a finding; "" for none."""
    chinese = re.search(_THINGS_ZH, question)
    if chinese is not None:
        return str(chinese.group())
    for word in re.findall(r"[a-z]+", question.lower()):
        stems = (word, word.removesuffix("s"), word.removesuffix("es"), word[:-3] + "y")
        named = [stem for stem in stems if stem in UNWANTED]
        if named:
            return str(named[0])
    return ""


def _asks_in_chinese(question: str) -> bool:
    """The same in Chinese: "有没有裂纹?", "图中有结节吗?"; nothing turned round or added."""
    kept = re.sub(
        r"(请)?(只|直接)?回答[\"\u201c]?(是|有)[\"\u201d]?(或|还是|/)[^\u3002]*$", "", question
    )
    said = re.sub(r"[\s\W]+", "", kept.strip())
    return _PRESENCE_ZH.match(said) is not None


def _asks_for_presence(said: str) -> bool:
    words = said.split()
    presence = _PRESENCE.match(said)
    if presence is not None:
        return _names(said[presence.end() :].split(), UNWANTED)
    if _SEEN.match(said):
        return _names(words, UNWANTED)
    return said.startswith(("is ", "are ", "was ", "were ")) and _names(words, _STATES)


def _names(words: list[str], wanted: frozenset[str]) -> bool:
    # "cracks" and "scratches" mean the same as their singular.
    stems = {stem for word in words for stem in (word.removesuffix("s"), word.removesuffix("es"))}
    return not wanted.isdisjoint({*words, *stems, *(word[:-3] + "y" for word in words)})
