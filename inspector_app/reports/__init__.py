"""Reports: an Inspection as a file that people keep.

Plug-ins, one format a file; the module's name is the format's name. A plug-in defines

    TITLE   for people, such as "PDF page"
    SUFFIX  of the file, with its dot
    def write(inspection, destination, *, frame=None, language="en", standing=Standing(),
              letterhead=Letterhead()): ...

and, where the format can hold many inspections (a batch, a shift),

    def write_book(book, destination, *, language="en", letterhead=Letterhead()): ...  # Steps

A book is a job: it tells of each inspection, and can be stopped there with nothing written.

Both draw from the records alone: from the pixels the model was shown, never from what
is on the screen. `frame` is the picture opened again, or None where its file is gone; it is
used only where it is still the same picture and the record kept less of it. `standing` is what
proves the record and what people said of it since, `letterhead` what the site puts on its paper
(`domain/filing.py`). What the program itself says is said in `language` (`tongues.py`; English
where no table has it). The file is built whole and handed to `files.write_whole`, so that an old
one stays intact when anything fails. Text of users and models is data: it passes through
`wording.inert` and is never markup. Every report carries `wording.NOTICE`.

May import: domain, imaging, files, paths, plugins, tongues; never another plug-in of this
room. What several formats share stands in `imaging/plate.py` (the picture) and
`domain/telling.py` (the words). To add a format, add a file here; nothing else has to change.
"""
