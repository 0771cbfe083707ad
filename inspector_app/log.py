"""A log file that helps to mend the program and tells nothing about people.

Questions, answers, prompts and paths can name patients. They stand in DEBUG messages only,
which the file does not hold unless asked; above DEBUG, whatever looks like a path is
masked, and of an error the kind and the place are kept but not its words.
"""

import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

NAME = "inspector_app"
FILE = "inspector.log"
_BYTES, _KEPT = 1_000_000, 5
_LAYOUT = "%(asctime)s %(levelname)s %(name)s %(threadName)s: %(message)s"

# A drive or share of Windows, a path from the root or from home, or a file: address.
_PATH = re.compile(r"""(?:file://)?(?:[A-Za-z]:[\\/]|\\\\|~[\\/]|(?<![\w.:/])/)[^\s'"<>|,;)\]]+""")
_QUOTED_PATH = re.compile(r"""(['"])(?:[A-Za-z]:[\\/]|\\\\|~[\\/]|/)[^'"]*\1""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_PLACE = re.compile(r'(?P<before>\s*File )"(?P<file>[^"]*)"(?P<after>, line \d+.*)')
_NAMING = re.compile(r"""['"`\u2018-\u201f\u300c]|[\\/~]""")
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(logging.Formatter):
    """One line a message; of errors, the kind and the places but not the words."""

    def format(self, record: logging.LogRecord) -> str:
        # The base class would keep the full traceback for other handlers to reuse.
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  its name
        if record.levelno > logging.DEBUG:
            record.message = _PATH.sub("<path>", _QUOTED_PATH.sub("<path>", record.message))
        record.message = _CONTROL.sub(" ", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  its name
        kind, _, trace = ei
        places = [
            f"  {Path(place.filename).name}:{place.lineno} in {place.name}"
            for place in traceback.extract_tb(trace)
        ]
        return "\n".join([*places, f"  {kind.__name__ if kind else 'no error'}"])


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  its name
        """Go on without a log line: a full disk must not stop an inspection."""


def discreet(trace: str) -> str:
    """A traceback that can be given to strangers: places in code, kinds of errors, few words.

    The words of an error end where a path or something in quotes begins, for there names of
    people stand; of the files of code only the part behind the installation is kept.
    """
    return "\n".join(map(_discreet_line, trace.splitlines()))


def _discreet_line(line: str) -> str:
    place = _PLACE.match(line)
    if place is not None:
        name = place["file"].replace("\\", "/")
        inner = re.search(r"(?:site-packages|inspector_app)/.*|lib/python[\d.]+/(?!site).*", name)
        shown = inner.group() if inner is not None else name.rpartition("/")[2]
        return f'{place["before"]}"{shown}"{place["after"]}'
    if line.startswith((" ", "Traceback")) or not line:
        return line
    start = _NAMING.search(line)
    return _CONTROL.sub(" ", line if start is None else f"{line[: start.start()]}<left out>")


def start_log(folder: Path, *, level: int = logging.INFO) -> Path | None:
    """Write messages of this program into a file that is rotated at one megabyte.

    Called once by the program's start; a second call replaces the first.

    Args:
        folder: Made where it is missing.
        level: What the file holds; DEBUG holds questions, answers and paths.

    Returns:
        The file, or None where the folder refuses: the program works without a log.
    """
    stop_log()
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Handler(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(_Discreet(_LAYOUT))
    logger = logging.getLogger(NAME)
    logger.addHandler(handler)
    logger.setLevel(level)
    return path


def is_logging() -> bool:
    """Whether there is a file that messages go to."""
    return any(isinstance(one, _Handler) for one in logging.getLogger(NAME).handlers)


def stop_log() -> None:
    """Close the file, if there is one."""
    logger = logging.getLogger(NAME)
    for handler in [one for one in logger.handlers if isinstance(one, _Handler)]:
        logger.removeHandler(handler)
        handler.close()
