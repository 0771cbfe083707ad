"""A camera for benches: motion JPEG over HTTP on this machine, sent by a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import cv2
import numpy as np

_SIDES = (1280, 720)
_RATE = 25
_COUNT = 50
_SEED = 7
_SERVE = "from inspector_app.workflow.bench.camera import serve; serve()"


@contextmanager
def playing_camera() -> Iterator[str]:
    """The address of a camera of 1280 x 720 pixels and 25 pictures a second."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            port = int(child.stdout.readline()) if child.stdout is not None else 0
            yield f"http://127.0.0.1:{port}/stream"
        finally:
            child.terminate()


def serve() -> None:
    """Send pictures to whoever asks, until standard input ends; says its port first."""
    server = _Server(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    # Ends with the program that started it, however that ends.
    sys.stdin.read()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pictures: tuple[bytes, ...] = ()

    def server_activate(self) -> None:
        self.pictures = _pictures()
        super().server_activate()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        begun, number = time.perf_counter(), 0
        try:
            while True:
                time.sleep(max(0.0, begun + number / _RATE - time.perf_counter()))
                jpeg = self.server.pictures[number % _COUNT]
                head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(b"--picture\r\n" + head.encode() + jpeg + b"\r\n")
                number += 1
        except OSError:
            return  # nobody watches any more

    def log_message(self, *_words: object) -> None:
        """Say nothing: standard output is for the port."""


def _pictures() -> tuple[bytes, ...]:
    """A scene that moves to the right, round and round."""
    chance = np.random.default_rng(_SEED)
    coarse = chance.integers(0, 255, (36, 64, 3), dtype=np.uint8)
    scene = np.asarray(cv2.resize(coarse, _SIDES, interpolation=cv2.INTER_CUBIC))
    made = []
    for number in range(_COUNT):
        moved = np.roll(scene, number * _SIDES[0] // _COUNT, axis=1)
        made.append(cv2.imencode(".jpg", moved, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
    return tuple(made)
