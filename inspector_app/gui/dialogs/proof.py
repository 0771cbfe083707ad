"""An admin says who it is, where nobody has signed in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from inspector_app.domain.messages import Problem
from inspector_app.gui.dialogs.credentials import Credentials
from inspector_app.gui.parts import plain


class ProofDialog(QDialog):
    """Asks for the name and password of an admin.

    Signals:
        given: (name, password).
    """

    given = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Users"))
        self.form = Credentials()
        self.form.retranslate(self.tr("Go on"))
        self.form.given.connect(self.given)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(plain(self.tr("An admin looks after users and signing in.")))
        layout.addWidget(self.form)
        self.setMinimumWidth(400)
        self.form.begin()

    def refuse(self, problem: Problem) -> None:
        """Say why not, and let it be tried again."""
        self.form.refuse(problem)
