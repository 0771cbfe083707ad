"""A preset with its pictures in one file: a zip that holds `<name>.json` and `<name>.files/`.

The pictures are its template picture and its golden samples. A user's preset keeps its own in
the folder `<name>.files` beside it. What comes from elsewhere is distrusted: names that lead
out of that folder, links, too many and too large files are refused before anything is written.
"""

import io
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from stat import S_ISLNK

from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.locator import join, split
from inspector_app.domain.preset_document import Fault
from inspector_app.files import make_folder, write_whole
from inspector_app.presets import folder as shelf_folder
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.versions import brought_up

SUFFIX = ".zip"
FILES = ".files"
MOST_FILES = 500
MOST_BYTES = 500 * 2**20
"""Of all pictures of a preset together."""

_SAFE = re.compile(r"[^\w.-]+")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_HINT = "Ask whoever made it to export it again."


@dataclass(frozen=True, slots=True)
class Packed:
    """What a file of `pack` holds, checked and not yet written anywhere.

    Attributes:
        name: Of the preset.
        content: What it says; its pictures are named as in the archive.
        members: Names of the pictures in the archive.
        path: Of the archive.
    """

    name: str
    content: PresetFile
    members: tuple[str, ...]
    path: Path


def missing_files(content: PresetFile, *, folder: Path) -> tuple[Fault, ...]:
    """The files that a preset in a folder names and that are not there: its verdicts are CHECK."""
    template, golden = content.regions.template_picture, content.golden
    named = [] if template is None else [("regions.template_picture", template.picture)]
    named += [(f"golden.good.{at}", name) for at, name in enumerate(golden.good)]
    named += [(f"golden.bad.{at}", name) for at, name in enumerate(golden.bad)]
    return tuple(
        Fault(place, f"there is no file {name}")
        for place, name in named
        if not (folder / name).exists()
    )


def pictures_of(content: PresetFile) -> tuple[str, ...]:
    """The files and folders that a preset names, each once."""
    found: list[str] = []

    def note(name: str) -> str:
        found.append(name)
        return name

    _renamed(content, note)
    return tuple(dict.fromkeys(found))


def pack(content: PresetFile, *, name: str, folder: Path) -> bytes:
    """A preset with its pictures as one archive; the same preset always gives the same bytes.

    Args:
        content: What it says.
        name: What it is called there.
        folder: Where its relative names begin.

    Raises:
        WrongUse: a picture is missing, or all together are too large.
    """
    files: dict[str, Path] = {}
    names: dict[str, str] = {}
    for number, given in enumerate(pictures_of(content), 1):
        path, page = split(str(folder / given))
        source = Path(path)
        base = f"{name}{FILES}/{number:02d}-{_plain(source.name)}"
        for at, one in _listed(source, given):
            files[f"{base}/{at}" if at else base] = one
        names[given] = join(base, page)
    _refuse_too_much(len(files), sum(one.stat().st_size for one in files.values()))
    renamed = _renamed(content, lambda given: names[given])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(f"{name}.json"), shelf_folder.as_bytes(renamed))
        for member, source in sorted(files.items()):
            try:
                archive.writestr(_entry(member), source.read_bytes())
            except OSError as error:
                raise _missing(str(source)) from error
    return out.getvalue()


def read_packed(path: Path) -> Packed:
    """What an archive holds; nothing is written.

    Raises:
        WrongUse: it cannot be read, is no such archive, or holds what none may.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(archive, path)
    except OSError as error:
        raise WrongUse(
            f"The preset {path} could not be read: {error.strerror or error}."
        ) from error
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError) as error:
        raise WrongUse(
            f"The preset {path.name} is damaged ({shelf_folder.why(error)}).", hint=_HINT
        ) from error


def unpack(packed: Packed, *, name: str) -> Path:
    """Keep a packed preset among the user's own, under a name; its pictures beside it.

    Raises:
        WrongUse: the name cannot be a file's name, or the archive is damaged.
        CannotWrite: the folder refuses or the disk is full.
    """
    shelf_folder.check_name(name)
    place = _fresh_folder(name)
    old = f"{packed.name}{FILES}/"
    try:
        with zipfile.ZipFile(packed.path) as archive:
            for member in packed.members:
                target = place / member.removeprefix(old)
                make_folder(target.parent)
                write_whole(target, archive.read(member))
        moved = _renamed(packed.content, lambda given: f"{place.name}/{given.removeprefix(old)}")
        return shelf_folder.save(name, moved)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError) as error:
        shutil.rmtree(place, ignore_errors=True)
        raise WrongUse(
            f"The preset {packed.path.name} is damaged ({error}).", hint=_HINT
        ) from error
    except InspectorError:
        shutil.rmtree(place, ignore_errors=True)
        raise


def take_picture(name: str, source: str) -> str:
    """Copy a picture into the folder of a user's preset; its name there, from the preset's own.

    A picture that is there already, byte by byte, is not copied again.

    Raises:
        WrongUse: it cannot be read or is too large.
        CannotWrite: the folder refuses or the disk is full.
    """
    shelf_folder.check_name(name)
    path, page = split(source)
    try:
        size = Path(path).stat().st_size
        _refuse_too_much(1, size)
        content = Path(path).read_bytes()
    except OSError as error:
        raise _missing(path) from error
    place = shelf_folder.own_folder() / f"{name}{FILES}"
    target = place / f"{sha256(content).hexdigest()[:8]}-{_plain(Path(path).name)}"
    make_folder(place)
    if not target.exists():
        write_whole(target, content)
    told = f"{place.name}/{target.name}"
    return join(told, page)


def _checked(archive: zipfile.ZipFile, path: Path) -> Packed:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    _refuse_too_much(len(entries), sum(one.file_size for one in entries))
    names = [one.filename for one in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("two of its files have the same name")
    for one in entries:
        _refuse_escape(one)
    documents = [name for name in names if "/" not in name and name.endswith(".json")]
    if len(documents) != 1:
        raise ValueError("it holds no preset, or several")
    name = documents[0].removesuffix(".json")
    shelf_folder.check_name(name)
    if archive.getinfo(documents[0]).file_size > shelf_folder.MOST_BYTES:
        raise ValueError("its preset is larger than any preset")
    text = archive.read(documents[0]).decode("utf-8-sig")
    content = PresetFile.model_validate(brought_up(json.loads(text)))
    members = tuple(one for one in names if one != documents[0])
    if any(not one.startswith(f"{name}{FILES}/") for one in members):
        raise ValueError(f"it holds more than the preset and {name}{FILES}")
    for given in pictures_of(content):
        base = split(given)[0]
        if base not in members and not any(one.startswith(f"{base}/") for one in members):
            raise ValueError(f"it names {given[:80]}, which it does not hold")
    return Packed(name, content, members, path)


def _refuse_escape(entry: zipfile.ZipInfo) -> None:
    """Refuse a name that leads anywhere but below the folder it is unpacked into.

    Raises:
        ValueError: it does.
    """
    name = entry.filename
    parts = PurePosixPath(name).parts
    is_bad = (
        "\\" in name
        or ":" in name
        or name.startswith("/")
        or any(part in {"..", "."} or part.endswith((" ", ".")) for part in parts)
        or any(ord(letter) < 32 for letter in name)
        or S_ISLNK(entry.external_attr >> 16)
    )
    if is_bad:
        raise ValueError(f"{name[:80]!r} is no name of a picture in it")


def _refuse_too_much(count: int, size: int) -> None:
    if count > MOST_FILES or size > MOST_BYTES:
        raise WrongUse(
            f"The preset's pictures are {count} files of {size / 2**20:.0f} MB; it may have "
            f"{MOST_FILES} files of {MOST_BYTES // 2**20} MB.",
            hint="Take fewer or smaller pictures.",
        )


def _listed(source: Path, given: str) -> Iterator[tuple[str, Path]]:
    """("", file), or of a folder (name, file) of what lies in it."""
    if source.is_file():
        yield "", source
        return
    found = sorted(one for one in source.glob("*") if one.is_file() and one.name[0] != ".")
    if not found:
        raise _missing(given)
    for one in found:
        yield _plain(one.name), one


def _missing(name: str) -> WrongUse:
    return WrongUse(
        f'The picture "{name}" of the preset is missing or cannot be read.',
        hint="Put it there, or correct the preset.",
    )


def _renamed(content: PresetFile, rename: Callable[[str], str]) -> PresetFile:
    """The same preset with other names for its pictures."""
    template, golden = content.regions.template_picture, content.golden
    if template is not None:
        template = template.model_copy(update={"picture": rename(template.picture)})
    regions = content.regions.model_copy(update={"template_picture": template})
    shown = {
        "good": tuple(rename(name) for name in golden.good),
        "bad": tuple(rename(name) for name in golden.bad),
    }
    return content.model_copy(
        update={"regions": regions, "golden": golden.model_copy(update=shown)}
    )


def _plain(name: str) -> str:
    """A file's name that is one on every system."""
    return _SAFE.sub("_", name).strip("._ ")[-80:] or "picture"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _fresh_folder(name: str) -> Path:
    """A folder for a preset's pictures that is not there yet."""
    place = shelf_folder.own_folder() / f"{name}{FILES}"
    number = 1
    while place.exists():
        number += 1
        place = shelf_folder.own_folder() / f"{name}-{number}{FILES}"
    make_folder(place)
    return place
