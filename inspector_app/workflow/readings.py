"""Pictures that the model has read, kept between jobs: the next question continues from them."""

from collections import OrderedDict
from collections.abc import Callable

from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.stamp import FileStamp
from inspector_app.workflow.inspecting import Opened, opened_through

_KEPT = 2

_Key = tuple[FileStamp, ModelFacts, tuple[str, ...], float]
"""A picture, who read it, the grey windows it was shown through, and its resolution."""


class Readings:
    """The last few pictures that somebody asked about, and one that was read ahead.

    Args:
        open_frame: Opens a picture.
    """

    def __init__(self, open_frame: Callable[[str], Frame]) -> None:
        self._open_frame = open_frame
        self._kept: OrderedDict[_Key, Opened] = OrderedDict()
        self._ahead: _Key | None = None

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def clear(self) -> None:
        """Give up all of them."""
        self._kept.clear()

    def has_other_than(self, locator: str) -> bool:
        """Whether any is of another picture."""
        return any(stamp.locator != locator for stamp, *_ in self._kept)

    def read(
        self,
        locator: str,
        *,
        model: VisionModel,
        windows: tuple[str, ...],
        resolution: float,
        ahead: bool,
    ) -> Steps[Opened]:
        """A picture that a model has read, through the wished grey windows.

        Args:
            locator: The picture.
            model: Reads it.
            windows: See `Options`.
            resolution: See `Options`.
            ahead: Nobody looks at it yet: its reading is kept beside those of the pictures
                that somebody asked about, and gives way to the next one that is read ahead.

        Raises:
            WrongUse: the picture has no such window.
        """
        key = (FileStamp.of(locator), model.facts, windows, resolution)
        if not ahead and key == self._ahead:
            self._ahead = None
        if key not in self._kept:
            frame = self._open_frame(locator)
            yield Step("read", 0, 1)
            self._make_room(ahead=ahead)
            self._ahead = key if ahead else self._ahead
            self._kept[key] = opened_through(windows, frame, model=model, resolution=resolution)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _make_room(self, *, ahead: bool) -> None:
        """Leave room for one more reading beside those that may stay."""
        if ahead and self._ahead is not None:
            self._kept.pop(self._ahead, None)
        beside = ahead or self._ahead in self._kept
        while len(self._kept) >= _KEPT + beside:
            self._kept.popitem(last=False)
