"""A folder is its own registry: every module in it with the agreed names is a plug-in."""

import importlib
import pkgutil
from types import ModuleType

from inspector_app.domain.errors import WrongUse

_KINDS = {
    "cameras": "kind of camera",
    "crops": "crop strategy",
    "exports": "export format",
    "families": "model family",
    "reports": "report format",
    "sources": "source",
}


def names(package: ModuleType) -> tuple[str, ...]:
    """The plug-ins of a room in alphabetical order, without importing any of them."""
    found = pkgutil.iter_modules(package.__path__)
    return tuple(sorted(module.name for module in found if not module.name.startswith("_")))


def load(package: ModuleType, name: str) -> ModuleType:
    """Import one plug-in by name.

    Raises:
        WrongUse: no such plug-in; the hint lists those there are.
    """
    known = names(package)
    if name not in known:
        kind = _KINDS.get(package.__name__.rsplit(".", 1)[-1], "plug-in")
        raise WrongUse(f'There is no {kind} "{name}".', hint=f"Choose from: {', '.join(known)}.")
    return importlib.import_module(f"{package.__name__}.{name}")
