"""A hub on loopback: a real HTTP server with ranges, and everything that goes wrong with one."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "somebody/some-model"


@dataclass
class Hub:
    """What the hub has, what it was asked, and how it misbehaves.

    Attributes:
        files: Content by name.
        lies: What it says of a file instead of the truth, by name.
        ranged: Whether it continues files.
        is_hub: Whether it speaks the hub's language, or only serves files.
        is_modelscope: Whether its files stand where ModelScope has them.
        cuts: The connection is cut after so many bytes of a file, once for each entry.
        status: Answers every file with this status, so many times.
        asked: (path, range header) of all requests.
        stall: A file that is begun and then waits for `release`.
        redirects: Files are found elsewhere.
    """

    files: dict[str, bytes]
    lies: dict[str, dict[str, object]] = field(default_factory=dict)
    ranged: bool = True
    is_hub: bool = True
    is_modelscope: bool = False
    cuts: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    stall: str = ""
    redirects: bool = False
    sent: Callable[[str], None] = lambda name: None
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def told(self) -> dict[str, object]:
        """The answer of the hub's interface."""
        siblings = []
        for name, content in self.files.items():
            one = {"rfilename": name, "size": len(content)}
            if name.endswith(".safetensors"):
                one["lfs"] = {
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                }
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content)
            one["blobId"] = blob.hexdigest()
            siblings.append(one | self.lies.get(name, {}))
        return {"id": REPOSITORY, "sha": COMMIT, "siblings": siblings}

    def told_as_modelscope(self) -> dict[str, object]:
        """The answer of ModelScope's interface."""
        files = [
            {
                "Path": name,
                "Name": name.rpartition("/")[2],
                "Type": "blob",
                "Size": len(content),
                "Sha256": hashlib.sha256(content).hexdigest(),
            }
            | self.lies.get(name, {})
            for name, content in self.files.items()
        ]
        folder = {"Path": "assets", "Name": "assets", "Type": "tree", "Size": 0}
        data = {"Files": [folder, *files], "LatestCommitter": {"Id": COMMIT}}
        return {"Code": 200, "Success": True, "Data": data}

    def ranges_of(self, name: str) -> list[str]:
        """Where each request for a file began; "" for the beginning."""
        return [begin for path, begin in self.asked if path.endswith(f"/{name}")]


class Handler(BaseHTTPRequestHandler):
    """Serves a `Hub`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Say nothing."""

    def do_GET(self):
        hub: Hub = self.server.hub
        path = self.path.partition("?")[0]
        hub.asked.append((path, self.headers.get("Range", "")))
        if path.startswith("/api/v1/models/"):
            known = path == f"/api/v1/models/{REPOSITORY}/repo/files"
            told = hub.told_as_modelscope() if known else {"Code": 10010205001, "Success": False}
            self._whole(200, json.dumps(told).encode())
            return
        path = path.removeprefix("/models") if hub.is_modelscope else path
        if path.startswith("/api/models/"):
            known = hub.is_hub and path.startswith(f"/api/models/{REPOSITORY}/revision/")
            self._whole(200 if known else 404, json.dumps(hub.told()).encode())
            return
        prefix = f"/{REPOSITORY}/resolve/{COMMIT}/" if hub.is_hub else "/"
        name = path.removeprefix(prefix).removeprefix("elsewhere/")
        if name not in hub.files:
            self._whole(404, b"no such file")
        elif hub.status and (name.endswith(".safetensors")):
            self._whole(hub.status.pop(0), b"later")
        elif hub.redirects and "elsewhere" not in path:
            self.send_response(302)
            self.send_header("Location", f"{hub.url}{prefix}elsewhere/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._file(hub, name, hub.files[name])

    def _file(self, hub: Hub, name: str, content: bytes):
        asked = self.headers.get("Range", "")
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and hub.ranged else 0
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        rest = content[begin:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if name.endswith(".safetensors") and hub.cuts:
            self.wfile.write(rest[: hub.cuts.pop(0)])
            self.wfile.flush()
            self.close_connection = True
            return
        if name == hub.stall:
            self.wfile.write(rest[: len(rest) // 2])
            self.wfile.flush()
            hub.release.wait(30)
            self.close_connection = True
            return
        self.wfile.write(rest)
        hub.sent(name)

    def _whole(self, status: int, content: bytes):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    # Connections that the program left are ended with the server.
    daemon_threads = False
    block_on_close = True

    def handle_error(self, *_args):
        """A client that leaves in the middle is no error here."""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """The hub, reachable at its `url` while the block runs."""
    server = _Server(("127.0.0.1", 0), Handler)
    server.hub = hub
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a checkpoint, as a hub has them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "card.toml"
    }
