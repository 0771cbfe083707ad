"""What holds for every widget: names for screen readers, words in both languages, no torch."""

import ast
import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget

from inspector_app import paths
from inspector_app.gui.actions import Actions
from inspector_app.gui.language import Language
from inspector_app.gui.wording.problems import SENTENCES, problem_words

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OWNERS = {"QSpinBox", "QTabBar", "QToolBar", "QLineEdit"}
"""Qt's own parts of these speak through their owner."""


def named(widget: QWidget) -> str:
    """What a screen reader would say."""
    words = widget.accessibleName()
    if not words and isinstance(widget, QAbstractButton):
        words = widget.text() or widget.toolTip()
    if not words and isinstance(widget.parentWidget(), QComboBox):
        words = widget.parentWidget().accessibleName()
    return words


def test_every_control_has_a_name_for_screen_readers(opened, qtbot):
    for name in ("settings", "about", "views"):
        opened.session.set_question("Is there a crack?")
        if name == "views":
            with qtbot.waitSignal(opened.session.inspection_changed, check_params_cb=bool):
                opened.session.ask()
        opened.actions_by_name[name].trigger()
    controls = [
        widget
        for widget in opened.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QSlider)
        and not widget.objectName().startswith("qt_")
    ]
    nameless = [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls
        if not named(widget) and type(widget.parentWidget()).__name__ not in OWNERS
    ]

    assert len(controls) > 25
    assert not nameless


def test_the_tab_order_follows_the_order_of_thought(opened):
    ask = opened.ask
    chain = [ask.question, ask.strategy, ask.count, ask.gate, ask.inspect]

    for before, after in itertools.pairwise(chain):
        following = before.nextInFocusChain()
        seen = []
        while following is not after and len(seen) < 400:
            seen.append(following)
            following = following.nextInFocusChain()
        between = [w for w in seen if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
        assert [w for w in between if w.parentWidget() not in chain] == []


def test_a_focused_control_keeps_the_keys_it_lives_by(opened):
    def is_kept(widget, key):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(widget, event)
        return event.isAccepted()

    assert is_kept(opened.ask.gate, Qt.Key.Key_Space)
    assert is_kept(opened.heat.opacity, Qt.Key.Key_Right)
    assert is_kept(opened.pictures.list, Qt.Key.Key_Return)
    assert is_kept(opened.ask.question.lineEdit(), Qt.Key.Key_N)
    assert not is_kept(opened.canvas.view, Qt.Key.Key_N)
    assert not is_kept(opened.canvas.view, Qt.Key.Key_Space)


def test_no_two_actions_share_a_key(opened):
    keys = [
        keys.toString() for action in opened.actions_by_name.all() for keys in action.shortcuts()
    ]

    assert len(keys) == len(set(keys))


def test_nothing_is_destroyed_by_a_bare_key(opened):
    for name in ("clear", "remove", "quit"):
        for keys in opened.actions_by_name[name].shortcuts():
            assert "+" in keys.toString()


def test_every_action_stands_in_a_menu_or_has_a_key(opened: QWidget):
    in_menus = {action for menu in opened.menus._menus.values() for action in menu.actions()}

    for action in opened.actions_by_name.all():
        assert action in in_menus or action.shortcuts(), action.objectName()
    assert isinstance(opened.actions_by_name, Actions)


def translations(code):
    tree = ET.parse(paths.resources() / "translations" / f"inspector_{code}.ts")
    return [
        (message.findtext("source"), message.find("translation"))
        for message in tree.iter("message")
    ]


def test_every_text_is_translated_with_its_places():
    for source, translation in translations("zh_CN"):
        said = "".join(translation.itertext()).strip()
        assert translation.get("type") is None, source
        assert said, source
        places = re.findall(r"\{[^}]*\}|%n", source)
        assert sorted(places) == sorted(re.findall(r"\{[^}]*\}|%n", said)), source


def test_the_translation_knows_every_text_of_the_window(tmp_path):
    """A text added without its translation is found here."""
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    if not tool.exists():
        pytest.skip("pyside6-lupdate is not installed")
    fresh = tmp_path / "fresh.ts"
    files = [str(file) for file in Path("inspector_app/gui").rglob("*.py")]
    subprocess.run([str(tool), *files, "-ts", str(fresh)], check=True, capture_output=True)

    wanted = {message.findtext("source") for message in ET.parse(fresh).iter("message")}

    known = {source for source, _translation in translations("zh_CN")}
    assert wanted - known == set()


@pytest.mark.slow
def test_the_window_stands_before_torch_is_imported(tmp_path):
    code = (
        "import sys\n"
        "from inspector_app import app\n"
        "application = app.make_application()\n"
        "window = app.open_window(app.real_parts())\n"
        "assert window.isVisible()\n"
        "early = 'torch' in sys.modules\n"
        "window.close()\n"
        "sys.exit(1 if early else 0)\n"
    )
    home = {"INSPECTOR_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_workbench_of_the_desk_leaves_torch_alone():
    """Pictures, thumbnails and records must not wait until torch is read."""
    code = "import sys, inspector_app.workflow.workbench; sys.exit('torch' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def said_in_the_rooms():
    """Every text in the source, with NAME for what is put in; not the tables of translations."""
    for file in Path("inspector_app").rglob("*.py"):
        if file.stem.endswith(("sentences", "problems")):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield node_words(node)


def longest_part(line):
    """What of a sentence is said in one piece: sentences are put together from several."""
    return max((part.strip(" .") for part in re.split(r"\{[^}]*\}|\. ", line)), key=len)


def node_words(node):
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "NAME" for part in node.values
        )
    return ""


def test_the_translated_sentences_are_those_that_the_rooms_say():
    """A few may lag behind; a table that nobody keeps up would be dead weight."""
    said = "\n".join(said_in_the_rooms())

    silent = [line for line in SENTENCES if longest_part(line) not in said]

    assert len(silent) <= len(SENTENCES) // 20, silent


def test_a_sentence_keeps_its_names_in_another_language(qapp):
    language = Language()
    language.apply("zh_CN")
    try:
        said = problem_words("The folder /data/out does not let this program write a.pdf.")
        unknown = problem_words("Nobody ever said this.")
    finally:
        language.apply("en")

    assert said == "文件夹 /data/out 不允许本程序写入 a.pdf。"
    assert unknown == "Nobody ever said this."


def test_enter_chooses_from_a_list_that_is_open(opened, qtbot):
    strategy = opened.ask.strategy
    strategy.showPopup()
    qtbot.waitUntil(strategy.view().isVisible)
    strategy.view().setCurrentIndex(strategy.model().index(strategy.findData("whole"), 0))
    # This is the event at which Qt chooses; a shortcut of the window must not take it away.
    enter = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier
    )

    QApplication.sendEvent(strategy.view(), enter)

    assert opened.session.strategy == "whole"
    assert not strategy.view().isVisible()
