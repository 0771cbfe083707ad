"""One panel a file: a widget that shows facts of the session and sends it intentions.

May import PySide6, `domain`, and the rest of `gui`. A panel is a `QWidget` whose
first argument is the `Session`; it offers `retranslate()` for a change of language.
"""
