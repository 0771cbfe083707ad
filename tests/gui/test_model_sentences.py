"""What models, servers and pulls meet in the world has words in every language of the window."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import inspector_app
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import LoadModel
from inspector_app.gui.wording.problems import SENTENCES, matching
from inspector_app.gui.wording.words import _NOTES
from inspector_app.workflow.stepping import REMEMBERED_TILES, Ladder, Room, narrowed

ROOMS = Path(inspector_app.__file__).parent
FILES = (
    "families/remote.py",
    "runtime/cards.py",
    "runtime/checkpoint.py",
    "runtime/processors.py",
    "runtime/server.py",
    "workflow/adding.py",
    "workflow/gathering.py",
    "workflow/loading.py",
    "workflow/manifest.py",
    "workflow/modelscope.py",
    "workflow/naming.py",
    "workflow/places.py",
    "workflow/towers.py",
    "workflow/web.py",
)
ERRORS = {"ModelTrouble", "WrongUse", "CannotWrite", "OutOfMemory"}
# What stands in a sentence for words that are no names.
WORDS = {
    "families/remote.py": {},
    "runtime/server.py": {"where": "The server at X", "said": ": X", "what": "a web page"},
    "workflow/gathering.py": {"words": "X broke the connection"},
    "workflow/manifest.py": {"what": "is missing"},
}


def sentences(file):
    for call in ast.walk(ast.parse((ROOMS / file).read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS:
            hints = [one.value for one in call.keywords if one.arg == "hint"]
            yield from (*call.args, *hints)


def plain(told, *, file):
    """The sentence with X for each name; None where it is put together elsewhere."""
    if isinstance(told, ast.Constant):
        return told.value
    if not isinstance(told, ast.JoinedStr):
        return None
    words = WORDS.get(file, {})
    return "".join(
        part.value if isinstance(part, ast.Constant) else words.get(ast.unparse(part.value), "X")
        for part in told.values
    )


def test_each_step_down_has_its_words():
    """As records carry them, from the memory that was too small for a model and its pictures."""
    place = ModelFacts("m", "llava", "cuda:0", "float32", "")
    ladder, room = Ladder(), Room()
    said = [ladder.begin(LoadModel("m", "cpu", "float32"))[1]]
    while (note := ladder.down(None)) is not None:
        said += [(note,), ladder.begin(LoadModel("m", "cpu", "float32"))[1]]
    said += [(room.without_tiles(), REMEMBERED_TILES)]
    said += [(room.fewer_crops(4), room.remembered_crops(4))]
    said += [(room.fewer_crops(2), room.remembered_crops(4))]
    said += [narrowed(LoadModel("m", "cpu"), replace(place, device="cpu", dtype="int8"))]

    notes = [one for some in said for one in some]

    assert len(notes) >= 9
    patterns = [matching(one) for one in _NOTES]
    assert [one for one in notes if not any(each.fullmatch(one) for each in patterns)] == []


@pytest.mark.parametrize("file", FILES)
def test_each_sentence_of_trouble_has_its_words(file):
    patterns = [matching(one) for one in SENTENCES]
    said = {plain(told, file=file) for told in sentences(file)} - {None}

    assert said
    assert [one for one in said if not any(each.fullmatch(one) for each in patterns)] == []
