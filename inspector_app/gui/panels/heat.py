"""How the heat is drawn: colours, opacity, layer, smooth or the honest grid."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.wording import inert
from inspector_app.gui.canvas.legend import colour_bar
from inspector_app.gui.facts import Display, Evidence
from inspector_app.gui.parts import caption, muted
from inspector_app.gui.session import Session
from inspector_app.gui.wording.words import EMPTY, strategy_title
from inspector_app.imaging.overlays import COLOUR_MAPS


class HeatPanel(QWidget):
    """Where the model looked, and how that is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._session = session
        self.is_shown, self.is_grid = QCheckBox(), QCheckBox()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(5, 100)
        self.layer = QSlider(Qt.Orientation.Horizontal)
        self.colours = QComboBox()
        self.colours.setIconSize(QSize(44, 10))
        self._opacity_label, self._layer_label = caption(), caption()
        self._opacity_value, self._layer_value = QLabel(), QLabel()
        self.source = muted()
        self._layers: tuple[int, ...] = ()
        for name in COLOUR_MAPS:
            self.colours.addItem(QIcon(colour_bar(name, size=(44, 10))), name, name)
        self._arrange()
        self._listen()
        self.retranslate()
        self._show_display(session.display)
        self._show_evidence(session.evidence)

    def _arrange(self) -> None:
        switches = QHBoxLayout()
        switches.setSpacing(14)
        switches.addWidget(self.is_shown)
        switches.addWidget(self.is_grid)
        switches.addWidget(self.colours, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        rows = (
            (self._opacity_label, self.opacity, self._opacity_value),
            (self._layer_label, self.layer, self._layer_value),
        )
        for at, (label, slider, value) in enumerate(rows):
            value.setMinimumWidth(40)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, at, 0)
            grid.addWidget(slider, at, 1)
            grid.addWidget(value, at, 2)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(switches)
        layout.addLayout(grid)
        layout.addWidget(self.source)
        self._opacity_label.setBuddy(self.opacity)
        self._layer_label.setBuddy(self.layer)

    def _listen(self) -> None:
        self.is_shown.toggled.connect(lambda is_on: self._change(heat=is_on))
        self.is_grid.toggled.connect(lambda is_on: self._change(smooth=not is_on))
        self.opacity.valueChanged.connect(lambda percent: self._change(opacity=percent / 100))
        self.colours.activated.connect(
            lambda at: self._change(colour_map=self.colours.itemData(at))
        )
        self.layer.valueChanged.connect(self._on_layer)
        self._session.display_changed.connect(self._show_display)
        self._session.evidence_changed.connect(self._show_evidence)
        self._session.inspection_changed.connect(lambda _found: self._show_source())
        self._session.asking.model_changed.connect(lambda _model: self._show_source())

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.is_shown.setText(self.tr("Show"))
        self.is_shown.setToolTip(self.tr("Show where the model looked (H). Hold Tab to hide all."))
        self.is_grid.setText(self.tr("Token grid"))
        self.is_grid.setToolTip(
            self.tr("Show the cells the model really has, without smoothing between them.")
        )
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setAccessibleName(self.tr("Opacity of the heat"))
        self._layer_label.setText(self.tr("Layer"))
        self.layer.setAccessibleName(self.tr("Layer of the language model"))
        self.colours.setAccessibleName(self.tr("Colours of the heat"))
        self.colours.setToolTip(self.tr("All of these can be read by the colour-blind."))
        self._show_evidence(self._session.evidence)

    def _change(self, **changes: object) -> None:
        self._session.change_display(replace(self._session.display, **changes))  # type: ignore[arg-type]

    def _on_layer(self, at: int) -> None:
        if 0 <= at < len(self._layers):
            self._change(layer=self._layers[at])
            self._show_layer()

    def _show_display(self, display: Display) -> None:
        with (
            QSignalBlocker(self.is_shown),
            QSignalBlocker(self.is_grid),
            QSignalBlocker(self.opacity),
        ):
            self.is_shown.setChecked(display.heat)
            self.is_grid.setChecked(not display.smooth)
            self.opacity.setValue(round(display.opacity * 100))
            self.colours.setCurrentIndex(self.colours.findData(display.colour_map))
        self._opacity_value.setText(f"{display.opacity * 100:.0f} %")
        self._show_layer()

    def _show_layer(self) -> None:
        attention = self._session.evidence.map
        own = attention.layer if attention is not None else None
        chosen = self._session.display.layer
        layer = own if chosen is None else chosen
        with QSignalBlocker(self.layer):
            if layer in self._layers:
                self.layer.setValue(self._layers.index(layer))
        self._layer_value.setText(EMPTY if layer is None else str(layer))

    def _show_evidence(self, evidence: Evidence) -> None:
        attention = evidence.map
        self._layers = ()
        if attention is not None and attention.layer_numbers:
            kept = set(attention.layer_numbers)
            if attention.layer is not None:
                kept.add(attention.layer)
            self._layers = tuple(sorted(kept))
        for part in (self.is_shown, self.is_grid, self.opacity):
            part.setEnabled(attention is not None)
        self.layer.setEnabled(len(self._layers) > 1)
        with QSignalBlocker(self.layer):
            self.layer.setRange(0, max(len(self._layers) - 1, 0))
        self._show_layer()
        self._show_source()

    def _show_source(self) -> None:
        self.source.setText(self._source_words())
        words = self._layer_words()
        for part in (self.layer, self._layer_label, self._layer_value):
            part.setToolTip(words)

    def _source_words(self) -> str:
        attention, found = self._session.evidence.map, self._session.inspection
        model = self._session.model
        if attention is None and model is not None and not model.can_attend:
            return self.tr("{model} does not tell where it looks: there are no maps.").format(
                model=inert(model.name, limit=60)
            )
        if attention is None and found is None:
            return self.tr("No map yet: it tells where, not how sure.")
        if attention is None:
            # No map was made: its strategy needs none, or the gate left the picture whole.
            return self.tr("No map was made this time.")
        method = strategy_title(attention.method, otherwise=attention.method)
        words = self.tr("{method}, {rows} x {cols} cells").format(
            method=method, rows=attention.grid.rows, cols=attention.grid.cols
        )
        if attention.is_flat:
            return words + ". " + self.tr("No place stands out.")
        if len(self._layers) > 1:
            return words
        return words + ". " + self.tr("One layer only.")

    def _layer_words(self) -> str:
        """What the slider does, or why it cannot be moved."""
        attention = self._session.evidence.map
        if attention is None:
            return self.tr("There is no map whose layers could be shown.")
        if len(self._layers) > 1:
            words = self.tr("Which layer of the language model is shown. The boxes do not change.")
            # Read whole, a picture has the rows of every layer.
            if max(self._layers) == attention.layer:
                words += "\n" + self.tr("In tiles, deeper layers are not computed.")
            return words
        if attention.layer is None:
            return self.tr("This map comes from the pixels, not from a layer.")
        return self.tr("This map was computed for one layer only.")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
