"""Watch a camera: its own thread, the newest picture, how it is, and connecting again.

Whoever shows or judges pictures only ever looks into the mailbox: no call here waits for a
camera. Whether a picture is stale is told by the one who looks, from its age, so that it is told
even while the camera's thread hangs in its driver.
"""

import contextlib
import random
import re
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from inspector_app import cameras, files, paths, plugins
from inspector_app.domain.errors import (
    CannotWrite,
    InspectorError,
    UnreadablePicture,
    WrongUse,
)
from inspector_app.domain.frame import Frame, Pixels
from inspector_app.domain.live import (
    CAMERA_KEY,
    STALE_S,
    TAKEN_KEY,
    Arrival,
    FindCameras,
    FoundCamera,
    KeepShot,
    Live,
    Liveness,
    Shot,
    not_fresh,
    without_secret,
)
from inspector_app.domain.messages import Request, Step, Steps
from inspector_app.domain.ports import Camera, Stream

FIRST_RETRY_S, LAST_RETRY_S = 0.25, 4.0
"""Waits before connecting again: doubled from the first to the last, shortened at random."""

_RATE_OVER = 20
_SETTLE = 5
_SNAPSHOT_S = 15.0
_LEAST_FREE = 1 << 30


class Watch:
    """One camera, watched in a thread of its own until it is closed.

    Args:
        address: Of the camera.
        find: The plug-in that knows an address.
        open_picture: Reads a file that a watched folder names.
        clock: Seconds that never go back.
        wait: Waits so many seconds for the event; whether it was set.
        chance: 0..1 at random, so that many programs do not knock at the same moment.
        tell: Called in the camera's thread whenever a picture came or the camera was lost.
    """

    def __init__(  # noqa: PLR0913  a camera, and the world to watch it in
        self,
        address: str,
        *,
        find: Callable[[str], Camera] | None = None,
        open_picture: Callable[[str], Frame] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
        chance: Callable[[], float] = random.random,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self.address = without_secret(address)
        self._full_address = address
        self._find = find or camera_for
        self._open_picture = open_picture or _open_picture
        self._clock, self._wait, self._chance, self._tell = clock, wait, chance, tell
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._shot: Shot | None = None
        self._number = 0
        self._missed = 0
        self._arrivals: deque[float] = deque(maxlen=_RATE_OVER)
        self._is_open = self._has_come = False
        self._is_steady = True
        self._alive_s = clock()
        self._retry_at_s: float | None = None
        self._tries = 0
        self._trouble: InspectorError | None = None
        self._thread = threading.Thread(target=self._work, name="camera", daemon=True)
        self._thread.start()

    def newest(self) -> Shot | None:
        """The newest picture, however old; None before the first."""
        return self._shot

    def live(self) -> Live:
        """How the camera is at this moment."""
        with self._lock:
            now = self._clock()
            shot, trouble = self._shot, self._trouble
            age_s = None if shot is None else max(now - shot.taken_s, 0.0)
            told = ("", "") if trouble is None else (str(trouble), trouble.hint)
            return Live(
                self._state(now, age_s),
                age_s,
                self._rate(now),
                max((self._retry_at_s or now) - now, 0.0),
                *told,
                self._missed,
                self._tries,
            )

    def close(self, *, patience_s: float = 0.0) -> bool:
        """Send the thread home; whether it has gone within `patience_s`."""
        self._stop.set()
        if patience_s > 0:
            self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _state(self, now: float, age_s: float | None) -> Liveness:
        if self._stop.is_set():
            return Liveness.CLOSED
        if self._retry_at_s is not None:
            return Liveness.WAITING
        if not self._is_open:
            return Liveness.CONNECTING
        if self._is_steady and not self._has_come:
            # What was taken before the camera was lost is not live, however young it is.
            return Liveness.STALE if (age_s or 0.0) > STALE_S else Liveness.CONNECTING
        # A folder's last picture holds until the next; its thread must be seen to look for one.
        silent_s = age_s if self._is_steady and age_s is not None else now - self._alive_s
        return Liveness.STALE if silent_s > STALE_S else Liveness.LIVE

    def _rate(self, now: float) -> float:
        seen = self._arrivals
        if not self._is_steady or len(seen) < 2 or now - seen[-1] > STALE_S:
            return 0.0
        return (len(seen) - 1) / max(seen[-1] - seen[0], 1e-3)

    # In the camera's thread ---------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch_once()
            except InspectorError as error:
                self._lose(error)
            except Exception as error:  # noqa: BLE001  drivers raise whatever they like
                self._lose(_fault(self.address, error))
        with self._lock:
            self._is_open = False

    def _watch_once(self) -> None:
        """Connect, and read until it is lost or nobody watches any more."""
        with self._lock:
            self._retry_at_s = None
        camera = self._find(self._full_address)
        stream = camera.open(self._full_address)
        try:
            with self._lock:
                self._is_open, self._is_steady = True, camera.IS_STEADY
                self._has_come = False
                self._alive_s = self._clock()
                self._arrivals.clear()
                if not camera.IS_STEADY:
                    self._trouble, self._tries = None, 0
            while not self._stop.is_set():
                self._take(stream.read())
        finally:
            stream.close()

    def _take(self, arrival: Arrival | None) -> None:
        now = self._clock()
        with self._lock:
            self._alive_s = now
        if arrival is None:
            return
        try:
            pixels = self._pixels(arrival)
        except InspectorError as error:
            # One file that cannot be read is no reason to give up the folder.
            with self._lock:
                self._trouble, self._missed = error, self._missed + 1 + arrival.missed
                self._alive_s = self._clock()
            self._tell()
            return
        # A file counts from when it was found, not from when it was decoded.
        when = datetime.now(UTC) - timedelta(seconds=arrival.late_s + self._clock() - now)
        with self._lock:
            self._number += 1
            self._missed += arrival.missed
            self._alive_s = self._clock()
            self._arrivals.append(now)
            self._has_come = True
            self._trouble, self._tries = None, 0
            self._shot = Shot(
                self._number,
                now - arrival.late_s,
                when.isoformat(timespec="milliseconds"),
                self.address,
                pixels,
                arrival.path,
            )
        self._tell()

    def _pixels(self, arrival: Arrival) -> Pixels:
        pixels = arrival.pixels
        if pixels is None:
            return self._open_picture(arrival.path).pixels
        pixels.flags.writeable = False
        return pixels

    def _lose(self, error: InspectorError) -> None:
        """Say what happened and wait: longer each time, never quite the same."""
        with self._lock:
            self._is_open = False
            self._trouble = error
            longest = min(FIRST_RETRY_S * 2 ** min(self._tries, 10), LAST_RETRY_S)
            self._tries += 1
            delay_s = longest * (0.75 + 0.25 * self._chance())
            self._retry_at_s = self._clock() + delay_s
        self._tell()
        self._wait(self._stop, delay_s)


def perform(request: Request) -> Steps[Any]:
    """What a window asks about cameras beside watching them.

    Raises:
        CannotWrite: see `keep_shot`.
    """
    yield Step("open", 0, 1)
    if isinstance(request, FindCameras):
        return found_cameras()
    if isinstance(request, KeepShot):
        return keep_shot(request.shot, paths.camera())
    raise ValueError(f"not about cameras: {type(request).__name__}")


def camera_for(address: str) -> Camera:
    """The plug-in that knows an address.

    Raises:
        WrongUse: none does.
    """
    for name in plugins.names(cameras):
        camera = cast(Camera, plugins.load(cameras, name))
        if camera.accepts(address):
            return camera
    raise WrongUse(
        f'"{without_secret(address)}" is no address of a camera.',
        hint="Write usb:0, rtsp://host/path, http://host/stream, folder:/path or genicam:SERIAL.",
    )


def found_cameras() -> tuple[FoundCamera, ...]:
    """The cameras that can be told without opening any."""
    rooms = (cast(Camera, plugins.load(cameras, name)) for name in plugins.names(cameras))
    return tuple(camera for room in rooms for camera in room.found())


def fresh_shot(watching: Watch) -> Shot:
    """The newest picture, if it may be judged.

    Raises:
        UnreadablePicture: there is none, or it is stale.
    """
    live, shot = watching.live(), watching.newest()
    if shot is None or not live.is_live:
        raise not_fresh(live)
    return shot


def keep_shot(shot: Shot, folder: Path) -> str:
    """Write a picture to a file of its own, so that it can be inspected and opened again.

    Args:
        shot: Of a camera; one that came as a file is that file already.
        folder: Made when missing.

    Returns:
        The path. Its name tells which camera took the picture, and when.

    Raises:
        CannotWrite: the folder cannot be made, or the disk is full.
    """
    from inspector_app.imaging.png import encode_png, with_texts  # noqa: PLC0415  reads OpenCV

    if shot.path:
        return shot.path
    files.make_folder(folder)
    # A line that runs all night fills a disk; the rest is for what else must be stored.
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        raise CannotWrite(
            "Less than 1 GB is left on the disk for pictures of cameras.",
            hint=f"Make room, or move older ones out of {folder}.",
        )
    stamp = shot.when.partition("+")[0].replace("-", "").replace(":", "").replace(".", "-")
    camera = re.sub(r"[^A-Za-z0-9]+", "-", shot.address)[:60].strip("-")
    path = folder / f"{camera}-{stamp}-{shot.number}.png"
    # In the file itself, so that it is known however the picture is opened again.
    told = {CAMERA_KEY: shot.address, TAKEN_KEY: shot.when}
    files.write_whole(path, with_texts(encode_png(shot.pixels), told))
    return str(path)


def snapshot(address: str, folder: Path) -> str:
    """One picture of a camera as a file: for work without a window.

    Returns:
        The path of the file.

    Raises:
        WrongUse: no address of a camera.
        UnreadablePicture: the camera gives no picture.
        CannotWrite: see `keep_shot`.
    """
    camera = camera_for(address)
    stream = camera.open(address)
    try:
        # The first pictures of a camera that has just woken are dark or torn.
        for _ in range(_SETTLE if camera.IS_STEADY else 1):
            arrival = _next(stream)
    finally:
        stream.close()
    if arrival.pixels is None:
        return arrival.path
    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    shot = Shot(1, time.monotonic(), when, without_secret(address), arrival.pixels)
    return keep_shot(shot, folder)


def _next(stream: Stream) -> Arrival:
    limit = time.monotonic() + _SNAPSHOT_S
    while (arrival := stream.read()) is None:
        if time.monotonic() > limit:
            raise UnreadablePicture(
                f"No picture came within {_SNAPSHOT_S:.0f} seconds.",
                hint="Put one into the folder, or check the camera.",
            )
    return arrival


def _fault(address: str, error: Exception) -> UnreadablePicture:
    said = without_secret(str(error)) or type(error).__name__
    return UnreadablePicture(
        f"The camera {address} failed: {said}.", hint="It is tried again by itself."
    )


def _open_picture(path: str) -> Frame:
    from inspector_app.workflow.open import open_picture  # noqa: PLC0415  reads the decoders

    with contextlib.suppress(OSError):
        path = str(Path(path).absolute())
    return open_picture(path)
