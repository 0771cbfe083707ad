"""Everything Qt: what people see and touch.

May import PySide6, `domain`, `imaging` (maps and pyramids as arrays) and `paths`; never torch,
a file format, a database or any other room. What a user wants done becomes a frozen request
of `domain/messages.py`; `worker.Bridge` carries it to a worker thread and the answer back.

    worker    requests out, messages back, exactly one ending a job
    session   what is open, chosen and running: one signal per fact
    book      what people did to pictures: on the disk first, then shown; undo and redo
    regions   where to look, as people drew it; findings: what was found, corrected or added
    canvas    the picture, the heat over it, the boxes on it
    panels    one panel a file; each listens to the session and speaks to it
    dialogs   settings, help, what the model saw
    veil      names of files and folders, or numbers while patients are hidden
    presence  who works, and what that person may do
    notices   the one place that speaks to the user about trouble
    wording   what the window says, and its translation
    features  what is joined to a finished window, which knows none of it: users, presets,
              cameras, operator mode, the way back to where the program was left
    scripted  the window worked by script

A new panel is one file in `panels/` with a `QWidget` that takes the session, and one line in
`main_window.py` that gives it a dock.
"""
