"""That everybody signs in is an admin's decision in the records; no file of settings undoes it."""

import pytest

from inspector_app import paths
from inspector_app.app.parts import real_parts
from inspector_app.domain.operators import Role
from inspector_app.domain.settings import Settings
from inspector_app.settings import FILE as SETTINGS
from inspector_app.settings import save_settings
from inspector_app.store.accounts import Accounts
from inspector_app.store.decisions import sign_in_required
from inspector_app.store.deeds import Deed
from inspector_app.store.records import FILE, Store

CHEAP = {"n": 16, "r": 8, "p": 1}


@pytest.fixture
def accounts(home):
    store = Store(paths.data())
    yield Accounts(store, cost=CHEAP)
    store.close()


def decide(accounts, *deeds):
    accounts.add("ada", Role.ADMIN, "correct horse", by="")
    for deed in deeds:
        accounts.note("ada", deed)


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize(
    ("deeds", "holds"),
    [
        ([Deed.SWITCHED_ON], True),
        ([Deed.SWITCHED_ON, Deed.SIGNED_OUT], True),
        ([Deed.SWITCHED_ON, Deed.SWITCHED_OFF], False),
    ],
)
def test_the_last_decision_holds_whatever_the_settings_say(accounts, deeds, holds, said):
    decide(accounts, *deeds)

    assert sign_in_required(paths.data(), said=said) is holds


@pytest.mark.parametrize("said", [True, False])
def test_the_settings_hold_where_nothing_was_decided_and_somebody_could_sign_in(accounts, said):
    decide(accounts)

    assert sign_in_required(paths.data(), said=said) is said


def test_nobody_is_locked_out_of_records_without_users(accounts):
    assert not sign_in_required(paths.data(), said=True)


def test_looking_makes_no_file(tmp_path):
    assert not sign_in_required(tmp_path, said=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("said", [True, False])
def test_the_settings_hold_where_the_records_cannot_be_read(tmp_path, said):
    (tmp_path / FILE).write_bytes(b"no database" * 1000)

    assert sign_in_required(tmp_path, said=said) is said


@pytest.mark.parametrize("text", ["require_sign_in = false\n", "this is no TOML [[["])
def test_neither_an_edited_nor_a_damaged_file_of_settings_opens_the_window(accounts, text):
    decide(accounts, Deed.SWITCHED_ON)
    save_settings(Settings(require_sign_in=True))
    (paths.config() / SETTINGS).write_text(text, encoding="utf-8")

    parts = real_parts()
    parts.close()

    assert parts.settings.require_sign_in
