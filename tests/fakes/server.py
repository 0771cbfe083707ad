"""A scripted OpenAI-compatible server on loopback."""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Of such a server, for `str.format` with `url` and `more` entries of its table.
CARD = """
name = "lab"
family = "remote"
title = "Lab"
[server]
url = "{url}"
model = "tiny"
{more}
[prompt]
template = "{{images}}{{question}}"
max_tokens = 9
[attention]
layer = 0
"""


def chunk(text: str = "", *, logprobs: list[dict[str, Any]] | None = None, end: str | None = None):
    """One event of a streamed answer."""
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text}, "finish_reason": end}
    if logprobs is not None:
        choice["logprobs"] = {"content": logprobs}
    return {"choices": [choice]}


def weighed(text: str, logprob: Any, *rivals: tuple[str, Any]):
    """A token with its log-probability, as the interface tells it."""
    told = [{"token": name, "logprob": value} for name, value in rivals]
    return {"token": text, "logprob": logprob, "top_logprobs": told}


@dataclass
class Script:
    """What the server does and what it was asked.

    Attributes:
        models: That it lists; None answers 404 there.
        answer: Takes the request's body and the handler, and answers.
        asked: Bodies of the questions, the first (the trial at connect) included.
        headers: Of the questions.
        release: A stalled answer waits for this.
    """

    models: list[str] | None = field(default_factory=lambda: ["tiny"])
    answer: Callable[[dict[str, Any], Any], None] = lambda body, handler: handler.events(
        [chunk("ok", end="stop")]
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Does what its server's script says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Say nothing."""

    def do_GET(self):
        if self.server.script.models is None:
            self.whole(404, {"error": {"message": "no such page"}})
        else:
            self.whole(200, {"data": [{"id": name} for name in self.server.script.models]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.script.asked.append(body)
        self.server.script.headers.append(dict(self.headers))
        self.server.script.answer(body, self)

    def whole(self, status, content, *, kind="application/json", headers=()):
        data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def events(self, events, *, done=True):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events:
            self.say(event)
        if done:
            self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def say(self, event):
        data = event if isinstance(event, str) else json.dumps(event)
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


@contextmanager
def serving(script: Script):
    """The server, while the block runs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    server.handle_error = lambda *_: None
    server.script = script
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield script
    finally:
        script.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
