"""Where live pictures come from: one module a kind of camera, each a plug-in.

May import numpy, OpenCV, PyAV, `imaging` and `domain`; never another camera, a model or a widget.
A room of its own beside `sources`, because a camera is not read once but watched: it is opened,
gives one picture after the other, falls silent and comes back. A new kind is one new module here
with these names:

    TITLE             what it is, for people
    IS_STEADY         whether pictures keep coming, so that silence means a stale one
    accepts(address)  whether an address is of its kind; it touches no device, never raises
    found()           `FoundCamera`s that can be told without opening them; never raises
    open(address)     a `domain.ports.Stream`; raises UnreadablePicture within a few seconds

Addresses: `usb:0`, `rtsp://host/path`, `http://host/stream`, `folder:/some/folder`,
`genicam:SERIAL`. A plug-in knows nothing of threads, of reconnecting or of staleness: that is
`workflow.watching`, the same for all. It must only never wait longer than a few seconds.
"""
