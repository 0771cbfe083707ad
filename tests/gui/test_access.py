"""Signing in, locking and signing, in the window and against the real store."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QMessageBox

from inspector_app import app, paths
from inspector_app.domain.messages import FindGestures, Inspect, KeepGesture, Problem
from inspector_app.domain.operators import Role
from inspector_app.gui.dialogs.signing import SignDialog
from inspector_app.gui.facts import Kind
from inspector_app.gui.features.access_room import AccessRoom
from inspector_app.log import is_logging, start_log, stop_log
from inspector_app.store import accounts as module
from inspector_app.store import keeping
from inspector_app.store.accounts import Accounts
from inspector_app.store.records import Store
from inspector_app.store.trail import trail
from tests.fakes.records import harmed, make_inspection

# Drawn into memory, a window cannot be raised, and has no frame.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


_HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    usual = {"cost": {"n": 16, "r": 8, "p": 1}}
    monkeypatch.setattr(module.Accounts.__init__, "__kwdefaults__", usual)


@pytest.fixture
def users(home):
    store = Store(paths.data())
    accounts = Accounts(store)
    accounts.add("ada", Role.ADMIN, "correct horse", by="me")
    accounts.add("ben", Role.OPERATOR, "1234", by="ada")
    accounts.add("eva", Role.ENGINEER, "1234", by="ada")
    store.close()


@pytest.fixture
def locked(stage, qtbot, users):
    """A window where everybody has to sign in, and nobody has yet."""
    return room_of(stage.open("a.png", "b.png", require_sign_in=True))


def room_of(window):
    return window.findChild(AccessRoom)


def sign_in(room, qtbot, name, password="1234"):
    form = room.screen.form
    form.name.setText(name)
    form.password.setText(password)
    form.go.click()
    qtbot.waitUntil(lambda: not room.screen.is_down or bool(form.trouble.text()))


def window_of(room):
    return room.parent()


def test_nothing_is_seen_before_somebody_signs_in(locked, qtbot):
    assert not window_of(locked).isVisible()
    assert locked.screen.isVisible()

    sign_in(locked, qtbot, "ben", "wrong")

    assert "do not fit" in locked.screen.form.trouble.text()
    assert locked.screen.form.password.text() == ""
    assert not window_of(locked).isVisible()


def test_whoever_signs_in_stands_in_the_status_bar_and_in_every_inspection(locked, qtbot, stage):
    sign_in(locked, qtbot, "ben")
    session = window_of(locked).session
    qtbot.waitUntil(lambda: session.picture is not None)

    session.set_question("Is there a crack?")
    session.ask()
    qtbot.waitUntil(lambda: session.inspection is not None)

    asked = [one for one in stage.script.asked if isinstance(one, Inspect)]
    assert asked[-1].notes == ("operator ben",)
    assert locked.chip.text() == "ben · operator"


def test_an_operator_reaches_neither_presets_nor_settings_nor_users(locked, qtbot):
    sign_in(locked, qtbot, "ben")
    window = window_of(locked)

    names = ("presets", "settings", "models", "users")
    assert not any(window.actions_by_name[name].isEnabled() for name in names)
    window.status.chip.click()

    assert "settings" not in window._dialogs
    assert "ben (operator) may not change settings" in window.notices.cards[-1].notice.text


def test_an_engineer_changes_presets(locked, qtbot):
    sign_in(locked, qtbot, "eva")

    assert window_of(locked).actions_by_name["presets"].isEnabled()
    assert not window_of(locked).actions_by_name["users"].isEnabled()


def test_a_locked_window_is_opened_by_the_same_person_or_an_admin_only(locked, qtbot):
    sign_in(locked, qtbot, "ben")
    locked.lock()
    assert not window_of(locked).isVisible()

    sign_in(locked, qtbot, "eva")
    assert "Only ben or an admin" in locked.screen.form.trouble.text()
    sign_in(locked, qtbot, "ada", "correct horse")

    assert window_of(locked).isVisible()
    assert locked.chip.text() == "ada · admin"


def test_locking_keeps_what_is_typed_and_open(locked, qtbot):
    sign_in(locked, qtbot, "eva")
    window = window_of(locked)
    window.session.set_question("How many screws?")
    window.open_settings()
    dialog = window._dialogs["settings"]

    locked.lock()
    assert not dialog.isVisible()
    sign_in(locked, qtbot, "eva")

    assert dialog.isVisible()
    assert window.session.question == "How many screws?"


def test_what_one_person_had_open_is_closed_for_the_next(locked, qtbot):
    sign_in(locked, qtbot, "eva")
    window = window_of(locked)
    window.open_settings()

    locked.sign_out()
    sign_in(locked, qtbot, "ben")

    assert window.isVisible()
    assert not window._dialogs["settings"].isVisible()


def test_idle_time_locks_the_window_and_a_hand_on_the_mouse_begins_it_anew(locked, qtbot):
    sign_in(locked, qtbot, "ben")
    idle, timer = locked.idle, locked.idle._timer
    assert idle.is_watching
    idle.watch(_HOUR_MS)
    front = window_of(locked).windowHandle()
    idle._listen_to(front)
    before = timer.timerId()
    where = QPointF(5, 5)
    none = Qt.MouseButton.NoButton
    QGuiApplication.sendEvent(
        front,
        QMouseEvent(
            QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier
        ),
    )

    # Each beginning of a timer has a number of its own.
    assert timer.timerId() != before
    assert timer.interval() == _HOUR_MS
    idle.watch(1)
    qtbot.waitUntil(lambda: locked.screen.is_down)
    assert not window_of(locked).isVisible()


def test_without_required_sign_in_nothing_is_locked(stage, qtbot):
    window = stage.open("a.png")
    room = room_of(window)

    room.lock()

    assert window.isVisible()
    assert not room.idle.is_watching
    assert not room.chip.isVisible()


def test_switching_it_on_makes_the_first_admin(stage, qtbot):
    window = stage.open("a.png")
    room = room_of(window)
    window.session.choose("require_sign_in", True)
    qtbot.waitUntil(lambda: room.switching.dialog is not None)
    dialog = room.switching.dialog

    dialog.name.setText("ada")
    dialog.first.setText("correct horse")
    assert not dialog.ok.isEnabled()
    dialog.second.setText("correct horse")
    dialog.ok.click()
    qtbot.waitUntil(lambda: window.session.presence.who == "ada")

    store = Store(paths.data())
    with store.using() as connection:
        told = [(line.who, line.what) for line in trail(connection)]
    store.close()
    assert told[-1] == ("ada", "user sign-in required")


def test_giving_up_the_first_admin_leaves_it_off(stage, qtbot):
    window = stage.open("a.png")
    room = room_of(window)
    window.session.choose("require_sign_in", True)
    qtbot.waitUntil(lambda: room.switching.dialog is not None)

    room.switching.dialog.reject()

    assert not window.session.settings.require_sign_in


def test_only_an_admin_switches_it_off(locked, qtbot):
    sign_in(locked, qtbot, "eva")
    session = window_of(locked).session

    session.choose("require_sign_in", False)
    qtbot.waitUntil(lambda: session.settings.require_sign_in)

    assert session.presence.who == "eva"
    assert "may not look after users" in window_of(locked).notices.cards[-1].notice.text


def test_an_admin_adds_and_retires_users(locked, qtbot):
    sign_in(locked, qtbot, "ada", "correct horse")
    locked.open_users()
    qtbot.waitUntil(lambda: locked.users is not None and locked.users.isVisible())
    dialog = locked.users
    dialog.add.click()
    dialog.dialog.name.setText("Carl")
    for field in (dialog.dialog.first, dialog.dialog.second):
        field.setText("2468")
    dialog.dialog.ok.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 4)
    dialog.table.selectRow(0)
    dialog.retire.click()
    qtbot.waitUntil(lambda: dialog.table.item(0, 2).text() == "retired")

    assert dialog.table.item(0, 0).text() == "Carl"
    assert dialog.retire.text() == "Let return"


def test_signing_begins_in_the_name_and_a_refusal_squeezes_no_field(qtbot):
    dialog = SignDialog(2, "")
    qtbot.addWidget(dialog)
    dialog.show()
    high = dialog.form.name.height()
    assert dialog.focusWidget() is dialog.form.name

    dialog.refuse(Problem("Signing needs a user with a password. " * 4, hint="Add one first."))
    dialog.layout().activate()

    assert dialog.form.name.height() == dialog.form.password.height() == high


def test_signing_can_be_left_by_a_button_and_enter_is_not_on_it(qtbot):
    dialog = SignDialog(2, "Anna")
    qtbot.addWidget(dialog)
    dialog.show()

    assert dialog.form.go.isDefault()
    dialog.cancel.click()

    assert dialog.isHidden()
    assert dialog.result() == SignDialog.DialogCode.Rejected


def test_a_signature_takes_the_password_again_and_a_later_word_outdates_it(qtbot, users, stage):
    store = Store(paths.data())

    def desk(request):
        if isinstance(request, KeepGesture):
            return store.keep_gesture(request.picture, request.gesture)
        if isinstance(request, FindGestures):
            return store.gestures_of(request.picture)
        return (yield from stage.script.perform(request))

    made = replace(stage.parts(), desk=desk)
    window = app.open_window(made, [str(stage.folder / "a.png")])
    stage.windows.append(window)
    room = room_of(window)
    session = window.session
    qtbot.waitUntil(lambda: session.picture is not None and session.model is not None)
    session.set_question("Is there a crack?")
    session.ask()
    qtbot.waitUntil(lambda: session.inspection is not None)
    source = session.picture.provenance
    kept = store.save(replace(session.inspection, id=None, provenance=source))
    session._show_inspection(kept)

    room.signing.sign()
    form = room.signing.dialog.form
    form.name.setText("eva")
    form.password.setText("1234")
    form.go.click()
    qtbot.waitUntil(lambda: bool(room.signing.signatures))
    first = room.signing.line.text()
    session.findings.write_note("look again")
    qtbot.waitUntil(lambda: not room.signing.signatures[0].is_current)

    window.close()
    store.close()
    assert first.startswith("reviewed by eva (engineer)")
    assert room.signing.line.text().endswith("signed for an earlier state")


def test_damaged_records_are_told_and_a_backup_is_put_back_in_the_window(stage, qtbot, tmp_path):
    store = Store(paths.data())
    store.save(make_inspection())
    store.close()
    keeping.backup(paths.data(), tmp_path / "backup.sqlite")
    harmed(paths.data())
    window = stage.open("a.png")
    room = room_of(window)

    qtbot.waitUntil(lambda: bool(window.notices.cards))
    notice = window.notices.cards[-1].notice
    room.backup.ask(str(tmp_path / "backup.sqlite"))
    room.backup.question.button(QMessageBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: Kind.DONE in {card.notice.kind for card in window.notices.cards})

    assert notice.text.endswith("is damaged.")
    assert "Put a backup back" in notice.hint
    again = Store(paths.data())
    assert again.trouble is None
    assert again.open(1).id == 1
    again.close()


def change_users(change):
    """As an admin does it from the command line, or in another window."""
    store = Store(paths.data())
    change(Accounts(store))
    store.close()


def test_whoever_is_retired_meanwhile_has_to_leave(locked, qtbot):
    sign_in(locked, qtbot, "ben")
    change_users(lambda accounts: accounts.retire("ben", by="ada"))

    locked.standing.look()
    qtbot.waitUntil(lambda: locked.screen.is_down)

    assert not window_of(locked).isVisible()
    assert "ben works here no more" in locked.screen.form.trouble.text()


def test_another_role_holds_at_once(locked, qtbot):
    sign_in(locked, qtbot, "ben")
    change_users(lambda accounts: accounts.change_role("ben", Role.ENGINEER, by="ada"))

    locked.standing.look()
    qtbot.waitUntil(lambda: locked.chip.text() == "ben · engineer")

    assert window_of(locked).isVisible()
    assert window_of(locked).actions_by_name["presets"].isEnabled()


def test_logs_and_caches_are_wiped_in_the_window_and_it_goes_on_logging(stage, qtbot, home):
    window = stage.open()
    window.actions_by_name["wipe_caches"].trigger()
    qtbot.waitUntil(lambda: bool(window.notices.cards))
    assert window.notices.cards[-1].notice.text == "There were no logs and caches to take away."
    window.notices.clear()
    (paths.towers() / "a").mkdir(parents=True)
    (paths.towers() / "a" / "tower.onnx").write_bytes(b"made again at any time")
    start_log(paths.logs())
    try:
        window.actions_by_name["wipe_caches"].trigger()
        qtbot.waitUntil(lambda: bool(window.notices.cards))
        told = window.notices.cards[-1].notice

        assert told.kind == Kind.DONE
        assert told.text == "2 files of logs and caches were taken away."
        assert not paths.towers().exists()
        assert is_logging()
    finally:
        stop_log()
