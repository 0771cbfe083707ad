"""What runs a model's vision tower: torch, or ONNX Runtime once it was exported."""

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from inspector_app.domain.checkpoint import ModelLine, Tower
from inspector_app.domain.wording import inert
from inspector_app.gui.session import Session
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

CHOICES = (
    ("auto", QT_TRANSLATE_NOOP("tower", "The faster one")),
    ("torch", QT_TRANSLATE_NOOP("tower", "PyTorch")),
    ("onnx", QT_TRANSLATE_NOOP("tower", "ONNX Runtime")),
)
_SPEED = QT_TRANSLATE_NOOP(
    "tower",
    "Vision tower: {onnx} ms a picture by ONNX Runtime ({provider}), {torch} ms by PyTorch; "
    "largest difference {difference}.",
)
_FASTER = QT_TRANSLATE_NOOP("tower", "ONNX Runtime is the faster one and runs it.")
_SLOWER = QT_TRANSLATE_NOOP("tower", "PyTorch runs it: ONNX Runtime is not clearly faster here.")
_DIFFERS = QT_TRANSLATE_NOOP("tower", "PyTorch runs it: the difference is too large.")
_AS_CHOSEN = QT_TRANSLATE_NOOP("tower", "{runtime} runs it, as you chose.")
_ONLY = QT_TRANSLATE_NOOP("tower", "This holds on the CPU in float32; elsewhere PyTorch runs it.")


def _say(text: str) -> str:
    return QCoreApplication.translate("tower", text)


def tower_words(tower: Tower, choice: str) -> str:
    """What was measured of an exported tower, and what runs it by a choice."""
    if not tower.agrees:
        runs = _say(_DIFFERS)
    elif choice == "auto":
        runs = _say(_FASTER if tower.is_faster else _SLOWER)
    else:
        runs = _say(_AS_CHOSEN).format(runtime=_say(dict(CHOICES)[choice]))
    speed = _say(_SPEED).format(
        onnx=f"{tower.onnx_ms:.1f}",
        torch=f"{tower.torch_ms:.1f}",
        provider=inert(tower.provider, limit=60),
        difference=f"{tower.difference:.0e}",
    )
    return f"{speed} {runs} {_say(_ONLY)}"


class TowerRow(QWidget):
    """The choice, and a button that exports the tower of the model that is looked at.

    Args:
        session: Knows and takes the choice.
        parent: Qt owner.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._label = QLabel()
        self.choice, self.export = QComboBox(), QPushButton()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.export.setAutoDefault(False)
        for name, _words in CHOICES:
            self.choice.addItem("", name)
        self._label.setBuddy(self.choice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self.choice)
        row.addWidget(self.export)
        row.addStretch()
        self.choice.activated.connect(self._choose)
        session.settings_changed.connect(lambda _settings: self._show_choice())
        self.retranslate()
        self._show_choice()

    def show_line(self, line: ModelLine | None, *, is_idle: bool) -> None:
        """Offer what can be done with a model."""
        can = line is not None and line.can_export
        self.setVisible(can)
        self.export.setEnabled(can and is_idle)
        # Before there is anything to choose between, the choice would do nothing.
        self.choice.setEnabled(can and line is not None and line.tower is not None)
        is_again = line is not None and line.tower is not None
        self.export.setText(
            self.tr("Export again") if is_again else self.tr("Export for ONNX Runtime")
        )

    def _choose(self) -> None:
        self._session.choose("tower", self.choice.currentData())

    def _show_choice(self) -> None:
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self.choice.findData(self._session.settings.tower))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._label.setText(self.tr("Vision tower by"))
        for at, (_name, words) in enumerate(CHOICES):
            self.choice.setItemText(at, _say(words))
        self.choice.setToolTip(
            self.tr("What runs the part that sees, for every model whose tower was exported.")
        )
        self.export.setToolTip(
            self.tr(
                "Makes the vision tower fit for ONNX Runtime, compares what it sees with PyTorch"
                " and measures both. It takes some minutes with a large model."
            )
        )
