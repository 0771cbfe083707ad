"""A preset tried on the open picture: what it would take, and what comes of it."""

from collections import deque

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from inspector_app.domain.errors import InspectorError
from inspector_app.domain.forecast import Forecast
from inspector_app.domain.inspection import Inspection, Passes
from inspector_app.domain.messages import (
    Failed,
    Finished,
    Foresee,
    Inspect,
    LoadModel,
    Message,
    Problem,
)
from inspector_app.domain.preset import Preset
from inspector_app.domain.region import Region
from inspector_app.domain.wording import inert, tag
from inspector_app.gui.pace import spent_ms
from inspector_app.gui.painting import painter_on
from inspector_app.gui.parts import caption, plain
from inspector_app.gui.picture import Pyramid
from inspector_app.gui.presets import Presets
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_line
from inspector_app.gui.wording.verdict_words import verdict_words
from inspector_app.gui.wording.words import outcome_word
from inspector_app.gui.worker import problem_of

_PAUSE_MS = 600
"""A pause in typing after which the preset is tried."""
_KEPT = 50
_MEGABYTE = 1e6
_LINE, _DARK = "#4fd8ff", "#000000"
"""Of boxes on pictures, the same in every theme."""
_TAG = 18


class Thumb(QWidget):
    """The open picture with the regions that are shown enlarged."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pyramid: Pyramid | None = None
        self.regions: tuple[Region, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        return QSize(230, 150)

    def show_picture(self, pyramid: Pyramid | None, regions: tuple[Region, ...]) -> None:
        """Another picture, or other regions on it."""
        self._pyramid, self.regions = pyramid, regions
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        with painter_on(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.colours.canvas))
            if self._pyramid is not None:
                self._paint(painter, self._pyramid)

    def _paint(self, painter: QPainter, pyramid: Pyramid) -> None:
        width, height = pyramid.size
        scale = min(self.width() / width, self.height() / height)
        target = QRectF(0, 0, width * scale, height * scale)
        target.moveCenter(QRectF(self.rect()).center())
        level = pyramid.level_for(scale * self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, pyramid.piece(level, pyramid.extent(level)))
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        for index, region in enumerate(self.regions):
            box = QRectF(
                target.left() + region.x0 * scale,
                target.top() + region.y0 * scale,
                region.width * scale,
                region.height * scale,
            )
            # A dark halo, so that the line is seen on any picture.
            for colour, wide in ((_DARK, 4.0), (_LINE, 2.0)):
                painter.setPen(QPen(QColor(colour), wide))
                painter.drawRect(box)
            # Inside a box with room for it, else beside it.
            is_roomy = min(box.width(), box.height()) > 2 * _TAG
            corner = QRectF(box.left() if is_roomy else box.right(), box.top(), _TAG, _TAG)
            painter.fillRect(corner, QColor(_LINE))
            painter.setPen(QColor(_DARK))
            painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, tag(index))


class Trial(QObject):
    """Tries presets on the open picture, one at a time; nothing of it is stored or shown elsewhere.

    Signals:
        foreseen: `Forecast`, or None where it cannot be told.
        tried: `Inspection`.
        refused: `Problem`.
    """

    foreseen = Signal(object)
    tried = Signal(object)
    refused = Signal(object)

    def __init__(self, presets: Presets, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._presets, self._session = presets, session
        self._job: int | None = None
        self._foreseeing: int | None = None
        self.measured: deque[tuple[Passes, float]] = deque(maxlen=_KEPT)
        session.asking.finished.connect(lambda _request, made: self._measure(made))
        session.asking.model_changed.connect(lambda _facts: self.measured.clear())

    def request_of(self, preset: Preset) -> Inspect | None:
        """What would be asked about the open picture; None where none is open.

        Raises:
            WrongUse: the preset's template cannot be filled.
        """
        picture, settings = self._session.picture, self._session.settings
        if picture is None or self._session.read_first.is_hiding:
            return None
        is_deep = picture.frame is not None and picture.frame.values is not None
        return Inspect(
            picture.locator,
            self._presets.shelf.asked(preset, ""),
            preset.strategy,
            preset.options_for(picture.size, is_deep=is_deep),
            neutral=preset.wording.neutral,
            # The model that is loaded: trying must not exchange it.
            model=LoadModel(settings.model, settings.device, settings.precision, settings.tower),
            rules=preset.rules,
            template=preset.template_picture,
            save=False,
        )

    def foresee(self, request: Inspect) -> None:
        """Ask what an inspection would take."""
        self._foreseeing = self._session.asking.beside(
            Foresee(request), tell=self._on_foreseen, replaces=self._foreseeing
        )

    def make(self, request: Inspect) -> None:
        """Inspect."""
        self._job = self._session.asking.beside(request, tell=self._on_tried, replaces=self._job)

    def stop(self) -> None:
        """Nobody looks any more."""
        for job in (self._job, self._foreseeing):
            if job is not None:
                self._session.asking.leave(job)
        self._job = self._foreseeing = None

    def _on_foreseen(self, message: Message) -> None:
        if isinstance(message, Finished):
            self.foreseen.emit(message.value)
        elif isinstance(message, Failed):
            self.foreseen.emit(None)

    def _on_tried(self, message: Message) -> None:
        if isinstance(message, Finished):
            self._measure(message.value)
            self.tried.emit(message.value)
        elif isinstance(message, Failed):
            self.refused.emit(message.problem)

    def _measure(self, made: Inspection) -> None:
        self.measured.append((made.passes, spent_ms(made.timings_ms)))


class Preview(QWidget):
    """Picture, cost and answers of the preset that is being edited."""

    def __init__(
        self, presets: Presets, session: Session, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._preset: Preset | None = None
        self._request: Inspect | None = None
        self._forecast: Forecast | None = None
        self.trial = Trial(presets, session, self)
        self.thumb = Thumb(look)
        self.title = caption()
        self.cost, self.answers = plain(role="muted"), plain()
        self.is_live = QCheckBox()
        self.is_live.setChecked(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._try)
        words = QVBoxLayout()
        words.setSpacing(6)
        for part in (self.title, self.cost, self.answers):
            words.addWidget(part)
        words.addStretch()
        words.addWidget(self.is_live)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.thumb)
        row.addLayout(words, 1)
        self.trial.foreseen.connect(self._on_foreseen)
        self.trial.tried.connect(self._show_inspection)
        self.trial.refused.connect(self._show_problem)
        session.picture_changed.connect(lambda _picture: self.show_preset(self._preset))
        self.is_live.toggled.connect(lambda _is_on: self.show_preset(self._preset))
        self.retranslate()

    def show_preset(self, preset: Preset | None) -> None:
        """Try another one; None while what is typed is no preset."""
        self._preset, self._request, self._forecast = preset, None, None
        self._pause.stop()
        self.cost.clear()
        self.answers.clear()
        picture = self._session.picture
        pyramid = picture.pyramid if picture is not None else None
        if preset is None or not self.isVisible():
            self.thumb.show_picture(pyramid, ())
            return
        try:
            self._request = self.trial.request_of(preset)
        except InspectorError as error:
            self._show_problem(problem_of(error))
            return
        if self._request is None or picture is None:
            self.thumb.show_picture(None, ())
            self.answers.setText(self.tr("Open a picture to try the preset on it."))
            return
        self.thumb.show_picture(pyramid, self._request.options.rois)
        self._pause.start()

    def _try(self) -> None:
        if self._request is None or not self.isVisible():
            return
        if self._session.model is None:
            self.cost.setText(self.tr("Waiting for the model …"))
            self._pause.start()
            return
        self.trial.foresee(self._request)
        if not self._request.question:
            self.answers.setText(self.tr("The preset has no question of its own."))
        elif self.is_live.isChecked():
            self.answers.setText(self.tr("Trying …"))
            self.trial.make(self._request)

    def _on_foreseen(self, forecast: Forecast | None) -> None:
        self._forecast = forecast
        self._show_cost()

    def _show_cost(self) -> None:
        told = self._forecast
        if told is None:
            self.cost.clear()
            return
        parts = [self.tr("%n picture(s)", "", told.pictures)]
        if told.prompt_tokens is not None:
            parts.append(
                self.tr("{count} of {room} tokens").format(
                    count=told.prompt_tokens, room=told.context
                )
            )
        if told.memory_bytes is not None:
            megabytes = told.memory_bytes / _MEGABYTE
            parts.append(self.tr("{size:.0f} MB for weights and prompt").format(size=megabytes))
        expected = told.expected_ms(tuple(self.trial.measured))
        if expected is None:
            parts.append(self.tr("time not known before the first inspection"))
        else:
            parts.append(self.tr("about {ms:.0f} ms for a new picture").format(ms=expected))
        lead = self.tr("At most: {parts}") if told.fits else self.tr("Too long: {parts}")
        self.cost.setText(lead.format(parts=" · ".join(parts)))

    def _show_inspection(self, made: Inspection) -> None:
        picture = self._session.picture
        if picture is None or picture.locator != made.provenance.locator:
            return
        self.thumb.show_picture(picture.pyramid, tuple(one.region for one in made.regions))
        lines = [self.tr("Whole: {answer}").format(answer=inert(made.whole.text, limit=120))]
        if made.zoomed is not None:
            zoomed = inert(made.zoomed.text, limit=120)
            lines.append(self.tr("Zoomed: {answer}").format(answer=zoomed))
        if made.verdict is not None:
            word, why = outcome_word(made.verdict.outcome), verdict_words(made.verdict)
            lines.append(f"{word}: {why}")
        took = spent_ms(made.timings_ms)
        aim = self._preset.targets.latency_ms if self._preset is not None else None
        if aim is None:
            lines.append(self.tr("Took {ms:.0f} ms").format(ms=took))
        else:
            lines.append(self.tr("Took {ms:.0f} ms, aim {aim:.0f}").format(ms=took, aim=aim))
        self.answers.setText("\n".join(lines))
        self._show_cost()

    def _show_problem(self, problem: Problem) -> None:
        self.answers.setText(problem_line(problem))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.title.setText(self.tr("Tried on the open picture"))
        self.is_live.setText(self.tr("Try after every change"))
        self.is_live.setToolTip(
            self.tr("Asks the model that is loaded. Nothing of it is stored, nor shown elsewhere.")
        )
        self._show_cost()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
