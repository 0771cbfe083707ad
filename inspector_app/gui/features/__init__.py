"""Features that are joined to a window which stands without them.

May import all of `gui`. The window knows none of these: `app.open_window` makes each with the
window, where it finds its actions by name and opens its dialogs. Camera, presets, users, run-ahead,
reading first, operator mode, studies, models, help and the way back to where the program was left.

A new feature is one file here, one line in `app.open_window`, and its actions in
`gui/action_table.py`.
"""
