"""Write a file so that a reader finds the old one or the new one, never half of either."""

import contextlib
import errno
import glob
import os
import secrets
import shutil
import stat
import time
from pathlib import Path

from inspector_app.domain.errors import CannotWrite

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
# What file systems without hard links say, such as those of USB sticks.
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
IS_WINDOWS = os.name == "nt"
_PATIENCE_S = (0.05, 0.1, 0.2, 0.4, 0.8)


def is_file(path: Path) -> bool:
    """Whether there is a file; there is none for whoever may not look into its folder."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder; see `is_file`."""
    try:
        return path.is_dir()
    except OSError:
        return False


def write_whole(destination: Path, content: bytes, *, is_private: bool = False) -> None:
    """Put `content` beside `destination`, force it to the disk, and rename it.

    An old file stays as it was until the new one is complete, and keeps its permissions;
    a symbolic link stays a link. Nothing is left behind when anything fails.

    Args:
        destination: The file.
        content: All of it.
        is_private: A new file is for this user alone.

    Raises:
        CannotWrite: the folder is missing or refuses, the disk is full, or the
            destination is not a file.
    """
    if "\0" in str(destination):
        raise CannotWrite("The name of a file cannot hold a NUL.", hint="Choose another name.")
    final = Path(os.path.realpath(destination))
    mode = _mode_of(final, named=destination)
    # Short and hidden, so that it fits wherever the destination's own name fits.
    beside = final.with_name(f".{secrets.token_hex(8)}.part")
    try:
        _write_through(beside, content, mode=0o600 if mode is None and is_private else mode)
        _rename(beside, final)
        _settle(final.parent)
    except OSError as error:
        raise refusal(error, destination) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def name_whole(beside: Path, destination: Path) -> None:
    """Give a file that is complete and on the disk its name, never over another file.

    Args:
        beside: The file, in the folder of `destination`; it is gone afterwards.
        destination: Its name.

    Raises:
        CannotWrite: the name is taken, or the folder refuses.
    """
    try:
        try:
            os.link(beside, destination)
            beside.unlink()
        except OSError as error:
            if error.errno not in NO_LINKS or destination.exists():
                raise
            beside.rename(destination)
        _settle(destination.parent)
    except FileExistsError as error:
        raise CannotWrite(f"{destination} is there already.", hint="Choose a new name.") from error
    except OSError as error:
        raise refusal(error, destination) from error


def name_folder(made: Path, folder: Path) -> None:
    """Give a folder that is complete its name, in place of what has it.

    The old one is put aside first, and comes back when the new one cannot take its name.

    Args:
        made: The new one, on the same disk; it is gone afterwards.
        folder: Its name.

    Raises:
        CannotWrite: the system refuses; then the old one stands, and so does `made`.
    """
    aside = made.with_name(f"{made.name}.{secrets.token_hex(4)}.old")
    try:
        if folder.exists():
            folder.rename(aside)
        made.rename(folder)
    except OSError as error:
        if aside.exists() and not folder.exists():
            with contextlib.suppress(OSError):
                aside.rename(folder)
        raise refusal(error, folder) from error
    # With it goes what a process left there that was killed between the two renames.
    for left in made.parent.glob(f"{glob.escape(made.name)}.{'[0-9a-f]' * 8}.old"):
        shutil.rmtree(left, ignore_errors=True)


def refusal(error: OSError, path: Path) -> CannotWrite:
    """What the system said about writing `path`, in the user's words."""
    name, folder = path.name or str(path), path.parent
    if error.errno in _FULL:
        return CannotWrite(
            f"There is no room left on the disk for {name}.",
            hint="Free some space or choose another disk.",
        )
    if error.errno in _REFUSED:
        return CannotWrite(
            f"The folder {folder} does not let this program write {name}.",
            hint="Choose another folder or ask for the right to write there.",
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return CannotWrite(
            f"There is no folder {folder} to write {name} into.",
            hint="Make the folder first or choose another one.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return CannotWrite(f"The name {name[:60]}... is too long.", hint="Choose a shorter name.")
    return CannotWrite(
        f"{name} could not be written: {error.strerror or error}.",
        hint="Check the disk or choose another folder.",
    )


def _mode_of(final: Path, *, named: Path) -> int | None:
    """Permission bits of the file that will be replaced; None where there is none yet."""
    try:
        old = os.stat(final)  # noqa: PTH116  one call that faults can be injected into
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal(error, named) from error
    if not stat.S_ISREG(old.st_mode):
        kind = "a folder" if stat.S_ISDIR(old.st_mode) else "a device"
        raise CannotWrite(f"{named} is {kind}, not a file.", hint="Give the name of a file.")
    return stat.S_IMODE(old.st_mode)


def _write_through(path: Path, content: bytes, *, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if mode is not None:
        path.chmod(mode)


def _rename(beside: Path, final: Path) -> None:
    for patience in _PATIENCE_S:
        try:
            os.replace(beside, final)  # noqa: PTH105  one call that faults can be injected into
        except PermissionError:
            # Scanners and indexers on Windows hold new files open for a moment.
            if not IS_WINDOWS:
                raise
            time.sleep(patience)
        else:
            return
    os.replace(beside, final)  # noqa: PTH105


def _settle(folder: Path) -> None:
    """Make the rename itself survive a loss of power, where the system can."""
    if IS_WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot sync a folder; the file itself is safe.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(handle)


def set_aside(path: Path) -> Path | None:
    """Rename a damaged file so that a good one can take its place; nothing is overwritten.

    Returns:
        Its new path, or None where the folder does not allow it.
    """
    for number in range(1, 1000):
        aside = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
        try:
            if not aside.exists():
                path.rename(aside)
                return aside
        except OSError:
            return None
    return None


def make_folder(folder: Path) -> None:
    """Make a folder and its parents; one that is there is left as it is.

    Raises:
        CannotWrite: a file has that name, or the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CannotWrite(
            f"{folder} is a file, not a folder.", hint="Give another name."
        ) from error
    except OSError as error:
        raise refusal(error, folder) from error
