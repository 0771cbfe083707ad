"""Names that the user gives to models."""

import re

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def checked_name(name: str) -> str:
    """A name that can be a folder and is not taken.

    Raises:
        WrongUse: it cannot be a folder's name.
        CannotWrite: there is such a model.
    """
    if _NAME.fullmatch(name) is None:
        raise WrongUse(f'"{name}" is no name for a folder.', hint="Use letters, digits and -.")
    if name in paths.model_names():
        raise CannotWrite(
            f'There is a model "{name}" already.',
            hint=f"Choose another name, or remove {paths.user_models() / name}.",
        )
    return name
