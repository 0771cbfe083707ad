"""What crosses to and from the decoder, and what is refused there."""

import json
import socket
import struct

import numpy as np
import pytest

from inspector_app.domain.frame import Frame, GreyTable, Provenance, Window
from inspector_app.domain.scan import Edges, Scan
from inspector_app.workflow import wire
from inspector_app.workflow.wire import Lost, receive, send


@pytest.fixture
def line():
    here, there = socket.socketpair()
    with here, there:
        yield here, there


FRAME = Frame(
    np.arange(24, dtype=np.uint8).reshape(2, 4, 3),
    Provenance(
        "a\udcff.dcm", "00", "DICOM", Window(1.5, float("inf"), "file", "SIGMOID"), 3, ("x",)
    ),
    values=np.array([[1, -2, 3, 4], [5, 6, 7, 8]], np.int16),
    mm_per_pixel=(0.5, 0.25),
    windows=(Window(0, 1, "T", "TABLE", GreyTable(-3, 255, (1, 2, 3))),),
    scan=Scan(patient="王", edges=Edges("R", "L", "A", "P"), lossy_ratio=7.5),
)


@pytest.mark.parametrize("can_pass", [True, False])
def test_a_frame_arrives_as_it_was(line, monkeypatch, can_pass):
    monkeypatch.setattr(wire, "_CAN_PASS", can_pass)

    send(line[0], FRAME)
    found = receive(line[1], patience_s=60)

    assert (found.pixels == FRAME.pixels).all()
    assert (found.values == FRAME.values).all()
    assert found.values.dtype == np.int16
    for name in ("provenance", "mm_per_pixel", "windows", "scan"):
        assert getattr(found, name) == getattr(FRAME, name)


@pytest.mark.parametrize(
    "value", [None, True, 3, -1.5, "", "裂", (), (1, ("a", None)), (("k", 2),)]
)
def test_plain_values_arrive_as_they_were(line, value):
    send(line[0], value)

    assert receive(line[1], patience_s=60) == value


def test_grey_that_is_shown_as_colour_stays_one_memory(line):
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)

    send(line[0], np.broadcast_to(grey[:, :, None], (2, 3, 3)))
    found = receive(line[1], patience_s=60)

    assert found.shape == (2, 3, 3)
    assert found.strides[2] == 0
    assert (found[:, :, 1] == grey).all()


def spoken(line, document, *, size=0):
    words = document if isinstance(document, bytes) else json.dumps(document).encode()
    line.sendall(struct.pack("<QQ", len(words), size) + words)
    line.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"{",
        b"\xff\xfe",
        {"is": "Path", "of": {}},
        {"is": "Window", "of": {"center": 1}},
        {"is": "__class__", "of": {}},
        {"array": "|O", "shape": [1]},
        {"array": "|u1", "shape": [10]},
        {"array": "|u1", "shape": [-1]},
        {"array": "no", "shape": [1]},
        {"what": 1},
    ],
)
def test_nonsense_is_refused(line, nonsense):
    spoken(line[0], nonsense)

    with pytest.raises(Lost):
        receive(line[1], patience_s=60)


def test_memory_that_was_promised_and_does_not_come_is_missed(line):
    spoken(line[0], {"array": "|u1", "shape": [64]}, size=64)

    with pytest.raises(Lost):
        receive(line[1], patience_s=60)


def test_a_length_beyond_reason_is_refused(line):
    line[0].sendall(struct.pack("<QQ", 1 << 60, 0))

    with pytest.raises(Lost, match="too many"):
        receive(line[1], patience_s=60)


def test_silence_ends_with_a_time_out(line):
    with pytest.raises(TimeoutError):
        receive(line[1], patience_s=0.05)


def test_a_closed_line_is_noticed(line):
    line[0].close()

    with pytest.raises(Lost):
        receive(line[1], patience_s=60)
