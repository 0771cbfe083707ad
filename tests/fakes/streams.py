"""Real servers on this machine: MJPEG over HTTP, and RTSP with MPEG-TS over interleaved TCP."""

import io
import socket
import socketserver
import struct
import threading
from fractions import Fraction

import av
import numpy as np
from PIL import Image

BOUNDARY = b"--picture"
_PACE_S = 0.02
_TICKS = 90_000


def picture(number, *, size=(160, 120)):
    """A grey that grows from one to the next and begins anew, beside a dark half."""
    pixels = np.full((size[1], size[0], 3), 40 + number * 5 % 160, np.uint8)
    pixels[:, size[0] // 2 :] = 20
    return pixels


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True


class Server:
    """A server of endless pictures.

    Attributes:
        sent: Pictures sent to all who watch.
        requests: First lines and headers of what was asked.
        is_silent: While set, connections stay open and nothing is sent.
        answer: Sent instead of everything, where it is not empty.
    """

    def __init__(self, *, port=0, answer=b""):
        self.sent = 0
        self.requests = []
        self.is_silent = threading.Event()
        self.answer = answer
        self.stop = threading.Event()
        serve = self._serve

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.settimeout(20)
                try:
                    serve(self.request)
                except (OSError, ConnectionError):
                    return

        self._listener = _Listener(("127.0.0.1", port), Handler)
        self.port = self._listener.server_address[1]
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, name="server"
        )
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.cut()

    def cut(self):
        """Hang up on everybody and close the door."""
        self.stop.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def _asked(self, connection):
        """One request, up to its empty line."""
        text = b""
        while not text.endswith(b"\r\n\r\n"):
            if not (more := connection.recv(1)):
                raise ConnectionError
            text += more
        self.requests.append(text.decode("latin-1"))
        return self.requests[-1]

    def _paced(self):
        """Numbers of pictures, at the pace of a camera, until it is cut."""
        while not self.stop.wait(_PACE_S):
            if not self.is_silent.is_set():
                self.sent += 1
                yield self.sent


class MjpegServer(Server):
    """Multipart JPEG, as most cheap cameras speak it."""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/stream"

    def _serve(self, connection):
        self._asked(connection)
        if self.answer:
            connection.sendall(self.answer)
            return
        connection.sendall(
            b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary="
            + BOUNDARY[2:]
            + b"\r\n\r\n"
        )
        for number in self._paced():
            buffer = io.BytesIO()
            Image.fromarray(picture(number)).save(buffer, "JPEG", quality=95)
            jpeg = buffer.getvalue()
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n".encode()
            connection.sendall(BOUNDARY + b"\r\n" + head + jpeg + b"\r\n")


class RtspServer(Server):
    """RTSP 1.0 with one MPEG-2 video in MPEG-TS over RTP (RFC 2250), interleaved in TCP."""

    @property
    def address(self):
        return f"rtsp://127.0.0.1:{self.port}/live"

    def _serve(self, connection):
        while True:
            text = self._asked(connection)
            if self.answer:
                connection.sendall(self.answer)
                return
            verb = text.split(" ", 1)[0]
            number = next(
                line.split(":")[1].strip() for line in text.splitlines() if line.startswith("CSeq")
            )
            extra, body = self._reply(verb)
            connection.sendall(
                f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{extra}"
                f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            if verb == "PLAY":
                self._play(connection)
                return

    def _reply(self, verb):
        if verb == "OPTIONS":
            return "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""
        if verb == "DESCRIBE":
            body = (
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=live\r\nt=0 0\r\n"
                "m=video 0 RTP/AVP 33\r\na=control:track1\r\n"
            )
            return f"Content-Base: {self.address}/\r\nContent-Type: application/sdp\r\n", body
        session = "Session: 1\r\n"
        if verb == "SETUP":
            return session + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n", ""
        return session, ""

    def _play(self, connection):
        sink = _Interleaved(connection)
        with av.open(sink, "w", format="mpegts") as container:
            stream = container.add_stream("mpeg2video", rate=25, options={"g": "5"})
            stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
            stream.codec_context.bit_rate = 4_000_000
            for at, number in enumerate(self._paced()):
                frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, 25)
                for packet in stream.encode(frame):
                    container.mux(packet)
                sink.stamp = at * _TICKS // 25


class _Interleaved:
    """A file to write MPEG-TS into, which sends it as RTP packets."""

    def __init__(self, connection):
        self._connection = connection
        self._number = 0
        self._kept = b""
        self._is_gone = False
        self.stamp = 0

    def write(self, data):
        self._kept += bytes(data)
        while len(self._kept) >= 188 and not self._is_gone:
            load, self._kept = self._kept[: 7 * 188], self._kept[7 * 188 :]
            load, rest = load[: len(load) // 188 * 188], load[len(load) // 188 * 188 :]
            self._kept = rest + self._kept
            head = struct.pack(">BBHII", 0x80, 33, self._number & 0xFFFF, self.stamp, 7)
            self._number += 1
            try:
                self._connection.sendall(
                    struct.pack(">cBH", b"$", 0, len(head + load)) + head + load
                )
            except OSError:
                self._is_gone = True
        return len(data)


class DeafServer:
    """Takes calls and never says a word."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._socket.close()
