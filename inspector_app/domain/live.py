"""Live pictures: what a camera gives, and how it is."""

import re
from dataclasses import dataclass
from enum import StrEnum

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Pixels

STALE_S = 0.8
"""A picture older than this is shown as stale and is never judged."""

_SECRET = re.compile(r"(?<=://)[^/@\s]*@")
_SECRET_PART = re.compile(
    r"(\b(?:user|username|usr|password|passwd|pass|pwd|token|auth|key|apikey)=)[^&;/\s]*", re.I
)

CAMERA_KEY, TAKEN_KEY = "Inspector-Camera", "Inspector-Taken"
"""Under which a kept picture says which camera took it, and when."""


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera that can be opened.

    Attributes:
        address: What `open` of its plug-in takes.
        title: For people.
    """

    address: str
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """What a camera gave: pixels, or a file that holds the picture.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, or None for a file.
        path: The file; empty where the picture is in `pixels`.
        late_s: How long it waited on the way, by the camera's own clock.
        missed: Pictures that came since the last one and are left out: the newest wins.
    """

    pixels: Pixels | None = None
    path: str = ""
    late_s: float = 0.0
    missed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture of a camera.

    Attributes:
        number: Counted from 1 since the camera was first opened; never reused.
        taken_s: When it was taken, on the clock of `time.monotonic`.
        when: The same as ISO 8601 in UTC, for people and records.
        address: Of the camera, without its password.
        pixels: (H, W, 3) uint8 RGB.
        path: The file it was read from; empty where it was never a file.
    """

    number: int
    taken_s: float
    when: str
    address: str
    pixels: Pixels
    path: str = ""


class Liveness(StrEnum):
    """How a camera is."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALE = "stale"
    WAITING = "waiting"  # lost; tried again in `Live.retry_s`
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Live:
    """How a camera is right now.

    Attributes:
        state: In one word.
        age_s: Of the newest picture; None where there is none.
        fps: Pictures a second, over the last ones; 0 where it is not known.
        retry_s: Until the next try to connect; 0 but in `WAITING`.
        text: What is wrong, in one sentence; empty while all is well.
        hint: The way out; may be empty.
        missed: Pictures that came and were left out for a newer one.
        tries: Failed attempts to connect in a row.
    """

    state: Liveness
    age_s: float | None = None
    fps: float = 0.0
    retry_s: float = 0.0
    text: str = ""
    hint: str = ""
    missed: int = 0
    tries: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the newest picture may be judged."""
        return self.state is Liveness.LIVE


@dataclass(frozen=True, slots=True)
class FindCameras:
    """Which cameras can be told without opening them? Finished carries `FoundCamera`s."""


@dataclass(frozen=True, slots=True, eq=False)
class KeepShot:
    """Write a picture of a camera to a file. Finished carries the path."""

    shot: Shot


def not_fresh(live: Live) -> UnreadablePicture:
    """Why the newest picture may not be judged."""
    if live.age_s is None:
        text = live.text or "The camera has given no picture yet."
    else:
        text = f"The camera's last picture is {live.age_s:.1f} s old and was not inspected."
    return UnreadablePicture(text, hint=live.hint or "Wait until the camera is live again.")


def without_secret(address: str) -> str:
    """An address without the user's name and password, for the screen and for records."""
    return _SECRET_PART.sub(r"\1***", _SECRET.sub("", address))


def is_camera_address(text: str) -> bool:
    """Whether this names a camera and not a file: `rtsp://...`, `usb:0`, `folder:/in`, ..."""
    kind = text.partition(":")[0].lower()
    return kind in {"usb", "folder", "genicam"} or bool(
        re.match(r"[a-z][a-z0-9+.]*://", text, re.I)
    )


CameraRequest = FindCameras | KeepShot
