"""Cameras at a USB port or built in, by the system's own drivers: `usb:0`, `usb:/dev/video2`."""

import os
import sys
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import Arrival, FoundCamera
from inspector_app.domain.ports import Stream

TITLE = "USB camera"
IS_STEADY = True

_PREFIX = "usb:"
_CLASS = Path("/sys/class/video4linux")
_GUESSED = 2


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def read(self) -> tuple[bool, Any]:
        """(whether a picture came, (H, W, 3) uint8 BGR)."""

    def release(self) -> None:
        """Give the device back."""


class UsbStream:
    """An open device."""

    def __init__(self, capture: Capture, *, name: str) -> None:
        self._capture = capture
        self._name = name

    def read(self) -> Arrival:
        """The next picture.

        Raises:
            UnreadablePicture: the device is gone or silent.
        """
        try:
            came, drawn = self._capture.read()
        except cv2.error:
            came, drawn = False, None
        if not came or drawn is None or drawn.ndim != 3 or not drawn.size:
            raise UnreadablePicture(
                f"{self._name} gives no more pictures.",
                hint="Check its cable, or whether another program has taken it.",
            )
        return Arrival(np.ascontiguousarray(drawn[:, :, 2::-1]))

    def close(self) -> None:
        """Give the device back."""
        self._capture.release()


def accepts(address: str) -> bool:
    """Whether it begins with `usb:`."""
    return address.lower().startswith(_PREFIX)


def found() -> tuple[FoundCamera, ...]:
    """The devices that Linux lists; elsewhere, the first two that there may be."""
    if not sys.platform.startswith("linux"):
        return tuple(FoundCamera(f"{_PREFIX}{at}", f"Camera {at + 1}") for at in range(_GUESSED))
    return listed(_CLASS)


def listed(folder: Path) -> tuple[FoundCamera, ...]:
    """The capture devices in a folder laid out as /sys/class/video4linux."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: (len(entry.name), entry.name))
    except OSError:
        return ()
    cameras = []
    for entry in entries:
        number = entry.name.removeprefix("video")
        # Other numbers of one camera carry its metadata, not pictures.
        if number.isdecimal() and _line(entry / "index") in {"0", ""}:
            cameras.append(FoundCamera(_PREFIX + number, _line(entry / "name") or entry.name))
    return tuple(cameras)


def open(address: str) -> Stream:
    """Open a device.

    Raises:
        UnreadablePicture: missing, busy, or this user may not use it.
    """
    wanted = address[len(_PREFIX) :].strip()
    name = f"The camera {wanted or '(no number given)'}"
    if sys.platform.startswith("linux"):
        number = _number_of(wanted, name=name)
    elif wanted.isdecimal():
        number = int(wanted)
    else:
        raise UnreadablePicture(
            f"{name} is not known by a number.", hint="Write usb:0 for the first camera."
        )
    # What the library would write to the terminal is said below.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    capture = cv2.VideoCapture(number, _driver())
    if not capture.isOpened():
        capture.release()
        raise UnreadablePicture(
            f"{name} does not open.",
            hint="Another program may be using it; close that, or unplug the camera and try again.",
        )
    # Only the newest picture is wanted; drivers keep four.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return UsbStream(capture, name=name)


def _number_of(wanted: str, *, name: str) -> int:
    """The number of a device that is there: `0`, `/dev/video0`, or a link to it."""
    device = Path(f"/dev/video{wanted}" if wanted.isdecimal() else wanted)
    try:
        is_there = device.is_char_device()
        number = device.resolve().name.removeprefix("video")
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise UnreadablePicture(
            f"{name} is not plugged in.", hint="Plug it in, or choose another one from the list."
        )
    if not number.isdecimal():
        raise UnreadablePicture(
            f"{name} is not a camera.", hint="Choose one from the list, or write usb:0."
        )
    if not os.access(device, os.R_OK | os.W_OK):
        raise UnreadablePicture(
            f"This program may not use {device}.",
            hint='On most systems, joining the group "video" gives the right to.',
        )
    return int(number)


def _driver() -> int:
    if sys.platform == "win32":
        return int(cv2.CAP_DSHOW)
    if sys.platform == "darwin":
        return int(cv2.CAP_AVFOUNDATION)
    return int(cv2.CAP_V4L2)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
