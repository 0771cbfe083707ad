"""Whatever a source notes about a picture is said in the language of the window."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector_app import paths
from inspector_app.gui.wording.picture_notes import PICTURE_NOTES
from inspector_app.gui.wording.problems import matching

ROOT = Path(__file__).parents[2] / "inspector_app"
SOURCES = (
    *sorted((ROOT / "sources").rglob("*.py")),
    ROOT / "imaging/colours.py",
    ROOT / "imaging/conversion.py",
)


def texts(node):
    """Every text in an expression, with a number where something is put in."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        return {"".join(parts)}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.Call | ast.Subscript | ast.Compare):
        return set()
    return {text for child in ast.iter_child_nodes(node) for text in texts(child)}


def notes():
    """What is assigned to notes, given as notes, or returned as a tuple of them."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign):
                names = {getattr(name, "id", "") for name in node.targets}
                found |= texts(node.value) if names & {"notes", "facts"} else set()
            elif isinstance(node, ast.keyword) and node.arg == "notes":
                found |= texts(node.value)
            elif isinstance(node, ast.FunctionDef) and (
                "notes" in node.name or node.name in {"_narrowed", "managed"}
            ):
                returned = (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
                found |= {text for value in returned if value for text in texts(value)}
    return sorted(note for note in found if re.search(r"[a-z]{2}", note))


def test_there_are_notes():
    assert {"page 7 of 7", "transparent parts are shown white", "at 7 s"} <= set(notes())


@pytest.mark.parametrize("note", notes())
def test_a_note_about_a_picture_is_said_in_chinese(note):
    catalogue = ElementTree.parse(paths.resources() / "translations/inspector_zh_CN.ts")
    spoken = {
        message.findtext("source")
        for context in catalogue.getroot().iter("context")
        if context.findtext("name") == "note"
        for message in context.iter("message")
        if (message.findtext("translation") or "").strip()
    }

    fitting = [one for one in PICTURE_NOTES if matching(one).fullmatch(note)]

    assert fitting
    assert set(fitting) <= spoken
