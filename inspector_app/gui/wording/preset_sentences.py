"""Trouble with presets, their templates and regions. `{fault}` is one of `fault_sentences`."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", "The preset {name} could not be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} was left out: {fault}."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} is damaged ({fault}). It is kept as {kept}."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} is damaged ({fault}). It stays where it is."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} is damaged ({fault})."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} cannot be used: {fault}."),
    QT_TRANSLATE_NOOP("problem", "The preset cannot be used: {fault}."),
    QT_TRANSLATE_NOOP("problem", "The preset cannot be kept ({fault})."),
    QT_TRANSLATE_NOOP("problem", "The preset {name} could not be removed: {reason}."),
    QT_TRANSLATE_NOOP("problem", 'There is no preset "{name}".'),
    QT_TRANSLATE_NOOP("problem", '"{name}" cannot be the name of a preset.'),
    QT_TRANSLATE_NOOP("problem", "Use up to 80 letters, digits, spaces and hyphens."),
    QT_TRANSLATE_NOOP("problem", "Correct that entry, or take another file."),
    QT_TRANSLATE_NOOP("problem", "Correct that entry."),
    QT_TRANSLATE_NOOP("problem", "Check the name, or choose one of the presets there are."),
    QT_TRANSLATE_NOOP(
        "problem",
        "Use a newer version of this program, or export it there for an older one.",
    ),
    QT_TRANSLATE_NOOP("problem", "Ask whoever made it to export it again."),
    QT_TRANSLATE_NOOP("problem", "Ask for the right to write in that folder."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The preset's pictures are {count} files of {size} MB; it may have "
        "{most} files of {room} MB.",
    ),
    QT_TRANSLATE_NOOP("problem", "Take fewer or smaller pictures."),
    QT_TRANSLATE_NOOP(
        "problem",
        'The picture "{name}" of the preset is missing or cannot be read.',
    ),
    QT_TRANSLATE_NOOP("problem", "The template {path} could not be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "The template {name} is damaged ({fault})."),
    QT_TRANSLATE_NOOP("problem", 'The prompt template "{name}" cannot be used: {fault}'),
    QT_TRANSLATE_NOOP("problem", 'The prompt template "{name}" needs words for {names}.'),
    QT_TRANSLATE_NOOP("problem", "Type them in the preset, or choose another template."),
    QT_TRANSLATE_NOOP(
        "problem",
        'There is no prompt template "{name}" in the language "{language}".',
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "The region {box} reaches outside the picture, which is {width} x {height} pixels.",
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "Give x0,y0,x1,y1 in pixels of the picture, from its upper left corner.",
    ),
    QT_TRANSLATE_NOOP("problem", "No region is drawn."),
    QT_TRANSLATE_NOOP("problem", "Draw a rectangle on the picture first."),
    QT_TRANSLATE_NOOP("problem", "{count} regions are drawn; a picture can have {most}."),
    QT_TRANSLATE_NOOP("problem", "Remove some of them."),
)
