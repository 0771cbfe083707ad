"""Choices that outlive a session; each is in force as soon as it is made."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Problem
from inspector_app.domain.settings import Settings, Theme
from inspector_app.gui.language import LANGUAGES
from inspector_app.gui.parts import caption, hairline, muted, plain
from inspector_app.gui.problems import problem_line
from inspector_app.gui.session import Session

_DEVICES = ("auto", "cpu", "cuda")
_PRECISIONS = ("auto", "float32", "bfloat16", "float16")


class SettingsDialog(QDialog):
    """Theme, language, model, device, precision."""

    def __init__(
        self, session: Session, *, models: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._models = tuple(models)
        self.theme, self.language = QComboBox(), QComboBox()
        self.model, self.device, self.precision = QComboBox(), QComboBox(), QComboBox()
        self.folder = QPushButton()
        self._window_title, self._model_title = caption(), caption()
        self._labels = [QLabel() for _ in range(5)]
        self._in_use = plain(role="muted")
        self._note = muted()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._arrange()
        self.retranslate()
        self._listen()
        self.setMinimumWidth(460)

    def _arrange(self) -> None:
        window, model = QFormLayout(), QFormLayout()
        for form in (window, model):
            form.setHorizontalSpacing(16)
            form.setVerticalSpacing(10)
            form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        chosen = QHBoxLayout()
        chosen.setSpacing(8)
        chosen.addWidget(self.model, 1)
        chosen.addWidget(self.folder)
        window.addRow(self._labels[0], self.theme)
        window.addRow(self._labels[1], self.language)
        model.addRow(self._labels[2], chosen)
        model.addRow(self._labels[3], self.device)
        model.addRow(self._labels[4], self.precision)
        for label, field in zip(self._labels, self._fields(), strict=True):
            label.setBuddy(field)
            label.setMinimumWidth(110)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._window_title)
        layout.addLayout(window)
        layout.addWidget(hairline())
        layout.addWidget(self._model_title)
        layout.addLayout(model)
        layout.addWidget(self._in_use)
        layout.addWidget(self._note)
        layout.addStretch()
        layout.addWidget(self._buttons)

    def _fields(self) -> tuple[QComboBox, ...]:
        return self.theme, self.language, self.model, self.device, self.precision

    def _listen(self) -> None:
        self.theme.activated.connect(
            lambda _at: self._change(theme=Theme(self.theme.currentData()))
        )
        self.language.activated.connect(
            lambda _at: self._change(language=self.language.currentData())
        )
        self.model.activated.connect(lambda _at: self._change(model=self.model.currentData()))
        self.device.activated.connect(lambda _at: self._change(device=self.device.currentData()))
        self.precision.activated.connect(
            lambda _at: self._change(precision=self.precision.currentData())
        )
        self.folder.clicked.connect(self._choose_folder)
        self._buttons.rejected.connect(self.close)
        self._session.asking.model_changed.connect(self._show_in_use)
        self._session.asking.model_failed.connect(self._show_trouble)
        self._session.settings_changed.connect(self._show)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Settings"))
        self._window_title.setText(self.tr("Window"))
        self._model_title.setText(self.tr("Model"))
        names = (
            self.tr("Theme"),
            self.tr("Language"),
            self.tr("Checkpoint"),
            self.tr("Device"),
            self.tr("Precision"),
        )
        for label, field, name in zip(self._labels, self._fields(), names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self.folder.setText(self.tr("Folder …"))
        self._note.setText(
            self.tr("Changes hold at once. A change of the model loads it again in the background.")
        )
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        self._show(self._session.settings)
        self._show_in_use(self._session.model)

    def _show(self, settings: Settings) -> None:
        as_system = self.tr("As the system")
        automatic = self.tr("Automatic")
        themes = (
            (Theme.SYSTEM.value, as_system),
            (Theme.DARK.value, self.tr("Dark")),
            (Theme.LIGHT.value, self.tr("Light")),
        )
        languages = (("system", as_system), *LANGUAGES.items())
        models = dict.fromkeys((*self._models, settings.model))
        _fill(self.theme, themes, chosen=settings.theme.value)
        _fill(self.language, languages, chosen=settings.language)
        _fill(self.model, [(name, name) for name in models], chosen=settings.model)
        for field, names, chosen in (
            (self.device, _DEVICES, settings.device),
            (self.precision, _PRECISIONS, settings.precision),
        ):
            rows = [(name, automatic if name == "auto" else name) for name in names]
            _fill(field, rows, chosen=chosen)

    def _change(self, **changes: object) -> None:
        self._session.change_settings(replace(self._session.settings, **changes))  # type: ignore[arg-type]

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder of a model"))
        if folder:
            self._change(model=folder)

    def _show_in_use(self, facts: ModelFacts | None) -> None:
        if facts is None:
            self._in_use.setText(self.tr("Loading …"))
            return
        self._in_use.setText(
            self.tr("In use: {name} on {device} with {dtype}").format(
                name=facts.name, device=facts.device, dtype=facts.dtype
            )
        )

    def _show_trouble(self, problem: Problem) -> None:
        self._in_use.setText(problem_line(problem))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _fill(field: QComboBox, rows: Sequence[tuple[str, str]], *, chosen: str) -> None:
    with QSignalBlocker(field):
        field.clear()
        for value, words in rows:
            field.addItem(words, value)
        field.setCurrentIndex(field.findData(chosen))
