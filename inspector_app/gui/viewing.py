"""How the open picture is looked at: window, way up, place and tool.

Nothing here changes what is stored of a picture or what a model is asked about it. Each picture
is shown again as it was left; the slices of one scan share window and way up.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QPointF, Signal

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.frame import Curve, Window
from inspector_app.domain.locator import split
from inspector_app.gui.canvas.hands import Hands, Tool
from inspector_app.gui.canvas.turn import UPRIGHT, Turn
from inspector_app.gui.choices import Choices
from inspector_app.gui.picture import AS_OPENED, Picture, Tone
from inspector_app.imaging.grey_tables import dragged
from inspector_app.imaging.windowing import full_window, percentile_window
from inspector_app.imaging.wishes import CT_WINDOWS

_KEPT = 500
PRESETS = CT_WINDOWS
"""Windows in Hounsfield units, on the keys 1 to 5."""

BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the view stood: None for a fitted picture."""

    center: tuple[float, float]
    scale: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How one picture is looked at.

    Attributes:
        tone: Window and polarity.
        turn: Which way up.
        place: Where and how near; None when fitted.
    """

    tone: Tone = AS_OPENED
    turn: Turn = UPRIGHT
    place: Place | None = None


class Viewing(QObject):
    """The facts of looking; the canvas shows them.

    Args:
        choices: Where the settings are.

    Signals carry the new value; `tone_changed` also whether a drag is still going on.
    """

    tone_changed = Signal(object, bool)  # Tone, is_hasty
    turn_changed = Signal(object)  # Turn
    tool_changed = Signal(object)  # Tool
    calibration_changed = Signal(object)  # Calibration | None
    calibrated = Signal(str, object)  # SHA-256 of the picture, Calibration | None
    place_wanted = Signal(object)  # Place | None

    def __init__(self, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._manners: OrderedDict[str, Manner] = OrderedDict()
        self._calibrations: dict[str, Calibration] = {}
        self._picture: Picture | None = None
        self._wanted_tool: Tool | None = None
        self._file_window = 0
        self.manner = Manner()

    # The picture ---------------------------------------------------------------------

    def show_picture(self, picture: Picture | None, *, left_at: Place | None) -> None:
        """Another picture is open; `left_at` is where the one before it was left."""
        before = self._picture
        if before is not None:
            self._keep(before.locator, replace(self.manner, place=left_at))
        self._picture = picture
        if picture is None:
            self.manner = Manner()
        elif picture.locator in self._manners:
            self.manner = self._manners[picture.locator]
        elif before is not None and is_same_scan(before, picture):
            self.manner = replace(self.manner, place=left_at)
        else:
            self.manner = Manner()
        self._file_window = 0
        self._tell_all()

    def expect(self, locator: str, manner: Manner) -> None:
        """A picture is about to be opened, and to be looked at in this way."""
        self._keep(locator, manner)

    def set_manner(self, manner: Manner) -> None:
        """Look at the open picture in this way."""
        self.manner = manner
        self._file_window = 0
        self._tell_all()

    def _keep(self, locator: str, manner: Manner) -> None:
        self._manners[locator] = manner
        self._manners.move_to_end(locator)
        while len(self._manners) > _KEPT:
            self._manners.popitem(last=False)

    def _tell_all(self) -> None:
        self.turn_changed.emit(self.manner.turn)
        self.tone_changed.emit(self.manner.tone, False)
        self.place_wanted.emit(self.manner.place)
        self.calibration_changed.emit(self.calibration)
        self.tool_changed.emit(self.tool)

    @property
    def is_deep(self) -> bool:
        """Whether the picture has grey values beyond the 8 bits of the screen."""
        return self._picture is not None and self._picture.pyramid.is_deep

    # Windows -------------------------------------------------------------------------

    @property
    def window(self) -> Window | None:
        """The grey window in force; None for 8 bits shown as they are."""
        if self.manner.tone.window is not None:
            return self.manner.tone.window
        return self._picture.provenance.window if self._picture is not None else None

    @property
    def _curve(self) -> Curve:
        """Of windows made here: the standard's for scans, exact for others."""
        is_scan = self._picture is not None and self._picture.provenance.media == "DICOM"
        return "LINEAR" if is_scan else "LINEAR_EXACT"

    def drag_window(self, dx: float, dy: float) -> None:
        """By a drag in logical screen pixels; the settings say which way is up."""
        if self._picture is None:
            return
        before = self.window or Window(127.5, 255.0, "full range")
        if self._choices.settings.window_drag_up:
            dy = -dy
        self._set_window(dragged(before, dx=dx, dy=dy, name=BY_HAND), is_hasty=True)

    def rest(self) -> None:
        """A drag has ended: draw as well as can be."""
        self.tone_changed.emit(self.manner.tone, False)

    def preset(self, number: int) -> None:
        """One of `PRESETS`, counted from 0; only for pictures with deep values."""
        if self.is_deep:
            name, width, center = PRESETS[number]
            self._set_window(Window(center, width, name, self._curve))

    def from_file(self) -> None:
        """As it was opened; called again, the next window that the file offers."""
        if self._picture is None:
            return
        frame = self._picture.frame
        offered = frame.windows if frame is not None else ()
        if self.manner.tone.window in (None, *offered[1:]) and len(offered) > 1:
            self._file_window = (self._file_window + 1) % len(offered)
        else:
            self._file_window = 0
        self._set_window(offered[self._file_window] if self._file_window else None)

    def automatic(self) -> None:
        """From the 1st to the 99th of a hundred pixels."""
        if self._picture is not None and self._picture.frame is not None:
            frame = self._picture.frame
            values = frame.values if frame.values is not None else frame.pixels[:, :, 1]
            self._set_window(percentile_window(values, padding=frame.padding, curve=self._curve))

    def full(self) -> None:
        """From the lowest to the highest value."""
        if self._picture is not None and self._picture.frame is not None:
            frame = self._picture.frame
            values = frame.values if frame.values is not None else frame.pixels[:, :, 1]
            self._set_window(full_window(values, padding=frame.padding, curve=self._curve))

    def invert(self) -> None:
        """Exchange light and dark."""
        tone = self.manner.tone
        self._set_tone(replace(tone, is_inverted=not tone.is_inverted))

    def _set_window(self, window: Window | None, *, is_hasty: bool = False) -> None:
        self._set_tone(replace(self.manner.tone, window=window), is_hasty=is_hasty)

    def _set_tone(self, tone: Tone, *, is_hasty: bool = False) -> None:
        self.manner = replace(self.manner, tone=tone)
        self.tone_changed.emit(tone, is_hasty)

    # Way up --------------------------------------------------------------------------

    def set_turn(self, turn: Turn) -> None:
        """Show the picture another way up."""
        self.manner = replace(self.manner, turn=turn)
        self.turn_changed.emit(turn)

    def rotate(self, quarters: int) -> None:
        """Clockwise."""
        self.set_turn(self.manner.turn.rotated(quarters))

    def flip(self) -> None:
        """Exchange left and right."""
        self.set_turn(self.manner.turn.mirrored())

    def upend(self) -> None:
        """Exchange top and bottom."""
        self.set_turn(self.manner.turn.upended())

    def reset(self) -> None:
        """As it was opened: window, way up and place."""
        self.set_manner(Manner())

    # Tools ---------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """What was chosen; else the window where there are grey values, the hand elsewhere."""
        if self._wanted_tool is not None:
            return self._wanted_tool
        return Tool.WINDOW if self.is_deep else Tool.HAND

    @property
    def hands(self) -> Hands:
        """The mouse as the settings have it."""
        return Hands.of(dict(self._choices.settings.mouse))

    def take(self, tool: Tool) -> None:
        """Take a tool; the one in hand is put away."""
        self._wanted_tool = None if tool == self._wanted_tool else tool
        self.tool_changed.emit(self.tool)

    def put_away(self) -> bool:
        """Whether a measuring tool was in hand, which it is no longer."""
        had = self._wanted_tool is not None and self._wanted_tool.is_measuring
        if had:
            self._wanted_tool = None
            self.tool_changed.emit(self.tool)
        return had

    # Calibration ---------------------------------------------------------------------

    @property
    def calibration(self) -> Calibration | None:
        """What a pixel measures, by the user or by the file; None where nobody says."""
        picture = self._picture
        if picture is None:
            return None
        if (own := self._calibrations.get(picture.provenance.sha256)) is not None:
            return own
        frame = picture.frame
        if frame is None or frame.mm_per_pixel is None or not frame.calibration:
            return None
        return Calibration(frame.mm_per_pixel, frame.calibration)

    @property
    def is_calibrated_by_hand(self) -> bool:
        """Whether the user said what a pixel measures."""
        picture = self._picture
        return picture is not None and picture.provenance.sha256 in self._calibrations

    def calibrate(self, calibration: Calibration | None) -> None:
        """The user says what a pixel measures; None takes it back."""
        if self._picture is None:
            return
        key = self._picture.provenance.sha256
        self.recall_calibration(key, calibration)
        self.calibrated.emit(key, calibration)

    def recall_calibration(self, picture_sha256: str, calibration: Calibration | None) -> None:
        """What the user said of a picture, now or in an earlier session."""
        if calibration is None:
            self._calibrations.pop(picture_sha256, None)
        else:
            self._calibrations[picture_sha256] = calibration
        if self._picture is not None and self._picture.provenance.sha256 == picture_sha256:
            self.calibration_changed.emit(self.calibration)


def is_same_scan(one: Picture, other: Picture) -> bool:
    """Whether two pictures are slices of one series or pages of one file."""
    first, second = (picture.frame.scan if picture.frame else None for picture in (one, other))
    if first is not None and second is not None and first.series_uid:
        return first.series_uid == second.series_uid and one.size == other.size
    path, number = split(one.locator)
    return number is not None and split(other.locator)[0] == path and one.size == other.size


def place_of(center: QPointF, scale: float, *, is_fitted: bool) -> Place | None:
    """Where a view stands; None when it shows the whole picture."""
    return None if is_fitted else Place((center.x(), center.y()), scale)
