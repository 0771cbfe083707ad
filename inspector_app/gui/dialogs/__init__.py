"""Windows beside the main one: settings, about and keys, what the model saw.

May import PySide6, `domain`, and the rest of `gui`. None of them blocks work
in the main window except where the user has to decide.
"""
