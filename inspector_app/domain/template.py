"""Prompt templates: how a question is put, and whether a model can read where to answer.

A template is filled in two steps: its variables (`{target}`, `{part}`, `{modality}` ...) and
the place of the user's own words, `{question}`. What comes out is what the model is asked;
the card of the model (`domain.card`) puts pictures and roles about it.

The map of where a model looked is read at the last token of the prompt, the one that speaks
the answer. A prompt that ends anywhere else is read at the wrong place: without its closing
instruction the place was found in 4 % instead of 46 % of cases (Qwen3-VL) and in 0.5 %
instead of 40 % (Qwen2-VL). So the linter asks how a template ends.
Source: the public log Team-M3OW/vlm-hallu; third-party figures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inspector_app.domain.errors import WrongUse

QUESTION = "question"
"""The variable that stands for the user's own words."""

VARIABLES = ("target", "part", "modality", "place", "language", "choices")
"""Names that a template may use beside `question`."""

LONGEST = 2000
"""Characters of a template's text, and of a variable."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_ENDS_AS_QUESTION = re.compile(r"[?\uff1f]\s*$")
_SENTENCE = re.compile(r"[^.!?\u3002\uff01\uff1f\n]*[.!?\u3002\uff01\uff1f]?\s*$")
_INSTRUCTION = re.compile(
    r"\b(answer|reply|respond|give|write|state|return|transcribe|name|list|say)\b"
    r"|\u56de\u7b54|\u4f5c\u7b54|\u7b54\u6848|\u53ea\u5199|\u8bf7\u5199|\u8f93\u51fa|\u8f6c\u5199|\u7ed9\u51fa",
    re.IGNORECASE,
)
_SPOKEN_FOR = re.compile(r"\b(assistant|user|system)\s*:|<[^<>\s]{1,40}>|\[/?INST\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Template:
    """One way of putting a question.

    Attributes:
        name: Of its file, without the ending.
        language: "en" or "zh_CN".
        title: For people, in its own language.
        text: With places for `{question}` and variables.
        about: What it is for, in a sentence of its own language; may be empty.
        ending: "instruction" where it ends in an order to answer, "question" where the bare
            question is the end, as models want that were taught bare questions.
        defaults: (variable, words) used where nothing else is given.
        is_own: Whether the user made it.
    """

    name: str
    language: str
    title: str
    text: str
    about: str = ""
    ending: str = "instruction"
    defaults: tuple[tuple[str, str], ...] = ()
    is_own: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables in the order of their first place, `question` among them."""
        return tuple(dict.fromkeys(_PLACE.findall(self.text)))

    @property
    def wants_question(self) -> bool:
        """Whether the user's own words have a place in it."""
        return QUESTION in self.variables

    def filled(self, question: str, *, variables: Mapping[str, str] | None = None) -> str:
        """The text that is asked.

        Args:
            question: The user's own words; may be empty where they have no place.
            variables: Words for the variables; the template's own stand in for the rest.

        Raises:
            WrongUse: a place would stay empty.
        """
        empty = self.empty(question, variables=variables)
        if empty:
            named = ", ".join(f"{{{name}}}" for name in empty)
            raise WrongUse(
                f'The prompt template "{self.name}" needs words for {named}.',
                hint="Type them in the preset, or choose another template.",
            )
        words = self._words(question, variables=variables)
        # In one step: words that happen to hold braces are left as they are.
        return _PLACE.sub(lambda found: words[found[1]], self.text).strip()

    def made(self, text: str) -> bool:
        """Whether a text already is this template, filled with whatever words."""
        parts = _PLACE.split(self.text.strip())
        # Every second part is the name of a variable.
        pattern = "".join("(?:.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        return any(parts[::2]) and re.fullmatch(pattern, text.strip(), re.DOTALL) is not None

    def empty(
        self, question: str, *, variables: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """The variables that nothing is given for, in the order of the text."""
        words = self._words(question, variables=variables)
        return tuple(name for name in self.variables if not words.get(name))

    def _words(self, question: str, *, variables: Mapping[str, str] | None) -> dict[str, str]:
        given = {name: words.strip() for name, words in (variables or {}).items()}
        words = {**dict(self.defaults), **{name: one for name, one in given.items() if one}}
        return {**words, QUESTION: question.strip()}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What the linter says of a template.

    Attributes:
        text: One sentence.
        is_grave: Whether the template must not be used so; else it is advice.
    """

    text: str
    is_grave: bool = True


def lint(template: Template) -> tuple[Flaw, ...]:
    """What is wrong with a template; grave flaws first, nothing where all is well."""
    text = template.text.strip()
    if not text:
        return (Flaw("The template is empty."),)
    flaws = [*_form_flaws(template), *_ending_flaws(text, ending=template.ending)]
    return tuple(sorted(flaws, key=lambda flaw: not flaw.is_grave))


def _form_flaws(template: Template) -> list[Flaw]:
    text = template.text
    flaws = []
    if len(text) > LONGEST:
        flaws.append(Flaw(f"The template is longer than {LONGEST} characters."))
    unknown = [name for name in template.variables if name not in {QUESTION, *VARIABLES}]
    flaws += [Flaw(f"There is no variable {{{name}}}.") for name in unknown]
    if "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        flaws.append(Flaw("A brace is open or closed without its partner."))
    if spoken := _SPOKEN_FOR.search(text):
        flaws.append(
            Flaw(f'"{spoken[0]}" belongs to the card of the model, which puts it in its place.')
        )
    given = dict(template.defaults)
    flaws += [
        Flaw(f"{{{name}}} has no words of its own and must be filled in.", is_grave=False)
        for name in template.variables
        if name in VARIABLES and not given.get(name)
    ]
    return flaws


def _ending_flaws(text: str, *, ending: str) -> list[Flaw]:
    """Whether the last words leave the model at the point where it must answer."""
    last = _last_sentence(text)
    is_question = bool(_ENDS_AS_QUESTION.search(text)) or text.endswith(f"{{{QUESTION}}}")
    if is_question and ending == "question":
        return []
    if is_question:
        return [
            Flaw(
                "The template ends in the question, without telling how to answer; the place "
                "the model looks at is then read less well.",
                is_grave=False,
            )
        ]
    if _INSTRUCTION.search(last):
        return []
    return [
        Flaw(
            "The template does not end at the answer: its last sentence must be the question "
            "or say how to answer."
        )
    ]


def _last_sentence(text: str) -> str:
    """The words after the last full stop, question mark or line end that close a sentence."""
    found = _SENTENCE.search(text.rstrip())
    return found[0] if found else text
