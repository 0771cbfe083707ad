"""How what holds on a picture came to be so, and what can be gone back to.

Follows from the gestures alone: stored one by one and done again, they make the same history.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from inspector_app.domain.gesture import Gesture, Marks, Verb


@dataclass(frozen=True, slots=True)
class Moment:
    """What held after a gesture; `verb` is None before the first."""

    verb: Verb | None
    marks: Marks


@dataclass(frozen=True, slots=True)
class History:
    """What holds on a picture, what held before, and what was undone.

    Attributes:
        done: From the beginning to what holds now; never empty.
        undone: What can be done again, the next one last.
    """

    done: tuple[Moment, ...] = (Moment(None, Marks()),)
    undone: tuple[Moment, ...] = ()

    @classmethod
    def of(cls, gestures: Iterable[Gesture]) -> "History":
        """As it stands after all gestures, in their order."""
        done, undone = [Moment(None, Marks())], list[Moment]()
        for gesture in gestures:
            _take(gesture, done, undone)
        return cls(tuple(done), tuple(undone))

    @property
    def marks(self) -> Marks:
        """What holds."""
        return self.done[-1].marks

    @property
    def undoes(self) -> Verb | None:
        """What an undo takes back; None where there is nothing.

        A first reading that was ended is never taken back, nor what led to it.
        """
        verb = self.done[-1].verb
        return None if verb is Verb.READ else verb

    @property
    def redoes(self) -> Verb | None:
        """What a redo does again; None where there is nothing."""
        return self.undone[-1].verb if self.undone else None

    def after(self, gesture: Gesture) -> "History":
        """As it stands after one more gesture; a step that cannot be made changes nothing."""
        done, undone = list(self.done), list(self.undone)
        _take(gesture, done, undone)
        return History(tuple(done), tuple(undone))


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a gesture stands in the store.

    Attributes:
        number: Of its row.
        before: Of the row of the gesture before it on the same picture; 0 for none.
    """

    number: int
    before: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the store knows of a picture.

    Attributes:
        history: All gestures, one after the other.
        last: Number of the row of the last of them; 0 for none.
    """

    history: History = History()
    last: int = 0


def _take(gesture: Gesture, done: list[Moment], undone: list[Moment]) -> None:
    """Let a gesture follow those before it, in place."""
    if gesture.verb == Verb.UNDO:
        if len(done) > 1 and done[-1].verb is not Verb.READ:
            undone.append(done.pop())
    elif gesture.verb == Verb.REDO:
        if undone:
            done.append(undone.pop())
    else:
        undone.clear()
        done.append(Moment(gesture.verb, done[-1].marks.after(gesture)))
