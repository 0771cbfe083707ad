"""Who may work here: accounts as events, one after the other, sealed like everything else.

An account is never deleted, and a name never means another person. Passwords are kept as
scrypt with a salt of their own; wrong ones are kept as events, and too many shut an account
for a while.
"""

import base64
import datetime
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from inspector_app.domain.errors import NotAllowed, UnreadableRecord, WrongUse
from inspector_app.domain.operators import (
    LOCKED_S,
    TRIES,
    Operator,
    Role,
    clean_name,
    shortest,
)
from inspector_app.store.chain import seal
from inspector_app.store.deeds import Deed
from inspector_app.store.records import Store

COST: Mapping[str, int] = MappingProxyType({"n": 2**15, "r": 8, "p": 3})
"""Of a password's hash: 32 MB of memory. Source: OWASP, Password Storage Cheat Sheet."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Account:
    """An account after all its events; `wrong` counts the wrong passwords in a row."""

    operator: Operator
    secret: str = field(repr=False, default="")
    wrong: int = 0
    wrong_at: str = ""


class Accounts:
    """The accounts in a store. Any thread may call any method.

    Args:
        store: Keeps them beside the records.
        cost: Of hashing; see `COST`.
    """

    def __init__(self, store: Store, *, cost: Mapping[str, int] = COST) -> None:
        self._store = store
        self._cost = cost

    def all(self) -> tuple[Operator, ...]:
        """Everybody who ever had an account, by name."""
        with self._store.using() as connection:
            known = _accounts(connection)
        return tuple(known[name].operator for name in sorted(known))

    def get(self, name: str) -> Operator | None:
        """The account of a name, however it is written; None where there is none."""
        folded = _folded(name)
        return next((one for one in self.all() if _folded(one.name) == folded), None)

    @property
    def has_admin(self) -> bool:
        """Whether somebody can look after users."""
        return any(one.role is Role.ADMIN and not one.is_retired for one in self.all())

    def add(self, name: str, role: Role, password: str, *, by: str) -> Operator:
        """A new account; the first one must be an administrator's.

        Args:
            name: Of the person.
            role: What the person is here.
            password: Or PIN.
            by: Who adds it.

        Raises:
            WrongUse: the name is taken or none, the password is too short, or there is no
                administrator yet and this is none.
        """
        try:
            clean = clean_name(name)
        except ValueError as error:
            raise WrongUse(str(error), hint="Choose another name.") from error
        content = {"role": str(role), "secret": self._secret(password, role)}
        with self._store.writing() as connection:
            known = _accounts(connection)
            if any(_folded(one) == _folded(clean) for one in known):
                raise WrongUse(f"The name {clean} is taken.", hint="A name is never given twice.")
            if role is not Role.ADMIN and not _admins(known):
                raise WrongUse("The first user must be an admin.", hint="Add an admin first.")
            _add(connection, clean, Deed.ADDED, content, by=by)
        return Operator(clean, role)

    def change_role(self, name: str, role: Role, *, by: str) -> None:
        """Another role from now on; records keep what was.

        Raises:
            WrongUse: there is no such user, or nobody would look after users any more.
        """
        with self._store.writing() as connection:
            known = _accounts(connection)
            one = _known(known, name)
            if role is not Role.ADMIN:
                _keep_one_admin(known, but=one.operator)
            _add(connection, one.operator.name, Deed.ROLE, {"role": str(role)}, by=by)

    def change_password(self, name: str, password: str, *, by: str) -> None:
        """Another password; an account that was shut is open again.

        Raises:
            WrongUse: there is no such user, or the password is too short.
        """
        with self._store.using() as connection:
            one = _known(_accounts(connection), name).operator
        content = {"secret": self._secret(password, one.role)}
        with self._store.writing() as connection:
            _add(connection, one.name, Deed.PASSWORD, content, by=by)

    def retire(self, name: str, *, by: str) -> None:
        """This person works here no more; the account stays, and what was signed stays.

        Raises:
            WrongUse: there is no such user, or nobody would look after users any more.
        """
        with self._store.writing() as connection:
            known = _accounts(connection)
            one = _known(known, name).operator
            _keep_one_admin(known, but=one)
            _add(connection, one.name, Deed.RETIRED, {}, by=by)

    def let_return(self, name: str, *, by: str) -> None:
        """This person works here again.

        Raises:
            WrongUse: there is no such user.
        """
        with self._store.writing() as connection:
            one = _known(_accounts(connection), name).operator
            _add(connection, one.name, Deed.RETURNED, {}, by=by)

    def note(self, name: str, deed: Deed) -> None:
        """Keep that somebody signed out, or that a window was locked."""
        with self._store.writing() as connection:
            _add(connection, name, deed, {}, by=name)

    def check(self, name: str, password: str, *, deed: Deed = Deed.SIGNED_IN) -> Operator:
        """Who this is, proven by the password; kept as an event either way.

        Args:
            name: As typed.
            password: As typed.
            deed: What it is proven for.

        Raises:
            NotAllowed: name and password do not fit, or the account is shut or retired. An
                unknown name takes as long, and is told in the same words.
        """
        folded = _folded(name)
        with self._store.using() as connection:
            every = _accounts(connection).values()
        one = next((each for each in every if _folded(each.operator.name) == folded), None)
        if one is not None and one.operator.is_locked:
            raise _shut(one.operator.name)
        fits = _fits(password, one.secret if one is not None else self._secret("    ", None))
        if one is None or one.operator.is_retired or not fits:
            if one is not None:
                self._count_wrong(one.operator.name)
            raise NotAllowed("Name and password do not fit.", hint="Try again.")
        with self._store.writing() as connection:
            # Asked again inside: wrong ones may have shut it meanwhile.
            if _known(_accounts(connection), one.operator.name).operator.is_locked:
                raise _shut(one.operator.name)
            _add(connection, one.operator.name, deed, {}, by=one.operator.name)
        return one.operator

    def _count_wrong(self, name: str) -> None:
        with self._store.writing() as connection:
            _add(connection, name, Deed.REFUSED, {}, by="")

    def _secret(self, password: str, role: Role | None) -> str:
        if role is not None:
            check_length(password, role)
        salt = secrets.token_bytes(16)
        hashed = _hash(password, salt, self._cost)
        parts = (base64.b64encode(part).decode() for part in (salt, hashed))
        return "$".join(("scrypt", *(str(self._cost[name]) for name in "nrp"), *parts))


def check_length(password: str, role: Role) -> None:
    """Let it pass, or refuse.

    Raises:
        WrongUse: the password is too short for the role, or too long for anybody.
    """
    least = shortest(role)
    if not least <= len(password) <= _LONGEST:
        raise WrongUse(
            f"A password of this role has {least} to {_LONGEST} letters.",
            hint="Choose another one.",
        )


def _hash(password: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    room = 256 * cost["n"] * cost["r"] + 2**20
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, maxmem=room, dklen=32, **cost
    )


def _fits(password: str, secret: str) -> bool:
    _name, n, r, p, salt, hashed = secret.split("$")
    cost = {"n": int(n), "r": int(r), "p": int(p)}
    made = _hash(password, base64.b64decode(salt), cost)
    return hmac.compare_digest(made, base64.b64decode(hashed))


def _shut(name: str) -> NotAllowed:
    return NotAllowed(
        f"The account of {name} is shut after {TRIES} wrong passwords.",
        hint=f"Wait {LOCKED_S // 60} minutes, or let an admin set a new password.",
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _known(known: Mapping[str, _Account], name: str) -> _Account:
    folded = _folded(name)
    for one in known.values():
        if _folded(one.operator.name) == folded:
            return one
    raise WrongUse(f'There is no user "{name}".', hint="inspector users list names them.")


def _admins(known: Mapping[str, _Account]) -> list[str]:
    every = (one.operator for one in known.values())
    return [one.name for one in every if one.role is Role.ADMIN and not one.is_retired]


def _keep_one_admin(known: Mapping[str, _Account], *, but: Operator) -> None:
    if _admins(known) == [but.name]:
        raise WrongUse(
            f"{but.name} is the last admin, and somebody must look after users.",
            hint="Make somebody else an admin first.",
        )


def _add(
    connection: sqlite3.Connection, name: str, deed: Deed, content: dict[str, str], *, by: str
) -> None:
    cursor = connection.execute(
        "INSERT INTO accounts (created, operator, name, deed, content) VALUES (?, ?, ?, ?, ?)",
        (_now().isoformat(timespec="milliseconds"), by, name, str(deed), json.dumps(content)),
    )
    seal(connection, "accounts", int(cursor.lastrowid or 0))


def _accounts(connection: sqlite3.Connection) -> dict[str, _Account]:
    """What all events come to, by name."""
    known: dict[str, _Account] = {}
    rows = connection.execute("SELECT created, name, deed, content FROM accounts ORDER BY id")
    try:
        for created, name, deed, content in rows:
            known[name] = _after(known.get(name), name, Deed(deed), json.loads(content), created)
    except (ValueError, KeyError) as error:
        raise UnreadableRecord(
            "The list of users is damaged in the records.",
            hint="Put a backup of the records in their place.",
        ) from error
    return {name: _with_lock(one) for name, one in known.items() if one.secret}


def _after(
    before: _Account | None, name: str, deed: Deed, content: dict[str, Any], created: str
) -> _Account:
    one = before or _Account(Operator(name, Role.OPERATOR))
    match deed:
        case Deed.ADDED:
            one = _Account(Operator(name, Role(content["role"])), content["secret"])
        case Deed.ROLE:
            one = replace(one, operator=replace(one.operator, role=Role(content["role"])))
        case Deed.PASSWORD:
            one = replace(one, secret=content["secret"], wrong=0)
        case Deed.RETIRED | Deed.RETURNED:
            is_gone = deed is Deed.RETIRED
            one = replace(one, operator=replace(one.operator, is_retired=is_gone), wrong=0)
        case Deed.REFUSED:
            one = replace(one, wrong=one.wrong + 1, wrong_at=created)
        case Deed.SIGNED_IN | Deed.UNLOCKED | Deed.CONFIRMED:
            one = replace(one, operator=replace(one.operator, seen=created), wrong=0)
    return one


def _with_lock(one: _Account) -> _Account:
    if one.wrong < TRIES:
        return one
    since = _now() - datetime.datetime.fromisoformat(one.wrong_at)
    # A clock that was set back opens nothing.
    is_locked = since.total_seconds() < LOCKED_S
    return replace(one, operator=replace(one.operator, is_locked=is_locked))


def _now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()
