"""Through which grey windows the model is shown a picture of more than 8 bits."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.frame import Frame, Window
from inspector_app.domain.preset import Preset
from inspector_app.gui.canvas.corners import window_name
from inspector_app.gui.picture import Picture
from inspector_app.gui.session import Session
from inspector_app.imaging.wishes import CT_WINDOWS, wish_of, wished_window

_FRAME = 44
"""Logical pixels of a button that are not for words: edges and arrow."""


class WindowChooser(QPushButton):
    """A menu of windows, any number of which can be sent; not there for pictures of 8 bits.

    The order in which they are chosen is that of the views: maps are of the first.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wishes: tuple[str, ...] = ()
        self._frame: Frame | None = None
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        # Its words take the room there is, and never make the panel wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        session.picture_changed.connect(self._show_picture)
        session.preset_changed.connect(self._take_preset)
        self._show_picture(session.picture)

    @property
    def wishes(self) -> tuple[str, ...]:
        """What is chosen, as texts (see `imaging.wishes`), in the order of the views."""
        return self._wishes

    def choose(self, wishes: tuple[str, ...]) -> None:
        """Send these; none sends the picture as it was opened."""
        self._wishes = wishes
        self._tell()

    def _take_preset(self, preset: Preset | None) -> None:
        if preset is not None:
            self.choose(preset.options.windows)

    def _show_picture(self, picture: Picture | None) -> None:
        frame = picture.frame if picture is not None else None
        self._frame = frame if frame is not None and frame.values is not None else None
        self.setVisible(self._frame is not None)
        self._tell()

    def _tell(self) -> None:
        """What of the wishes this picture can be shown through; the others wait for the next."""
        self._session.send_windows(_known(self._wishes, self._frame))
        self._show_words()

    def _show_words(self) -> None:
        sent = self._session.sent_windows
        names = [window_words(window) for window in sent.values()]
        if not names:
            text = self.tr("Shown to the model: as opened")
        else:
            text = self.tr("Shown to the model: {windows}").format(windows=" + ".join(names))
        room = max(120, self.width() - _FRAME)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        rule = self.tr(
            "Each chosen grey window is a picture of its own for the model, and so is each"
            " crop through it. Where it looked is told of the first."
        )
        self.setToolTip(f"<p>{text}</p><p>{rule}</p>")
        self.setAccessibleName(text)

    # The menu ------------------------------------------------------------------------

    def _fill(self) -> None:
        self._menu.clear()
        if self._frame is None:
            return
        plain = self._menu.addAction(self.tr("As opened"))
        plain.setCheckable(True)
        plain.setChecked(not self._session.sent_windows)
        plain.triggered.connect(lambda: self.choose(()))
        self._menu.addSeparator()
        listed = self._offered(self._frame)
        for wish in self._session.sent_windows:
            listed.setdefault(wish, window_words(self._session.sent_windows[wish]))
        for wish, words in listed.items():
            self._menu.addAction(self._entry(wish, words))

    def _offered(self, frame: Frame) -> dict[str, str]:
        """Wish and words of what can be chosen for this picture."""
        offered: dict[str, str] = {}
        if len(frame.windows) > 1:
            for at, window in enumerate(frame.windows, 1):
                offered[f"file:{at}"] = self.tr("File: {name}").format(name=window_words(window))
        if frame.unit == "HU":
            for name, width, center in CT_WINDOWS:
                offered[name] = window_words(Window(center, width, name))
        offered["auto"] = self.tr("Automatic (1-99 %)")
        offered["full"] = self.tr("Full range of values")
        screen = self._session.screen_window
        if screen is not None and screen.table is None:
            words = self.tr("As on the screen: {window}")
            offered[wish_of(screen)] = words.format(window=window_words(screen))
        return offered

    def _entry(self, wish: str, words: str) -> QAction:
        entry = QAction(words, self._menu)
        entry.setCheckable(True)
        entry.setChecked(wish in self._wishes)
        entry.triggered.connect(lambda is_on: self._switch(wish, is_on=is_on))
        return entry

    def _switch(self, wish: str, *, is_on: bool) -> None:
        rest = tuple(one for one in self._wishes if one != wish)
        self.choose((*rest, wish) if is_on else rest)

    # Events --------------------------------------------------------------------------

    def resizeEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_words()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self._show_words()
        super().changeEvent(event)


def _known(wishes: tuple[str, ...], frame: Frame | None) -> dict[str, Window]:
    """The windows of those wishes that mean something on a picture."""
    known: dict[str, Window] = {}
    if frame is None:
        return known
    for wish in wishes:
        try:
            known[wish] = wished_window(wish, frame)
        except WrongUse:
            continue
    return known


def window_words(window: Window) -> str:
    """A window in a few words: its name and its numbers."""
    return f"{window_name(window.name)} {window.width:.4g} / {window.center:.4g}"
