"""A film in the window: leafed through frame by frame, one frame inspected."""

from dataclasses import replace

import numpy as np

from inspector_app import app
from inspector_app.domain.messages import ListPictures, MakeThumbnail, OpenPicture
from inspector_app.workflow.open import open_picture, open_thumbnail, pictures_in
from tests.sources.test_video import walked, written


def test_frames_are_stepped_through_and_only_the_inspected_one_is_listed(stage, qtbot):
    path = written(stage.folder / "a.mp4", greys=range(10, 110, 10))
    frames = walked(path)

    def desk(request):
        match request:
            case OpenPicture():
                yield from ()
                return open_picture(request.locator)
            case ListPictures():
                return pictures_in(request.path)
            case MakeThumbnail():
                return open_thumbnail(request.locator, side=request.side)
            case _:
                return (yield from stage.script.perform(request))

    window = app.open_window(replace(stage.parts(), desk=desk), [path])
    stage.windows.append(window)
    session, view = window.session, window.canvas.view
    qtbot.waitUntil(lambda: session.model is not None and view.has_stack)

    for number in (2, 3, 4):
        window.actions_by_name["leaf_on"].trigger()
        qtbot.waitUntil(
            lambda number=number: session.picture.provenance.notes[0] == f"frame {number} of 10"
        )

    assert session.picture.locator == f"{path}#4"
    assert (np.asarray(session.picture.frame.pixels) == frames[3]).all()
    assert session.worklist.locators == (path,)
    assert session.worklist.row_of(f"{path}#4") == 0

    session.worklist.set_outcome(f"{path}#4", "FAIL")
    assert session.worklist.locators == (path, f"{path}#4")
