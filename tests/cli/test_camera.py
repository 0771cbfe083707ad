"""`inspector ask` with the address of a camera."""

import socket

import numpy as np

from inspector_app import paths
from inspector_app.__main__ import main
from inspector_app.workflow.open import open_picture
from tests.fakes.streams import RtspServer


def test_one_picture_of_a_camera_is_taken_kept_and_asked_about(capfd):
    with RtspServer() as server:
        code = main(
            ["ask", server.address, "-q", "Is there a crack?", "--crops", "whole", "--quiet"]
        )

    (kept,) = paths.camera().iterdir()
    assert code == 0
    assert "Whole" in capfd.readouterr().out
    assert kept.name.startswith(f"rtsp-127-0-0-1-{server.port}-live-")
    assert abs(np.median(open_picture(str(kept)).pixels[10:110, 90:150]) - 20) <= 6


def test_a_camera_that_is_not_there_is_one_sentence_without_the_password(capfd):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    code = main(["ask", f"rtsp://me:secret@127.0.0.1:{port}/live", "-q", "Is it?", "--quiet"])

    said = capfd.readouterr().err
    assert code == 3
    assert "Nobody takes calls at rtsp://127.0.0.1" in said
    assert "secret" not in said
    assert said.count("\n") == 1
