"""Names that the user gives to models."""

import re
from itertools import count

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.wording import inert

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST = 56
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{kind}{n}" for kind in ("com", "lpt") for n in "123456789"
}


def sound_name(name: str) -> str:
    """A name that can be a folder's on every system.

    Raises:
        WrongUse: it cannot.
    """
    # Windows drops a dot at the end, and keeps some names for devices.
    device = name.partition(".")[0].lower() in _DEVICES
    if _NAME.fullmatch(name) is None or name.endswith(".") or device:
        raise WrongUse(
            f'"{inert(name, limit=80)}" is no name for a folder.',
            hint="Use letters, digits and -.",
        )
    return name


def checked_name(name: str) -> str:
    """A name that can be a folder and is not taken.

    Raises:
        WrongUse: it cannot be a folder's name.
        CannotWrite: there is such a model.
    """
    sound_name(name)
    if name in paths.model_names():
        raise CannotWrite(
            f'There is a model "{name}" already.',
            hint=f"Choose another name, or remove {paths.user_models() / name}.",
        )
    return name


def name_like(folder: str) -> str:
    """A model's name for a folder that may be called anything, such as "模型 (copy)".

    The folder's own name where a model can have it; else what of it can stay, and a number where
    that is taken.
    """
    if _NAME.fullmatch(folder) is not None:
        return folder
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", folder).strip("._-")[:_LONGEST] or "model"
    taken = paths.model_names()
    tried = (kept if number == 1 else f"{kept}-{number}" for number in count(1))
    return next(one for one in tried if one not in taken)
