"""Presets and prompt templates: named ways of working, as files.

A preset is one JSON file whose name (without `.json`) is the preset's name; the schema says
what stands in it. A user's preset takes the place of a shipped one of the same name, and
nothing is ever written into the shipped folder. To add a preset to the program, put a file
into `resources/presets`; to add a prompt template, put one into `resources/templates/en` or
`resources/templates/zh_CN`.

    schema     what a preset's file holds
    versions   from older forms to the one of today
    folder     reading, saving, setting aside
    checking   faults place by place, and differences
    templates  the library of prompt templates
    packing    a preset with its pictures as one archive
    shelf      all of it, as the window asks for it

May import `domain`, `paths`, `files`; knows nothing of models, pictures or Qt.
"""

from inspector_app.presets.folder import (
    ReadPresets,
    StoredPreset,
    check_name,
    load_presets,
    named_or_file,
    preset,
    read_file,
    read_presets,
    remove,
    save,
    save_preset,
    shipped,
    stored,
)

__all__ = [
    "ReadPresets",
    "StoredPreset",
    "check_name",
    "load_presets",
    "named_or_file",
    "preset",
    "read_file",
    "read_presets",
    "remove",
    "save",
    "save_preset",
    "shipped",
    "stored",
]
