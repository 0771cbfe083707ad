"""The line below: model and device really in use, progress, picture, cursor."""

import textwrap

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from inspector_app.domain.inspection import Inspection, ModelFacts
from inspector_app.domain.messages import Problem
from inspector_app.domain.wording import inert
from inspector_app.gui.canvas.grid_item import value_at
from inspector_app.gui.facts import Progress
from inspector_app.gui.parts import plain_tip
from inspector_app.gui.picture import Picture
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.words import TIMES, duration, stage_words

_RIM = 24
"""Pixels of the line that its parts do not share."""
_PRECISIONS = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "int8": "int8"}


class Status(QStatusBar):
    """What runs, how far it is, and where the cursor stands."""

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self._trouble: Problem | None = None
        self._spent = ("", "")
        self.setSizeGripEnabled(False)
        self.chip = QToolButton()
        self.chip.setObjectName("chip")
        self.chip.setIconSize(QSize(16, 16))
        self.chip.setAutoRaise(True)
        self.stage, self.took = QLabel(), QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(96)
        self.bar.setTextVisible(False)
        self.size_words, self.cursor_words = QLabel(), QLabel()
        self.cursor_words.setMinimumWidth(150)
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(100)
        self._tick.timeout.connect(self._show_clock)
        self._arrange()
        self._listen()
        self.retranslate()

    def _arrange(self) -> None:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(8, 2, 12, 2)
        layout.setSpacing(10)
        self.chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for part in (self.chip, self.stage, self.bar, self.took):
            layout.addWidget(part)
        layout.addStretch()
        layout.addWidget(self.size_words)
        layout.addWidget(self.cursor_words)
        self.addWidget(row, 1)
        self._row = layout
        row.installEventFilter(self)

    def add(self, part: QWidget) -> None:
        """Put something before the size of the picture."""
        self._row.insertWidget(self._row.indexOf(self.size_words), part)

    def _listen(self) -> None:
        session = self._session
        session.asking.model_changed.connect(self._on_model)
        session.asking.model_failed.connect(self._on_model_failed)
        session.asking.progressed.connect(self._show_progress)
        session.asking.stopped.connect(lambda _request: self._show_stopped())
        session.inspection_changed.connect(self._show_inspection)
        session.picture_changed.connect(self._show_picture)
        session.opening.connect(
            lambda _locator: self.size_words.setText(stage_words("open") + " …")
        )
        session.refused.connect(lambda _locator, _problem: self.size_words.clear())
        self._look.changed.connect(self._show_model)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.chip.setAccessibleName(self.tr("Model in use"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self._show_model()
        self._show_progress(self._session.asking.progress)

    def _on_model(self, _facts: ModelFacts | None) -> None:
        self._trouble = None
        self._show_model()

    def _on_model_failed(self, problem: Problem) -> None:
        self._trouble = problem
        self._show_model()

    def _show_model(self) -> None:
        facts = self._session.model
        colours = self._look.colours
        if facts is not None:
            dtype = _PRECISIONS.get(facts.dtype, facts.dtype)
            # How the tower runs stands in the tooltip.
            place = facts.device.partition(",")[0]
            self.chip.setText(f"{facts.name} · {place} · {dtype}")
            tip = self.tr(
                "Really in use:\nmodel {name}, family {family}\ndevice {device}\n"
                "precision {dtype}\nweights SHA-256 {sha}"
            )
            self.chip.setToolTip(
                tip.format(
                    name=facts.name,
                    family=facts.family,
                    device=facts.device,
                    dtype=facts.dtype,
                    sha=facts.weights_sha256[:16] + "…",
                )
                + _limits(facts)
            )
            colour = self._device_colour(facts)
        elif self._trouble is not None:
            self.chip.setText(self.tr("no model"))
            self.chip.setToolTip(plain_tip(problem_line(self._trouble)))
            colour = colours.trouble
        else:
            self.chip.setText(
                self.tr("loading {model} …").format(model=self._session.settings.model)
            )
            self.chip.setToolTip("")
            colour = colours.muted
        self.chip.setIcon(self._look.icon("chip", colour=colour))

    def _device_colour(self, facts: ModelFacts) -> str:
        """Trouble when another device runs than the one that was asked for."""
        wanted = self._session.settings.device
        if wanted != "auto" and not facts.device.startswith(wanted):
            return self._look.colours.trouble
        return self._look.colours.passed

    def _show_progress(self, progress: Progress | None) -> None:
        self.bar.setVisible(progress is not None)
        if progress is None:
            self._tick.stop()
            self.stage.clear()
            self._show_inspection(self._session.inspection)
            return
        if not self._tick.isActive():
            self._clock.start()
            self._tick.start()
        words = self.tr("stopping") if progress.is_stopping else stage_words(progress.stage)
        if self._session.read_first.hides(progress.locator):
            # Whether it zooms, and for how long, tells how sure it is.
            words = self.tr("the AI reads, unseen")
        if progress.waiting:
            words += " · " + self.tr("%n more waiting", "", progress.waiting)
        self.stage.setText(words)
        self.bar.setRange(0, progress.total)
        self.bar.setValue(min(progress.done, progress.total))
        self._show_clock()

    def _show_stopped(self) -> None:
        if self._session.asking.progress is None:
            self.stage.setText(self.tr("stopped, nothing stored"))

    def _show_clock(self) -> None:
        self._spent = ("", f"{self._clock.elapsed() / 1000:.1f} s")
        self.took.setText(self._spent[1])

    def _show_inspection(self, inspection: Inspection | None) -> None:
        if self._session.asking.progress is not None:
            return
        timings = inspection.timings_ms if inspection is not None else {}
        if inspection is None or not timings:
            self._spent = ("", "")
            self.took.clear()
            self.took.setToolTip("")
            return
        whole = timings.get("total", sum(timings.values()))
        self._spent = ("  ·  ".join(self._longest(timings)) + "  =  ", duration(whole))
        self._fit()
        lines = [f"{stage_words(stage)}: {duration(ms)}" for stage, ms in timings.items()]
        passes = inspection.passes
        lines.append(
            self.tr(
                "{vision} pictures and {language} language passes, {tokens} tokens read"
            ).format(vision=passes.vision, language=passes.language, tokens=passes.tokens_prefilled)
        )
        self.took.setToolTip("\n".join(lines))

    def _longest(self, timings: dict[str, float]) -> list[str]:
        """The three stages that took longest, in the order they were walked."""
        by_length = sorted(timings, key=lambda stage: -timings[stage])
        longest = set([stage for stage in by_length if stage != "total"][:3])
        return [f"{stage_words(s)} {duration(ms)}" for s, ms in timings.items() if s in longest]

    def _show_picture(self, picture: Picture | None) -> None:
        if self._session.asking.progress is None:
            self.stage.clear()
        if picture is None:
            self.size_words.clear()
            self.cursor_words.clear()
            return
        width, height = picture.size
        words = f"{width} {TIMES} {height} px · {picture.provenance.media}"
        frame = picture.frame
        if frame is not None and frame.mm_per_pixel is not None:
            words += f" · {frame.mm_per_pixel[0]:.3g} mm/px"
        self.size_words.setText(words)

    def show_cursor(self, point: QPointF | None) -> None:
        """Where the mouse is on the picture, and what is there."""
        found = value_at(self._session.picture, point)
        if found is None:
            self.cursor_words.clear()
            return
        x, y, value = found
        self.cursor_words.setText(f"({x}, {y})  {value}")

    def _fit(self) -> None:
        """Where all of the line has no room, the stages stand in the tooltip only."""
        stages, whole = self._spent
        row = self._row.sizeHint().width() - self.took.sizeHint().width()
        room = self.width() - row - _RIM
        needed = self.took.fontMetrics().horizontalAdvance(stages + whole)
        self.took.setText(stages + whole if needed <= room else whole)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        # Another part of the line became longer or shorter.
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _limits(facts: ModelFacts) -> str:
    """What the model does not know, in lines that fit a tooltip; empty where it is not told."""
    return "\n\n" + textwrap.fill(inert(facts.limits, limit=1200), 72) if facts.limits else ""
