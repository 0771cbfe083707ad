"""Industrial cameras by GenICam (GigE Vision, USB3 Vision): `genicam:SERIAL`, `genicam:0`.

Needs the optional package `harvesters` and the GenTL producer (.cti) that came with the camera,
named by the environment variable GENICAM_GENTL64_PATH.
"""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Pixels
from inspector_app.domain.live import Arrival, FoundCamera
from inspector_app.domain.ports import Stream

TITLE = "Industrial camera (GenICam)"
IS_STEADY = True

_PREFIX = "genicam:"
_PRODUCERS = "GENICAM_GENTL64_PATH"
_READ_S = 3.0
_BAYER = {
    "BayerRG": cv2.COLOR_BayerRGGB2RGB,
    "BayerGB": cv2.COLOR_BayerGBRG2RGB,
    "BayerGR": cv2.COLOR_BayerGRBG2RGB,
    "BayerBG": cv2.COLOR_BayerBGGR2RGB,
}


class GenicamStream:
    """An acquiring camera.

    Args:
        harvester: Owns the drivers; closed with the stream.
        acquirer: Of the one camera, acquiring.
        name: For people.
    """

    def __init__(self, harvester: Any, acquirer: Any, *, name: str) -> None:
        self._harvester = harvester
        self._acquirer = acquirer
        self._name = name

    def read(self) -> Arrival:
        """The next picture.

        Raises:
            UnreadablePicture: silent for three seconds, or of a pixel format that is not known.
        """
        try:
            with self._acquirer.fetch(timeout=_READ_S) as buffer:
                part = buffer.payload.components[0]
                raw = np.array(part.data, copy=True)
                size, format_ = (int(part.width), int(part.height)), str(part.data_format)
        except Exception as error:  # every vendor's driver has its own exceptions
            raise UnreadablePicture(
                f"{self._name} has given no picture for {_READ_S:.0f} seconds.",
                hint="Check its cable, and whether it waits for a hardware trigger.",
            ) from error
        return Arrival(colours(raw, size=size, pixel_format=format_))

    def close(self) -> None:
        """Give the camera back."""
        for end in (self._acquirer.stop, self._acquirer.destroy, self._harvester.reset):
            try:
                end()
            except Exception:  # noqa: BLE001  a camera that is gone cannot say good-bye
                continue


def accepts(address: str) -> bool:
    """Whether it begins with `genicam:`."""
    return address.lower().startswith(_PREFIX)


def found() -> tuple[FoundCamera, ...]:
    """None: asking the drivers for cameras takes seconds, so their serial number is typed."""
    return ()


def open(address: str) -> Stream:
    """Connect and begin to acquire.

    Raises:
        UnreadablePicture: the package or the driver is missing, or there is no such camera.
    """
    wanted = address[len(_PREFIX) :].strip()
    name = f"The GenICam camera {wanted}".rstrip()
    try:
        known = importlib.util.find_spec("harvesters") is not None
        core = importlib.import_module("harvesters.core") if known else None
    except (ImportError, ValueError):
        core = None
    if core is None:
        raise UnreadablePicture(
            "GenICam cameras need the optional package harvesters, which is not installed.",
            hint='Install it with: pip install "inspector-vision[genicam]".',
        )
    drivers = _drivers()
    if not drivers:
        raise UnreadablePicture(
            "No driver (.cti file) of a GenICam camera was found.",
            hint=f"Install the camera maker's software, or set {_PRODUCERS} to its folder.",
        )
    harvester = core.Harvester()
    try:
        for driver in drivers:
            harvester.add_file(str(driver))
        harvester.update()
        chosen = int(wanted or 0) if len(wanted) < 3 else {"serial_number": wanted}
        acquirer = harvester.create(chosen)
        acquirer.start()
    except Exception as error:  # every vendor's driver has its own exceptions
        harvester.reset()
        raise UnreadablePicture(
            f"{name} was not found, or another program is using it.",
            hint="Check cable, serial number and the camera maker's own viewer.",
        ) from error
    return GenicamStream(harvester, acquirer, name=name)


def colours(raw: np.ndarray[Any, Any], *, size: tuple[int, int], pixel_format: str) -> Pixels:
    """(H, W, 3) uint8 RGB of a buffer.

    Args:
        raw: The samples, flat.
        size: (width, height).
        pixel_format: GenICam's name for it: Mono8, Mono12, BayerRG8, RGB8, BGR8, ...

    Raises:
        UnreadablePicture: a format that this program does not know.
    """
    width, height = size
    family = pixel_format.rstrip("0123456789")
    digits = pixel_format[len(family) :]
    depth = int(digits) if digits else 0
    grey = family == "Mono" or family in _BAYER
    if not 8 <= depth <= 16 or not (grey or family in {"RGB", "BGR"}):
        raise UnreadablePicture(
            f"The pixel format {pixel_format} is not known here.",
            hint="Set the camera to Mono8, RGB8 or one of the Bayer formats.",
        )
    samples = (raw >> (depth - 8)).astype(np.uint8) if depth > 8 else raw.astype(np.uint8)
    if not grey:
        drawn = samples.reshape(height, width, 3)
        return np.ascontiguousarray(drawn if family == "RGB" else drawn[:, :, ::-1])
    plane = samples.reshape(height, width)
    if family == "Mono":
        return np.repeat(plane[:, :, np.newaxis], 3, axis=2)
    return np.asarray(cv2.cvtColor(plane, _BAYER[family]), dtype=np.uint8)


def _drivers() -> list[Path]:
    folders = [folder for folder in os.environ.get(_PRODUCERS, "").split(os.pathsep) if folder]
    return [file for folder in folders for file in sorted(Path(folder).glob("*.cti"))]
