"""Where pictures come from: one module a kind, each a plug-in.

May import numpy, Pillow, pydicom, tifffile, `imaging` and `domain`; never another source,
a model or a widget. A new kind of picture is one new module here with these names:

    TITLE             what it reads, for people
    accepts(locator)  whether the first bytes look like its kind; cheap, and it never raises
    open(locator)     a Frame, upright, with the SHA-256 of the bytes it was made of;
                      raises UnreadablePicture for whatever is wrong with the file

A locator is a path, or `path#N` for the N-th picture of a file that holds several, counted
from 1 (`domain.locator.split` and `join`; `imaging.source_bytes` reads the path of either).
Optional names of a plug-in:

    count(locator)              how many pictures the file holds; 1 where there is no count,
                                0 where it is none and lists shall leave it out; raises
                                UnreadablePicture
    contents(locator)           the picture files that this one is an index of (DICOMDIR), or
                                (); never raises
    preview(locator, *, side)   upright (h, w, 3) pixels, longest side at most `side`, where a
                                small copy can be had more quickly than the whole
    series(locators)            those of the locators that it knows, as `domain.series.Series`
                                in the order of the stack; never raises
    warm()                      imports what is heavy, where importing the module does not
    IS_MOVING = True            its pictures are moments of one scene (video): lists show the
                                file once, and `path#N` steps through it

A source only reads. The plug-ins are asked in alphabetical order, so what they accept should
not overlap. `imaging.source_bytes` reads files and refuses what is too large;
`imaging.conversion` turns decoded pictures into upright RGB.
"""
