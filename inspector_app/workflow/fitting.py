"""Which precision a model gets: the widest that the memory there is can hold."""

from dataclasses import replace

import psutil
import torch

from inspector_app.domain.card import Card
from inspector_app.domain.errors import OutOfMemory
from inspector_app.domain.messages import LoadModel
from inspector_app.runtime.devices import EIGHT_BITS, choose

_MIB = 1 << 20


def fitted(card: Card, request: LoadModel, *, free_mib: int | None = None) -> LoadModel:
    """The request with the precision that fits, where its card says what each needs.

    "auto" becomes the usual precision of the device if there is room for it, else a narrower
    one. What was asked for by name stays, if there is room for it.

    Args:
        card: Of the model.
        request: As the user or the ladder wants it.
        free_mib: Memory that is free on the device; None to look.

    Raises:
        OutOfMemory: nothing that is allowed fits; said before minutes are spent on loading.
        WrongUse, ModelTrouble: see `devices.choose`.
    """
    if not card.memory_mib:
        return request
    place = choose(request.device, request.precision)
    free = free_on(place.device) if free_mib is None else free_mib
    wished: tuple[str, ...] = (place.dtype_name,)
    if request.precision == "auto":
        wished = tuple(dict.fromkeys((*wished, _sixteen(place.dtype), EIGHT_BITS)))
    known = [(name, card.memory_mib[name]) for name in wished if name in card.memory_mib]
    if not known:
        return request
    for name, need in known:
        if need <= free:
            return replace(request, precision=name)
    name, need = known[-1]
    where = "graphics card" if place.device.type == "cuda" else "computer"
    raise OutOfMemory(
        f'"{card.title}" needs {_gigabytes(need)} GB in {name}, and {_gigabytes(free)} GB are '
        f"free on the {where}.",
        hint=_way_out(request),
    )


def _way_out(request: LoadModel) -> str:
    narrower = "" if request.precision in ("auto", EIGHT_BITS) else "a lower precision, "
    return f"Choose {narrower}a smaller model or a server, or close other programs."


def _sixteen(usual: torch.dtype) -> str:
    return "float16" if usual is torch.float16 else "bfloat16"


def free_on(device: torch.device) -> int:
    """MiB that nobody uses on a device."""
    if device.type == "cuda":
        free, _all = torch.cuda.mem_get_info(device)
        return int(free) // _MIB
    return int(psutil.virtual_memory().available) // _MIB


def _gigabytes(mib: int) -> str:
    return f"{mib * _MIB / 1e9:.1f}"
