"""`python -m inspector_app` and the `inspector` command: the window, or a job without one."""

import logging
import os
import sys
from collections.abc import Sequence

from inspector_app import paths
from inspector_app.domain.errors import InspectorError
from inspector_app.log import start_log

COMMANDS = ("ask", "bench", "demo", "models", "presets", "records", "train")
_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window on the given paths, or run the named command.

    Returns:
        0 done, 1 a bug of ours, 2 wrong use, 3 unreadable input, 4 model trouble,
        5 could not write, 130 stopped from the keyboard.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    start_log(paths.logs())
    try:
        if given and (given[0] in COMMANDS or given[0].startswith("-")):
            return _run_command(given)
        from inspector_app import app  # noqa: PLC0415  commands do not need Qt

        return app.main(given)
    except InspectorError as error:
        _tell(error.sentence())
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Stopped.")
        return _STOPPED
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # a bug of ours: its traceback belongs into the log
        logging.getLogger(__name__).exception("a command failed")
        _tell(
            "Inspector met a fault of its own and stopped; nothing that was stored is lost. "
            f"Details are in {paths.logs()}."
        )
        return 1


def _run_command(given: list[str]) -> int:
    from inspector_app.cli import application  # noqa: PLC0415  the window does not need it

    try:
        application(args=given, prog_name="inspector")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
