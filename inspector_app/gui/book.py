"""What people did to the open picture: stored first, then shown."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.gesture import REDO, UNDO, Gesture, Judgement, Marks, Verb
from inspector_app.domain.history import History, Kept, Recalled
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import FindGestures, KeepGesture, KeepLast, Problem
from inspector_app.domain.resume import LastSession
from inspector_app.gui.papers import ending
from inspector_app.gui.picture import Picture
from inspector_app.gui.worker import Bridge

_KEPT = 40


@dataclass(slots=True, eq=False)
class _Page:
    """What is known of one picture.

    Attributes:
        history: What is stored.
        last: Number of the last stored gesture.
        pending: Gestures on their way to the disk, in order.
    """

    history: History = field(default_factory=History)
    last: int = 0
    pending: list[Gesture] = field(default_factory=list)


class Book(QObject):
    """The gestures of the pictures, and what holds after them.

    Nothing is told by `changed` that is not on the disk. What a gesture rests on is asked of
    `expected`, which counts those that are still on their way.

    Args:
        bridge: To a thread of its own: nobody waits behind a picture that is being read.

    Signals:
        changed: `Marks` of the open picture.
        refused: `Problem`: a gesture could not be stored, or what is stored cannot be read.
        chosen_changed: Id of the mark that is in hand, or "".
    """

    changed = Signal(object)
    refused = Signal(object)
    chosen_changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._key = ""
        self._trouble: Problem | None = None
        self.chosen = ""
        self.who = ""

    def be(self, who: str) -> None:
        """Whatever is done from now on is done by this person."""
        self.who = who

    def open(self, picture: Picture | None) -> None:
        """Another picture is open; what was done to it is fetched anew."""
        self._key = ""
        if picture is not None:
            self._key = picture_key(picture.provenance.sha256, picture.locator)
            self._pages.setdefault(self._key, _Page())
            self._pages.move_to_end(self._key)
            self._forget_oldest()
            self._find(self._key)
        self.choose("")
        self.changed.emit(self.marks)

    def choose(self, id: str) -> None:
        """Take a mark in hand; "" lets go."""
        if id != self.chosen:
            self.chosen = id
            self.chosen_changed.emit(id)

    @property
    def key(self) -> str:
        """Of the open picture; "" for none."""
        return self._key

    @property
    def history(self) -> History:
        """What is stored of the open picture."""
        return self._pages[self._key].history if self._key else History()

    @property
    def marks(self) -> Marks:
        """What holds on the open picture."""
        return self.history.marks

    @property
    def expected(self) -> History:
        """What will be stored once all gestures that are on their way have arrived."""
        history = self.history
        for gesture in self._pages[self._key].pending if self._key else ():
            history = history.after(gesture)
        return history

    def marks_of(self, key: str) -> Marks:
        """What held on a picture when it was open last; nothing where that is not known."""
        return self._pages[key].history.marks if key in self._pages else Marks()

    @property
    def undoes(self) -> Verb | None:
        """What an undo takes back; None where there is nothing."""
        return self.expected.undoes

    @property
    def redoes(self) -> Verb | None:
        """What a redo does again; None where there is nothing."""
        return self.expected.redoes

    def do(self, gesture: Gesture) -> None:
        """Store a gesture on the open picture; it shows once it is on the disk."""
        if not self._key:
            return
        gesture = gesture if gesture.by else replace(gesture, by=self.who)
        before = self.expected
        if before.after(gesture) == before or (
            not gesture.is_step and before.after(gesture).marks == before.marks
        ):
            return
        key = self._key
        self._pages[key].pending.append(gesture)
        self._bridge.submit(
            KeepGesture(key, gesture),
            tell=ending(
                lambda kept: self._on_kept(key, gesture, kept),
                lambda problem: self._on_lost(key, gesture, problem),
            ),
        )

    def overrule(self, key: str, judgement: Judgement, *, then: Callable[[], None]) -> None:
        """Store a person's verdict on a record, of whichever picture.

        Args:
            key: Of the picture.
            judgement: The verdict and why.
            then: Called once it is on the disk; where that fails, `refused` tells.
        """

        def on_kept(_kept: Kept) -> None:
            if key in self._pages:
                self._find(key)
            then()

        gesture = Gesture(Verb.JUDGED, (judgement,), by=judgement.by or self.who)
        self._bridge.submit(KeepGesture(key, gesture), tell=ending(on_kept, self.refused.emit))

    def log(
        self,
        key: str,
        gesture: Gesture,
        *,
        then: Callable[[], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Store what happened that is about no open picture.

        Args:
            key: Under which it is kept.
            gesture: What happened.
            then: Called once it is on the disk.
            failed: Called where it could not be stored.
        """
        tell = ending(lambda _kept: then(), failed)
        self._bridge.submit(KeepGesture(key, gesture), tell=tell)

    def undo(self) -> None:
        """Take the last gesture back; also one of an earlier session."""
        self.do(UNDO)

    def redo(self) -> None:
        """Do again what was undone last."""
        self.do(REDO)

    def keep_last(self, last: LastSession) -> None:
        """Store what is open, for the next start; without it nothing but convenience is lost."""
        self._bridge.submit(KeepLast(last), urgency=1)

    def close(self) -> bool:
        """Store what is on its way; whether the thread has ended."""
        return self._bridge.close(drops=False)

    def _find(self, key: str) -> None:
        self._bridge.submit(
            FindGestures(key),
            tell=ending(lambda found: self._on_found(key, found), self._on_unreadable),
        )

    def _on_unreadable(self, problem: Problem) -> None:
        # Records that cannot be read are so for every picture: once is enough.
        if problem != self._trouble:
            self._trouble = problem
            self.refused.emit(problem)

    def _on_found(self, key: str, found: Recalled) -> None:
        page = self._pages.get(key)
        if page is None:
            return
        is_known = page.last == found.last and page.history == found.history
        page.history, page.last = found.history, found.last
        if not is_known:
            self._tell(key)

    def _on_kept(self, key: str, gesture: Gesture, kept: Kept) -> None:
        page = self._pages[key]
        page.pending.remove(gesture)
        is_alone = kept.before == page.last
        page.history, page.last = page.history.after(gesture), kept.number
        if not is_alone:
            # Another copy of the program works on this picture too.
            self._find(key)
        self._tell(key)

    def _on_lost(self, key: str, gesture: Gesture, problem: Problem) -> None:
        self._pages[key].pending.remove(gesture)
        self.refused.emit(problem)
        # What was drawn goes back to what is stored.
        self._find(key)
        self._tell(key)

    def _tell(self, key: str) -> None:
        if key == self._key:
            self.changed.emit(self.marks)

    def _forget_oldest(self) -> None:
        for key in list(self._pages)[:-_KEPT]:
            if not self._pages[key].pending:
                del self._pages[key]
