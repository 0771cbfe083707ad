"""`inspector users`: who may work here, and what each may do."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from inspector_app import paths
from inspector_app.cli.access import As, credentials, new_password
from inspector_app.cli.terminal import add as add_row
from inspector_app.cli.terminal import say, say_table
from inspector_app.domain.access import ChangeUser
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.operators import RIGHTS, Operator, Right, Role

if TYPE_CHECKING:
    from inspector_app.store.accounts import Accounts

users = typer.Typer(help="Who may work here.", invoke_without_command=True)

Name = Annotated[str, typer.Argument(help="Of the user.", show_default=False)]
RoleName = Annotated[str, typer.Option("--role", help="operator, technician, engineer, admin.")]


@users.callback()
def top(context: typer.Context) -> None:
    """List the users, or do one of the commands."""
    if context.invoked_subcommand is None:
        list_users()


@users.command("list")
def list_users() -> None:
    """Everybody who ever had an account; none is ever deleted."""
    with _accounts() as accounts:
        known = accounts.all()
    if not known:
        say("There are no users yet. The first one: inspector users add NAME --role admin")
        return
    table = Table("name", "role", "state", "last signed in")
    for one in known:
        add_row(table, one.name, str(one.role), _state(one), one.seen or "never")
    say_table(table)


@users.command("rights")
def list_rights() -> None:
    """Which role may do what."""
    table = Table("", *(str(role) for role in Role))
    for right in Right:
        add_row(table, str(right), *("yes" if right in RIGHTS[role] else "-" for role in Role))
    say_table(table)


@users.command("add")
def add_user(name: Name, role: RoleName = "operator", as_name: As = "") -> None:
    """Add a user; the first one must be an admin, and only an admin adds more."""
    from inspector_app.workflow.accounts import local_name  # noqa: PLC0415  only here

    chosen = _role(role)
    with _accounts() as accounts:
        by = _admin(accounts, as_name) if accounts.has_admin else local_name()
        added = accounts.add(name, chosen, new_password(name), by=by)
    say(f"Added {added.name} ({added.role}).")


@users.command("retire")
def retire_user(
    name: Name,
    back: Annotated[bool, typer.Option("--back", help="The user works here again.")] = False,
    as_name: As = "",
) -> None:
    """Let a user sign in no more; the name stays taken, and what was signed stays signed."""
    _change(ChangeUser(name, is_retired=not back), as_name)
    say(f"{name} {'works here again' if back else 'is retired'}.")


@users.command("role")
def change_role(
    name: Name,
    role: Annotated[str, typer.Argument(help="The new role.", show_default=False)],
    as_name: As = "",
) -> None:
    """Give a user another role."""
    chosen = _role(role)
    password = new_password(name) if chosen is Role.ADMIN else ""
    _change(ChangeUser(name, role=chosen, password=password), as_name)
    say(f"{name} is {chosen} now.")


@users.command("password")
def change_password(name: Name, as_name: As = "") -> None:
    """Set a new password: one's own, or as an admin anybody's; it opens a shut account."""
    from inspector_app.workflow.accounts import change  # noqa: PLC0415  only here

    with _accounts() as accounts:
        by = accounts.check(*credentials(as_name or name)).name
        known = accounts.get(name)
        whose = name if known is None else known.name
        change(accounts, ChangeUser(whose, password=new_password(name), by=by))
    say(f"{whose} has a new password.")


@users.command("require")
def require_sign_in(
    on: Annotated[bool, typer.Option("--on/--off", help="Whether everybody has to.")] = True,
    as_name: As = "",
) -> None:
    """Let everybody sign in from now on, or nobody: kept in the records as an admin's decision."""
    from inspector_app.store.deeds import Deed  # noqa: PLC0415  only here

    with _accounts() as accounts:
        if not accounts.has_admin:
            raise WrongUse(
                "There is nobody yet who could sign in.",
                hint="Add the first admin: inspector users add NAME --role admin",
            )
        accounts.note(_admin(accounts, as_name), Deed.SWITCHED_ON if on else Deed.SWITCHED_OFF)
    say("Everybody signs in from now on." if on else "Nobody has to sign in any more.")


def _change(request: ChangeUser, as_name: str) -> None:
    from inspector_app.workflow.accounts import change  # noqa: PLC0415  only here

    with _accounts() as accounts:
        change(accounts, replace(request, by=_admin(accounts, as_name)))


def _admin(accounts: "Accounts", as_name: str) -> str:
    """Name of the admin who proves to be one."""
    from inspector_app.workflow.accounts import require  # noqa: PLC0415  only here

    found = accounts.check(*credentials(as_name))
    require(found, Right.USERS)
    return found.name


def _role(typed: str) -> Role:
    try:
        return Role(typed.strip().lower())
    except ValueError as error:
        known = ", ".join(Role)
        raise WrongUse(f'There is no role "{typed}".', hint=f"One of: {known}.") from error


def _state(one: Operator) -> str:
    if one.is_retired:
        return "retired"
    return "shut for a while" if one.is_locked else "active"


@contextmanager
def _accounts() -> "Iterator[Accounts]":
    from inspector_app.store.accounts import Accounts  # noqa: PLC0415  only here
    from inspector_app.store.records import Store  # noqa: PLC0415  likewise

    with closing(Store(paths.data())) as store:
        yield Accounts(store)
