"""What stands in the corners and at the edges of the picture: texts, letters, flags."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, QSize
from PySide6.QtWidgets import QLabel, QWidget

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.frame import Window
from inspector_app.domain.locator import split
from inspector_app.domain.scan import Edges, Scan
from inspector_app.gui.canvas.legend import CornerText
from inspector_app.gui.picture import Picture
from inspector_app.gui.viewing import BY_HAND, Manner
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.words import TIMES, note_words

_CONTEXT = "corners"
_WINDOW_NAMES = {
    "file": QT_TRANSLATE_NOOP("corners", "from the file"),
    "full range": QT_TRANSLATE_NOOP("corners", "full range"),
    "1-99 %": QT_TRANSLATE_NOOP("corners", "1-99 %"),
    BY_HAND: QT_TRANSLATE_NOOP("corners", "by hand"),
    "soft tissue": QT_TRANSLATE_NOOP("corners", "soft tissue"),
    "lung": QT_TRANSLATE_NOOP("corners", "lung"),
    "liver": QT_TRANSLATE_NOOP("corners", "liver"),
    "bone": QT_TRANSLATE_NOOP("corners", "bone"),
    "brain": QT_TRANSLATE_NOOP("corners", "brain"),
}

_CALIBRATIONS = (
    QT_TRANSLATE_NOOP("corners", "pixel spacing"),
    QT_TRANSLATE_NOOP("corners", "ultrasound region"),
    QT_TRANSLATE_NOOP("corners", "film scanner"),
)
"""What files say of their scale that can be said in other languages; the rest as it is."""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that the texts about a picture are made of.

    Attributes:
        picture: What is shown.
        manner: How it is looked at.
        window: The grey window in force, or None.
        percent: Zoom: 100 is one picture pixel on one of the screen.
        calibration: What a pixel measures, or None.
        turn: Number of the picture in its stack and how many there are, or None.
        hides_patient: Nothing may be shown that tells who the patient is.
        sent: The grey windows through which the model is shown the picture; empty for the one
            it was opened with.
    """

    picture: Picture
    manner: Manner
    window: Window | None
    percent: float
    calibration: Calibration | None
    turn: tuple[int, int] | None = None
    hides_patient: bool = False
    sent: tuple[Window, ...] = ()

    @property
    def scan(self) -> Scan:
        """What the file says; silent for pictures that are no scans."""
        frame = self.picture.frame
        return (frame.scan if frame is not None else None) or Scan()


def say(text: str) -> str:
    """A sentence of this module in the language of the moment."""
    return QCoreApplication.translate(_CONTEXT, text)


def window_name(name: str) -> str:
    """The name of a grey window in the language of the moment; a file's own as it is."""
    return say(_WINDOW_NAMES.get(name, name))


def patient_lines(sight: Sight) -> list[str]:
    """Upper left: who, and which file."""
    scan = sight.scan
    if sight.hides_patient:
        hidden = say(QT_TRANSLATE_NOOP("corners", "patient hidden"))
        # Folders and files are named after patients.
        return [hidden] if sight.picture.frame and sight.picture.frame.scan else []
    about = ", ".join(part for part in (_day(scan.birth_date), scan.sex, _age(scan.age)) if part)
    path, page = split(sight.picture.locator)
    name = Path(path).name + (f" #{page}" if page is not None else "")
    return _said(scan.patient, scan.patient_id, about, name)


def study_lines(sight: Sight) -> list[str]:
    """Upper right: where, when, what; of a hidden patient only what."""
    scan = sight.scan
    what = " ".join(part for part in (scan.modality, scan.body_part, scan.view) if part)
    told = () if sight.hides_patient else (scan.institution, _day(scan.study_date))
    return _said(*told, scan.study, scan.series, what)


def view_lines(sight: Sight) -> list[str]:
    """Lower left: number, slice, window, zoom."""
    scan, lines = sight.scan, []
    if sight.turn is not None:
        lines.append("{} / {}".format(*sight.turn))
    if scan.slice_mm is not None:
        words = say(QT_TRANSLATE_NOOP("corners", "slice at {mm} mm"))
        lines.append(words.format(mm=f"{scan.slice_mm:.1f}"))
    if scan.thickness_mm is not None:
        words = say(QT_TRANSLATE_NOOP("corners", "{mm} mm thick"))
        lines.append(words.format(mm=f"{scan.thickness_mm:g}"))
    if (window := sight.window) is not None:
        words = say(QT_TRANSLATE_NOOP("corners", "W {width} L {center}, {name}"))
        name = window_name(window.name)
        lines.append(
            words.format(width=f"{window.width:.4g}", center=f"{window.center:.4g}", name=name)
        )
    return [*lines, f"{sight.percent:.0f} %"]


def machine_lines(sight: Sight) -> list[str]:
    """Lower right: the machine, and who vouches for millimetres."""
    scan = sight.scan
    lines = _said(scan.scanner, scan.exposure)
    if sight.calibration is not None:
        words = say(QT_TRANSLATE_NOOP("corners", "mm: {name}"))
        lines.append(words.format(name=say(sight.calibration.name)))
    return lines


def flag_lines(sight: Sight) -> list[str]:
    """What may never be overlooked, in capitals where the picture is not as it was taken."""
    scan, manner = sight.scan, sight.manner
    lines = []
    if manner.turn.is_flipped:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "FLIPPED")))
    if manner.turn.quarters:
        words = say(QT_TRANSLATE_NOOP("corners", "ROTATED {degrees}°"))
        lines.append(words.format(degrees=manner.turn.degrees))
    if manner.tone.is_inverted:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "INVERTED")))
    # Eight bits have no window: the model is shown them as they are.
    own = sight.picture.provenance.window
    given = sight.sent or ((own or Window(127.5, 255.0, "")),)
    seen = manner.tone.window or own
    if len(given) > 1 or (seen is not None and not _is_alike(seen, given[0])):
        words = say(QT_TRANSLATE_NOOP("corners", "the model is shown {window}"))
        first, *others = (f"W {window.width:.4g} L {window.center:.4g}" for window in given)
        # A line each: in half a window there is no room for more.
        lines += [words.format(window=first), *(f"+ {other}" for other in others)]
    if scan.needs_laterality and not scan.laterality:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "laterality unknown")))
    elif scan.laterality:
        words = say(QT_TRANSLATE_NOOP("corners", "laterality {side}"))
        lines.append(words.format(side=scan.laterality))
    return [*lines, *_truths(sight)]


def _is_alike(one: Window, other: Window) -> bool:
    """Whether two windows show the same, whatever their names."""
    return (one.center, one.width, one.curve, one.table) == (
        other.center,
        other.width,
        other.curve,
        other.table,
    )


def _truths(sight: Sight) -> list[str]:
    """What was done to the pixels before they came here."""
    scan, lines = sight.scan, []
    if scan.is_lossy:
        words = say(QT_TRANSLATE_NOOP("corners", "lossy compressed"))
        lines.append(words + (f" {scan.lossy_ratio:.0f}:1" if scan.lossy_ratio else ""))
    if scan.is_secondary:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "secondary capture")))
    elif scan.is_derived:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "derived picture")))
    if scan.has_burned_in:
        lines.append(say(QT_TRANSLATE_NOOP("corners", "texts burned into the picture")))
    spacing = sight.calibration.mm_per_pixel if sight.calibration is not None else None
    if spacing is not None and abs(spacing[0] / spacing[1] - 1) > 0.01:
        words = say(QT_TRANSLATE_NOOP("corners", "pixels are not square ({x} {times} {y} mm)"))
        lines.append(words.format(x=f"{spacing[0]:.3g}", y=f"{spacing[1]:.3g}", times=TIMES))
    said = {"lossy compressed"} if scan.is_lossy else set()
    notes = (note for note in sight.picture.provenance.notes if note not in said)
    return [*lines, *map(note_words, notes)]


def edges_of(sight: Sight) -> Edges:
    """The letters at the edges of the screen."""
    return sight.manner.turn.edges(sight.scan.edges)


class Corners:
    """The labels over the canvas.

    Args:
        over: The canvas.
    """

    def __init__(self, over: QWidget) -> None:
        self.patient, self.study = CornerText(over), CornerText(over)
        self.view, self.machine = CornerText(over), CornerText(over)
        self.flags = CornerText(over)
        self.flags.setProperty("role", "flag")
        self.letters = {name: CornerText(over) for name in ("left", "right", "top", "bottom")}
        self._is_bare = False

    @property
    def _all(self) -> tuple[QLabel, ...]:
        return (
            self.patient,
            self.study,
            self.view,
            self.machine,
            self.flags,
            *self.letters.values(),
        )

    def show_sight(self, sight: Sight | None, *, has_texts: bool) -> None:
        """Say what is to be said; flags and letters stay when the texts are switched off."""
        if sight is None:
            for label in self._all:
                label.hide()
            return
        for label, lines in (
            (self.patient, patient_lines(sight) if has_texts else []),
            (self.study, study_lines(sight) if has_texts else []),
            (self.view, view_lines(sight) if has_texts else []),
            (self.machine, machine_lines(sight) if has_texts else []),
            (self.flags, flag_lines(sight)),
        ):
            _fill(label, lines)
        edges = edges_of(sight)
        for name, label in self.letters.items():
            _fill(label, _said(getattr(edges, name)))

    def set_bare(self, *, is_bare: bool) -> None:
        """While a key is held, nothing lies on the picture."""
        self._is_bare = is_bare
        for label in self._all:
            label.setVisible(not is_bare and bool(label.text()))

    def place(self, room: QSize, *, gap: int, taken: tuple[int, int, int] = (0, 0, 0)) -> None:
        """Put everything where it belongs.

        Args:
            room: Of the picture, in logical pixels.
            gap: From the edges.
            taken: Heights taken already in the upper right, lower left and lower right.
        """
        width, height = room.width(), room.height()
        taken_above, taken_left, taken_right = taken
        letters, center = self.letters, width // 2
        for label in (self.patient, self.flags, self.view):
            label.fit(width - 2 * gap)
        # In a narrow view what matters less gives way.
        for less, more in ((self.study, self.patient), (self.machine, self.view)):
            has_room = more.width() + less.width() + 3 * gap <= width
            less.setVisible(not self._is_bare and bool(less.text()) and has_room)
        self.patient.move(gap, gap)
        upper = self.patient.height() + gap if self.patient.text() else 0
        top = QPoint(center - letters["top"].width() // 2, gap)
        if letters["top"].text() and self.patient.text() and top.x() <= self.patient.width() + gap:
            # In a narrow view the patient's name reaches that far, and no name is cut.
            top.setY(gap + self.patient.height() + gap // 2)
            upper += letters["top"].height() + gap // 2
        self.flags.move(gap, gap + upper)
        self.study.move(width - self.study.width() - gap, gap + taken_above)
        self.view.move(gap, height - self.view.height() - gap - taken_left)
        low = height - self.machine.height() - gap - taken_right
        self.machine.move(width - self.machine.width() - gap, low)
        middle = height // 2 - letters["left"].height() // 2
        letters["left"].move(gap, middle)
        letters["right"].move(width - letters["right"].width() - gap, middle)
        letters["top"].move(top)
        low = height - letters["bottom"].height() - gap
        left = center - letters["bottom"].width() // 2
        if self.view.text() and left <= self.view.geometry().right():
            # In a narrow view the texts on the lower left reach that far.
            low = self.view.y() - letters["bottom"].height() - gap // 2
        letters["bottom"].move(left, low)


def _fill(label: CornerText, lines: Sequence[str]) -> None:
    label.set_lines(lines)
    label.setVisible(bool(lines))


def _said(*lines: str) -> list[str]:
    return [line for line in lines if line]


def _day(text: str) -> str:
    """YYYYMMDD as YYYY-MM-DD; anything else as it is."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def _age(text: str) -> str:
    """063Y as 63 Y; anything else as it is."""
    return f"{int(text[:-1])} {text[-1]}" if text[:-1].isdigit() and text else text
