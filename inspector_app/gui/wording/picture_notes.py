"""What the sources note about a picture, for the language of the moment."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

PICTURE_NOTES = (
    QT_TRANSLATE_NOOP("note", "page {number} of {count}"),
    QT_TRANSLATE_NOOP("note", "frame {number} of {count}"),
    QT_TRANSLATE_NOOP("note", "at {time} s"),
    QT_TRANSLATE_NOOP("note", "drawn at {dpi} dpi"),
    QT_TRANSLATE_NOOP("note", "transparent parts are shown white"),
    QT_TRANSLATE_NOOP("note", "0 is shown white"),
    QT_TRANSLATE_NOOP("note", "{bits}-bit values kept to 24 bits"),
    QT_TRANSLATE_NOOP("note", "{bits}-bit colour shown with 8 bits"),
    QT_TRANSLATE_NOOP("note", "CIELAB shown as sRGB"),
    QT_TRANSLATE_NOOP("note", "colour profile {name} brought to sRGB"),
    QT_TRANSLATE_NOOP("note", "its colour profile is damaged and was left out"),
    QT_TRANSLATE_NOOP("note", "pixels are not square ({ratio})"),
    QT_TRANSLATE_NOOP("note", "pixels are not square"),
    QT_TRANSLATE_NOOP("note", "lossy compressed"),
    QT_TRANSLATE_NOOP("note", "overlay graphics of the file are not shown"),
    QT_TRANSLATE_NOOP("note", "grey by the file's own table"),
    QT_TRANSLATE_NOOP("note", "the file has no valid grey window: an automatic one is shown"),
    QT_TRANSLATE_NOOP("note", "pixel spacing is that of the detector: no millimetres"),
    QT_TRANSLATE_NOOP("note", "only the detector's pixel spacing is known: no millimetres"),
)
"""As the plug-ins in `sources` write them; places in braces stand for what differs."""
