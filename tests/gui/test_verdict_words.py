"""Every reason that a verdict can have is said in both languages."""

import ast
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector_app import paths
from inspector_app.domain.finding import Finding, Severity
from inspector_app.domain.verdict import Outcome, Verdict
from inspector_app.gui.wording.verdict_words import finding_lines, reason_words, verdict_words
from inspector_app.workflow.following import NOT_MOVED

SOURCES = (
    *("domain/check_kinds.py", "domain/verdict.py", "domain/placement.py", "domain/quality.py"),
    *("workflow/judging.py", "workflow/following.py"),
)
ROOT = Path(__file__).parents[2] / "inspector_app"


def constants(node):
    """The texts that an expression can be."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return {node.value} if is_text and " " in node.value and "\n" not in node.value else set()


def reasons():
    """Every sentence that the code yields, returns or names as a reason."""
    found = set()
    for name in SOURCES:
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.Yield | ast.Return | ast.Assign) and node.value is not None:
                found |= constants(node.value)
            elif isinstance(node, ast.Call):
                found |= {
                    text
                    for word in node.keywords
                    if word.arg == "reason"
                    for text in constants(word.value)
                }
                if getattr(node.func, "id", "") in {"Verdict", "Ruling"}:
                    found |= {text for given in node.args for text in constants(given)}
    return sorted(text for text in found - {NOT_MOVED} if text[0].islower())


def test_there_are_reasons():
    assert len(reasons()) > 30


@pytest.mark.parametrize("reason", reasons())
def test_a_reason_is_said_in_chinese_in_the_window_and_in_reports(reason):
    catalogue = ElementTree.parse(paths.resources() / "translations/inspector_zh_CN.ts")
    spoken = {
        message.findtext("source")
        for context in catalogue.getroot().iter("context")
        if context.findtext("name") == "verdict"
        for message in context.iter("message")
        if (message.findtext("translation") or "").strip()
    }
    report = json.loads((paths.resources() / "report/zh_CN.json").read_text("utf-8"))

    assert reason in spoken
    assert reason in report


def test_findings_and_further_doubts_stand_one_a_line(qapp):
    verdict = Verdict(
        Outcome.CHECK,
        "the number is above its limit",
        "12 mm > 10",
        (Finding("crack", None, Severity.CRITICAL, suggestion="Replace\nit."),),
        ("the number is above its limit", "the picture is blurred"),
    )

    assert verdict_words(verdict) == "the number is above its limit (12 mm > 10)"
    assert finding_lines(verdict) == [
        "crack · critical · Replace it.",
        "the picture is blurred",
    ]


def test_an_unknown_reason_is_shown_as_it_came(qapp):
    assert reason_words("something new") == "something new"
