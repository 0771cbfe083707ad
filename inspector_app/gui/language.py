"""The language of the window, exchanged while it is open."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from inspector_app import paths
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""What the window can speak: code and name in the language itself."""

QT_MISSES = (
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
)
"""Words of Qt's own dialogs that its Chinese translation lacks; ours is asked first."""


class Language(QObject):
    """Installs the translation that the settings ask for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translators: list[QTranslator] = []
        self.code = "en"

    def apply(self, wish: str) -> None:
        """Speak "en", "zh_CN", or with "system" what the system speaks, else English."""
        code = wish if wish in LANGUAGES else _system_language()
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators.clear()
        self.code = code
        QLocale.setDefault(QLocale(code))
        own = str(paths.resources() / "translations")
        # Qt's own words, such as those of its file dialog, come with Qt.
        theirs = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{code}", theirs), (f"inspector_{code}", own)):
            translator = QTranslator(self)
            if translator.load(name, folder):
                QCoreApplication.installTranslator(translator)
                self._translators.append(translator)


def _system_language() -> str:
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"
