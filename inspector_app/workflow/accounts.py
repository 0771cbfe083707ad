"""Users and signatures: what may be done is asked of the table in `domain.operators`."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from inspector_app import paths
from inspector_app.domain.access import (
    AccessRequest,
    AddUser,
    BackUpRecords,
    ChangeUser,
    FindSignatures,
    ListUsers,
    LookAtRecords,
    NoteAccess,
    RequireSignIn,
    RestoreRecords,
    SignIn,
    SignRecord,
    WipeCaches,
    WriteTrail,
)
from inspector_app.domain.errors import NotAllowed, UnreadableRecord, WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.operators import (
    Operator,
    Right,
    Role,
    first_with,
    name_from,
)
from inspector_app.domain.signature import Signature
from inspector_app.store import keeping
from inspector_app.store.accounts import Accounts, check_length
from inspector_app.store.deeds import Deed
from inspector_app.store.records import FILE, Store
from inspector_app.workflow import caches
from inspector_app.workflow.trails import lines, write_trail

_NOTHING: Mapping[type, Any] = MappingProxyType(
    {LookAtRecords: "", FindSignatures: (), ListUsers: ()}
)
"""What is found where nothing was ever stored."""


def local_name() -> str:
    """Who works where nobody has to sign in."""
    return name_from(paths.user_name())


def perform(request: AccessRequest) -> Steps[Any]:
    """Do what is asked about users, signatures and the trail."""
    yield Step("open", 0, 1)
    # These are for records that cannot be opened, too.
    if isinstance(request, BackUpRecords):
        keeping.backup(paths.data(), Path(request.destination))
        return request.destination
    if isinstance(request, RestoreRecords):
        return _restored(request)
    if isinstance(request, WipeCaches):
        return caches.wipe_and_go_on()
    # Looking alone makes no file.
    if isinstance(request, tuple(_NOTHING)) and not (paths.data() / FILE).is_file():
        return _NOTHING[type(request)]
    with _opened() as store:
        return _in_store(store, request)


def _in_store(store: Store, request: AccessRequest) -> Any:
    match request:
        case LookAtRecords():
            found: Any = "" if store.trouble is None else str(store.trouble)
        case SignRecord():
            found = sign(store, request)
        case FindSignatures():
            found = store.signatures_of(request.record)
        case WriteTrail():
            told = lines(store, hides_patient=request.hides_patient)
            write_trail(told, Path(request.destination))
            found = request.destination
        case _:
            found = _about_users(Accounts(store), request)
    return found


def sign(store: Store, request: SignRecord) -> tuple[Signature, ...]:
    """Sign a record, once the signer has proven who it is.

    Raises:
        NotAllowed: name and password do not fit, or this person may not sign so.
        WrongUse: there is no such record.
    """
    accounts = Accounts(store)
    if not accounts.has_admin:
        raise NotAllowed(
            "Signing needs a user with a password, and there is none yet.",
            hint="Add users first: Tools, Users, or inspector users add.",
        )
    # Found missing before anybody is told to have confirmed anything.
    store.picture_of(request.record)
    signer = accounts.check(request.name, request.password, deed=Deed.CONFIRMED)
    require(signer, request.meaning.right)
    store.sign(request.record, request.meaning, by=signer)
    return store.signatures_of(request.record)


def require(operator: Operator, right: Right) -> None:
    """Let it pass, or refuse.

    Raises:
        NotAllowed: this person may not.
    """
    if not operator.may(right):
        raise NotAllowed(
            f"{operator.name} ({operator.role}) may not {right}.",
            hint=f"That takes the role {first_with(right)} or a higher one.",
        )


def _restored(request: RestoreRecords) -> str:
    """Put a backup back; where everybody signs in, an admin of the records that are there does."""
    if request.by:
        with contextlib.suppress(UnreadableRecord), _opened() as store:
            _must_look_after(Accounts(store), request.by)
    kept = keeping.restore(paths.data(), Path(request.source))
    return "" if kept is None else str(kept)


def _about_users(accounts: Accounts, request: AccessRequest) -> Any:
    match request:
        case SignIn():
            return _signed_in(accounts, request)
        case NoteAccess():
            deed = Deed.LOCKED if request.is_lock else Deed.SIGNED_OUT
            accounts.note(request.name, deed)
            return None
        case AddUser():
            if accounts.has_admin:
                _must_look_after(accounts, request.by)
            accounts.add(request.name, request.role, request.password, by=request.by)
        case ChangeUser():
            change(accounts, request)
        case RequireSignIn():
            _must_look_after(accounts, request.by)
            deed = Deed.SWITCHED_ON if request.is_on else Deed.SWITCHED_OFF
            accounts.note(request.by, deed)
            return None
        case ListUsers():
            pass
    return accounts.all()


def change(accounts: Accounts, request: ChangeUser) -> None:
    """Change what is asked for; one's own password needs no right.

    Raises:
        NotAllowed: `by` may not.
        WrongUse: there is no such user, or nobody would look after users any more.
    """
    is_own = (request.role, request.is_retired) == (None, None) and request.by == request.name
    if not is_own:
        _must_look_after(accounts, request.by)
    if request.role is Role.ADMIN and not request.password:
        raise WrongUse("A new admin needs a new password, too.", hint="Give one.")
    if request.role is not None and request.password:
        check_length(request.password, request.role)
    if request.role is not None:
        accounts.change_role(request.name, request.role, by=request.by)
    if request.password:
        accounts.change_password(request.name, request.password, by=request.by)
    if request.is_retired is not None:
        deed = accounts.retire if request.is_retired else accounts.let_return
        deed(request.name, by=request.by)


def _signed_in(accounts: Accounts, request: SignIn) -> Operator:
    deed = Deed.UNLOCKED if request.unlocks else Deed.SIGNED_IN
    found = accounts.check(request.name, request.password, deed=deed)
    if request.unlocks and found.name != request.unlocks and found.role is not Role.ADMIN:
        raise NotAllowed(
            f"Only {request.unlocks} or an admin can unlock this window.", hint="Sign in as one."
        )
    return found


def _must_look_after(accounts: Accounts, name: str) -> None:
    operator = accounts.get(name)
    if operator is None:
        raise NotAllowed(
            "Users are looked after by an admin.", hint="Sign in as one and try again."
        )
    require(operator, Right.USERS)


def _opened() -> contextlib.closing[Store]:
    return contextlib.closing(Store(paths.data()))
