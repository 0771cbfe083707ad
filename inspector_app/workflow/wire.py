"""What crosses between the program and its decoder process: JSON, and memory for pixels.

Nothing is pickled: whoever takes over the decoder with a crafted file can only send values of
the few kinds listed here. Arrays lie in anonymous memory that both processes map (where the
system can pass a descriptor), or follow as raw bytes.
"""

import json
import math
import mmap
import os
import socket
import struct
import tempfile
import time
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.frame import Frame, GreyTable, Provenance, Window
from inspector_app.domain.scan import Edges, Scan
from inspector_app.domain.series import Series

_KINDS: dict[str, Any] = {
    kind.__name__: kind for kind in (Frame, Provenance, Window, GreyTable, Scan, Edges, Series)
}
_HEAD = struct.Struct("<QQ")
_ALIGNED = 64
_LONGEST = 64 << 20
_NUMBERS = "buif"
_CAN_PASS = hasattr(socket, "send_fds")


class Lost(Exception):
    """The other side is gone, or sent what makes no sense."""


def send(line: socket.socket, value: Any) -> None:
    """Send plain values, the domain's frozen ones, and arrays.

    Raises:
        OSError: the other side is gone.
    """
    arrays: list[NDArray[Any]] = []
    words = json.dumps(_plain(value, arrays)).encode()
    size = sum(_room(array.nbytes) for array in arrays)
    line.sendall(_HEAD.pack(len(words), size) + words)
    if not size:
        return
    if _CAN_PASS:
        shared = _shared_memory(arrays)
        try:
            socket.send_fds(line, [b"+"], [shared])
        finally:
            os.close(shared)
        return
    for array in arrays:
        line.sendall(_bytes_of(array))
        line.sendall(bytes(_room(array.nbytes) - array.nbytes))


def receive(line: socket.socket, *, patience_s: float | None) -> Any:
    """What the other side sent.

    Args:
        line: Of `send` at the other end.
        patience_s: How long it may take in all; None waits for ever.

    Raises:
        TimeoutError: it took longer.
        Lost: the other side is gone, or sent nonsense.
    """
    end = None if patience_s is None else time.monotonic() + patience_s
    try:
        length, size = _HEAD.unpack(_exactly(line, _HEAD.size, end=end))
        if length > _LONGEST:
            raise Lost("too many words")
        document = json.loads(_exactly(line, length, end=end))
        memory = _memory(line, size, end=end) if size else b""
        return _Reader(memory).value(document)
    except TimeoutError:
        raise
    except (OSError, ValueError, TypeError, KeyError, struct.error) as error:
        raise Lost(str(error)) from error


def _plain(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """JSON for a value; its arrays are put into the list."""
    if isinstance(value, np.ndarray) and value.ndim == 3 and value.strides[2] == 0:
        # Grey shown as colour: one memory for the three channels here, and there again.
        return {"grey": _plain(value[:, :, 0], arrays), "channels": value.shape[2]}
    if isinstance(value, np.ndarray):
        arrays.append(np.ascontiguousarray(value))
        return {"array": value.dtype.str, "shape": value.shape}
    if is_dataclass(value):
        held = {one.name: _plain(getattr(value, one.name), arrays) for one in fields(value)}
        return {"is": type(value).__name__, "of": held}
    if isinstance(value, tuple | list):
        return [_plain(one, arrays) for one in value]
    return value


class _Reader:
    """Turns JSON back into values; lists come back as tuples."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory
        self._at = 0

    def value(self, plain: Any) -> Any:
        if isinstance(plain, list):
            return tuple(self.value(one) for one in plain)
        if not isinstance(plain, dict):
            return plain
        if "grey" in plain:
            grey = self.value(plain["grey"])
            return np.broadcast_to(grey[:, :, None], (*grey.shape, int(plain["channels"])))
        if "array" in plain:
            return self._array(np.dtype(plain["array"]), tuple(plain["shape"]))
        return _KINDS[plain["is"]](**{name: self.value(of) for name, of in plain["of"].items()})

    def _array(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if dtype.kind not in _NUMBERS or any(side < 0 for side in shape):
            raise ValueError(f"no picture: {dtype} {shape}")
        count, start = math.prod(shape), self._at
        # The byte range is checked by NumPy against the memory there is.
        self._at += _room(count * dtype.itemsize)
        return np.frombuffer(self._memory, dtype, count, start).reshape(shape)


def _room(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _shared_memory(arrays: list[NDArray[Any]]) -> int:
    """A descriptor of anonymous memory that holds the arrays and can no longer change."""
    if hasattr(os, "memfd_create"):
        shared = os.memfd_create("picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    else:
        with tempfile.TemporaryFile() as file:
            shared = os.dup(file.fileno())
    try:
        at = 0
        for array in arrays:
            rest = _bytes_of(array)
            place = at
            while rest:
                written = os.pwrite(shared, rest, place)
                rest, place = rest[written:], place + written
            at += _room(array.nbytes)
        os.ftruncate(shared, at)
        _seal(shared)
    except BaseException:
        os.close(shared)
        raise
    return shared


def _seal(shared: int) -> None:
    """Nobody may shrink or change it any more: reading never faults."""
    import fcntl  # noqa: PLC0415  not on Windows

    if hasattr(fcntl, "F_ADD_SEALS"):
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
        with suppress(OSError):
            fcntl.fcntl(shared, fcntl.F_ADD_SEALS, seals)


def _memory(line: socket.socket, size: int, *, end: float | None) -> Any:
    """`size` bytes that the other side shares or sends."""
    if not _CAN_PASS:
        return bytearray(_exactly(line, size, end=end))
    _wait(line, end=end)
    _, passed, _, _ = socket.recv_fds(line, 1, 1)
    if not passed:
        raise Lost("no memory came")
    try:
        if os.fstat(passed[0]).st_size < size:
            raise Lost("less memory than promised")
        return mmap.mmap(passed[0], size, prot=mmap.PROT_READ)
    finally:
        for one in passed:
            os.close(one)


def _exactly(line: socket.socket, size: int, *, end: float | None) -> bytearray:
    found = bytearray(size)
    rest = memoryview(found)
    while rest:
        _wait(line, end=end)
        count = line.recv_into(rest)
        if not count:
            raise Lost("the line is closed")
        rest = rest[count:]
    return found


def _wait(line: socket.socket, *, end: float | None) -> None:
    """Give the next read as long as is left."""
    if end is None:
        line.settimeout(None)
        return
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
