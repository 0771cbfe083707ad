"""Exports: what was found, as the files of other programs, and back.

Plug-ins, one format a file; the module's name is the format's name. A plug-in defines

    TITLE        for people, such as "COCO"
    def write(pictures, folder, *, with_pictures=True) -> Steps[tuple[str, ...]]: ...

which is a job that can be stopped after each picture. It writes all of them
(`domain.exchange.Annotated`, one after the other, so that nobody needs all of them in memory)
into an empty folder, each file beside its place and renamed, and returns in words what the
format could not take; and, where files of other programs can be read,

    def read(place) -> Iterator[Annotated]: ...

which takes what `write` made, or what other programs make of the same format, and raises
`UnreadableRecord` with a sentence for what is none. Where a picture `is_nameless`, nothing is
written that tells who the patient is; its `masks` are painted over in `pixels` already, and by a
format that copies `original`. Names of files are made of numbers, never of
words of users; texts are data. What is left out is never left out silently.

May import: domain, imaging, files, plugins; never another plug-in of this room. What several
formats share stands in `domain/exchange.py` and `files.py`. To add a format, add a file here;
nothing else has to change.
"""
