"""A scripted worker: real Frames, maps and answers, no model, no disk but the pictures."""

import threading
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from inspector_app.domain.answer import Answer, Token
from inspector_app.domain.attention import AttentionMap, TokenGrid
from inspector_app.domain.errors import InspectorError, UnreadablePicture, UnreadableRecord
from inspector_app.domain.exporting import ExportRecords, SendFiles
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.frame import Frame, Provenance
from inspector_app.domain.gesture import Gesture
from inspector_app.domain.history import History, Kept, Recalled
from inspector_app.domain.inspection import NOT_STORED, Inspection, ModelFacts, Passes, ShownView
from inspector_app.domain.messages import (
    FindCalibration,
    FindGestures,
    FindGolden,
    FindMoved,
    Foresee,
    Inspect,
    KeepCalibration,
    KeepFailure,
    KeepGesture,
    KeepLast,
    ListFolder,
    ListPictures,
    ListSeries,
    ListStamps,
    LoadModel,
    MakeThumbnail,
    OpenPicture,
    ReadCodes,
    ReadPicture,
    Request,
    Step,
    Words,
)
from inspector_app.domain.record_messages import (
    CountRecords,
    KeepPreview,
    ListRecords,
    OpenRecord,
    PreviewReport,
    RecordLine,
    SearchRecords,
    WriteBook,
    WriteReport,
)
from inspector_app.domain.region import Region, ScoredRegion
from inspector_app.domain.resume import LastSession
from inspector_app.domain.search import Search
from inspector_app.domain.series import Series
from inspector_app.domain.stamp import FileStamp
from inspector_app.domain.verdict import Evidence, judge
from inspector_app.imaging.codes import read_codes
from inspector_app.store.records import Store
from inspector_app.workflow.exchange import exported
from inspector_app.workflow.failing import failure_record
from inspector_app.workflow.golden import find_golden
from inspector_app.workflow.previewing import kept, previewed
from inspector_app.workflow.reporting import counted, searched, write_book
from inspector_app.workflow.sending import sent

_ARCHIVED = SearchRecords | CountRecords | WriteBook | PreviewReport | ExportRecords

FACTS = ModelFacts("embedded", "llava", "cpu", "float32", "ab" * 32)


def answer(text: str, *, sure: float = 0.9, runner_up: str = "no") -> Answer:
    """An answer of one token with this probability."""
    logprob = float(np.log(sure))
    return Answer(text, (Token(text, logprob),), margin=2 * sure - 1, runner_up=runner_up)


def attention_map(size: tuple[int, int], *, peak: tuple[float, float]) -> AttentionMap:
    """A 12 x 12 map with a blob at `peak` (shares of width and height), three layers."""
    rows, cols = np.mgrid[0:12, 0:12]
    grid = TokenGrid(12, 12, 0, 0, *size)
    maps = [
        np.exp(-((cols / 11 - peak[0]) ** 2 + (rows / 11 - peak[1]) ** 2) / width).astype(
            np.float32
        )
        for width in (0.2, 0.05, 0.02)
    ]
    return AttentionMap(
        maps[1],
        grid,
        "relative_attention",
        layer=4,
        layers=np.stack(maps),
        layer_numbers=(2, 4, 6),
    )


def run(steps: Generator[Step, None, Any]) -> Any:
    """The value of a job."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@dataclass
class Script:
    """What the fake worker does; give `perform` to a Bridge.

    Attributes:
        whole: Answer on the whole picture.
        zoomed: Answer with the crops.
        error: Raised by the next inspection instead of an answer.
        failing: Raised by every inspection of the file of this name.
        answers: What is answered about the file of this name, instead of `whole` and `zoomed`.
        hold: While cleared, an inspection goes on asking, step by step.
        gate: While cleared, no picture is opened.
        asked: Every request in order.
        records: Stored inspections by id.
        store: What is searched, counted and reported.
        searches: What was searched for and counted.
        unstored: Why inspections are not stored; "" for stored.
        no_history: Raised when the history is asked for.
        pages: Pictures by file, where it holds several.
        series: Stacks there are.
        calibrations: What the user said, by picture.
        forecast: What inspections are said to take.
    """

    whole: Answer = field(default_factory=lambda: answer("no", sure=0.61, runner_up="yes"))
    zoomed: Answer = field(default_factory=lambda: answer("yes", sure=0.94))
    error: Exception | None = None
    failing: dict[str, Exception] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[Request] = field(default_factory=list)
    records: dict[int, Inspection] = field(default_factory=dict)
    store: Store | None = None
    searches: list[Search] = field(default_factory=list)
    unstored: str = ""
    no_history: InspectorError | None = None
    pages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    series: tuple[Series, ...] = ()
    calibrations: dict[str, Any] = field(default_factory=dict)
    forecast: Forecast = field(default_factory=lambda: Forecast(1))
    gestures: dict[str, list[Gesture]] = field(default_factory=dict)
    no_gesture: InspectorError | None = None
    no_marks: InspectorError | None = None
    last: LastSession | None = None
    moved: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hold.set()
        self.gate.set()

    def perform(self, request: Request) -> Generator[Step, None, Any]:
        """Do what a workbench would do."""
        self.asked.append(request)
        match request:
            case LoadModel():
                yield Step("load", 0, 1)
                return replace(FACTS, name=request.model)
            case OpenPicture():
                yield Step("open", 0, 1)
                while not self.gate.wait(0.002):
                    yield Step("open", 0, 1)
                return open_frame(request.locator)
            case MakeThumbnail():
                yield Step("open", 0, 1)
                return _thumbnail(request)
            case ListFolder():
                yield Step("open", 0, 1)
                return list_pictures(request.folder)
            case Inspect():
                return (yield from self._inspect(request))
            case _:
                yield Step("open", 0, 1)
                return (yield from self._at_records(request))

    def _told(self, request: Request) -> Any:
        if isinstance(request, ListStamps):
            return tuple(FileStamp.of(locator) for locator in request.locators)
        if isinstance(request, FindMoved):
            return self.moved
        if isinstance(request, KeepLast):
            self.last = request.last
            return None
        if isinstance(request, FindGestures | KeepGesture):
            return self._marked(request)
        if isinstance(request, KeepFailure | ReadCodes | FindGolden):
            return self._at_line(request)
        return True if isinstance(request, ReadPicture) else self._scale(request)

    def _at_line(self, request: KeepFailure | ReadCodes | FindGolden) -> Any:
        """As the workbench does it."""
        if isinstance(request, ReadCodes):
            return read_codes(open_frame(request.locator).pixels)
        if isinstance(request, FindGolden):
            listing = SimpleNamespace(list_pictures=list_pictures)
            return run(find_golden(request.golden, open_frame=open_frame, pictures=listing))
        number = len(self.records) + 1
        self.records[number] = replace(failure_record(request), id=number)
        return self.records[number]

    def _marked(self, request: FindGestures | KeepGesture) -> Any:
        known = self.gestures.setdefault(request.picture, [])
        if isinstance(request, FindGestures) and self.no_marks is not None:
            raise self.no_marks
        if isinstance(request, FindGestures):
            return Recalled(History.of(known), len(known))
        if self.no_gesture is not None:
            raise self.no_gesture
        known.append(request.gesture)
        return Kept(len(known), len(known) - 1)

    def _scale(self, request: FindCalibration | KeepCalibration) -> Any:
        if isinstance(request, KeepCalibration):
            self.calibrations[request.picture_sha256] = request.calibration
            return None
        return self.calibrations.get(request.picture_sha256)

    def _at_records(self, request: Request) -> Generator[Step, None, Any]:
        match request:
            case ListPictures():
                return self.pages.get(request.path, (request.path,))
            case (
                FindCalibration()
                | KeepCalibration()
                | FindGestures()
                | KeepGesture()
                | KeepFailure()
                | FindGolden()
                | FindMoved()
                | KeepLast()
                | ListStamps()
                | ReadCodes()
                | ReadPicture()
            ):
                return self._told(request)
            case ListSeries() | Foresee():
                return self.series if isinstance(request, ListSeries) else self.forecast
            case ListRecords() if self.no_history is not None:
                raise self.no_history
            case ListRecords():
                return tuple(_line(self.records[number]) for number in sorted(self.records)[::-1])
            case OpenRecord():
                if request.id not in self.records:
                    raise UnreadableRecord(f"There is no inspection {request.id}.")
                return self.records[request.id]
        return (yield from self._written(request))

    def _written(self, request: Request) -> Generator[Step, None, Any]:
        if isinstance(request, SendFiles):
            return run(sent(request))
        if isinstance(request, _ARCHIVED):
            return (yield from self._archive(request))
        if isinstance(request, KeepPreview):
            return run(kept(request))
        assert isinstance(request, WriteReport), request
        Path(request.destination).write_bytes(b"report")
        return request.destination

    def _archive(self, request: Request) -> Generator[Step, None, Any]:
        """As the workbench does it, on a real store."""
        if isinstance(request, PreviewReport):
            return (yield from previewed(self.store, request, frame_of=lambda _record: None))
        stories = {
            SearchRecords: searched,
            CountRecords: counted,
            WriteBook: write_book,
            ExportRecords: exported,
        }
        self.searches.append(request.search)
        return (yield from stories[type(request)](self.store, request))

    def _inspect(self, request: Inspect) -> Generator[Step, None, Inspection]:
        yield Step("open", 0, 6)
        frame = open_frame(request.locator)
        yield Step("read", 1, 6)
        if Path(request.locator).name in self.failing:
            raise self.failing[Path(request.locator).name]
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        yield Step("ask", 2, 6, Words(self.whole.text[:1], "whole"))
        while not self.hold.wait(0.002):
            yield Step("ask", 2, 6)
        yield Step("ask", 2, 6, Words(self.whole.text, "whole"))
        attention = attention_map(frame.size, peak=(0.62, 0.4))
        yield Step("look", 3, 6, attention)
        regions = regions_for(request, frame)
        yield Step("zoom", 4, 6, regions)
        if regions:
            yield Step("zoom", 4, 6, Words(self.zoomed.text, "zoomed"))
        yield Step("save", 5, 6)
        return self._record(request, frame, attention, regions)

    def _record(self, request, frame, attention, regions) -> Inspection:
        number = len(self.records) + 1
        whole = self.answers.get(Path(request.locator).name, self.whole)
        zoomed = self.answers.get(Path(request.locator).name, self.zoomed) if regions else None
        views = [ShownView(frame.pixels, frame.region)]
        views += [ShownView(frame.cut(scored.region), scored.region) for scored in regions]
        made = Inspection(
            provenance=frame.provenance,
            size=frame.size,
            model=FACTS,
            question=request.question,
            prompt=f"USER: <image>\n{request.question} ASSISTANT:",
            zoomed_prompt=f"USER: <image><image>\n{request.question} ASSISTANT:" if regions else "",
            neutral_prompt=f"USER: <image>\n{request.neutral} ASSISTANT:",
            strategy=request.strategy,
            options=request.options,
            whole=whole,
            zoomed=zoomed,
            regions=regions,
            crop_answers=tuple(self.zoomed for _ in regions),
            verdict=judge(Evidence(request.question, whole=whole, zoomed=zoomed)),
            map=attention,
            views=tuple(views),
            passes=Passes(2, 14, 620),
            timings_ms={"open": 12.0, "read": 61.0, "ask": 44.0, "look": 23.0, "zoom": 88.0},
            created="2026-11-21T02:03:04+00:00",
            software="Inspector test",
            id=number,
            notes=request.notes,
        )
        if not request.save:
            return replace(made, id=None)
        if self.unstored:
            return replace(made, id=None, notes=(f"{NOT_STORED}{self.unstored}",))
        self.records[number] = made
        return made.lightened() if made.was_made_ahead else made


def list_pictures(folder: str) -> tuple[str, ...]:
    """The PNG files of a folder."""
    return tuple(str(path) for path in sorted(Path(folder).glob("*.png")))


def regions_for(request: Inspect, frame: Frame) -> tuple[ScoredRegion, ...]:
    """Boxes as a strategy would find them."""
    if request.strategy == "whole":
        return ()
    if request.strategy == "manual":
        return tuple(ScoredRegion(region, "manual") for region in request.options.rois)
    side = max(1, min(frame.size) // 5)
    centres = [(0.62, 0.4), (0.3, 0.7), (0.15, 0.2), (0.8, 0.85)][: request.options.count]
    return tuple(
        ScoredRegion(
            Region.square_at((x * frame.width, y * frame.height), side=side, within=frame.size),
            request.strategy,
            score=2.5 - at / 2,
        )
        for at, (x, y) in enumerate(centres)
    )


def open_frame(locator: str) -> Frame:
    """A Frame of an ordinary picture file.

    Raises:
        UnreadablePicture: there is none.
    """
    stamp = FileStamp.of(locator)
    try:
        with Image.open(locator) as opened:
            pixels = np.array(opened.convert("RGB"))
            media = opened.format or "?"
    except OSError as error:
        raise UnreadablePicture(
            f"{Path(locator).name} is not a picture this program can read.",
            hint="Open it elsewhere and save it as PNG or TIFF.",
        ) from error
    sha256 = f"{hash(pixels.tobytes()) & (2**64 - 1):064x}"
    return Frame(pixels, Provenance(locator, sha256, media), stamp=stamp)


def _thumbnail(request: MakeThumbnail) -> np.ndarray:
    with Image.open(request.locator) as opened:
        opened.thumbnail((request.side, request.side))
        return np.array(opened.convert("RGB"))


def _line(made: Inspection) -> RecordLine:
    return RecordLine(
        made.id or 0,
        made.created,
        made.provenance.locator,
        made.question,
        made.answer.text,
        made.verdict.outcome if made.verdict else "",
    )


def full_disk() -> InspectorError:
    """What a full disk looks like to the window."""
    return UnreadablePicture("The disk is full.", hint="Make room and try again.")
