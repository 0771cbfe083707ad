"""What studies and resolutions meet in the world, as the rooms behind the window say it."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", "{path} cannot be read."),
    QT_TRANSLATE_NOOP("problem", "Give the study's JSON file."),
    QT_TRANSLATE_NOOP("problem", "{name} is too large for a study."),
    QT_TRANSLATE_NOOP("problem", "{name} is no JSON: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Give a list of entries."),
    QT_TRANSLATE_NOOP("problem", "{name} is no list of entries."),
    QT_TRANSLATE_NOOP("problem", "{name} holds no entry that can be used. {first}"),
    QT_TRANSLATE_NOOP("problem", "Not one of {total} pictures could be measured. {first}"),
    QT_TRANSLATE_NOOP("problem", "Not one of {total} pictures could be tried. {first}"),
    QT_TRANSLATE_NOOP("problem", "Correct the study's file."),
    QT_TRANSLATE_NOOP("problem", "entry {number} is no object."),
    QT_TRANSLATE_NOOP("problem", "entry {number} names no picture."),
    QT_TRANSLATE_NOOP("problem", "{name} has no question."),
    QT_TRANSLATE_NOOP("problem", "{name} has no answer."),
    QT_TRANSLATE_NOOP("problem", "{name} has a box that is not four numbers."),
    QT_TRANSLATE_NOOP(
        "problem",
        "{name}: the box {box} does not lie in the picture of {width} x {height} pixels.",
    ),
    QT_TRANSLATE_NOOP("problem", '"{model}" does not let this program see where it looks.'),
    QT_TRANSLATE_NOOP("problem", "Choose a local model."),
    QT_TRANSLATE_NOOP("problem", '"{model}" reads pictures at one resolution only.'),
    QT_TRANSLATE_NOOP("problem", "Set the input resolution of the preset to 1."),
    QT_TRANSLATE_NOOP(
        "problem", "Several grey windows are read at the model's own resolution only."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Set the input resolution of the preset to 1, or send one window."
    ),
)
