"""The regions of interest on the open picture: what a person drew, else what a preset laid."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.gesture import LAID, Gesture, Marks, Roi, Verb
from inspector_app.domain.preset import MOST_ROIS, Cut, FixedRegion, Preset, cuts_worth
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape
from inspector_app.gui.book import Book
from inspector_app.gui.choices import Choices
from inspector_app.gui.facts import Kind, Notice

COLOURS = (
    "#56B4E9",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#0072B2",
    "#E69F00",
    "#F0E442",
    "#F2F2F2",
)
"""Told apart by every common kind of colour vision. Source: Okabe and Ito (2008), with white in
the place of black, which pictures hide."""

_STEP = 12.0


class Regions(QObject):
    """Regions are stored with their picture; those of a preset become own ones when changed.

    Args:
        choices: What is asked about: it gets the boxes about the regions.
        book: What is stored.

    Signals:
        changed: Tuple of the `Roi`s in force.
    """

    changed = Signal(tuple)

    def __init__(self, choices: Choices, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._book = book
        self._size = (0, 0)
        self._laid: tuple[Region, ...] = ()
        self.all: tuple[Roi, ...] = ()
        book.changed.connect(self._on_marks)
        choices.rois_changed.connect(self._on_laid)

    def show_size(self, size: tuple[int, int]) -> None:
        """(width, height) of the picture that is open now; regions of the one before are gone."""
        self._size = size
        self._laid = ()

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the open picture; zeros for none."""
        return self._size

    @property
    def is_own(self) -> bool:
        """Whether a person's regions, or none, stand in the place of a preset's."""
        return self._book.marks.hides_laid

    @property
    def is_redrawn(self) -> bool:
        """Whether other regions are in force than the preset has for the open picture."""
        preset = self._choices.preset
        if preset is None or not preset.rois or self._size == (0, 0):
            return False
        return are_redrawn(self.all, preset, size=self._size)

    def get(self, id: str) -> Roi | None:
        """The region of this id, where it is in force."""
        return next((roi for roi in self.all if roi.id == id), None)

    @property
    def chosen(self) -> Roi | None:
        """The region in hand."""
        return self.get(self._book.chosen)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """What belongs to each of the boxes that are asked about; empty where nothing does."""
        return cuts_worth(
            Cut(
                () if roi.shape.region is not None else roi.shape.outline,
                roi.name,
                roi.question,
                roi.expected if roi.question else (),
                roi.checks,
            )
            for roi in self.all
            if self._size == (0, 0) or roi.shape.bounds(self._size) is not None
        )

    # Doing ---------------------------------------------------------------------------

    def add(self, shape: Shape) -> None:
        """A region was drawn; there can be as many as are shown at once."""
        expected = self._expected()
        if not self._book.key or shape.bounds(self._size) is None:
            # Nothing is open, or it is a live picture: there is nothing to store anything with.
            return
        if len(expected) >= MOST_ROIS:
            self._say_too_many()
            return
        used = {roi.colour for roi in expected}
        colour = next((at for at in range(len(COLOURS)) if at not in used), 0)
        fresh = Roi(new_id(), shape, colour=colour)
        self._book.choose(fresh.id)
        self._do(Verb.DRAWN, [fresh])

    def reshape(self, id: str, shape: Shape, verb: Verb) -> None:
        """A region was moved, resized or turned."""
        roi = self._expected_one(id)
        if roi is not None and not roi.is_locked and roi.shape != shape:
            self._do(verb, [replace(roi, shape=shape)])

    def rename(self, id: str, name: str) -> None:
        """Give a region a name."""
        self._change(id, Verb.RENAMED, name=name.strip())

    def recolour(self, id: str, colour: int) -> None:
        """Give a region one of `COLOURS`, by number."""
        self._change(id, Verb.RECOLOURED, colour=colour)

    def ask(self, id: str, question: str, expected: Sequence[str]) -> None:
        """Give a region a question of its own, and the answers that are good."""
        texts = tuple(text.strip() for text in expected if text.strip())
        self._change(id, Verb.ASKED, question=question.strip(), expected=texts)

    def lock(self, id: str, *, is_locked: bool) -> None:
        """Keep a region as it is, or give it free."""
        verb = Verb.LOCKED if is_locked else Verb.UNLOCKED
        self._change(id, verb, is_locked=is_locked)

    def duplicate(self, id: str) -> None:
        """Draw the same region once more, a little aside."""
        expected = self._expected()
        roi = self._expected_one(id)
        if roi is None:
            return
        if len(expected) >= MOST_ROIS:
            self._say_too_many()
            return
        aside = roi.shape.moved(_STEP, _STEP).kept_inside(self._size)
        used = {one.colour for one in expected}
        colour = next((at for at in range(len(COLOURS)) if at not in used), roi.colour)
        fresh = replace(roi, id=new_id(), shape=aside, colour=colour, is_locked=False)
        self._book.choose(fresh.id)
        self._do(Verb.DUPLICATED, [fresh])

    def delete(self, ids: Iterable[str]) -> None:
        """Take regions away; locked ones stay."""
        wanted = set(ids)
        gone = [roi.id for roi in self._expected() if roi.id in wanted and not roi.is_locked]
        if gone:
            self._do(Verb.DELETED, [], removed=gone)

    def delete_all(self) -> None:
        """Take all regions away that are not locked."""
        if self._book.key:
            self.delete([roi.id for roi in self._expected()])
        else:
            self._choices.set_rois(())

    def _change(self, id: str, verb: Verb, **changes: object) -> None:
        roi = self._expected_one(id)
        if roi is None:
            return
        changed = replace(roi, **changes)  # type: ignore[arg-type]  # named by the callers above
        if changed != roi:
            self._do(verb, [changed])

    def _do(self, verb: Verb, changed: Sequence[Roi], *, removed: Sequence[str] = ()) -> None:
        """Store it; regions that a preset laid become the picture's own by it."""
        if not self._book.key:
            boxes = {roi.id: roi.shape.bounds(self._size) for roi in changed}
            kept = [boxes.get(roi.id, roi.shape.region) for roi in self.all]
            self._choices.set_rois([box for box in kept if box is not None])
            return
        fresh = {roi.id: roi for roi in changed}
        gone = list(removed)
        marks: list[Roi] = []
        if not self._book.expected.marks.hides_laid:
            for roi in self._expected():
                gone.append(roi.id)
                if roi.id not in removed:
                    own = new_id()
                    if self._book.chosen == roi.id:
                        self._book.choose(own)
                    marks.append(replace(fresh.pop(roi.id, roi), id=own))
        self._book.do(Gesture(verb, (*marks, *fresh.values()), tuple(dict.fromkeys(gone))))

    def _expected(self) -> tuple[Roi, ...]:
        """The regions once all that is on its way to the disk has arrived."""
        marks = self._book.expected.marks
        return marks.rois if marks.hides_laid else self._laid_now()

    def _laid_now(self) -> tuple[Roi, ...]:
        """The laid regions, with the shapes, names and questions that the preset has for them."""
        preset = self._choices.preset
        if preset is None or self._size == (0, 0):
            return laid_rois(self._laid)
        fixed = preset.inside(self._size)
        if tuple(one.on(self._size) for one in fixed) != self._laid:
            return laid_rois(self._laid)
        return tuple(_fixed_roi(one, at, self._size) for at, one in enumerate(fixed))

    def _expected_one(self, id: str) -> Roi | None:
        return next((roi for roi in self._expected() if roi.id == id), None)

    def _say_too_many(self) -> None:
        text = self.tr("A picture can have {count} regions.").format(count=MOST_ROIS)
        hint = self.tr("Remove one before you draw another.")
        self._choices.noticed.emit(Notice(Kind.INFO, text, hint=hint))

    # Following -----------------------------------------------------------------------

    def _on_marks(self, marks: Marks) -> None:
        if marks.hides_laid:
            self._show(marks.rois)
        elif self._choices.rois != self._laid:
            self._choices.set_rois(self._laid)
        else:
            self._show(self._laid_now())

    def _on_laid(self, boxes: tuple[Region, ...]) -> None:
        marks = self._book.marks
        if not marks.hides_laid:
            self._laid = boxes
            self._show(self._laid_now())
        elif boxes != self._boxes(marks.rois) or boxes == self._choices.laid:
            # Somebody lays regions where a person drew others: these stay.
            self._laid = boxes
            self._show(marks.rois)

    def _show(self, rois: tuple[Roi, ...]) -> None:
        is_other = rois != self.all
        self.all = rois
        self._choices.set_rois(self._boxes(rois))
        if is_other:
            self.changed.emit(rois)

    def _boxes(self, rois: Sequence[Roi]) -> tuple[Region, ...]:
        if self._size == (0, 0):
            return tuple(box for roi in rois if (box := roi.shape.region) is not None)
        return tuple(box for roi in rois if (box := roi.shape.bounds(self._size)) is not None)


def are_redrawn(rois: Sequence[Roi], preset: Preset, *, size: tuple[int, int]) -> bool:
    """Whether these are other regions than a preset has for a picture of (width, height).

    Colours and locks make no difference to what is asked.
    """
    laid = (_fixed_roi(one, at, size) for at, one in enumerate(preset.inside(size)))
    return [_asked(roi) for roi in rois] != [_asked(roi) for roi in laid]


def laid_rois(boxes: Sequence[Region]) -> tuple[Roi, ...]:
    """Regions that nobody stored, as if they were drawn."""
    return tuple(
        Roi(f"{LAID}{at}", Shape.of(box), colour=at % len(COLOURS)) for at, box in enumerate(boxes)
    )


def _fixed_roi(fixed: FixedRegion, at: int, size: tuple[int, int]) -> Roi:
    """A preset's region on a picture of (width, height), as if it was drawn there."""
    return Roi(
        f"{LAID}{at}",
        fixed.shape_on(size),
        fixed.name,
        at % len(COLOURS) if fixed.colour is None else fixed.colour,
        is_locked=fixed.is_locked,
        question=fixed.question,
        expected=fixed.expected,
        checks=fixed.checks,
    )


def _asked(roi: Roi) -> Roi:
    """Only what an inspection depends on."""
    return replace(roi, id="", colour=0, is_locked=False)


def new_id() -> str:
    """Of a mark that was not there before."""
    return uuid.uuid4().hex[:12]
