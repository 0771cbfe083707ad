"""What people draw on the picture, joined to what is stored: regions and findings."""

from PySide6.QtCore import QCoreApplication, QObject

from inspector_app.domain.gesture import Marks, OwnFinding, Roi, Stand
from inspector_app.domain.measure import Measure, Measured, MeasureKind
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import tag
from inspector_app.gui.canvas.drawn import Drawn, DrawnItems
from inspector_app.gui.canvas.shape_item import Style
from inspector_app.gui.canvas.view import View
from inspector_app.gui.facts import Pencil
from inspector_app.gui.regions import COLOURS
from inspector_app.gui.session import Session
from inspector_app.gui.viewing import Viewing
from inspector_app.gui.wording.verdict_words import type_words

_OWN = "#4fd8ff"
"""What people found; the model's boxes are amber and dashed."""


class Marking(QObject):
    """Keeps regions and findings on the canvas in step with the session.

    Args:
        view: Where they lie.
        viewing: What a pixel measures.
        session: Stores what people do to them.
    """

    def __init__(self, view: View, viewing: Viewing, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._viewing = viewing
        self._session = session
        book = session.book
        self.regions = DrawnItems(
            view,
            choose=book.choose,
            reshape=session.regions.reshape,
            look_at=self._look_at,
            light=session.light,
        )
        self.findings = DrawnItems(
            view,
            choose=book.choose,
            reshape=session.findings.reshape,
            look_at=self._look_at,
        )
        session.regions.changed.connect(self._show_regions)
        session.findings.changed.connect(self._show_findings)
        viewing.calibration_changed.connect(lambda _calibration: self._show_findings())
        book.chosen_changed.connect(self._show_chosen)
        book.changed.connect(self._on_marks)
        session.pencil_changed.connect(self._take)
        view.drawn.connect(self._on_drawn)
        view.clicked_empty.connect(lambda: book.choose(""))
        view.nudged.connect(self._on_nudged)
        view.delete_wanted.connect(self.delete)

    @property
    def _groups(self) -> tuple[DrawnItems, ...]:
        return (self.regions, self.findings)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all marks that can be taken in hand, in their order."""
        return tuple(id for group in self._groups for id in group.ids)

    def set_visible(self, *, is_visible: bool) -> None:
        """Show what is drawn, or the picture alone."""
        for group in self._groups:
            group.set_visible(is_visible=is_visible)

    def set_lit(self, index: int) -> None:
        """The region of this number is pointed at; -1 for none."""
        self.regions.set_lit(index)

    def flush(self) -> None:
        """Store what was moved by keys."""
        for group in self._groups:
            group.flush()

    def delete(self) -> None:
        """Take away what is in hand."""
        self.flush()
        chosen = self._session.book.chosen
        self._session.regions.delete([chosen])
        self._session.findings.delete([chosen])

    def _take(self, pencil: Pencil | None) -> None:
        self._view.set_pencil(pencil.kind if pencil is not None else None)

    def _on_drawn(self, shape: Shape) -> None:
        session, pencil = self._session, self._session.pencil
        session.take_pencil(None)
        if pencil is not None and pencil.is_finding:
            session.findings.add(shape)
        else:
            session.regions.add(shape)

    def _on_nudged(self, dx: int, dy: int) -> None:
        for group in self._groups:
            group.nudge(dx, dy, within=self._session.regions.size)

    def _look_at(self, shape: Shape) -> None:
        if (box := shape.bounds(self._session.regions.size)) is not None:
            self._session.zoom_to(box)

    def _show_chosen(self, id: str) -> None:
        self._view.has_chosen = bool(id)
        for group in self._groups:
            group.show_chosen(id)

    def _on_marks(self, _marks: Marks) -> None:
        # A gesture that could not be stored leaves a shape where it was dragged to.
        self._show_regions(self._session.regions.all)

    def _show_regions(self, rois: tuple[Roi, ...]) -> None:
        drawn = [Drawn(roi.id, roi.shape, style_of(roi, at)) for at, roi in enumerate(rois)]
        self.regions.show_drawn(drawn, within=self._session.regions.size)

    def _show_findings(self) -> None:
        findings = self._session.findings
        drawn = [Drawn(own.id, own.shape, self._style_of(own)) for own in findings.own]
        for at, one in enumerate(findings.found):
            fixed = one.correction
            if fixed.shape is not None and fixed.stand != Stand.REJECTED:
                title = f"{at + 1} {type_words(one.label)}"
                style = Style(_OWN, title, is_found=True, tip=title)
                drawn.append(Drawn(fixed.id, fixed.shape, style))
        self.findings.show_drawn(drawn, within=self._session.regions.size)

    def _style_of(self, own: OwnFinding) -> Style:
        said = [type_words(own.label), own.text]
        if own.shape.kind == ShapeKind.LINE:
            line = Measure(MeasureKind.LENGTH, own.shape.points)
            said.append(Measured.of(line, self._viewing.calibration).words)
        title = " ".join(word for word in said if word) or "?"
        return Style(_OWN, title, is_found=True, tip=title)


def style_of(roi: Roi, index: int) -> Style:
    """How a region is drawn."""
    letter = tag(index)
    title = f"{letter} {roi.name}" if roi.name else letter
    said = [title]
    if roi.question:
        said.append(roi.question)
    if roi.shape.region is None:
        said.append(
            QCoreApplication.translate(
                "Marking", "The model is shown the upright box about it; outside of it is grey."
            )
        )
    colour = COLOURS[roi.colour % len(COLOURS)]
    return Style(colour, title, is_locked=roi.is_locked, tip="\n".join(said))
