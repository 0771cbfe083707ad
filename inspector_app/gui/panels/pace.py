"""In the line below: whether inspections are as fast as the preset aims at."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from inspector_app.gui.pace import Figures, Pace
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look

_SIDE = 14


class PaceChip(QWidget):
    """Symbol, word and figures; gone where no preset is in use or it aims at nothing."""

    def __init__(
        self, session: Session, pace: Pace, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._pace, self._look = session, pace, look
        self._symbol, self.words = QLabel(), QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._symbol)
        layout.addWidget(self.words)
        pace.changed.connect(lambda _figures: self.retranslate())
        look.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        preset = self._session.preset
        target = preset.targets.latency_ms if preset is not None else None
        self.setVisible(target is not None)
        if preset is None or target is None:
            return
        figures = self._pace.figures
        if figures is None:
            self._symbol.clear()
            self.words.setText(self.tr("aim {target:.0f} ms").format(target=target))
            told = self.tr("Nothing was measured under this preset yet.")
        else:
            self._show(figures, target)
            told = self.tr(
                "%n inspection(s) under this preset since the program was opened.\n"
                "p50: half of them took no longer; p95: 95 of 100 took no longer.\n"
                "Loading the model does not count.",
                "",
                figures.count,
            )
        accuracy = preset.targets.accuracy
        if accuracy is not None:
            aim = self.tr("Aim for right answers: {share:.0%}; that takes labelled pictures.")
            told += "\n" + aim.format(share=accuracy)
        self.setToolTip(told)
        self.setAccessibleName(self.words.text())
        self.setAccessibleDescription(told)

    def _show(self, figures: Figures, target: float) -> None:
        colours = self._look.colours
        is_fast = bool(figures.is_in_time)
        symbol, colour = ("pass", colours.passed) if is_fast else ("fail", colours.failed)
        self._symbol.setPixmap(self._look.pixmap(symbol, side=_SIDE, colour=colour))
        word = self.tr("in time") if is_fast else self.tr("too slow")
        text = self.tr("{word} · p50 {p50:.0f} · p95 {p95:.0f} of {target:.0f} ms")
        self.words.setText(
            text.format(word=word, p50=figures.p50_ms, p95=figures.p95_ms, target=target)
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
