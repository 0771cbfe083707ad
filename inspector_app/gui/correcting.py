"""Joins the actions of correcting to the session: accept, reject, judge, mark findings."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from inspector_app.domain.gesture import Stand
from inspector_app.domain.preset import MOST_ROIS
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.actions import Actions
from inspector_app.gui.canvas.canvas import Canvas
from inspector_app.gui.dialogs.reason import ReasonDialog
from inspector_app.gui.docks import Docks
from inspector_app.gui.facts import Pencil
from inspector_app.gui.findings import Found
from inspector_app.gui.panels.findings import FindingsPanel
from inspector_app.gui.session import Session
from inspector_app.gui.wording.words import outcome_word

_PENCILS = {
    "find_box": Pencil.FINDING_BOX,
    "find_polygon": Pencil.FINDING_POLYGON,
    "find_line": Pencil.FINDING_LINE,
    "find_point": Pencil.FINDING_POINT,
}


class Correcting(QWidget):
    """What the actions of correcting do, and when they can be done; never shown itself.

    Args:
        canvas: Where things are drawn.
        actions: Of the window.
        session: Stores what is done.
        docks: Of the panels.
        panel: Of findings.
        parent: The window.
    """

    def __init__(
        self,
        canvas: Canvas,
        actions: Actions,
        session: Session,
        *,
        docks: Docks,
        panel: FindingsPanel,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.hide()
        self._canvas = canvas
        self._actions = actions
        self._session = session
        self._findings = session.findings
        self._docks = docks
        self._panel = panel
        self.dialog: ReasonDialog | None = None
        self._bind()
        session.pencil_changed.connect(self._show_pencil)
        session.picture_changed.connect(lambda _picture: self._show_abilities())
        session.findings.changed.connect(self._show_abilities)
        panel.list.itemSelectionChanged.connect(self._show_abilities)
        panel.verdict_wished.connect(self._judge)
        self._show_abilities()

    def _bind(self) -> None:
        deeds: dict[str, Callable[[], object]] = {
            "accept": lambda: self._findings.accept(self._panel.targets),
            "reject": self._reject,
            "reopen": lambda: self._findings.reopen(self._panel.selected or self._closed),
            "edit_box": self._edit_box,
            "copy_before": self._copy,
            "to_findings": lambda: self._docks.bring("findings", self._panel.list),
        }
        for name, deed in deeds.items():
            self._actions.on(name, deed)
        for name, pencil in _PENCILS.items():
            self._actions.on(name, partial(self._take, pencil))

    @property
    def _closed(self) -> tuple[str, ...]:
        """The model's findings that a person said something of."""
        found = self._findings.found
        return tuple(one.correction.id for one in found if one.correction.stand != Stand.OPEN)

    def _take(self, pencil: Pencil) -> None:
        session = self._session
        session.take_pencil(None if session.pencil == pencil else pencil)
        self._canvas.view.setFocus()

    def _edit_box(self) -> None:
        wanted = [one for one in self._panel.targets if isinstance(self._findings.get(one), Found)]
        if wanted:
            self._findings.edit_box(wanted[0])
            self._canvas.view.setFocus()

    def _copy(self) -> None:
        size = self._session.regions.size
        self._findings.copy_from_before(most_rois=MOST_ROIS, within=size)

    def _reject(self) -> None:
        ids = self._panel.targets
        if not ids:
            return
        usual = (
            self.tr("nothing is there"),
            self.tr("reflection or shadow"),
            self.tr("dust or dirt"),
            self.tr("it is something else"),
            self.tr("wrong place"),
            self.tr("misread"),
        )
        question = self.tr("Why is it wrong?")
        dialog = self._ask(self.tr("Reject"), question, usual)
        dialog.told.connect(lambda reason: self._findings.reject(ids, reason))

    def _judge(self, outcome: Outcome) -> None:
        usual = (
            self.tr("seen by eye"),
            self.tr("allowed deviation"),
            self.tr("the model missed a defect"),
            self.tr("measured again"),
        )
        question = self.tr("Why is the verdict {verdict}?").format(verdict=outcome_word(outcome))
        dialog = self._ask(self.tr("Override"), question, usual)
        dialog.told.connect(lambda reason: self._findings.judge(outcome, reason))

    def _ask(self, title: str, question: str, reasons: Sequence[str]) -> ReasonDialog:
        dialog = ReasonDialog(title, question=question, reasons=reasons, parent=self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        dialog.open()
        return dialog

    # Showing -------------------------------------------------------------------------

    def _show_pencil(self, pencil: Pencil | None) -> None:
        for name, its in _PENCILS.items():
            self._actions[name].setChecked(pencil == its)

    def _show_abilities(self) -> None:
        is_open = self._session.picture is not None
        targets = self._panel.targets
        places = [self._findings.get(id) for id in targets]
        able = {
            **dict.fromkeys(_PENCILS, is_open),
            "accept": bool(targets),
            "reject": bool(targets),
            "reopen": bool(self._closed),
            "edit_box": any(isinstance(one, Found) and one.shape is not None for one in places),
            "copy_before": is_open and self._findings.can_copy,
        }
        for name, is_able in able.items():
            self._actions[name].setEnabled(is_able)
