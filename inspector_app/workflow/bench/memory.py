"""How much memory one piece of work needs at its peak, beyond what stood before it."""

import ctypes
import gc
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from inspector_app.domain.messages import T

HOW = (
    "peak resident memory of a fresh process during the one chain, less what it held before "
    "(weights, libraries); on CUDA the allocator's own peak"
)
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = Path("/proc/self/clear_refs")


def is_possible(device: str) -> bool:
    """Whether a peak can be told here: of a CUDA device, or of a process on Linux."""
    return device.startswith("cuda") or sys.platform.startswith("linux")


def peak_alone(work: Callable[[str], Callable[[], object]], name: str, *, threads: int) -> int:
    """Bytes that `work(name)()` needed at its peak, in a process of its own.

    Args:
        work: A module-level function that prepares (not measured) and returns the work.
        name: Given to it.
        threads: For torch in that process.
    """
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(_measured, work, name, threads).result()


def peak_here(work: Callable[[], T], *, device: str) -> tuple[int, T]:
    """Bytes that a piece of work needed at its peak in this process, and what it gave.

    On CUDA the allocator's own peak; else resident memory, to which what was freed earlier and
    not given back does not count. 0 where it cannot be told.
    """
    gc.collect()
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        value = work()
        return torch.cuda.max_memory_allocated() - before, value
    if not is_possible(device):
        return 0, work()
    _give_back()
    before = _resident("VmRSS")
    value = work()
    return max(0, _resident("VmHWM") - before), value


def _measured(work: Callable[[str], Callable[[], object]], name: str, threads: int) -> int:
    torch.set_num_threads(threads)
    run = work(name)
    on_card = torch.cuda.is_available() and torch.cuda.memory_allocated()
    return peak_here(run, device="cuda" if on_card else "cpu")[0]


def _give_back() -> None:
    """Hand freed memory to the system, and forget the peak so far."""
    ctypes.CDLL(None).malloc_trim(0)
    _FORGET_PEAK.write_text("5", encoding="ascii")


def _resident(entry: str) -> int:
    """Bytes of resident memory, now ("VmRSS") or at the peak ("VmHWM")."""
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(entry)) * 1024
