"""The words of the settings, which `domain.settings` has in English, marked for translation."""

from PySide6.QtCore import QCoreApplication

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

GROUPS = (
    ("Window", ("theme", "language", "scale")),
    ("Model", ("model", "device", "precision", "tower")),
    ("Users", ("require_sign_in", "lock_minutes")),
    (
        "Asking",
        ("strategy", "count", "zoom_only_in_doubt", "inspect_ahead", "ahead_count", "read_first"),
    ),
    ("Heat map", ("heat_opacity", "colour_map", "smooth_heat")),
    ("Pictures", ("corner_texts", "hide_patient", "window_drag_up")),
)
"""(title, names of settings) in the order of the dialog; every setting stands in one."""

WORDS = (
    QT_TRANSLATE_NOOP("settings", "Window"),
    QT_TRANSLATE_NOOP("settings", "Model"),
    QT_TRANSLATE_NOOP("settings", "Asking"),
    QT_TRANSLATE_NOOP("settings", "Heat map"),
    QT_TRANSLATE_NOOP("settings", "Pictures"),
    QT_TRANSLATE_NOOP("settings", "Theme"),
    QT_TRANSLATE_NOOP("settings", "Colours of the window."),
    QT_TRANSLATE_NOOP("settings", "Like the system"),
    QT_TRANSLATE_NOOP("settings", "Dark"),
    QT_TRANSLATE_NOOP("settings", "Light"),
    QT_TRANSLATE_NOOP("settings", "High contrast"),
    QT_TRANSLATE_NOOP("settings", "Language"),
    QT_TRANSLATE_NOOP("settings", "Language of the window."),
    QT_TRANSLATE_NOOP("settings", "English"),
    QT_TRANSLATE_NOOP("settings", "Size of everything"),
    QT_TRANSLATE_NOOP(
        "settings",
        "How large words and symbols are, for screens with very fine pixels; holds from the "
        "next start on.",
    ),
    QT_TRANSLATE_NOOP("settings", "100 %"),
    QT_TRANSLATE_NOOP("settings", "125 %"),
    QT_TRANSLATE_NOOP("settings", "150 %"),
    QT_TRANSLATE_NOOP("settings", "175 %"),
    QT_TRANSLATE_NOOP("settings", "200 %"),
    QT_TRANSLATE_NOOP("settings", "简体中文"),
    QT_TRANSLATE_NOOP("settings", "The model that is loaded first: its name or its folder."),
    QT_TRANSLATE_NOOP("settings", "Device"),
    QT_TRANSLATE_NOOP("settings", "Where the model runs."),
    QT_TRANSLATE_NOOP("settings", "Fastest there is"),
    QT_TRANSLATE_NOOP("settings", "CPU"),
    QT_TRANSLATE_NOOP("settings", "NVIDIA GPU"),
    QT_TRANSLATE_NOOP("settings", "Precision"),
    QT_TRANSLATE_NOOP("settings", "Fewer bits need less memory and may change answers."),
    QT_TRANSLATE_NOOP("settings", "Best for the device"),
    QT_TRANSLATE_NOOP("settings", "float32"),
    QT_TRANSLATE_NOOP("settings", "bfloat16"),
    QT_TRANSLATE_NOOP("settings", "float16"),
    QT_TRANSLATE_NOOP("settings", "int8 weights"),
    QT_TRANSLATE_NOOP("settings", "Vision tower"),
    QT_TRANSLATE_NOOP(
        "settings", "What runs the part that sees, where it was exported under Tools > Models."
    ),
    QT_TRANSLATE_NOOP("settings", "The faster one"),
    QT_TRANSLATE_NOOP("settings", "PyTorch"),
    QT_TRANSLATE_NOOP("settings", "ONNX Runtime"),
    QT_TRANSLATE_NOOP("settings", "Strategy"),
    QT_TRANSLATE_NOOP("settings", "How the place to look closer at is chosen."),
    QT_TRANSLATE_NOOP("settings", "Crops"),
    QT_TRANSLATE_NOOP("settings", "How many regions are shown enlarged."),
    QT_TRANSLATE_NOOP("settings", "Zoom only in doubt"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Keep the first answer when the model is sure of every word; faster, but a sure "
        "answer can be wrong.",
    ),
    QT_TRANSLATE_NOOP("settings", "Inspect ahead"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Inspect the next pictures of the worklist, with the question that stands, while you "
        "look at this one.",
    ),
    QT_TRANSLATE_NOOP("settings", "Pictures ahead"),
    QT_TRANSLATE_NOOP("settings", "How many of the next pictures are inspected ahead."),
    QT_TRANSLATE_NOOP("settings", "Read first, then AI"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Show nothing that the program found in a picture until you have ended your own "
        "reading of it.",
    ),
    QT_TRANSLATE_NOOP("settings", "Heat opacity"),
    QT_TRANSLATE_NOOP("settings", "How strongly the heat map covers the picture."),
    QT_TRANSLATE_NOOP("settings", "Colour map"),
    QT_TRANSLATE_NOOP("settings", "Colours of the heat map."),
    QT_TRANSLATE_NOOP("settings", "Smooth heat"),
    QT_TRANSLATE_NOOP("settings", "Blend the heat map instead of showing the model's own grid."),
    QT_TRANSLATE_NOOP("settings", "Corner texts"),
    QT_TRANSLATE_NOOP("settings", "Show what the file says in the corners of the picture."),
    QT_TRANSLATE_NOOP("settings", "Hide patient"),
    QT_TRANSLATE_NOOP("settings", "Show nothing that tells who the patient is."),
    QT_TRANSLATE_NOOP("settings", "Users"),
    QT_TRANSLATE_NOOP("settings", "Require sign-in"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Everybody signs in with name and password, and the name stands in every record.",
    ),
    QT_TRANSLATE_NOOP("settings", "Lock after minutes"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Minutes without a hand on mouse or keys after which the window is locked, where "
        "sign-in is required; 0 never locks it.",
    ),
    QT_TRANSLATE_NOOP("settings", "Drag up to raise"),
    QT_TRANSLATE_NOOP(
        "settings", "Dragging up raises the centre of a grey window; otherwise dragging down does."
    ),
)


def setting_word(text: str) -> str:
    """A title, label, explanation or choice in the language of the moment."""
    return QCoreApplication.translate("settings", text)
