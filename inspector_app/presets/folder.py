"""The preset files there are: those that are shipped, and the user's own."""

import dataclasses
import json
import re
from pathlib import Path

from pydantic import ValidationError

from inspector_app import paths
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.preset import Preset
from inspector_app.files import make_folder, set_aside, write_whole
from inspector_app.presets.checking import told_faults
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.versions import NewerPreset, brought_up

SUFFIX = ".json"
MOST_BYTES = 1_000_000
"""A preset is a page of text; what is larger is something else."""

_NAME = re.compile(r"[\w][\w .-]{0,79}")
_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class StoredPreset:
    """A preset with its file.

    Attributes:
        preset: As the program uses it.
        content: Everything the file says.
        path: Of the file.
        is_own: Whether the user made it.
        hides_shipped: Whether a shipped one has the same name.
    """

    preset: Preset
    content: PresetFile
    path: Path
    is_own: bool = False
    hides_shipped: bool = False

    @property
    def name(self) -> str:
        """Of the preset."""
        return self.preset.name


@dataclasses.dataclass(frozen=True, slots=True)
class ReadPresets:
    """The presets there are, and what the user should be told about their files.

    Attributes:
        stored: Shipped ones first, each in the order of their names.
        notices: Sentences, empty when all was well.
    """

    stored: tuple[StoredPreset, ...]
    notices: tuple[str, ...] = ()

    @property
    def presets(self) -> tuple[Preset, ...]:
        """Without their files."""
        return tuple(one.preset for one in self.stored)


def read_presets() -> ReadPresets:
    """All presets; a damaged file of the user's is set aside and named in a notice.

    A file of a later version is left where it is and named.
    """
    found = {path.stem: _stored(path) for path in _files(shipped_folder())}
    notices = []
    for path in _files(own_folder()):
        try:
            found[path.stem] = _stored(path, hides_shipped=path.stem in found)
        except OSError as error:
            notices.append(f"The preset {path} could not be read: {error.strerror}.")
        except NewerPreset as error:
            notices.append(f"The preset {path.stem} was left out: {error}.")
        except (ValueError, RecursionError) as error:
            notices.append(_set_aside(path, error))
    return ReadPresets(tuple(found.values()), tuple(notices))


def load_presets() -> tuple[Preset, ...]:
    """All presets, without the notices of `read_presets`."""
    return read_presets().presets


def stored(name: str) -> StoredPreset:
    """The preset of this name, with its file.

    Raises:
        WrongUse: there is none; the hint lists those there are, or says what was damaged.
    """
    read = read_presets()
    for one in read.stored:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in read.stored)
    hint = " ".join((f"Choose from: {known}.", *read.notices))
    raise WrongUse(f'There is no preset "{name[:80]}".', hint=hint)


def shipped(name: str) -> StoredPreset | None:
    """The shipped preset of this name, whatever the user made of it; None where there is none."""
    path = shipped_folder() / f"{name}{SUFFIX}"
    return _stored(path) if name and path.is_file() and path.parent == shipped_folder() else None


def preset(name: str) -> Preset:
    """The preset of this name, or in this file.

    Raises:
        WrongUse: there is none, or the file cannot be used.
    """
    return named_or_file(name).preset


def named_or_file(name: str) -> StoredPreset:
    """A preset by its name, or by the path of a file that ends in `.json`.

    Raises:
        WrongUse: there is none, or the file cannot be used.
    """
    path = Path(name)
    is_file = name.lower().endswith(SUFFIX) or len(path.parts) > 1
    return read_file(path) if is_file else stored(name)


def read_file(path: Path) -> StoredPreset:
    """The preset in a file anywhere; the file is never touched.

    Raises:
        WrongUse: it is missing, too large, damaged, or of a later version.
    """
    try:
        return _stored(path, is_own=True)
    except OSError as error:
        raise WrongUse(
            f"The preset {path} could not be read: {error.strerror or error}.",
            hint="Check the name, or choose one of the presets there are.",
        ) from error
    except NewerPreset as error:
        raise WrongUse(
            f"The preset {path.name} cannot be used: {error}.",
            hint="Use a newer version of this program, or export it there for an older one.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise WrongUse(
            f"The preset {path.name} is damaged ({why(error)}).",
            hint="Correct that entry, or take another file.",
        ) from error


def check_name(name: str) -> None:
    """Whether a preset may be called so.

    Raises:
        WrongUse: the name cannot be a file's name on every system.
    """
    is_good = _NAME.fullmatch(name) and not name.endswith((".", " "))
    if not is_good or _ON_WINDOWS.fullmatch(name) or ".damaged-" in name:
        raise WrongUse(
            f'"{name[:80]}" cannot be the name of a preset.',
            hint="Use up to 80 letters, digits, spaces and hyphens.",
        )


def save_preset(wanted: Preset) -> Path:
    """Keep a preset among the user's own, in the place of one of the same name.

    Raises:
        WrongUse: the name cannot be a file's name, or it says what no file may.
        CannotWrite: the folder refuses or the disk is full.
    """
    try:
        content = PresetFile.of(wanted)
    except ValidationError as error:
        raise WrongUse(
            f"The preset cannot be kept ({why(error)}).", hint="Correct that entry."
        ) from error
    return save(wanted.name, content)


def save(name: str, content: PresetFile) -> Path:
    """Keep a preset's content among the user's own, in the place of one of the same name.

    Raises:
        WrongUse: the name cannot be a file's name.
        CannotWrite: the folder refuses or the disk is full; the old file is as it was.
    """
    check_name(name)
    path = own_folder() / f"{name}{SUFFIX}"
    make_folder(path.parent)
    write_whole(path, as_bytes(content))
    return path


def remove(name: str) -> bool:
    """Take away the user's own preset, so that a shipped one of the same name shows again.

    Returns:
        Whether there was one.

    Raises:
        CannotWrite: the folder refuses.
    """
    check_name(name)
    path = own_folder() / f"{name}{SUFFIX}"
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CannotWrite(
            f"The preset {path} could not be removed: {error.strerror}.",
            hint="Ask for the right to write in that folder.",
        ) from error
    return True


def as_bytes(content: PresetFile) -> bytes:
    """A preset as its file: JSON in UTF-8, all entries in the order of the schema."""
    document = content.model_dump(mode="json")
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def shipped_folder() -> Path:
    """Presets that come with the program."""
    return paths.resources() / "presets"


def own_folder() -> Path:
    """Presets that the user made."""
    return paths.config() / "presets"


def why(error: Exception) -> str:
    """What is wrong with a preset's file, in one line."""
    if isinstance(error, ValidationError):
        return told_faults(error)[0].sentence
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return f"it is no JSON{place}"
    return str(error)


def _files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob(f"*{SUFFIX}"))
        if ".damaged-" not in path.name and not path.name.startswith(".")
    ]


def _stored(path: Path, *, is_own: bool = False, hides_shipped: bool = False) -> StoredPreset:
    """The preset in a file.

    Raises:
        OSError: the file cannot be read.
        NewerPreset: it comes from a later version.
        ValueError: it is damaged, or asks for what cannot be.
        RecursionError: it is nested deeper than any preset.
    """
    with path.open("rb") as opened:
        held = opened.read(MOST_BYTES + 1)
    if len(held) > MOST_BYTES:
        raise ValueError("it is larger than any preset")
    # Editors on Windows put a mark before the first letter.
    document = brought_up(json.loads(held.decode("utf-8-sig")))
    content = PresetFile.model_validate(document)
    is_own = is_own or path.parent == own_folder()
    return StoredPreset(
        content.as_preset(path.stem, folder=path.parent), content, path, is_own, hides_shipped
    )


def _set_aside(path: Path, error: Exception) -> str:
    aside = set_aside(path)
    kept = f"It is kept as {aside.name}." if aside else "It stays where it is."
    return f"The preset {path.stem} is damaged ({why(error)}). {kept}"
