"""Experiments beside an inspection: off until somebody turns them on, and never judged."""

from typing import Literal

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.preset import Options
from inspector_app.gui.parts import muted
from inspector_app.gui.session import Session

_USUAL_FACTOR, _USUAL_SHARE = 1.5, 0.5
_SPIN_WIDTH = 88


class ExperimentGroup(QWidget):
    """A line that opens into the experiments there are; closing it turns them off."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.opened = QCheckBox()
        self.warning = muted()
        self.raised, self.mixed = QCheckBox(), QCheckBox()
        self.factor = QDoubleSpinBox()
        self.factor.setRange(1.0, 2.0)
        self.factor.setSingleStep(0.1)
        self.factor.setDecimals(2)
        self.factor.setPrefix("\N{MULTIPLICATION SIGN} ")
        self.source = QComboBox()
        self.share = QSpinBox()
        self.share.setRange(0, 100)
        self.share.setSingleStep(10)
        self.share.setSuffix(" %")
        self.share.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self.retranslate()
        self._listen()
        self._show_options(session.options)
        self._show_served(session.model)

    def _arrange(self) -> None:
        self._inside = QWidget()
        for spin in (self.factor, self.share):
            spin.setFixedWidth(_SPIN_WIDTH)
        # Its words take the room there is, and never make the panel wider.
        self.source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(22, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.warning)
        for row in ((self.raised, self.factor, self.source), (self.mixed, self.share)):
            line = QHBoxLayout()
            line.setSpacing(8)
            for part in row:
                line.addWidget(part, int(part is self.source))
            if self.source not in row:
                line.addStretch(1)
            inside.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.opened)
        layout.addWidget(self._inside)

    def _listen(self) -> None:
        self.opened.toggled.connect(lambda _is_on: self._tell())
        for switch in (self.raised, self.mixed):
            switch.toggled.connect(lambda _is_on: self._tell())
        self.factor.valueChanged.connect(lambda _value: self._tell())
        self.share.valueChanged.connect(lambda _value: self._tell())
        self.source.activated.connect(lambda _index: self._tell())
        self._session.options_changed.connect(self._show_options)
        self._session.asking.model_changed.connect(self._show_served)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.opened.setText(self.tr("Experiments"))
        self.opened.setToolTip(
            self.tr("Further answers made in unproven ways. No verdict takes them into account.")
        )
        self.warning.setText(self.tr("Told beside the answers, never judged."))
        self.raised.setText(self.tr("Attention"))
        self.factor.setAccessibleName(self.tr("Factor of the attention"))
        self.source.setAccessibleName(self.tr("Where attention is raised"))
        self.mixed.setText(self.tr("Mix answers, whole"))
        self.share.setAccessibleName(self.tr("Weight of the whole picture"))
        with QSignalBlocker(self.source):
            at = max(0, self.source.currentIndex())
            self.source.clear()
            self.source.addItem(self.tr("regions"), "regions")
            self.source.addItem(self.tr("map"), "map")
            self.source.setCurrentIndex(at)
        self._show_served(self._session.model)

    def _tell(self) -> None:
        is_open = self.opened.isChecked()
        source: Literal["", "regions", "map"] = ""
        if is_open and self.raised.isChecked():
            source = "map" if self.source.currentData() == "map" else "regions"
        mixing = self.share.value() / 100 if is_open and self.mixed.isChecked() else None
        self._show_parts()
        self._session.try_experiments(factor=self.factor.value(), source=source, mixing=mixing)

    def _show_parts(self) -> None:
        self._inside.setVisible(self.opened.isChecked())
        self.factor.setEnabled(self.raised.isChecked())
        self.source.setEnabled(self.raised.isChecked())
        self.share.setEnabled(self.mixed.isChecked())

    def _show_options(self, options: Options) -> None:
        parts = (self.opened, self.raised, self.mixed, self.factor, self.source, self.share)
        blockers = [QSignalBlocker(part) for part in parts]
        if options.has_experiments:
            self.opened.setChecked(True)
        self.raised.setChecked(bool(options.reweight_by))
        self.mixed.setChecked(options.mixing is not None)
        is_told = options.reweighting != 1 or bool(options.reweight_by)
        self.factor.setValue(options.reweighting if is_told else _USUAL_FACTOR)
        if options.reweight_by:
            self.source.setCurrentIndex(self.source.findData(options.reweight_by))
        self.share.setValue(
            round(100 * (_USUAL_SHARE if options.mixing is None else options.mixing))
        )
        del blockers
        self._show_parts()

    def _show_served(self, model: ModelFacts | None) -> None:
        """What the model cannot serve is turned off and says why."""
        can_raise = model is None or model.can_reweight
        can_mix = model is None or model.can_attend
        self.raised.setEnabled(can_raise)
        self.mixed.setEnabled(can_mix)
        why = self.tr('"{model}" does not let this program do that.').format(
            model="" if model is None else model.name
        )
        raising = self.tr(
            "Ask about the whole picture once more, with this many times the attention to"
            " some of its parts. A crop nearly always does more."
        )
        mixing = self.tr(
            "Choose each word by the whole picture and by the crops alone, weighed like this."
        )
        self.raised.setToolTip(raising if can_raise else why)
        self.mixed.setToolTip(mixing if can_mix else why)
        if not can_raise:
            self.raised.setChecked(False)
        if not can_mix:
            self.mixed.setChecked(False)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
