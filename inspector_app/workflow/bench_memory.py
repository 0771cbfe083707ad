"""How much memory one piece of work needs at its peak, beyond what stood before it."""

import ctypes
import gc
import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

HOW = (
    "peak resident memory of a fresh process during the one chain, less what it held before "
    "(weights, libraries); on CUDA the allocator's own peak"
)
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = Path("/proc/self/clear_refs")


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


def _measured(work: Callable[[str], Callable[[], object]], name: str, threads: int) -> int:
    torch.set_num_threads(threads)
    run = work(name)
    gc.collect()
    if torch.cuda.is_available() and torch.cuda.memory_allocated():
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run()
        return torch.cuda.max_memory_allocated() - before
    _give_back()
    before = _resident("VmRSS")
    run()
    return max(0, _resident("VmHWM") - before)


def _give_back() -> None:
    """Hand freed memory to the system and forget the peak so far, where that can be done."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).malloc_trim(0)
    _FORGET_PEAK.write_text("5", encoding="ascii")


def _resident(entry: str) -> int:
    """Bytes of resident memory, now ("VmRSS") or at the peak ("VmHWM")."""
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith(entry):
                return int(line.split()[1]) * 1024
    # Elsewhere only the peak of the whole life is told: in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
