"""The store: every finished inspection, kept whole and never changed.

What is here: `Store`, one SQLite file in one folder. A record is the document of
`domain/document.py` plus the values of its maps and the pictures that the model was shown,
each under the hash of its content, so that asking ten questions of one picture keeps it
once. A record is written in one transaction and is immutable afterwards: triggers refuse
UPDATE and DELETE. Picture files of the user are named and hashed, never copied or altered.

`search.py` makes what is stored findable: an index that follows from it and is never evidence.

Beside records it keeps what people said of a picture's scale, and every gesture by which they drew
regions on it, measured, corrected and judged (`gestures.py`): rows are only added, undoing is one
more row, what holds follows from all of them, and each is sealed like a record.

`accounts.py` keeps who may work here, `signing.py` who signed which record for what state, and
`trail.py` tells the whole chain in words. A damaged file is opened to be read only.

How much is kept: pictures of up to 16 megapixels exactly (PNG); larger ones as a copy
reduced to at most 4 megapixels, beside the hash and the size of what the model was given.

May import: domain, imaging, files. This room has no plug-ins; a new version of the tables
is one more entry in `tables.MIGRATIONS`.
"""

from inspector_app.store.records import Store

__all__ = ["Store"]
