"""Who types a command, and whether that person may do it."""

import os
import sys
from contextlib import closing
from typing import Annotated

import typer

from inspector_app import paths
from inspector_app.domain.errors import NotAllowed
from inspector_app.domain.operators import Operator, Right
from inspector_app.domain.search import OPERATOR_NOTE
from inspector_app.settings import load_settings

USER, PASSWORD = "INSPECTOR_USER", "INSPECTOR_PASSWORD"
NEW_PASSWORD = "INSPECTOR_NEW_PASSWORD"
As = Annotated[
    str, typer.Option("--as", help=f"Who does it, where sign-in is required; else {USER}.")
]


def acting(right: Right, *, name: str = "") -> str:
    """The name that goes into records: proven where sign-in is required, else the system's.

    Args:
        right: What is about to be done.
        name: As typed; "" for that of the environment.

    Raises:
        NotAllowed: nobody says who, name and password do not fit, or this person may not.
    """
    from inspector_app.store.decisions import sign_in_required  # noqa: PLC0415  reads the store

    if not sign_in_required(paths.data(), said=load_settings().require_sign_in):
        from inspector_app.workflow.accounts import local_name  # noqa: PLC0415  likewise

        return name or local_name()
    return proven(right, name=name).name


def proven(right: Right, *, name: str = "") -> Operator:
    """Who it is, by name and password, whether or not everybody has to sign in.

    Raises:
        NotAllowed: see `acting`.
    """
    from inspector_app.store.accounts import Accounts  # noqa: PLC0415  only here
    from inspector_app.store.records import Store  # noqa: PLC0415  likewise
    from inspector_app.workflow.accounts import require  # noqa: PLC0415  likewise

    typed, password = credentials(name)
    with closing(Store(paths.data())) as store:
        found = Accounts(store).check(typed, password)
    require(found, right)
    return found


def credentials(name: str = "") -> tuple[str, str]:
    """Name and password: as given, of the environment, or typed now.

    Raises:
        NotAllowed: there is nobody to type them.
    """
    typed = name or os.environ.get(USER, "") or _asked("Name", variable=USER, hides=False)
    given = os.environ.get(PASSWORD, "")
    return typed, given or _asked(f"Password of {typed}", variable=PASSWORD)


def new_password(name: str) -> str:
    """A password that is typed twice, or that of the environment's `INSPECTOR_NEW_PASSWORD`.

    Raises:
        NotAllowed: there is nobody to type it.
    """
    given = os.environ.get(NEW_PASSWORD, "")
    if given:
        return given
    first = _asked(f"New password of {name}", variable=NEW_PASSWORD)
    if _asked("Once more", variable=NEW_PASSWORD) != first:
        raise NotAllowed("The two passwords are not the same.", hint="Try again.")
    return first


def operator_note(right: Right = Right.INSPECT) -> tuple[str, ...]:
    """What a record says about who asked; empty where nobody knows."""
    name = acting(right)
    return (f"{OPERATOR_NOTE}{name}",) if name else ()


def _asked(words: str, *, variable: str, hides: bool = True) -> str:
    """What somebody types now.

    Args:
        words: What is asked for.
        variable: Of the environment, which holds it where there is nobody to type.
        hides: It is not shown.

    Raises:
        NotAllowed: there is nobody to type it.
    """
    if not sys.stdin.isatty():
        # Other variables may be set already: only what is missing is named.
        missing = words[0].lower() + words[1:]
        raise NotAllowed(
            f"The {missing} is missing, and there is no terminal to type it in.",
            hint=f"Set the variable {variable}, or give the command in a terminal.",
        )
    return str(typer.prompt(words, hide_input=hides, err=True))
