"""Signatures in the window: signing the record on the screen, and showing who signed it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector_app.domain.messages import Problem
from inspector_app.domain.signature import Meaning, Signature
from inspector_app.gui.dialogs.signing import SignDialog, signed_words
from inspector_app.gui.facts import Kind, Notice
from inspector_app.gui.features.access import Access
from inspector_app.gui.parts import plain, restyle

if TYPE_CHECKING:
    from inspector_app.gui.main_window import MainWindow


class Signing(QObject):
    """Lives as long as the window.

    Args:
        window: Gets a line below the verdict, and the action.
        access: Stores signatures.
    """

    def __init__(self, window: "MainWindow", access: Access, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session, self._access = window, window.session, access
        self.signatures: tuple[Signature, ...] = ()
        self.dialog: SignDialog | None = None
        self.line = plain(role="muted")
        self.line.hide()
        window.findings.add_below_verdict(self.line)
        window.actions_by_name.on("sign", self.sign)
        self._session.inspection_changed.connect(lambda _inspection: self._look())
        # What people say since can make a signature one for an earlier state.
        self._session.findings.changed.connect(self._look_again)
        self._look()

    def sign(self) -> None:
        """Ask what the signature means, and for name and password once more."""
        record = self._session.findings.record
        if record is None:
            text = self.tr("There is no stored record on the screen that could be signed.")
            self._session.noticed.emit(Notice(Kind.INFO, text))
            return
        operator = self._session.presence.operator
        dialog = SignDialog(record, operator.name if operator else "", self._window)
        dialog.show_before(self.signatures)

        def done(signatures: Sequence[Signature]) -> None:
            dialog.accept()
            self._show(record, signatures)

        def give(meaning: Meaning, name: str, password: str) -> None:
            self._access.sign(record, meaning, name, password, then=done, refused=dialog.refuse)

        dialog.given.connect(give)
        self.dialog = dialog
        dialog.open()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.line.setText("\n".join(signed_words(one) for one in self.signatures))

    def _look_again(self) -> None:
        if self.signatures:
            self._look()

    def _look(self) -> None:
        record = self._session.findings.record
        self._window.actions_by_name["sign"].setEnabled(record is not None)
        if record is None:
            self._show(None, ())
            return
        self._access.signatures(
            record, lambda found: self._show(record, found), self._on_unreadable
        )

    def _show(self, record: int | None, signatures: Sequence[Signature]) -> None:
        if record != self._session.findings.record:
            return
        self.signatures = tuple(signatures)
        self.line.setVisible(bool(signatures))
        is_late = any(not one.is_current for one in signatures)
        self.line.setProperty("role", "trouble" if is_late else "muted")
        restyle(self.line)
        self.retranslate()

    def _on_unreadable(self, _problem: Problem) -> None:
        # That the records cannot be read is told where they are listed.
        self._show(self._session.findings.record, ())
