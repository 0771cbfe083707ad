"""`python -m inspector_app` and the `inspector` command: the window, or a job without one."""

import logging
import sys
from collections.abc import Sequence

from inspector_app import paths
from inspector_app.domain.errors import InspectorError
from inspector_app.domain.wording import inert
from inspector_app.lasting import lasting
from inspector_app.log import NAME, start_log, stop_log

COMMANDS = (
    "ask",
    "batch",
    "bench",
    "caches",
    "crops",
    "demo",
    "models",
    "presets",
    "records",
    "train",
    "users",
)
FRESH = "--fresh"
"""Begins with nothing open instead of the last session."""
_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window on the given paths, or run the named command.

    Returns:
        0 done, 1 a bug of ours, 2 wrong use, 3 unreadable input, 4 model trouble,
        5 could not write, 130 stopped from the keyboard.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if start_log(paths.logs()) is None:
        # Without any handler, Python would print tracebacks to the terminal.
        logging.getLogger(NAME).addHandler(logging.NullHandler())
    try:
        is_fresh = given[:1] == [FRESH]
        given = given[1:] if is_fresh else given
        if given and (given[0] in COMMANDS or given[0].startswith("-")):
            from inspector_app import cli  # noqa: PLC0415  the window does not need it

            return cli.run(given)
        with lasting():
            from inspector_app import app  # noqa: PLC0415  commands do not need Qt

        return app.main(given, is_fresh=is_fresh)
    except InspectorError as error:
        _tell(error.sentence())
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Stopped.")
        return _STOPPED
    except Exception:  # a bug of ours: its traceback belongs into the log
        # Run with -m, this module has another name than the log's own.
        logging.getLogger(NAME).exception("a command failed")
        _tell(
            "Inspector met a fault of its own and stopped; nothing that was stored is lost. "
            f"Details are in {paths.logs()}."
        )
        return 1
    finally:
        stop_log()


def _tell(sentence: str) -> None:
    # File names may hold what a terminal would obey.
    sys.stderr.write(inert(sentence) + "\n")


if __name__ == "__main__":
    sys.exit(main())
