"""What is kept between jobs, and which story each request begins."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from inspector_app import crops, paths, plugins
from inspector_app.domain.errors import (
    InspectorError,
    ModelTrouble,
    OutOfMemory,
    UnreadablePicture,
)
from inspector_app.domain.exporting import ExportRecords, SendFiles
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import MADE_AHEAD, NOT_STORED, Inspection, ModelFacts
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
    Steps,
)
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.preset_messages import CompareTemplates, FileReports
from inspector_app.domain.record_messages import (
    CountRecords,
    KeepPreview,
    ListRecords,
    OpenRecord,
    PreviewReport,
    SearchRecords,
    WriteBook,
    WriteReport,
)
from inspector_app.domain.studies import RunStudy
from inspector_app.imaging.codes import read_codes
from inspector_app.imaging.wishes import through, wished_window
from inspector_app.lasting import lasting
from inspector_app.resuming import Keeper
from inspector_app.store.records import Store
from inspector_app.workflow import open as opening
from inspector_app.workflow.comparing import compared
from inspector_app.workflow.decoder import Pictures
from inspector_app.workflow.exchange import exported
from inspector_app.workflow.failing import failure_record
from inspector_app.workflow.filing import filed_reports
from inspector_app.workflow.following import Follower
from inspector_app.workflow.forecasting import foresee
from inspector_app.workflow.frames import Frames, at_once, stamps_of
from inspector_app.workflow.golden import find_golden
from inspector_app.workflow.inspecting import (
    Clock,
    Opened,
    question_of,
)
from inspector_app.workflow.loading import family_of, load_model, towered
from inspector_app.workflow.lockstep import Asked, Ended, Work, inspect_together
from inspector_app.workflow.measuring import with_measures
from inspector_app.workflow.moved import find_moved
from inspector_app.workflow.previewing import kept, previewed
from inspector_app.workflow.readings import Readings
from inspector_app.workflow.reporting import counted, searched, write_book, written
from inspector_app.workflow.stepping import Ladder, narrowed
from inspector_app.workflow.studying import studied
from inspector_app.workflow.trials import inspect_and_try


class Workbench:
    """Loaded weights, open pictures and the store; shared by the model's worker and the desk.

    `perform` may be called from several threads at once, as long as only one of them sends
    requests that need the model.

    Args:
        pictures: Opens them; a `Decoder` where no file may harm this process. It is not
            closed here.
    """

    def __init__(self, *, pictures: Pictures = opening) -> None:
        self._pictures = pictures
        self._lock = threading.Lock()
        self._frames = Frames(pictures)
        self._follower = Follower(self._frames.open)
        self._readings = Readings(self._frames.open)
        self._model: tuple[LoadModel, VisionModel] | None = None
        self._limits = ""
        self._ladder = Ladder()
        self._store: Store | None = None
        self._keeper = Keeper()
        self._stories: dict[type, Callable[[Any], Steps[Any]]] = {
            LoadModel: self._load_anew,
            OpenPicture: self._open,
            ListFolder: at_once(lambda asked: pictures.list_pictures(asked.folder)),
            ListPictures: at_once(lambda asked: pictures.pictures_in(asked.path)),
            ListSeries: at_once(lambda asked: pictures.series_in(asked.locators)),
            ListStamps: lambda request: stamps_of(request.locators),
            MakeThumbnail: self._thumbnail,
            Inspect: self.inspect,
            Foresee: self._foresee,
            RunStudy: lambda request: studied(request, workbench=self),
            ReadPicture: self._read_early,
            ListRecords: at_once(lambda asked: self._records().list(asked.limit)),
            SearchRecords: lambda request: searched(self._records(), request),
            CountRecords: lambda request: counted(self._records(), request),
            WriteBook: lambda request: write_book(self._records(), request),
            ExportRecords: lambda request: exported(self._records(), request),
            SendFiles: _sent,
            OpenRecord: at_once(lambda asked: self._records().open(asked.id)),
            WriteReport: self._write_report,
            CompareTemplates: lambda request: compared(self.perform, request),
            FileReports: lambda request: filed_reports(
                self._records(), request, frame_of=self.frame_of
            ),
            PreviewReport: lambda request: previewed(
                self._records(), request, frame_of=self.frame_of
            ),
            KeepPreview: kept,
            KeepCalibration: at_once(
                lambda asked: self._records().keep_calibration(
                    asked.picture_sha256, asked.calibration
                )
            ),
            FindCalibration: at_once(
                lambda asked: self._records().calibration_of(asked.picture_sha256)
            ),
            KeepFailure: at_once(lambda asked: self._records().save(failure_record(asked))),
            KeepGesture: at_once(
                lambda asked: self._records().keep_gesture(asked.picture, asked.gesture)
            ),
            FindGestures: at_once(lambda asked: self._records().gestures_of(asked.picture)),
            FindGolden: lambda request: find_golden(
                request.golden, open_frame=self._frames.open, pictures=self._pictures
            ),
            ReadCodes: at_once(lambda asked: read_codes(self._frames.open(asked.locator).pixels)),
            KeepLast: at_once(lambda asked: self._keeper.keep(asked.last)),
            FindMoved: lambda request: find_moved(request.listed),
        }

    def perform(self, request: Request) -> Steps[Any]:
        """Do what a request asks; the return value is what its docstring promises."""
        return (yield from self._stories[type(request)](request))

    def close(self) -> None:
        """Give weights, pictures and the database back."""
        with self._lock:
            self._frames.clear()
            self._readings.clear()
            self._model = None
            if self._store is not None:
                self._store.close()
                self._store = None

    def load(self, request: LoadModel) -> Steps[ModelFacts]:
        """Get a model ready; nothing happens when it is the one in use.

        Raises:
            ModelTrouble: see `families`.
        """
        if self._model is not None and self._model[0] == request:
            return replace(self._model[1].facts, limits=self._limits)
        yield Step("load", 0, 1)
        with lasting():
            folder, card, family = family_of(request.model)
        # The old weights go first: two models may not fit.
        self._readings.clear()
        self._model = None
        model = load_model(family, folder, request)
        self._model, self._limits = (request, model), card.limits
        facts: ModelFacts = model.facts
        return replace(facts, limits=card.limits)

    def inspect(self, request: Inspect) -> Steps[Inspection]:
        """Walk one picture through the rooms and return the stored record.

        Out of memory steps down, see `stepping`; the record says so, and so do the records
        after it until the model is loaded anew.
        """
        question_of(request)
        plugins.load(crops, request.strategy)
        load, said = self._ladder.begin(request.model)
        notes = (*request.notes, *said)
        while True:
            try:
                found = yield from self._attempt(replace(request, model=load), notes=notes)
                break
            except OutOfMemory:
                note = self._forgotten(request.locator) or self._ladder.down(
                    self._model and self._model[1].facts
                )
                if note is None:
                    raise
            self._readings.clear()
            notes += (note,)
            load = self._ladder.load or load
        if not request.save:
            return found
        # The last stop before the record: a job stopped here leaves nothing behind.
        yield Step("save", 0, 1, found)
        return self.saved(found)

    def inspect_together(self, requests: Sequence[Inspect], *, most: int) -> Steps[Ended]:
        """Several pictures at the same time, with the model in use; see `workflow.lockstep`."""
        work = Work(self.model_in_use(), self._ladder.room, self._asked, self.inspect)
        return (yield from inspect_together(requests, work=work, most=most))

    def _asked(self, request: Inspect) -> Asked:
        """A picture that is open, and where the request's regions lie on it."""
        question_of(request)
        frame = self._frames.open(request.locator)
        for wish in request.options.windows:
            wished_window(wish, frame)
        load, said = self._ladder.begin(request.model)
        said += narrowed(load, self.model_in_use().facts)
        return Asked(frame, self._follower.follow(request, frame), (*request.notes, *said))

    def saved(self, found: Inspection) -> Inspection:
        """The stored record; should it not be stored, one that says so."""
        try:
            found = self.stored(found)
        except InspectorError as error:
            # The answer is worth more than its record; the window says what is missing.
            found = replace(found, notes=(*found.notes, f"{NOT_STORED}{error.sentence()}"))
        # Many may wait at hand for somebody to look at them, each beside its Frame.
        return found.lightened() if found.was_made_ahead else found

    def stored(self, found: Inspection) -> Inspection:
        """A finished inspection with its record number, once it is on the disk.

        Raises:
            CannotWrite: the disk is full or refuses; nothing of it was kept.
        """
        store = self._records()
        return store.save(with_measures(found, store, frame=self.frame_of(found)))

    def _load_anew(self, request: LoadModel) -> Steps[ModelFacts]:
        """The user wants this model: what did not fit before may fit now."""
        self._ladder.reset()
        facts = yield from self.load(request)
        held, model = self._model or (request, self.model_in_use())
        # Its vision tower may have been exported since.
        model = towered(family_of(held.model)[2], model, choice=held.tower)
        self._model = (held, model)
        return replace(facts, device=model.facts.device)

    def _forgotten(self, locator: str) -> str:
        """Give up what is kept of other pictures; what to say of it, "" if there is nothing."""
        if not self._readings.has_other_than(locator):
            return ""
        self._readings.clear()
        return "forgot the pictures before this one: out of memory"

    def noted(self, picture_sha256: str, note: str) -> Inspection | None:
        """The last record of a picture that carries this very note, or None.

        Raises:
            UnreadableRecord: the records are damaged.
        """
        number = self._records().noted(picture_sha256, note)
        return None if number is None else self._records().open(number)

    def model_in_use(self) -> VisionModel:
        """The loaded model.

        Raises:
            ModelTrouble: none is loaded.
        """
        if self._model is None:
            raise ModelTrouble("No model is loaded.", hint="Choose one in the settings.")
        return self._model[1]

    def read(
        self,
        locator: str,
        *,
        windows: tuple[str, ...] = (),
        resolution: float = 1.0,
        ahead: bool = False,
    ) -> Steps[Opened]:
        """A picture that the model in use has read; see `workflow.readings`."""
        model = self.model_in_use()
        return (
            yield from self._readings.read(
                locator, model=model, windows=windows, resolution=resolution, ahead=ahead
            )
        )

    def _read_early(self, request: ReadPicture) -> Steps[bool]:
        """Read a picture; memory that does not suffice is no trouble of the user's."""
        yield Step("open", 0, 1)
        if self._model is None or self._model[0] != request.model:
            return False
        try:
            yield from self.read(request.locator, windows=request.windows, ahead=request.ahead)
        except OutOfMemory:
            return False
        return True

    def _attempt(self, request: Inspect, *, notes: tuple[str, ...]) -> Steps[Inspection]:
        clock = Clock()
        # A missing picture is found before seconds are spent on a model.
        with clock.during("open"):
            yield Step("open", 0, 1)
            frame = self._frames.open(request.locator)
            for wish in request.options.windows:
                wished_window(wish, frame)
            followed = self._follower.follow(request, frame)
        with clock.during("load"):
            notes += narrowed(request.model, (yield from self.load(request.model)))
        before = self.model_in_use().passes
        with clock.during("read"):
            opened = yield from self.read(
                request.locator,
                windows=request.options.windows,
                resolution=request.options.resolution,
                ahead=MADE_AHEAD in request.notes,
            )
        read = self.model_in_use().passes - before
        found = yield from inspect_and_try(
            opened, followed, clock=clock, notes=notes, room=self._ladder.room
        )
        return replace(found, passes=found.passes + read)

    def _records(self) -> Store:
        with self._lock:
            if self._store is not None and not self._store.is_current:
                # A backup was put in the place of a damaged file.
                self._store.close()
                self._store = None
            if self._store is None:
                self._store = Store(paths.data())
            return self._store

    def _open(self, request: OpenPicture) -> Steps[Frame]:
        yield Step("open", 0, 1)
        return self._frames.open(request.locator)

    def _thumbnail(self, request: MakeThumbnail) -> Steps[Any]:
        yield Step("open", 0, 1)
        return self._pictures.open_thumbnail(request.locator, side=request.side)

    def _foresee(self, request: Foresee) -> Steps[Forecast]:
        yield Step("open", 0, 1)
        wish = request.request
        return foresee(self.model_in_use(), self._frames.open(wish.locator), wish)

    def _write_report(self, request: WriteReport) -> Steps[str]:
        store = self._records() if request.id is not None else None
        return (yield from written(store, request, frame_of=self.frame_of))

    def frame_of(self, inspection: Inspection) -> Frame | None:
        """The very picture of a record, or None where its file is gone or another now."""
        try:
            frame = self._frames.open(inspection.provenance.locator)
        except UnreadablePicture:
            return None
        same = frame.provenance.sha256 == inspection.provenance.sha256
        if not same or frame.size != inspection.size:
            return None
        window = inspection.provenance.window
        return frame if window is None or frame.values is None else through(frame, window)


def _sent(request: SendFiles) -> Steps[int]:
    from inspector_app.workflow.sending import sent  # noqa: PLC0415  reads the web's libraries

    return (yield from sent(request))
