"""Goes on where the program was left, and notes where it is left."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer

from inspector_app.domain.inspection import Inspection
from inspector_app.domain.resume import LastSession, Listed
from inspector_app.gui.ahead_session import AheadSession
from inspector_app.gui.canvas.turn import Turn
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.main_window import MainWindow
from inspector_app.gui.picture import Picture, Tone
from inspector_app.gui.viewing import Manner, Place
from inspector_app.gui.worklist import Role

_SOON_MS = 700
"""What changed is written at most so long after it did."""


class Resuming(QObject):
    """Keeps the state of the window on the disk while it changes.

    Args:
        window: Whose state it is.
        last: What was left, to be shown again; None begins anew.
    """

    def __init__(self, window: MainWindow, last: LastSession | None) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._hashes: dict[str, str] = {}
        self._kept: LastSession | None = None
        self._list: tuple[Listed, ...] | None = None
        self._lines: dict[str, Listed] = {}
        self._chosen = self._question = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.keep)
        if last is not None:
            self._resume(last)
        self._listen()
        window.installEventFilter(self)

    def _listen(self) -> None:
        session, canvas, pictures = self._session, self._window.canvas, self._window.pictures
        session.picture_changed.connect(self._on_picture)
        for signal in (
            session.opening,
            session.inspection_changed,
            session.question_changed,
            session.shown.rearranged,
            session.book.chosen_changed,
            canvas.view.zoomed,
            canvas.view.moved,
            canvas.viewing.tone_changed,
            canvas.viewing.turn_changed,
            pictures.filter.textChanged,
            pictures.which.currentIndexChanged,
            pictures.order.currentIndexChanged,
        ):
            signal.connect(self._note)
        # Methods, not lambdas: these are not called any more once the window is gone.
        session.worklist.grown.connect(self._on_grown)
        session.worklist.dataChanged.connect(self._on_data)
        if isinstance(session, AheadSession):
            session.ahead.changed.connect(self._note)

    def _on_grown(self, _count: int) -> None:
        self._on_list()

    def _on_data(self, _first: object, _last: object, roles: Sequence[int]) -> None:
        self._on_list(roles)

    def _on_list(self, roles: Sequence[int] = ()) -> None:
        """Pictures came, or something is known of one that was not; thumbnails say nothing."""
        if list(roles) != [Role.THUMBNAIL]:
            self._list = None
            self._note()

    def _note(self, *_what: object) -> None:
        if not self._soon.isActive():
            # A long list takes longer to write: not with every turn of the wheel.
            self._soon.start(_SOON_MS + self._session.worklist.rowCount() // 10)

    # Keeping -------------------------------------------------------------------------

    def keep(self) -> None:
        """Write what is open now, unless that was written last."""
        self._soon.stop()
        last = self.state()
        if last != self._kept:
            self._kept = last
            self._session.book.keep_last(last)

    def state(self) -> LastSession:
        """What is open now."""
        session, canvas, pictures = self._session, self._window.canvas, self._window.pictures
        view, manner = canvas.view, canvas.viewing.manner
        window = manner.tone.window
        is_whole = view.is_fitted or session.picture is None
        inspection = session.known
        is_paused = isinstance(session, AheadSession) and session.ahead.is_paused
        return LastSession(
            worklist=self._listed(),
            locator=session.locator or "",
            record=inspection.id if inspection is not None else None,
            question=session.question,
            center=None if is_whole else view.center.toTuple(),
            scale=0.0 if is_whole else view.scale_now,
            quarters=manner.turn.quarters,
            is_flipped=manner.turn.is_flipped,
            window=window if window is None or window.table is None else None,
            is_inverted=manner.tone.is_inverted,
            chosen=session.book.chosen,
            words=pictures.filter.text(),
            which=str(pictures.which.currentData()),
            order=str(pictures.order.currentData()),
            is_paused=is_paused,
        )

    def _listed(self) -> tuple[Listed, ...]:
        if self._list is None:
            worklist, before = self._session.worklist, self._lines
            self._lines = {}
            for name in worklist.locators:
                sha256, outcome = self._hashes.get(name, ""), worklist.outcome_of(name)
                line = before.get(name)
                # To make ten thousand anew would be felt.
                if line is None or line.outcome != outcome or line.sha256 != sha256:
                    line = Listed(name, sha256, outcome=outcome)
                self._lines[name] = line
            self._list = tuple(self._lines.values())
        return self._list

    def _on_picture(self, picture: Picture | None) -> None:
        if picture is not None and self._hashes.get(picture.locator) is None:
            self._list = None
        if picture is not None:
            self._hashes[picture.locator] = picture.provenance.sha256
            QTimer.singleShot(0, self, self._ask_again)
        self._note()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The window is about to close: the workers still work."""
        if event.type() == QEvent.Type.Close and watched is self._window:
            self.keep()
        return super().eventFilter(watched, event)

    # Going on ------------------------------------------------------------------------

    def _resume(self, last: LastSession) -> None:
        session, window = self._session, self._window
        self._hashes = {one.locator: one.sha256 for one in last.worklist if one.sha256}
        worklist = session.worklist
        worklist.add([one.locator for one in last.worklist])
        for one in last.worklist:
            if one.outcome is not None:
                worklist.set_outcome(one.locator, one.outcome)
        window.pictures.recall(words=last.words, which=last.which, order=last.order)
        if last.is_paused and isinstance(session, AheadSession):
            session.ahead.pause(is_paused=True)
        # A preset and a sample bring questions of their own when they come.
        self._question = last.question
        if last.locator:
            self._go_back(last, last.locator)
        QTimer.singleShot(0, self, self._ask_again)
        session.desk.find_moved(last.worklist, lambda found: self._on_moved(last, found))

    def _go_back(self, last: LastSession, locator: str) -> None:
        """Show the picture as it was left."""
        session = self._session
        is_whole = last.center is None or last.scale <= 0
        place = None if is_whole or last.center is None else Place(last.center, last.scale)
        manner = Manner(
            tone=Tone(last.window, is_inverted=last.is_inverted),
            turn=Turn(last.quarters % 4, last.is_flipped),
            place=place,
        )
        self._window.canvas.viewing.expect(locator, manner)
        self._chosen = last.chosen
        session.go_to(locator)
        session.book.changed.connect(self._choose_again)
        if last.record is not None:
            session.desk.recall(last.record, self._show_record)

    def _show_record(self, inspection: Inspection) -> None:
        """What was said of the picture, unless the user has gone on meanwhile."""
        session = self._session
        if session.picture is None:
            if session.is_opening:
                QTimer.singleShot(50, self, lambda: self._show_record(inspection))
            return
        session.show_again(inspection)

    def _ask_again(self) -> None:
        """The question that stood in the field, unless another picture is shown by now."""
        picture = self._session.picture
        if self._question:
            self._session.set_question(self._question)
        if picture is not None:
            self._question = ""

    def _choose_again(self, _marks: object) -> None:
        session = self._session
        if self._chosen and (
            session.regions.get(self._chosen) is not None
            or session.findings.get(self._chosen) is not None
        ):
            session.book.choose(self._chosen)
            self._chosen = ""

    def _on_moved(self, last: LastSession, found: dict[str, str]) -> None:
        session = self._session
        self._list = None
        for old, new in found.items():
            session.worklist.rename(old, new)
            if old in self._hashes:
                self._hashes[new] = self._hashes.pop(old)
        here = session.locator
        if here in found:
            self._go_back(last, found[here])
        if found:
            text = self.tr("Found again what was moved since the program was left.")
            self._session.noticed.emit(Notice(Kind.INFO, text))
