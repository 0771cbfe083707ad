"""What can be chosen for the entries of a preset that have a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.template import Template
from inspector_app.gui.dialogs.preset_texts import at
from inspector_app.gui.session import Session
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.words import strategy_title, trade_word

_AS_IN_SETTINGS = QT_TRANSLATE_NOOP("preset", "As in the settings")
_AS_IT_STANDS = QT_TRANSLATE_NOOP("preset", "The question as it stands")
_NO_TRADE = QT_TRANSLATE_NOOP("preset", "None of them")
_BEST = QT_TRANSLATE_NOOP("preset", "Best for the device")
_SCANNER = QT_TRANSLATE_NOOP("preset", "A scanner")
_CODE = QT_TRANSLATE_NOOP("preset", "The code in the picture")
_NAME = QT_TRANSLATE_NOOP("preset", "The name of the picture's file")
_FIRST = QT_TRANSLATE_NOOP("preset", "Read first, then AI")
_WITH = QT_TRANSLATE_NOOP("preset", "The AI's findings at once")
_OFF = QT_TRANSLATE_NOOP("preset", "Off")
_REGIONS = QT_TRANSLATE_NOOP("preset", "To the regions looked at closer")
_MAP = QT_TRANSLATE_NOOP("preset", "As the map shows")
_EACH = QT_TRANSLATE_NOOP("preset", "After every inspection")
_BATCH = QT_TRANSLATE_NOOP("preset", "One at the end of a batch or shift")
_TRADES = ("medical", "industrial", "text")
_PRECISIONS = ("float32", "bfloat16", "float16", "int8")


def choices_for(
    place: str,
    *,
    document: Mapping[str, Any],
    session: Session,
    templates: Sequence[Template],
    models: Sequence[str],
) -> list[tuple[str, str]]:
    """(value, words) for the entry at a place."""
    if place == "prompt.template":
        language = at(document, "prompt.language")
        fitting = [(one.name, one.title) for one in templates if one.language == language]
        return [("", _say(_AS_IT_STANDS)), *fitting]
    offered: dict[str, list[tuple[str, str]]] = {
        "trade": [("", _say(_NO_TRADE)), *((one, trade_word(one)) for one in _TRADES)],
        "model.name": [("", _say(_AS_IN_SETTINGS)), *((one, one) for one in models)],
        "model.precision": [
            ("", _say(_AS_IN_SETTINGS)),
            ("auto", _say(_BEST)),
            *((one, one) for one in _PRECISIONS),
        ],
        "look.strategy": [
            (one.name, strategy_title(one.name, otherwise=one.title)) for one in session.strategies
        ],
        "operator.serial": [
            ("scanner", _say(_SCANNER)),
            ("code", _say(_CODE)),
            ("name", _say(_NAME)),
        ],
        "run.reading": [
            ("", _say(_AS_IN_SETTINGS)),
            ("first", _say(_FIRST)),
            ("with", _say(_WITH)),
        ],
        "look.reweight_by": [("", _say(_OFF)), ("regions", _say(_REGIONS)), ("map", _say(_MAP))],
        "run.report_after": [
            ("inspection", _say(_EACH)),
            ("batch", _say(_BATCH)),
        ],
        "prompt.language": [("en", "English"), ("zh_CN", "简体中文")],
    }
    return offered[place]


def _say(text: str) -> str:
    return QCoreApplication.translate("preset", text)
