"""What crosses between the window and a worker: frozen, picklable, numbered.

A request is answered by any number of `Progressed` and exactly one of `Finished`,
`Cancelled` or `Failed`, all with the job number the request was given.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from inspector_app.domain.access import AccessRequest
from inspector_app.domain.calibration import Calibration
from inspector_app.domain.checkpoint import ModelRequest
from inspector_app.domain.exporting import Exporting
from inspector_app.domain.gesture import Gesture
from inspector_app.domain.golden import Golden
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.live import CameraRequest
from inspector_app.domain.preset import Options
from inspector_app.domain.preset_messages import PresetRequest
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.record_messages import RecordRequest
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.domain.rule import Rules
from inspector_app.domain.studies import RunStudy


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Progress, and a place where a job can be stopped.

    Attributes:
        stage: What is being done, as one of the words the window knows: "open", "load",
            "read", "ask", "look", "zoom", "save", ...
        done: Steps finished.
        total: Steps in all; 0 when not known.
        sample: Something to show already: a piece of answer text (`Words`), a map, regions.
    """

    stage: str
    done: int
    total: int
    sample: Any = None


T = TypeVar("T")
Steps = Generator[Step, None, T]
"""A job: yields `Step`s, returns a T."""


@dataclass(frozen=True, slots=True)
class Words:
    """A sample: answer text as it comes.

    Attributes:
        text: The whole text so far.
        whose: "whole", "zoomed", or "A", "B", ... for one crop's own answer.
    """

    text: str
    whose: str


@dataclass(frozen=True, slots=True)
class LoadModel:
    """Get a model ready; all but its name as in `Settings`. Finished carries `ModelFacts`."""

    model: str
    device: str = "auto"
    precision: str = "auto"
    tower: str = "auto"


@dataclass(frozen=True, slots=True)
class OpenPicture:
    """Read a picture. Finished carries a `Frame`."""

    locator: str


@dataclass(frozen=True, slots=True)
class ListFolder:
    """Find the pictures in a folder. Finished carries a tuple of locators."""

    folder: str


@dataclass(frozen=True, slots=True)
class ListPictures:
    """Find the pictures that a file holds. Finished carries a tuple of locators."""

    path: str


@dataclass(frozen=True, slots=True)
class ListSeries:
    """Find the scans among files. Finished carries a tuple of `domain.series.Series`."""

    locators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListStamps:
    """In which state files are. Finished carries a tuple of `domain.stamp.FileStamp`."""

    locators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MakeThumbnail:
    """A small picture of a file. Finished carries (h, w, 3) uint8, longest side `side`."""

    locator: str
    side: int


@dataclass(frozen=True, slots=True)
class Inspect:
    """Ask about a picture, look closer, ask again, save. Finished carries an `Inspection`.

    Attributes:
        locator: The picture.
        question: The user's words.
        strategy: Where to zoom; a plug-in of `crops/`.
        options: Of the strategy, and what is done with its crops.
        neutral: The neutral question.
        model: Which model answers.
        save: Whether the inspection is stored.
        rules: How the answers become a verdict; None for what follows from the question.
        template: Picture of the part that the regions follow; "" for regions that stay.
        notes: For the record: why it was asked ("batch 7c21..., picture 3").
        left_out: Regions that the preset demands and that reach outside this picture: a doubt.
        strays: Whether another question was typed than the rules were made for, to which their
            answers may mean the opposite: a doubt.
    """

    locator: str
    question: str
    strategy: str
    options: Options
    neutral: str = NEUTRAL
    model: LoadModel = LoadModel("embedded")
    save: bool = True
    rules: Rules | None = None
    template: str = ""
    notes: tuple[str, ...] = ()
    left_out: int = 0
    strays: bool = False


@dataclass(frozen=True, slots=True)
class KeepFailure:
    """Store that a part could not be inspected. Finished carries its `Inspection`: CHECK.

    Attributes:
        request: What would have been asked.
        reason: What went wrong, in one sentence.
        model: The model that was loaded; None where none was.
        took_ms: Until it was given up.
    """

    request: Inspect
    reason: str
    model: ModelFacts | None = None
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """Let the model read a picture before anything is asked. Finished carries whether it did.

    Attributes:
        locator: The picture.
        model: Which model reads it.
        windows: Grey windows, as in `Options`.
        ahead: It is not the picture on the screen: its reading is the first to be given up.
    """

    locator: str
    model: LoadModel
    windows: tuple[str, ...] = ()
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Foresee:
    """What would an inspection take? Nothing is asked. Finished carries a `Forecast`."""

    request: Inspect


@dataclass(frozen=True, slots=True)
class KeepCalibration:
    """Store what the user says a pixel measures. Finished carries None.

    Attributes:
        picture_sha256: Of the file.
        calibration: None takes back what was said before.
    """

    picture_sha256: str
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class FindCalibration:
    """What the user last said of a picture's scale. Finished carries a `Calibration` or None."""

    picture_sha256: str


@dataclass(frozen=True, slots=True)
class KeepGesture:
    """Store what a person did to a picture. Finished carries a `domain.history.Kept`.

    Attributes:
        picture: See `domain.measure.picture_key`.
        gesture: What was done.
    """

    picture: str
    gesture: Gesture


@dataclass(frozen=True, slots=True)
class FindGestures:
    """What was done to a picture before. Finished carries a `domain.history.Recalled`."""

    picture: str


@dataclass(frozen=True, slots=True)
class FindGolden:
    """Find the samples that a preset demands. Finished carries a tuple of `GoldenSample`."""

    golden: Golden


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """Read the codes in a picture. Finished carries a tuple of `domain.code.Code`."""

    locator: str


@dataclass(frozen=True, slots=True)
class KeepLast:
    """Store what is open, for the next start. Finished carries None."""

    last: LastSession


@dataclass(frozen=True, slots=True)
class FindMoved:
    """Find pictures that are not where they were. Finished carries new locators by old ones."""

    listed: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a job failed, for the user.

    Attributes:
        text: One clear sentence.
        hint: The way out; may be empty.
        trace: The traceback of a bug of ours; empty when the world was at fault.
    """

    text: str
    hint: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Progressed:
    """A step of a job that still runs."""

    job: int
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """The good ending, with what the request promises."""

    job: int
    value: Any


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user stopped it; nothing was saved."""

    job: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The bad ending."""

    job: int
    problem: Problem


Request = (
    LoadModel
    | OpenPicture
    | ListFolder
    | ListPictures
    | ListSeries
    | ListStamps
    | MakeThumbnail
    | Inspect
    | KeepFailure
    | Foresee
    | ReadPicture
    | RecordRequest
    | Exporting
    | PresetRequest
    | KeepCalibration
    | FindCalibration
    | KeepGesture
    | FindGestures
    | FindGolden
    | ReadCodes
    | KeepLast
    | FindMoved
    | ModelRequest
    | AccessRequest
    | CameraRequest
    | RunStudy
)
Message = Progressed | Finished | Cancelled | Failed
