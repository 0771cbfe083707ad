"""Named ways of working, as JSON files: those that are shipped, and the user's own.

A preset is one file whose name (without `.json`) is the preset's name. A user's preset
takes the place of a shipped one of the same name. To add one to the program, put a file
into `resources/presets`.
"""

import dataclasses
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector_app import paths
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.region import Region
from inspector_app.files import make_folder, set_aside, write_whole

_NAME = re.compile(r"[\w][\w .-]{0,79}")

_Box = tuple[int, int, int, int]
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _OptionsFile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    count: int = Field(default=1, ge=1, le=4, description="Most crops that are shown enlarged.")
    gate: _Share | None = Field(
        default=None,
        description="Do not zoom when the answer's weakest token is at least this probable.",
    )
    rois: tuple[_Box, ...] = Field(
        default=(), description="Fixed regions: [x0, y0, x1, y1] in pixels, half open."
    )
    layer: int | None = Field(default=None, ge=0, description="Layer for the map.")
    each_crop: bool = Field(default=True, description="Ask about each crop by itself as well.")
    max_tokens: int | None = Field(default=None, ge=1, description="Longest answer.")


class PresetFile(BaseModel):
    """What a preset's file holds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_version: Literal[1] = 1
    title: str = Field(min_length=1, description="For people.")
    strategy: str = Field(min_length=1, description="Name of a crop strategy.")
    question: str = Field(default="", description="The question it begins with.")
    options: _OptionsFile = _OptionsFile()


@dataclasses.dataclass(frozen=True, slots=True)
class ReadPresets:
    """The presets there are, and what the user should be told about their files.

    Attributes:
        presets: Shipped ones first, each in the order of their names.
        notices: Sentences, empty when all was well.
    """

    presets: tuple[Preset, ...]
    notices: tuple[str, ...] = ()


def read_presets() -> ReadPresets:
    """All presets; a damaged file of the user's is set aside and named in a notice."""
    found: dict[str, Preset] = {}
    notices = []
    for folder, is_own in ((_shipped(), False), (_own(), True)):
        for path in sorted(folder.glob("*.json")):
            if ".damaged-" in path.name:
                continue
            try:
                found[path.stem] = _read(path)
            except OSError as error:
                notices.append(f"The preset {path} could not be read: {error.strerror}.")
            except ValueError as error:
                if not is_own:
                    # A shipped file is ours: damage to it is a bug.
                    raise
                notices.append(_told(path, error))
    return ReadPresets(tuple(found.values()), tuple(notices))


def load_presets() -> tuple[Preset, ...]:
    """All presets, without the notices of `read_presets`."""
    return read_presets().presets


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises:
        WrongUse: there is none; the hint lists those there are, or says what was damaged.
    """
    read = read_presets()
    for one in read.presets:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in read.presets)
    hint = " ".join((f"Choose from: {known}.", *read.notices))
    raise WrongUse(f'There is no preset "{name}".', hint=hint)


def save_preset(wanted: Preset) -> Path:
    """Keep a preset among the user's own, in the place of one of the same name.

    Raises:
        WrongUse: the name cannot be a file's name.
        CannotWrite: the folder refuses or the disk is full.
    """
    if not _NAME.fullmatch(wanted.name) or wanted.name.endswith((".", " ")):
        raise WrongUse(
            f'"{wanted.name[:80]}" cannot be the name of a preset.',
            hint="Use up to 80 letters, digits, spaces and hyphens.",
        )
    options = dataclasses.asdict(wanted.options)
    options["rois"] = [region.box for region in wanted.options.rois]
    content = PresetFile.model_validate(
        {
            "title": wanted.title,
            "strategy": wanted.strategy,
            "question": wanted.question,
            "options": options,
        }
    )
    path = _own() / f"{wanted.name}.json"
    make_folder(path.parent)
    write_whole(path, (content.model_dump_json(indent=2) + "\n").encode("utf-8"))
    return path


def _shipped() -> Path:
    return paths.resources() / "presets"


def _own() -> Path:
    return paths.config() / "presets"


def _read(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        ValueError: it is damaged, of a newer version, or asks for what cannot be.
        OSError: the file cannot be read.
    """
    content = PresetFile.model_validate_json(path.read_bytes())
    options = content.options.model_dump()
    options["rois"] = tuple(Region(*box) for box in content.options.rois)
    return Preset(
        name=path.stem,
        title=content.title,
        strategy=content.strategy,
        options=Options(**options),
        question=content.question,
    )


def _told(path: Path, error: ValueError) -> str:
    why = str(error)
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        why = f"{place}: {first['msg']}" if place else first["msg"]
    aside = set_aside(path)
    kept = f"It is kept as {aside.name}." if aside else "It stays where it is."
    return f"The preset {path.stem} is damaged ({why}). {kept}"
