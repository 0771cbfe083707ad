"""What people ask about the scenes, in several wordings each."""

from dataclasses import replace

import numpy as np

from inspector_app.training.scene_parts import (
    COLOURS,
    DEFECTS,
    MARGINS,
    SceneQuestion,
    Thing,
    Trade,
)

NEUTRAL = "Write a general description of the image."

# The first of each is the plain one; {key} is the word that says what is meant.
WORDINGS: dict[str, tuple[str, ...]] = {
    "code": (
        "What is the code on the {key} label?",
        "Which code is on the {key} label?",
        "What does the {key} label say?",
        "Read the {key} label.",
        "Read the code on the {key} label.",
        "What is written on the {key} label?",
        "What is printed on the {key} label?",
        "What text is on the {key} label?",
        "Tell me the code of the {key} label.",
        "{key} label: what is the code?",
        "What code does the {key} label show?",
        "Can you read the {key} label?",
        "What is the text on the {key} tag?",
    ),
    "lone code": (
        "What is the code on the label?",
        "What is the code?",
        "Read the label.",
        "What does the label say?",
        "Read the code.",
        "What is written on the label?",
        "Which code is printed here?",
    ),
    "lone colour": (
        "What colour is the label?",
        "What color is the label?",
        "Which colour does the label have?",
        "What is the colour of the label?",
        "What is the color of the label?",
    ),
    "is label": (
        "Is there a {key} label?",
        "Is a {key} label in the picture?",
        "Do you see a {key} label?",
        "Can you see a {key} label?",
        "Does the picture show a {key} label?",
    ),
    "which defect": (
        "Which defect is on the plate?",
        "What defect is on the plate?",
        "What is wrong with the plate?",
        "Which kind of defect is this?",
        "What kind of damage does the plate show?",
        "Which defect do you see?",
        "Name the defect.",
        "What type of defect is on the part?",
        "What is the defect?",
    ),
    "is defect": (
        "Is there a {key}?",
        "Is there a {key} on the plate?",
        "Do you see a {key}?",
        "Does the plate have a {key}?",
        "Can you find a {key}?",
        "Is a {key} visible?",
    ),
    "any defect": (
        "Is there a defect?",
        "Is there a defect on the plate?",
        "Is the plate damaged?",
        "Does the plate have a defect?",
        "Do you see any damage?",
    ),
    "margin": (
        "What is the margin of the nodule?",
        "Which margin does the nodule have?",
        "How is the margin of the nodule?",
        "Describe the margin of the nodule.",
        "What is the shape of the nodule's margin?",
        "What kind of margin does the lesion have?",
        "Is the nodule smooth, lobulated or spiculated?",
    ),
    "side": (
        "On which side is the nodule?",
        "Which side is the nodule on?",
        "Is the nodule left or right?",
        "On which side of the picture is the nodule?",
        "Where is the nodule, left or right?",
    ),
    "density": (
        "Is the nodule dense or faint?",
        "How dense is the nodule?",
        "Is the nodule faint or dense?",
        "What is the density of the nodule?",
    ),
    "is nodule": (
        "Is there a nodule?",
        "Do you see a nodule?",
        "Is a nodule visible?",
        "Can you find a nodule in the picture?",
        "Does the picture show a nodule?",
    ),
}


def ask(kind: str, *, answer: str, subject: int | None, key: str = "") -> SceneQuestion:
    """A question in its plain wording."""
    return SceneQuestion(kind, _worded(WORDINGS[kind][0], key=key), answer, subject, key)


def _worded(wording: str, *, key: str) -> str:
    """Put the word in, with the article it needs."""
    text = wording.format(key=key)
    return text.replace(f" a {key}", f" an {key}") if key == "orange" else text


def reworded(question: SceneQuestion, *, rng: np.random.Generator) -> SceneQuestion:
    """The same question as people may type it: other words, small letters, no question mark."""
    wordings = WORDINGS[question.kind]
    # The plain wording is what the sample questions use: half of the time.
    choice = 0 if rng.random() < 0.4 else int(rng.integers(len(wordings)))
    text = _worded(wordings[choice], key=question.key)
    text = text[0].upper() + text[1:]
    key = question.key
    if text.startswith(key.capitalize()) and key:
        key = key.capitalize()
    if rng.random() < 0.2:
        text, key = text.lower(), key.lower()
    if rng.random() < 0.2:
        text = text.rstrip("?.")
    return replace(question, text=text, key=key)


def questions_about(
    trade: Trade,
    things: list[Thing],
    *,
    size: tuple[int, int],
    has_target: bool,
    rng: np.random.Generator,
) -> tuple[SceneQuestion, ...]:
    """All questions of a scene in plain wording, the main one first."""
    if trade == "text":
        return _about_labels(things, has_target=has_target, rng=rng)
    if trade == "plate":
        return _about_plate(things, has_target=has_target, rng=rng)
    return _about_tissue(things, size=size, has_target=has_target)


def _about_labels(
    things: list[Thing], *, has_target: bool, rng: np.random.Generator
) -> tuple[SceneQuestion, ...]:
    present = [thing.colour for thing in things]
    missing = [str(name) for name in rng.permutation(COLOURS) if name not in present]
    no = [ask("is label", answer="no", subject=None, key=name) for name in missing[:2]]
    codes = [
        ask("code", answer=thing.code, subject=index, key=thing.colour)
        for index, thing in enumerate(things)
    ]
    yes = [
        ask("is label", answer="yes", subject=index, key=thing.colour)
        for index, thing in enumerate(things[:2])
    ]
    if not has_target:
        return (*no, *codes, *yes)
    lone = []
    if len(things) == 1:
        lone = [
            ask("lone code", answer=things[0].code, subject=0),
            ask("lone colour", answer=things[0].colour, subject=0),
        ]
    return (*codes[:1], *lone, *codes[1:], *yes, *no)


def _about_plate(
    things: list[Thing], *, has_target: bool, rng: np.random.Generator
) -> tuple[SceneQuestion, ...]:
    if not has_target:
        asked = [str(name) for name in rng.permutation(DEFECTS)]
        return (
            *(ask("is defect", answer="no", subject=None, key=name) for name in asked[:2]),
            ask("any defect", answer="no", subject=None, key="defect"),
            ask("which defect", answer="none", subject=None),
        )
    kind = things[0].kind
    other = str(rng.choice([name for name in DEFECTS if name != kind]))
    return (
        ask("which defect", answer=kind, subject=0),
        ask("is defect", answer="yes", subject=0, key=kind),
        ask("is defect", answer="no", subject=0, key=other),
        ask("any defect", answer="yes", subject=0, key="defect"),
    )


def _about_tissue(
    things: list[Thing], *, size: tuple[int, int], has_target: bool
) -> tuple[SceneQuestion, ...]:
    if not has_target:
        return (ask("is nodule", answer="no", subject=None, key="nodule"),)
    nodule = things[0]
    middle = (nodule.box.x0 + nodule.box.x1) / 2
    return (
        ask("margin", answer=nodule.kind, subject=0),
        ask("side", answer="left" if middle < size[0] / 2 else "right", subject=0),
        ask("density", answer=nodule.density, subject=0),
        ask("is nodule", answer="yes", subject=0, key="nodule"),
    )


def answer_words() -> tuple[str, ...]:
    """Every answer that is a word; codes come on top."""
    sides = ("left", "right", "dense", "faint", "yes", "no", "none")
    return (*COLOURS, *DEFECTS, *MARGINS, *sides)
