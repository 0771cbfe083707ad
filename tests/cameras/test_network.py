"""Streams of real servers on this machine: played, cut, silent, refused, resumed."""

import socket
import threading

import numpy as np
import pytest

from inspector_app.cameras import network
from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.live import Liveness
from inspector_app.workflow.open import open_picture
from inspector_app.workflow.watching import Watch, snapshot
from tests.fakes.streams import DeafServer, MjpegServer, RtspServer

PATIENCE_S = 30
SERVERS = pytest.mark.parametrize("server_of", [MjpegServer, RtspServer])


def is_of_the_stream(pixels):
    """Whether this is one of the server's pictures: a grey beside a dark half."""
    left, right = pixels[10:110, 10:70], pixels[10:110, 90:150]
    return 30 <= np.median(left) <= 205 and abs(np.median(right) - 20) <= 6


def read_on(stream):
    """Read until it ends in an error."""
    while True:
        stream.read()


@SERVERS
def test_pictures_come_as_they_were_sent(server_of):
    with server_of() as server:
        stream = network.open(server.address)
        try:
            arrivals = [stream.read() for _ in range(8)]
        finally:
            stream.close()

    greys = [float(np.median(arrival.pixels[10:110, 10:70])) for arrival in arrivals]
    assert all(is_of_the_stream(arrival.pixels) for arrival in arrivals)
    assert all(arrival.pixels.shape == (120, 160, 3) for arrival in arrivals)
    # Five more each time, in the order they were sent.
    assert np.allclose(np.diff(greys), 5, atol=2.5)


def test_rtsp_goes_over_tcp():
    with RtspServer() as server:
        network.open(server.address).close()

        asked = next(text for text in server.requests if text.startswith("SETUP"))

    assert "RTP/AVP/TCP" in asked


@SERVERS
def test_a_stream_that_is_cut_is_one_sentence(server_of):
    server = server_of()
    stream = network.open(server.address)
    stream.read()
    server.cut()

    with pytest.raises(UnreadablePicture) as caught:
        read_on(stream)

    stream.close()
    assert "127.0.0.1" in str(caught.value)
    assert caught.value.hint


@SERVERS
def test_a_camera_that_falls_silent_is_given_up(server_of, monkeypatch):
    monkeypatch.setattr(network, "READ_S", 0.4)
    with server_of() as server:
        stream = network.open(server.address)
        stream.read()
        server.is_silent.set()

        with pytest.raises(UnreadablePicture, match="has not answered for"):
            read_on(stream)

        stream.close()


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_an_address_that_never_answers_is_given_up(scheme, monkeypatch):
    monkeypatch.setattr(network, "OPEN_S", 0.4)
    with DeafServer() as server, pytest.raises(UnreadablePicture, match="has not answered for"):
        network.open(f"{scheme}://127.0.0.1:{server.port}/live")


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_an_address_where_nobody_is_says_so(scheme):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(UnreadablePicture, match="Nobody takes calls"):
        network.open(f"{scheme}://me:secret@127.0.0.1:{port}/live")


@pytest.mark.parametrize(
    ("code", "words"),
    [("401 Unauthorized", "another user name or password"), ("404 Not Found", "is not a stream")],
)
@SERVERS
def test_refusals_are_told_without_the_password(server_of, code, words):
    kind = "RTSP/1.0" if server_of is RtspServer else "HTTP/1.0"
    answer = f"{kind} {code}\r\nCSeq: 1\r\nContent-Length: 0\r\n\r\n".encode()
    with server_of(answer=answer) as server:
        address = server.address.replace("://", "://me:secret@")

        with pytest.raises(UnreadablePicture, match=words) as caught:
            network.open(address)

    assert "secret" not in caught.value.sentence()


def test_a_page_that_is_no_stream_is_refused():
    page = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>welcome</html>"
    with (
        MjpegServer(answer=page) as server,
        pytest.raises(UnreadablePicture, match="gives no picture"),
    ):
        network.open(server.address)


def test_pictures_kept_back_by_a_stall_are_known_to_be_old():
    late = network.Lateness()

    on_time = [late.of(arrived_s=10 + at / 25, stamp_s=at / 25) for at in range(25)]
    # Four seconds of nothing, then everything at once.
    stalled = [late.of(arrived_s=15.0, stamp_s=1 + at / 25) for at in range(100)]
    after = late.of(arrived_s=15.04, stamp_s=5.04)

    assert max(on_time) == pytest.approx(0, abs=1e-9)
    assert stalled[0] == pytest.approx(4.0)
    assert stalled == sorted(stalled, reverse=True)
    assert after == pytest.approx(0, abs=1e-9)


def test_a_decoder_that_falls_behind_starts_again_at_a_key_packet_that_is_in_time():
    catch_up = network.CatchUp()
    packets = [
        (0.0, True, True),
        (0.9, False, True),
        (1.1, False, False),  # behind
        (0.9, False, False),  # needs the one before
        (1.2, True, True),  # shown, though late
        (0.5, False, False),
        (0.1, True, True),  # in time again
        (0.1, False, True),
    ]

    taken = [catch_up.takes(late_s=late_s, is_key=is_key) for late_s, is_key, _ in packets]

    assert taken == [is_taken for _, _, is_taken in packets]


def test_a_camera_whose_clock_is_set_back_is_not_old_for_ever():
    late = network.Lateness()
    late.of(arrived_s=1000.0, stamp_s=5000.0)

    assert late.of(arrived_s=1000.04, stamp_s=0.0) == 0.0
    assert late.of(arrived_s=1001.04, stamp_s=0.5) == pytest.approx(0.5)


@SERVERS
def test_a_camera_that_went_away_is_watched_again_when_it_is_back(server_of):
    news = threading.Condition()

    def tell():
        with news:
            news.notify_all()

    def wait_for(is_so):
        with news:
            assert news.wait_for(is_so, timeout=PATIENCE_S)

    first = server_of()
    watch = Watch(first.address, tell=tell)
    wait_for(lambda: watch.live().state is Liveness.LIVE)
    seen = watch.newest().number
    first.cut()
    wait_for(lambda: watch.live().state is Liveness.WAITING)
    lost = watch.live()
    with server_of(port=first.port):
        wait_for(lambda: watch.live().state is Liveness.LIVE)
        again = watch.newest()
        assert watch.close(patience_s=PATIENCE_S)

    assert lost.text
    assert again.number > seen
    assert is_of_the_stream(again.pixels)


@SERVERS
def test_one_picture_can_be_taken_for_work_without_a_window(server_of, tmp_path):
    with server_of() as server:
        path = snapshot(server.address, tmp_path / "shots")

    assert is_of_the_stream(open_picture(path).pixels)
