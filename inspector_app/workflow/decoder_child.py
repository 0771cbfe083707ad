"""The process that decodes untrusted files, so that none of them can harm the program.

It is started by `workflow.decoder`, serves one request after the other, and ends when the
other end of its line is closed. It imports sources and nothing that draws or thinks.
"""

import gc
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Any

from inspector_app import plugins, sources
from inspector_app.domain.errors import InspectorError
from inspector_app.imaging.source_bytes import damaged
from inspector_app.workflow import open as opening
from inspector_app.workflow.wire import Lost, receive, send

_GRACE_S = 5
_TIMES = 5
"""The program waits this many times at most, and less on a machine that is not busy."""


def main(number: int, *, memory_bytes: int) -> None:
    """Serve until the line is closed.

    Args:
        number: Descriptor of the line to the program; 0 where its description comes on
            standard input (Windows).
        memory_bytes: Most address space this process may have; 0 for no limit.
    """
    with _line(number) as line, suppress(OSError, Lost, KeyboardInterrupt):
        _limit(memory_bytes)
        send(line, ("ready",))
        _warm(line)
        while True:
            name, given, named, limit_s = receive(line, patience_s=None)
            # Should the program die meanwhile, nobody else would end an endless decoder.
            _alarm(_TIMES * int(limit_s) + _GRACE_S)
            _serve(line, name, given, dict(named))
            _alarm(0)
            # Decoders leave cycles behind that hold a whole file; now nobody waits.
            gc.collect()


def _line(number: int) -> socket.socket:
    if number:
        return socket.socket(fileno=number)
    return socket.fromshare(sys.stdin.buffer.read())  # type: ignore[attr-defined,no-any-return,unused-ignore]


def _serve(line: socket.socket, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Answer once; nothing of the picture stays here."""
    try:
        send(line, _answer(name, given, named))
    except MemoryError as error:
        send(line, _refusal(damaged(_name(given), error)))


def _answer(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    try:
        return ("done", getattr(opening, name)(*given, **named))
    except InspectorError as error:
        return _refusal(error)
    except MemoryError as error:
        return _refusal(damaged(_name(given), error))
    except Exception:  # noqa: BLE001  a bug of ours: told there, where it can be shown
        return ("bug", traceback.format_exc())


def _refusal(error: InspectorError) -> tuple[str, str, str]:
    return ("refused", str(error), error.hint)


def _name(given: tuple[Any, ...]) -> str:
    return str(given[0]).replace("\\", "/").rsplit("/", 1)[-1] if given else ""


def _limit(memory_bytes: int) -> None:
    if not memory_bytes:
        return
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _warm(line: socket.socket) -> None:
    """Import what sources need while the window opens, until the first picture is asked for."""
    for name in plugins.names(sources):
        if _is_asked(line):
            break
        with suppress(Exception):
            source = plugins.load(sources, name)
            if hasattr(source, "warm") and not _is_asked(line):
                source.warm()
    # What was imported stays: collections need not look at it.
    gc.freeze()


def _is_asked(line: socket.socket) -> bool:
    return bool(select.select([line], [], [], 0)[0])
