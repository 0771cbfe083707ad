"""Full memory is the world, not a bug: say so in the user's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from inspector_app.domain.errors import OutOfMemory

# The CPU allocator raises a bare RuntimeError; these words are all there is to know it by.
_FULL = ("can't allocate memory", "not enough memory", "out of memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this error of torch or Python says that a device is full."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _FULL)


@contextmanager
def room_on(device: torch.device, *, doing: str) -> Iterator[None]:
    """Turn a full device inside the block into `OutOfMemory`.

    Args:
        device: Where the block computes.
        doing: Completes "There was not enough memory on the ... to ...".

    Raises:
        OutOfMemory: the device had no room; what was held for the attempt is given back.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        # The traceback holds every tensor of the failed attempt.
        error.__traceback__ = None
        if device.type == "cuda":
            torch.cuda.empty_cache()
        place = "graphics card" if device.type == "cuda" else "computer"
        raise OutOfMemory(
            f"There was not enough memory on the {place} to {doing}.",
            hint="Try fewer crops, a lower precision or a smaller model, or close other programs.",
        ) from error
