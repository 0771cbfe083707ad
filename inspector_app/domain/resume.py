"""What was open when the program was left, so that it goes on from there."""

from dataclasses import dataclass

from inspector_app.domain.frame import Window


@dataclass(frozen=True, slots=True)
class Listed:
    """One picture of the worklist.

    Attributes:
        locator: Where it was.
        sha256: Of its file, once it was opened; "" before.
        size: Of its file in bytes; -1 where that is not known.
        outcome: What it was judged; "" without a verdict, None where it was not asked about.
    """

    locator: str
    sha256: str = ""
    size: int = -1
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class LastSession:
    """The state of the window.

    Attributes:
        worklist: All pictures, in the order they were opened.
        locator: The picture on the screen; "" for none.
        record: Number of the inspection on the screen; None for none.
        question: In the field.
        center: Point of the picture in the middle of the view; None where it was shown whole.
        scale: Logical screen pixels per picture pixel; 0 where it was shown whole.
        quarters: Clockwise quarter turns of the picture.
        is_flipped: Whether it was mirrored.
        window: The grey window chosen by hand; None for the file's own.
        is_inverted: Whether light and dark were exchanged.
        chosen: Id of the mark in hand; "" for none.
        words: Of the filter by name.
        which: Of the filter by verdict.
        order: Of the worklist.
        is_paused: Whether run-ahead was paused.
    """

    worklist: tuple[Listed, ...] = ()
    locator: str = ""
    record: int | None = None
    question: str = ""
    center: tuple[float, float] | None = None
    scale: float = 0.0
    quarters: int = 0
    is_flipped: bool = False
    window: Window | None = None
    is_inverted: bool = False
    chosen: str = ""
    words: str = ""
    which: str = "all"
    order: str = "opened"
    is_paused: bool = False
