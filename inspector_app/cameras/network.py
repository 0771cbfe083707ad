"""Cameras on the network: RTSP over TCP, MJPEG and other streams over HTTP."""

import re
import time
from collections.abc import Generator
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import Arrival, FoundCamera, without_secret
from inspector_app.domain.ports import Stream
from inspector_app.imaging.source_bytes import check_pixels

TITLE = "Network camera (RTSP, MJPEG, HTTP)"
IS_STEADY = True

OPEN_S, READ_S = 5.0, 3.0
"""Longest waits for a connection and for the next picture."""

TOO_LATE_S = 1.0
"""Packets later than this are behind; what they show would be stale anyway."""

_SCHEMES = ("rtsp", "rtsps", "http", "https", "udp", "rtp", "srt", "tcp", "rtmp")
# Whose time stamps are the camera's own clock, and not made up on arrival.
_CLOCKED = {"rtsp", "mpegts"}
_FORGET_S = 30.0
_OPTIONS = {
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
    "flags": "low_delay",
    "analyzeduration": "1000000",
    "probesize": "500000",
}


class Lateness:
    """How much later than the quickest picture each one comes, by the camera's own clock.

    After a stall, a network hands over what it kept. Those pictures arrive now, but were taken
    before: the delay since the first one, against the camera's stamps, tells how long before.
    """

    def __init__(self) -> None:
        self._least: float | None = None

    def of(self, *, arrived_s: float, stamp_s: float) -> float:
        """Seconds that a picture waited on its way, 0 for the quickest so far."""
        delay = arrived_s - stamp_s
        if self._least is None or delay < self._least or delay - self._least > _FORGET_S:
            # Also when the camera's clock was set back: it starts anew.
            self._least = delay
        return delay - self._least


class CatchUp:
    """Which packets to leave out once decoding falls behind what the camera sends.

    Left alone, pictures would come later and later. From the moment one packet is too late, all
    are left out up to a key packet that is not: from there on, nothing that is missing is needed.
    """

    def __init__(self) -> None:
        self.is_behind = False

    def takes(self, *, late_s: float, is_key: bool) -> bool:
        """Whether to decode this packet."""
        if late_s > TOO_LATE_S:
            self.is_behind = True
        elif is_key:
            self.is_behind = False
        return not self.is_behind or is_key


class NetworkStream:
    """An open connection."""

    def __init__(self, container: InputContainer, *, name: str) -> None:
        self._container = container
        self._name = name
        self._lateness = Lateness()
        self._catch_up = CatchUp()
        self._has_clock = any(one in _CLOCKED for one in container.format.name.split(","))
        self._stream = container.streams.video[0]
        # Frame threads would hold back as many pictures as there are threads.
        self._stream.thread_type = "SLICE"
        self._frames = self._decoded()

    def read(self) -> Arrival:
        """The next whole picture.

        Raises:
            UnreadablePicture: the stream ended, or is silent for `READ_S`.
        """
        begun_s = time.monotonic()
        try:
            frame = next(self._frames, None)
            if frame is None:
                raise UnreadablePicture(
                    f"{self._name} has ended its stream.", hint="Check the camera or its server."
                )
            check_pixels((frame.width, frame.height), name=self._name)
            drawn = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
        except (av.error.FFmpegError, OSError) as error:
            raise trouble(self._name, error, begun_s=begun_s, limit_s=READ_S) from error
        return Arrival(np.ascontiguousarray(drawn), late_s=self._late(frame.time))

    def _late(self, stamp_s: float | Fraction | None) -> float:
        if not self._has_clock or stamp_s is None:
            return 0.0
        return self._lateness.of(arrived_s=time.monotonic(), stamp_s=float(stamp_s))

    def close(self) -> None:
        """End the connection."""
        self._frames.close()
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError):
            return  # the other side has gone already

    def _decoded(self) -> Generator[VideoFrame, None, None]:
        for packet in self._container.demux(self._stream):
            late_s = self._late(packet.pts * packet.time_base if packet.pts is not None else None)
            if not self._catch_up.takes(late_s=late_s, is_key=packet.is_keyframe):
                continue
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue  # torn on the way: the next key frame mends it
            # A picture of which pieces are missing is no evidence of anything.
            yield from (frame for frame in frames if not frame.is_corrupt)


def accepts(address: str) -> bool:
    """Whether it begins with one of the schemes."""
    return address.partition("://")[0].lower() in _SCHEMES and "://" in address


def found() -> tuple[FoundCamera, ...]:
    """None: a network is not searched unasked."""
    return ()


def open(address: str) -> Stream:
    """Connect.

    Raises:
        UnreadablePicture: no such host, refused, wrong password, silent, or no pictures.
    """
    name = without_secret(address)
    begun_s = time.monotonic()
    try:
        container = av.open(
            re.sub(r"^[A-Za-z]+", lambda scheme: scheme[0].lower(), address),
            mode="r",
            options=_options(address),
            timeout=(OPEN_S, READ_S),
        )
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise trouble(name, error, begun_s=begun_s, limit_s=OPEN_S) from error
    if not container.streams.video:
        container.close()
        raise UnreadablePicture(f"{name} sends no pictures.", hint="Check the address's path.")
    return NetworkStream(container, name=name)


def _options(address: str) -> dict[str, str]:
    options = dict(_OPTIONS)
    if not address.lower().startswith("rtsp"):
        del options["rtsp_transport"]
    # Streams that name other files (playlists) may only lead to the network, not to the disk.
    options["protocol_whitelist"] = "rtsp,rtsps,rtp,srtp,tcp,tls,udp,http,https,crypto,srt,rtmp"
    return options


def trouble(name: str, error: Exception, *, begun_s: float, limit_s: float) -> UnreadablePicture:
    """What FFmpeg met, in the user's words.

    Args:
        name: The address, without password.
        error: Its own.
        begun_s: When the wait began, on the clock of `time.monotonic`.
        limit_s: The longest wait: an error at its end is silence, whatever FFmpeg calls it.
    """
    is_late = time.monotonic() - begun_s >= limit_s
    if is_late or isinstance(error, (av.error.ExitError, av.error.TimeoutError, TimeoutError)):
        return UnreadablePicture(
            f"{name} has not answered for {limit_s:.0f} seconds.",
            hint="Check that the camera is on and that its network is reached from here.",
        )
    if isinstance(error, (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError)):
        return UnreadablePicture(
            f"{name} asks for another user name or password.",
            hint="Write them into the address: rtsp://user:password@host/path.",
        )
    if isinstance(error, av.error.HTTPNotFoundError):
        return UnreadablePicture(
            f"{name} is not a stream of that camera.", hint="Look up the path in its manual."
        )
    if isinstance(error, (av.error.ConnectionRefusedError, ConnectionRefusedError)):
        return UnreadablePicture(
            f"Nobody takes calls at {name}.", hint="Check address and port, and that it is on."
        )
    said = (getattr(error, "strerror", "") or type(error).__name__).lower()
    return UnreadablePicture(
        f"{name} gives no picture: {said}.", hint="Check the address and the camera."
    )
