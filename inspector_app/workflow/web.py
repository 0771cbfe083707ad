"""Speaking to the web: what is an address, for how long one waits, and what went wrong."""

import re
from urllib.parse import urlsplit

import httpx2

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.wording import inert

_SILENCE_S, _CONNECT_S = 30.0, 10.0
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def checked_address(text: str) -> str:
    """An address without a slash at its end.

    Raises:
        WrongUse: it is none.
    """
    try:
        parts = urlsplit(text)
        is_sound = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) is not None
        # Read for its error alone: a port that is no number.
        _ = parts.port
    except ValueError:
        is_sound = False
    if not is_sound:
        raise WrongUse(
            f'"{inert(text, limit=80)}" is no address to pull a model from.',
            hint="Give one such as https://hf-mirror.com, without a name or password in it.",
        )
    return text.rstrip("/")


def new_client() -> httpx2.AsyncClient:
    """A client that follows redirects and does not wait for ever."""
    patience = httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S)
    return httpx2.AsyncClient(timeout=patience, follow_redirects=True)


def is_unreached(error: Exception) -> bool:
    """Whether nobody was there at all."""
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)


def is_page(response: httpx2.Response) -> bool:
    """Whether a page for people came."""
    return "text/html" in inert(response.headers.get("content-type", ""))
