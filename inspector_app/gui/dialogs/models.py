"""Which model? What is on this computer, what it needs, and bringing it here."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.checkpoint import (
    AddModel,
    Arriving,
    ExportTower,
    ListModels,
    ModelLine,
    ModelList,
    ModelRequest,
    Presence,
    PullModel,
    Tower,
    VerifyModel,
)
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import Problem
from inspector_app.domain.wording import inert
from inspector_app.gui.dialogs.model_tower import TowerRow, tower_words
from inspector_app.gui.dialogs.model_words import (
    NEEDS,
    amount,
    cells_of,
    details_of,
    need_words,
    once_freed,
    stage_word,
)
from inspector_app.gui.models import Models
from inspector_app.gui.parts import muted, plain, plain_tip
from inspector_app.gui.session import Session
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.problems import problem_line

_NAME = Qt.ItemDataRole.UserRole
_HUB, _MIRROR, _SCOPE = "", "https://hf-mirror.com", "modelscope"
_FINE = 1000


class ModelsDialog(QDialog):
    """A list of the models, and what can be done with the chosen one.

    Args:
        models: Lists and brings them.
        session: Knows and takes the choice.
        look: Colours.
        parent: The window.
    """

    def __init__(
        self, models: Models, session: Session, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models, self._session, self._look = models, session, look
        self.list = QTreeWidget()
        self.room, self.details, self.said = muted(), plain(role="muted"), plain()
        self._from_label = QLabel()
        self.source = QComboBox()
        self.bar = QProgressBar()
        self.use, self.pull, self.stop = QPushButton(), QPushButton(), QPushButton()
        self.verify, self.add, self._close = QPushButton(), QPushButton(), QPushButton()
        self._browse = QPushButton()
        self.tower = TowerRow(session)
        self._arrange()
        self._listen()
        self.retranslate()
        self._show_deed()
        self.resize(900, 680)

    def _arrange(self) -> None:
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setColumnCount(2 + len(NEEDS))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at in range(1, 2 + len(NEEDS)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
        self.source.setEditable(True)
        self.source.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.bar.setRange(0, _FINE)
        self.bar.setTextVisible(False)
        self.details.setMinimumHeight(84)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        origin = QHBoxLayout()
        origin.setSpacing(8)
        origin.addWidget(self._from_label)
        origin.addWidget(self.source, 1)
        origin.addWidget(self._browse)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        for button in (self.use, self.pull, self.stop, self.verify, self.add):
            deeds.addWidget(button)
        deeds.addStretch()
        deeds.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.room)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        layout.addLayout(origin)
        layout.addWidget(self.tower)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        layout.addLayout(deeds)
        self.use.setDefault(True)
        for button in (self.pull, self.stop, self.verify, self.add, self._close, self._browse):
            button.setAutoDefault(False)
        self._from_label.setBuddy(self.source)

    def _listen(self) -> None:
        models = self._models
        models.listed.connect(self._show_list)
        models.began.connect(self._on_began)
        models.arriving.connect(self._show_arriving)
        models.ended.connect(self._on_ended)
        models.stopped.connect(self._on_stopped)
        models.failed.connect(self._on_failed)
        self._session.settings_changed.connect(lambda _settings: self._on_settings())
        self._session.asking.model_changed.connect(self._on_loaded)
        self._session.asking.model_failed.connect(self._on_not_loaded)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show_line())
        self.list.itemActivated.connect(lambda _item, _column: self._use())
        self.use.clicked.connect(self._use)
        self.pull.clicked.connect(self._pull)
        self.stop.clicked.connect(models.stop)
        self.verify.clicked.connect(self._verify)
        self.add.clicked.connect(self._add)
        self.tower.export.clicked.connect(self._export)
        self._browse.clicked.connect(self._choose_source)
        self._close.clicked.connect(self.close)

    def open_up(self) -> None:
        """Show the dialog with what there is now."""
        self._models.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        if self._models.doing is None:
            # What really runs, and by what, as the loaded model itself tells.
            self._on_loaded(self._session.model)

    @property
    def line(self) -> ModelLine | None:
        """The chosen model."""
        item, known = self.list.currentItem(), self._models.known
        if item is None or known is None:
            return None
        name = item.data(0, _NAME)
        return next((one for one in known.lines if one.name == name), None)

    # What there is -------------------------------------------------------------------

    def _show_list(self, told: ModelList) -> None:
        known, held = once_freed(told, self._session.model)
        chosen = self.line.name if self.line is not None else self._session.settings.model
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.list.clear()
        for line in known.lines:
            item = QTreeWidgetItem(cells_of(line, known))
            item.setData(0, _NAME, line.name)
            item.setSizeHint(0, QSize(0, 28))
            for at, precision in enumerate(NEEDS, 2):
                item.setTextAlignment(at, right)
                item.setToolTip(at, need_words(line, precision, known))
            item.setToolTip(0, plain_tip(inert(line.name, limit=200)))
            self.list.addTopLevelItem(item)
            if line.name == chosen:
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if first is not None and not self.list.selectedItems():
            self.list.setCurrentItem(first)
        self.room.setText(self._room_words(told, held))
        self._mark_chosen()
        self._show_line()

    def _room_words(self, known: ModelList, held_mib: int) -> str:
        words = self.tr("Free: {memory} of memory, {disk} on the disk.").format(
            memory=amount(known.free_mib * 2**20), disk=amount(known.disk_bytes)
        )
        if known.card_mib is not None:
            words += " " + self.tr("On the graphics card: {memory}.").format(
                memory=amount(known.card_mib * 2**20)
            )
        if held_mib:
            words += " " + self.tr("The model in use would give back {memory}.").format(
                memory=amount(held_mib * 2**20)
            )
        return words + " " + self.tr("✓ fits into what is free, ✕ does not.")

    def _on_settings(self) -> None:
        self._mark_chosen()
        self._show_line()

    def _mark_chosen(self) -> None:
        for at in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(at)
            if item is None:
                continue
            font = item.font(0)
            font.setBold(item.data(0, _NAME) == self._session.settings.model)
            item.setFont(0, font)

    def _show_line(self) -> None:
        line = self.line
        known = self._models.known
        told = ""
        if line is not None and known is not None:
            told = details_of(line, once_freed(known, self._session.model)[0])
        if line is not None and line.tower is not None:
            told += "\n" + tower_words(line.tower, self._session.settings.tower)
        self.details.setText(told)
        is_idle = self._models.doing is None
        presence = None if line is None else line.presence
        is_here = presence in (Presence.READY, Presence.SERVER)
        self.use.setEnabled(line is not None and is_here and line.can_load)
        is_published = line is not None and bool(line.repository) and line.can_load
        can_pull = is_published and presence != Presence.READY
        self.pull.setEnabled(is_idle and can_pull)
        goes_on = presence in (Presence.PARTIAL, Presence.DAMAGED)
        self.pull.setText(self.tr("Go on pulling") if goes_on else self.tr("Pull"))
        self.verify.setEnabled(
            is_idle and line is not None and presence in (Presence.READY, Presence.DAMAGED)
        )
        self.add.setEnabled(is_idle)
        self.stop.setEnabled(not is_idle)
        self.tower.show_line(line, is_idle=is_idle)
        for part in (self.source, self._browse):
            part.setEnabled(is_idle and can_pull)

    # What is done --------------------------------------------------------------------

    def _use(self) -> None:
        line = self.line
        if line is not None and self.use.isEnabled():
            self._session.choose("model", line.name)
            self.said.setText(self.tr("Loading {title} …").format(title=inert(line.title)))

    def _pull(self) -> None:
        if self.line is not None:
            self._models.pull(self.line.name, source=self._source())

    def _source(self) -> str:
        typed = self.source.currentText().strip()
        at = self.source.findText(typed)
        return str(self.source.itemData(at)) if at >= 0 else typed

    def _verify(self) -> None:
        if self.line is not None:
            self._models.verify(self.line.name)

    def _add(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self.tr("Folder of a checkpoint")):
            self._models.add(folder)

    def _export(self) -> None:
        if self.line is not None:
            self._models.export(self.line.name)

    def _choose_source(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self.tr("Take the files from")):
            self.source.setEditText(folder)

    def _on_began(self, _request: ModelRequest) -> None:
        self.said.clear()
        self._show_deed()

    def _show_deed(self) -> None:
        doing = self._models.doing
        self.bar.setVisible(doing is not None)
        self.bar.setRange(0, 0)
        self._show_line()

    def _show_arriving(self, stage: str, arriving: Arriving) -> None:
        if arriving.total > 0:
            self.bar.setRange(0, _FINE)
            self.bar.setValue(round(_FINE * arriving.done / arriving.total))
        words = stage_word(stage)
        if arriving.name:
            words += f" {inert(arriving.name, limit=60)}"
        if arriving.total > 0 and arriving.name:
            words += f": {amount(arriving.done)} / {amount(arriving.total)}"
        if arriving.waits:
            words += ". " + self.tr("Waiting: {why}.").format(why=inert(arriving.waits, limit=120))
        self.said.setText(words)

    def _on_ended(self, request: ModelRequest, value: object) -> None:
        words = ""
        if isinstance(request, PullModel):
            words = self.tr("{name} is here, complete.")
            words = words.format(name=request.name)
        elif isinstance(request, VerifyModel):
            words = self.tr("All {count} files of {name} are as they came.")
            words = words.format(count=value, name=request.name)
        elif isinstance(request, AddModel):
            words = self.tr("{name} was added.").format(name=value)
        elif isinstance(request, ExportTower) and isinstance(value, Tower):
            words = tower_words(value, self._session.settings.tower)
            if request.name == self._session.settings.model:
                # It is in use: from here on with the tower that the choice takes.
                self._session.load_model()
        self._show_deed()
        self.said.setText(inert(words))

    def _on_stopped(self, request: ModelRequest) -> None:
        self._show_deed()
        is_pull = isinstance(request, PullModel)
        self.said.setText(
            self.tr("Stopped. What came is kept, and pulling goes on from there.")
            if is_pull
            else self.tr("Stopped.")
        )

    def _on_failed(self, request: ModelRequest, problem: Problem) -> None:
        self._show_deed()
        if isinstance(request, ListModels):
            self.room.setText(problem_line(problem))
        else:
            self.said.setText(problem_line(problem))

    def _on_loaded(self, facts: ModelFacts | None) -> None:
        if facts is not None and self.isVisible():
            words = self.tr("In use: {name} on {device} with {dtype}.").format(
                name=inert(facts.name), device=facts.device, dtype=facts.dtype
            )
            if not facts.can_attend:
                words += " " + self.tr("It does not tell where it looks: there are no heat maps.")
            self.said.setText(words)
            # What is free is another now.
            self._models.refresh()

    def _on_not_loaded(self, problem: Problem) -> None:
        if self.isVisible():
            self.said.setText(problem_line(problem))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setWindowTitle(self.tr("Models"))
        titles = [self.tr("Model"), self.tr("On this computer"), *NEEDS]
        self.list.setHeaderLabels(titles)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for at, precision in enumerate(NEEDS, 2):
            item = self.list.headerItem()
            item.setTextAlignment(at, right)
            item.setToolTip(at, self.tr("Memory it needs in {name}").format(name=precision))
        self.list.setAccessibleName(self.tr("Models"))
        self._from_label.setText(self.tr("Pull from"))
        typed = self._source() if self.source.count() else _HUB
        self.source.clear()
        self.source.addItem(self.tr("Hugging Face, the hub"), _HUB)
        self.source.addItem(self.tr("hf-mirror.com, a mirror"), _MIRROR)
        self.source.addItem(self.tr("ModelScope"), _SCOPE)
        at = self.source.findData(typed)
        if at >= 0:
            self.source.setCurrentIndex(at)
        else:
            self.source.setEditText(typed)
        self.source.setToolTip(
            self.tr("Or the address of a mirror, or a folder such as a USB stick.")
        )
        self._browse.setText(self.tr("Folder …"))
        self.use.setText(self.tr("Use this model"))
        self.stop.setText(self.tr("Stop"))
        self.verify.setText(self.tr("Verify"))
        self.verify.setToolTip(self.tr("Compare every file with the SHA-256 it came with."))
        self.add.setText(self.tr("Add a folder …"))
        self.add.setToolTip(self.tr("Copy a checkpoint of your own to the models."))
        self._close.setText(self.tr("Close"))
        self.tower.retranslate()
        if self._models.known is not None:
            self._show_list(self._models.known)
        else:
            self.room.setText(self.tr("Looking …"))
            self._show_line()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
