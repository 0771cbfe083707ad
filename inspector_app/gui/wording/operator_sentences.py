"""What golden samples and codes say when something is wrong; `problems` translates it."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", 'The golden sample "{name}" is missing.'),
    QT_TRANSLATE_NOOP("problem", "Put it there, or correct the preset."),
    QT_TRANSLATE_NOOP(
        "problem", "The preset demands {count} good golden samples, and {found} are there."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The preset demands {count} bad golden samples, and {found} are there."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Put the pictures where the preset names them, or correct the preset."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "There are {found} good golden samples; at most {count} are shown."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "There are {found} bad golden samples; at most {count} are shown."
    ),
    QT_TRANSLATE_NOOP("problem", "Say in the preset how many of each are to be shown."),
    QT_TRANSLATE_NOOP("problem", 'The golden sample "{name}" is named as good and as bad.'),
    QT_TRANSLATE_NOOP("problem", "Correct the preset."),
)
