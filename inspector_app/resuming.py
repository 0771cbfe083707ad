"""What was open when the program was left, as a file in the user's data folder."""

import json
import math
from typing import Any, get_args

from inspector_app import paths
from inspector_app.domain.frame import Curve, Window
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.domain.stamp import FileStamp
from inspector_app.files import make_folder, write_whole

FILE = "last-session.json"
_VERSION = 1
_MOST = 200_000
_FARTHEST = 1e8


def read_last() -> LastSession | None:
    """The session that was left; None where there is none, or its file cannot be read.

    Nothing but convenience is lost with it: what people did is in the records.
    """
    try:
        return _read(json.loads((paths.data() / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


class Keeper:
    """Writes the session, and knows how large the files of the worklist are."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}

    def keep(self, last: LastSession) -> None:
        """Write it whole, or leave the one before.

        Raises:
            CannotWrite: the folder refuses or the disk is full.
        """
        path = paths.data() / FILE
        make_folder(path.parent)
        document = _document(last, [self._size_of(one) for one in last.worklist])
        text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        # Names of files can name patients: nobody else on the machine needs to read them.
        write_whole(path, text.encode("ascii"), is_private=True)

    def _size_of(self, listed: Listed) -> int:
        if listed.size >= 0:
            return listed.size
        if listed.locator not in self._sizes:
            self._sizes[listed.locator] = FileStamp.of(listed.locator).size
        return self._sizes[listed.locator]


def _document(last: LastSession, sizes: list[int]) -> dict[str, Any]:
    window = last.window
    return {
        "version": _VERSION,
        "worklist": [
            [one.locator, one.sha256, size, one.outcome]
            for one, size in zip(last.worklist[:_MOST], sizes, strict=False)
        ],
        "locator": last.locator,
        "record": last.record,
        "question": last.question,
        "center": None if last.center is None else list(last.center),
        "scale": last.scale,
        "quarters": last.quarters,
        "flipped": last.is_flipped,
        "window": None
        if window is None
        else [float(window.center), float(window.width), window.name, window.curve],
        "inverted": last.is_inverted,
        "chosen": last.chosen,
        "words": last.words,
        "which": last.which,
        "order": last.order,
        "paused": last.is_paused,
    }


def _read(found: dict[str, Any]) -> LastSession:
    if found["version"] != _VERSION:
        raise ValueError("a file of another version")
    center = found["center"]
    window = found["window"]
    listed = (
        Listed(str(locator), str(sha256), int(size), None if outcome is None else str(outcome))
        for locator, sha256, size, outcome in found["worklist"][:_MOST]
    )
    return LastSession(
        worklist=tuple(listed),
        locator=str(found["locator"]),
        record=None if found["record"] is None else int(found["record"]),
        question=str(found["question"]),
        center=None if center is None else (_finite(center[0]), _finite(center[1])),
        scale=_finite(found["scale"]),
        quarters=int(found["quarters"]) % 4,
        is_flipped=bool(found["flipped"]),
        window=None if window is None else _window(*window),
        is_inverted=bool(found["inverted"]),
        chosen=str(found["chosen"]),
        words=str(found["words"]),
        which=str(found["which"]),
        order=str(found["order"]),
        is_paused=bool(found["paused"]),
    )


def _window(center: float, width: float, name: str, curve: Any) -> Window:
    if curve not in get_args(Curve) or curve == "TABLE" or not _finite(width) > 0:
        raise ValueError(f"no grey window: {curve}")
    return Window(_finite(center), _finite(width), str(name), curve)


def _finite(number: Any) -> float:
    value = float(number)
    if not math.isfinite(value) or abs(value) > _FARTHEST:
        raise ValueError(f"no place: {value}")
    return value
