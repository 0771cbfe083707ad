"""The user's settings as a TOML file; a damaged file costs what is damaged, nothing else."""

import contextlib
import dataclasses
import tomllib
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector_app import paths
from inspector_app.domain.settings import LABELS, Settings, Theme
from inspector_app.files import make_folder, set_aside, write_whole

FILE = "settings.toml"
_MOST_QUESTIONS = 50
_KNOWN = frozenset(one.name for one in dataclasses.fields(Settings))


class _File(BaseModel):
    """What the file may hold. Fields that are missing keep their defaults."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    theme: Theme = Theme.DARK
    language: Literal["system", "en", "zh_CN"] = "system"
    scale: Literal[100, 125, 150, 175, 200] = 100
    model: str = Field(default="embedded", min_length=1)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "float32", "bfloat16", "float16", "int8"] = "auto"
    tower: Literal["auto", "torch", "onnx"] = "auto"
    strategy: str = Field(default="relative_attention", min_length=1)
    count: int = Field(default=1, ge=1, le=4, strict=True)
    zoom_only_in_doubt: bool = Field(default=False, strict=True)
    inspect_ahead: bool = Field(default=False, strict=True)
    ahead_count: int = Field(default=12, ge=1, le=50, strict=True)
    read_first: bool = Field(default=False, strict=True)
    tour_seen: bool = Field(default=False, strict=True)
    heat_opacity: float = Field(default=0.6, ge=0, le=1, allow_inf_nan=False)
    colour_map: str = Field(default="viridis", min_length=1)
    smooth_heat: bool = Field(default=True, strict=True)
    corner_texts: bool = Field(default=True, strict=True)
    hide_patient: bool = Field(default=False, strict=True)
    window_drag_up: bool = Field(default=False, strict=True)
    mouse: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    preset: str = ""
    labels: tuple[str, ...] = LABELS
    require_sign_in: bool = Field(default=False, strict=True)
    lock_minutes: int = Field(default=10, ge=0, le=240, strict=True)
    archives: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings, and what the user should be told about their file.

    Attributes:
        settings: Complete and valid.
        notices: Sentences, empty when all was well.
    """

    settings: Settings
    notices: tuple[str, ...] = ()


def load_settings() -> Settings:
    """The user's settings; defaults where there are none. See `read_settings`."""
    return read_settings().settings


def read_settings() -> ReadSettings:
    """The user's settings, with notices where the file was damaged.

    A file that is no TOML is set aside under another name and defaults are used. A value
    that is not allowed is replaced by its default, the others are kept, and a copy of the
    file is set aside.
    """
    path = paths.config() / FILE
    try:
        found = _read(path)
    except FileNotFoundError:
        return ReadSettings(Settings())
    except OSError as error:
        return ReadSettings(
            Settings(), (f"The settings in {path} could not be read: {error.strerror}.",)
        )
    except ValueError:
        return ReadSettings(Settings(), (_told(path, "are damaged; defaults are used"),))
    refused = _refused(found)
    kept = {name: value for name, value in found.items() if name not in refused}
    settings = Settings(**_File.model_validate(kept).model_dump())
    if not refused:
        return ReadSettings(settings)
    names = ", ".join(sorted(refused))
    notice = _told(path, f"have values that are not allowed ({names}); defaults are used for these")
    # Saved at once, or the notice would come back at every start.
    with contextlib.suppress(Exception):
        _write(path, {**kept, **_values(settings)})
    return ReadSettings(settings, (notice,))


def save_settings(settings: Settings) -> None:
    """Write the settings; entries of the file that this version does not know are kept.

    Raises:
        CannotWrite: the folder refuses or the disk is full; the old file is as it was.
    """
    path = paths.config() / FILE
    make_folder(path.parent)
    unknown: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        unknown = {name: value for name, value in _read(path).items() if name not in _KNOWN}
    _write(path, {**_values(settings), **unknown})


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_bytes().decode("utf-8-sig"))


def _write(path: Path, values: dict[str, Any]) -> None:
    write_whole(path, tomli_w.dumps(values).encode("utf-8"))


def _values(settings: Settings) -> dict[str, Any]:
    values = dataclasses.asdict(settings)
    values["theme"] = settings.theme.value
    values["questions"] = [
        # TOML holds text only; half a character pasted into a question is none.
        question.encode("utf-8", "replace").decode("utf-8")
        for question in settings.questions[:_MOST_QUESTIONS]
    ]
    return values


def _refused(found: dict[str, Any]) -> set[str]:
    """Names of the entries whose values are not allowed."""
    try:
        _File.model_validate(found)
    except ValidationError as error:
        return {str(one["loc"][0]) for one in error.errors()}
    return set()


def _told(path: Path, what: str) -> str:
    kept = set_aside(path)
    where = f"The old file is kept as {kept.name}." if kept else "The old file stays where it is."
    return f"The settings in {path} {what}. {where}"
