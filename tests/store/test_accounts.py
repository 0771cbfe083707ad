"""Accounts are events: never deleted, never in the clear, shut after wrong passwords."""

import datetime
import hashlib
import json
import sqlite3
from itertools import pairwise

import pytest

from inspector_app.domain.errors import NotAllowed, WrongUse
from inspector_app.domain.operators import RIGHTS, TRIES, Right, Role
from inspector_app.store import accounts as module
from inspector_app.store.accounts import Accounts
from inspector_app.store.deeds import Deed
from inspector_app.store.keeping import check
from inspector_app.store.records import FILE, Store
from tests.fakes.steps import finish

CHEAP = {"n": 16, "r": 8, "p": 1}


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def accounts(store):
    made = Accounts(store, cost=CHEAP)
    made.add("Ada Admin", Role.ADMIN, "correct horse", by="ada")
    made.add("ben", Role.OPERATOR, "1234", by="Ada Admin")
    return made


def wrong(accounts, name, times):
    for _ in range(times):
        with pytest.raises(NotAllowed, match="do not fit"):
            accounts.check(name, "no")


def test_the_first_user_is_an_admin(store):
    accounts = Accounts(store, cost=CHEAP)

    with pytest.raises(WrongUse, match="first user must be an admin"):
        accounts.add("ben", Role.OPERATOR, "1234", by="me")

    assert not accounts.has_admin


def test_whoever_knows_the_password_is_who_the_name_says(accounts):
    assert accounts.check("  ada   ADMIN ", "correct horse").name == "Ada Admin"
    assert accounts.check("ben", "1234").role is Role.OPERATOR


def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(accounts):
    told = []
    for name in ("ben", "nobody"):
        with pytest.raises(NotAllowed) as refused:
            accounts.check(name, "wrong")
        told.append(refused.value.sentence())

    assert told[0] == told[1]


def test_too_many_wrong_passwords_shut_an_account_until_an_admin_sets_a_new_one(accounts):
    wrong(accounts, "ben", TRIES)

    with pytest.raises(NotAllowed, match="is shut after 5 wrong"):
        accounts.check("ben", "1234")
    accounts.change_password("ben", "4321", by="Ada Admin")

    assert accounts.check("ben", "4321").name == "ben"


def test_a_shut_account_opens_after_a_quarter_of_an_hour_but_not_by_a_clock_set_back(
    accounts, monkeypatch
):
    wrong(accounts, "ben", TRIES)
    real = module._now()

    monkeypatch.setattr(module, "_now", lambda: real - datetime.timedelta(days=1))
    with pytest.raises(NotAllowed, match="is shut"):
        accounts.check("ben", "1234")
    monkeypatch.setattr(module, "_now", lambda: real + datetime.timedelta(minutes=16))

    assert accounts.check("ben", "1234").name == "ben"


def test_a_right_password_forgets_the_wrong_ones_before_it(accounts):
    wrong(accounts, "ben", TRIES - 1)
    accounts.check("ben", "1234")
    wrong(accounts, "ben", TRIES - 1)

    assert accounts.check("ben", "1234").name == "ben"


def test_a_retired_user_cannot_sign_in_and_the_name_stays_taken(accounts):
    accounts.retire("ben", by="Ada Admin")

    with pytest.raises(NotAllowed):
        accounts.check("ben", "1234")
    with pytest.raises(WrongUse, match="is taken"):
        accounts.add("BEN", Role.OPERATOR, "9999", by="Ada Admin")
    assert accounts.get("ben").is_retired


def test_somebody_always_looks_after_users(accounts):
    with pytest.raises(WrongUse, match="last admin"):
        accounts.retire("Ada Admin", by="Ada Admin")
    with pytest.raises(WrongUse, match="last admin"):
        accounts.change_role("Ada Admin", Role.OPERATOR, by="Ada Admin")


@pytest.mark.parametrize(("role", "password"), [(Role.OPERATOR, "123"), (Role.ADMIN, "1234567")])
def test_a_short_password_is_refused(accounts, role, password):
    with pytest.raises(WrongUse, match="A password of this role has"):
        accounts.add("carl", role, password, by="Ada Admin")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb"])
def test_an_impossible_name_is_refused(accounts, name):
    with pytest.raises(WrongUse):
        accounts.add(name, Role.OPERATOR, "1234", by="Ada Admin")


def test_passwords_are_kept_as_salted_scrypt(tmp_path, accounts):
    accounts.add("twin", Role.OPERATOR, "1234", by="Ada Admin")
    with sqlite3.connect(tmp_path / FILE) as reader:
        rows = reader.execute("SELECT content FROM accounts WHERE deed = 'added'").fetchall()
    reader.close()

    secrets = [json.loads(text)["secret"].split("$") for (text,) in rows]

    assert secrets[1][4:] != secrets[2][4:]
    _kind, n, r, p, salt, hashed = secrets[1]
    salted = module.base64.b64decode(salt)
    made = hashlib.scrypt(b"1234", salt=salted, n=int(n), r=int(r), p=int(p), dklen=32)
    assert made == module.base64.b64decode(hashed)


def test_the_usual_cost_is_that_of_the_cheat_sheet():
    assert dict(module.COST) == {"n": 2**15, "r": 8, "p": 3}


def test_everything_that_happens_to_an_account_is_sealed(tmp_path, store, accounts):
    accounts.check("ben", "1234")
    accounts.note("ben", Deed.SIGNED_OUT)
    wrong(accounts, "ben", 1)
    assert finish(check(tmp_path)).entries == 5

    with store.using() as connection:
        connection.execute("DROP TRIGGER accounts_refuse_update")
        connection.execute("UPDATE accounts SET name = 'eve' WHERE id = 2")

    assert "row 2 of accounts was changed" in finish(check(tmp_path)).trouble


def test_accounts_are_there_after_a_restart(tmp_path, store, accounts):
    accounts.change_role("ben", Role.ENGINEER, by="Ada Admin")
    store.close()

    again = Store(tmp_path)
    found = Accounts(again, cost=CHEAP).get("ben")
    again.close()

    assert found.role is Role.ENGINEER
    assert found.may(Right.PRESETS)


def test_each_role_may_what_the_one_before_it_may():
    ordered = [RIGHTS[role] for role in Role]

    assert all(less < more for less, more in pairwise(ordered))
    assert Right.PRESETS not in RIGHTS[Role.OPERATOR]
