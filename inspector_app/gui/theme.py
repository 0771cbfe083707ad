"""Colours, the style sheet and the outline icons, light, dark and with high contrast.

Greys are neutral, so that nothing tints the picture; there is one accent. Every pair of text
and ground has a contrast of at least 4.5 : 1 (`tests/gui/test_theme.py` counts it).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from inspector_app import paths
from inspector_app.domain.settings import Theme


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours as #rrggbb.

    Attributes:
        ground: Behind everything.
        panel: Of docks and bars.
        raised: Of fields and buttons.
        hover: Of a raised thing under the mouse.
        line: Hairlines.
        edge: Outlines of fields and buttons.
        canvas: About the picture.
        text: Words.
        muted: Words of less weight.
        accent: The one colour of the program: primary action, focus, selection.
        on_accent: Words on it.
        selected: Ground of selected rows.
        passed: Verdict PASS.
        failed: Verdict FAIL.
        check: Verdict CHECK.
        trouble: Of error notices.
        overlay: Ground of texts over the picture.
    """

    ground: str
    panel: str
    raised: str
    hover: str
    line: str
    edge: str
    canvas: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selected: str
    passed: str
    failed: str
    check: str
    trouble: str
    overlay: str

    def outcome(self, outcome: str) -> str:
        """Of a verdict; muted where there is none."""
        return {"PASS": self.passed, "FAIL": self.failed, "CHECK": self.check}.get(
            outcome, self.muted
        )


DARK = Colours(
    ground="#191919",
    panel="#212121",
    raised="#2e2e2e",
    hover="#3a3a3a",
    line="#333333",
    edge="#5c5c5c",
    canvas="#0e0e0e",
    text="#ededed",
    muted="#b0b0b0",
    accent="#6cb2ff",
    on_accent="#06182b",
    selected="#22374f",
    passed="#3fd0b6",
    failed="#ff7a52",
    check="#c3a6ff",
    trouble="#ff9d80",
    overlay="#161616",
)
LIGHT = Colours(
    ground="#ececec",
    panel="#f8f8f8",
    raised="#ffffff",
    hover="#ebebeb",
    line="#dadada",
    edge="#8f8f8f",
    canvas="#d6d6d6",
    text="#1b1b1b",
    muted="#575757",
    accent="#0b5cad",
    on_accent="#ffffff",
    selected="#cfe3f8",
    passed="#00695c",
    failed="#b43403",
    check="#5b2fb0",
    trouble="#a12c00",
    overlay="#fbfbfb",
)

CONTRAST = Colours(
    ground="#000000",
    panel="#000000",
    raised="#000000",
    hover="#2b2b2b",
    line="#6f6f6f",
    edge="#979797",
    canvas="#000000",
    text="#ffffff",
    muted="#f0f0f0",
    accent="#ffd84d",
    on_accent="#000000",
    selected="#003b73",
    passed="#2fe6bd",
    failed="#ff9a6b",
    check="#d9c8ff",
    trouble="#ffb8a0",
    overlay="#000000",
)


class _Outline(QIconEngine):
    """Paints an SVG at whatever size and resolution is asked for."""

    def __init__(self, drawing: str, colours: Mapping[QIcon.Mode, str]) -> None:
        super().__init__()
        self._drawing = drawing
        self._colours = colours

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, _state: object) -> None:
        colour = self._colours.get(mode, self._colours[QIcon.Mode.Normal])
        svg = self._drawing.replace("currentColor", colour)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(rect))  # type: ignore[call-overload]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, drawn.rect(), mode, state)
        painter.end()
        return drawn

    def clone(self) -> QIconEngine:
        return _Outline(self._drawing, self._colours)


class Look(QObject):
    """The theme in use.

    Args:
        app: Its palette, font and style sheet are set.

    Signals:
        changed: Colours were exchanged; tinted icons have to be fetched again.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme = Theme.SYSTEM
        self._drawings: dict[str, str] = {}
        self._drawn: dict[tuple[str, int, str, float], QPixmap] = {}
        self.colours = DARK
        self.is_dark = True
        self.is_calm = _wants_little_motion()
        if not app.styleSheet():
            app.setStyle("Fusion")
        font = app.font()
        font.setPixelSize(13)
        app.setFont(font)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def apply(self, theme: Theme) -> None:
        """Colour the whole program."""
        self._theme = theme
        system = QGuiApplication.styleHints().colorScheme()
        self.is_dark = theme in {Theme.DARK, Theme.CONTRAST} or (
            theme == Theme.SYSTEM and system != Qt.ColorScheme.Light
        )
        self.colours = DARK if self.is_dark else LIGHT
        if theme == Theme.CONTRAST or (self.is_dark and _wants_contrast()):
            self.colours = CONTRAST
        elif _wants_contrast():
            text = self.colours.text
            self.colours = replace(self.colours, muted=text, line=text, edge=text)
        self._drawn.clear()
        # Style and sheet make Qt polish every widget there is: only where they are others.
        sheet = self._style_sheet()
        if sheet != self._app.styleSheet():
            self._app.setPalette(_palette(self.colours))
            self._app.setStyleSheet(sheet)
        self.changed.emit()

    def icon(self, name: str, *, colour: str | None = None) -> QIcon:
        """An outline icon in the theme's colours; an empty icon for an unknown name."""
        drawing = self._drawing(name)
        if not drawing:
            return QIcon()
        faded = QColor(self.colours.text)
        faded.setAlphaF(0.35)
        tones = {
            QIcon.Mode.Normal: colour or self.colours.text,
            QIcon.Mode.Disabled: self.colours.edge,
        }
        return QIcon(_Outline(drawing, tones))

    def pixmap(self, name: str, *, side: int, colour: str | None = None) -> QPixmap:
        """An outline icon as a picture of `side` logical pixels."""
        ratio = self._app.devicePixelRatio()
        key = (name, side, colour or self.colours.text, ratio)
        if key not in self._drawn:
            self._drawn[key] = self.icon(name, colour=colour).pixmap(QSize(side, side), ratio)
        return self._drawn[key]

    def _drawing(self, name: str) -> str:
        if name not in self._drawings:
            file = paths.resources() / "icons" / f"{name}.svg"
            self._drawings[name] = file.read_text(encoding="utf-8") if file.is_file() else ""
        return self._drawings[name]

    def _style_sheet(self) -> str:
        file = paths.resources() / "style" / "window.qss"
        if not file.is_file():
            return ""
        # Style sheets take pictures from files only: the two marks come in each tone.
        tone = "dark" if self.is_dark else "light"
        values = {
            **asdict(self.colours),
            "icons": _as_url(paths.resources() / "style"),
            "tone": tone,
        }
        sheet = file.read_text(encoding="utf-8")
        return re.sub(r"@(\w+)", lambda found: values.get(found[1], found[0]), sheet)

    def _on_system_changed(self) -> None:
        if self._theme == Theme.SYSTEM:
            self.apply(Theme.SYSTEM)


def _as_url(folder: Path) -> str:
    return folder.as_posix()


def _wants_little_motion() -> bool:
    """Whether the system asks programs to do without animations."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    wish = getattr(accessibility() if accessibility else None, "motionPreference", None)
    if wish is not None:
        return "Reduced" in str(wish())
    return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


def _wants_contrast() -> bool:
    """Whether the system asks programs for high contrast."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    wish = getattr(accessibility() if accessibility else None, "contrastPreference", None)
    return wish is not None and "High" in str(wish())


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    tones = {
        role.Window: colours.panel,
        role.WindowText: colours.text,
        role.Base: colours.raised,
        role.AlternateBase: colours.panel,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.trouble,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: colours.hover,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.line,
        role.Shadow: colours.ground,
        role.Accent: colours.accent,
    }
    for name, tone in tones.items():
        palette.setColor(name, QColor(tone))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.edge))
    return palette
