"""The library of prompt templates: `resources/templates/<language>/*.json`, and the user's own.

A template is one JSON file whose name (without `.json`) is the template's name. A user's
template takes the place of a shipped one of the same name and language.
"""

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from inspector_app import paths
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Preset
from inspector_app.domain.template import LONGEST, VARIABLES, Template, lint
from inspector_app.files import make_folder, write_whole
from inspector_app.presets.checking import told_faults
from inspector_app.presets.folder import SUFFIX, check_name

LANGUAGES = ("en", "zh_CN")

_Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class TemplateFile(BaseModel):
    """A way of putting a question; the name is that of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Inspector prompt template")

    schema_version: Literal[1] = Field(default=1, description="Of this form of the file.")
    title: _Line = Field(min_length=1, description="For people.")
    about: _Line = Field(default="", description="What it is for.")
    text: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="What is asked; {question} stands for the user's words, and "
        + ", ".join(f"{{{name}}}" for name in VARIABLES)
        + " for words that are given beside them.",
    )
    ending: Literal["instruction", "question"] = Field(
        default="instruction",
        description="Whether it ends in an order to answer, or in the bare question.",
    )
    defaults: dict[Literal[VARIABLES], _Line] = Field(  # type: ignore[valid-type]
        default_factory=dict, description="Words for variables that nothing else is given for."
    )

    def as_template(self, name: str, *, language: str, is_own: bool) -> Template:
        """The template under the name of its file."""
        return Template(
            name=name,
            language=language,
            title=self.title,
            text=self.text,
            about=self.about,
            ending=self.ending,
            defaults=tuple(self.defaults.items()),
            is_own=is_own,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ReadTemplates:
    """The templates there are, and what the user should be told about their files.

    Attributes:
        templates: By language, then by name.
        notices: Sentences, empty when all was well.
    """

    templates: tuple[Template, ...]
    notices: tuple[str, ...] = ()


def read_templates() -> ReadTemplates:
    """All templates; one of the user's that cannot be used is named in a notice, and left."""
    found: dict[tuple[str, str], Template] = {}
    notices = []
    for folder, is_own in ((shipped_folder(), False), (own_folder(), True)):
        for language in LANGUAGES:
            for path in sorted((folder / language).glob(f"*{SUFFIX}")):
                try:
                    read = read_file(path, language=language, is_own=is_own)
                except WrongUse as error:
                    if not is_own:
                        # A shipped file is ours: damage to it is a bug.
                        raise ValueError(str(error)) from error
                    notices.append(str(error))
                else:
                    found[language, read.name] = read
    return ReadTemplates(tuple(found.values()), tuple(notices))


def template(name: str, *, language: str) -> Template:
    """The template of this name and language.

    Raises:
        WrongUse: there is none; the hint lists those there are.
    """
    read = read_templates()
    for one in read.templates:
        if (one.name, one.language) == (name, language):
            return one
    known = ", ".join(one.name for one in read.templates if one.language == language)
    raise WrongUse(
        f'There is no prompt template "{name[:80]}" in the language "{language[:20]}".',
        hint=" ".join((f"Choose from: {known}.", *read.notices)),
    )


def worded(preset: Preset, question: str) -> str:
    """What is asked when these words of the user's are put into the preset's template.

    Args:
        preset: With the name of a template, or none.
        question: The user's words; "" for the question of the preset. Where neither has any,
            nothing is asked, unless the template asks by itself.

    Raises:
        WrongUse: the template is missing, or a place in it would stay empty.
    """
    words, how = question.strip() or preset.question.strip(), preset.wording
    if not how.template:
        return words
    found = template(how.template, language=how.language)
    if not found.wants_question and question.strip():
        # A template without a place for them was only the words to begin with.
        return words
    if found.wants_question and not words:
        return ""
    return found.filled(words, variables=dict(how.variables))


def read_file(path: Path, *, language: str, is_own: bool = True) -> Template:
    """The template in a file.

    Raises:
        WrongUse: it is missing, damaged, or flawed so that its map would be read at the wrong
            place (see `domain.template`).
    """
    read = read_any(path, language=language, is_own=is_own)
    check(read)
    return read


def read_any(path: Path, *, language: str, is_own: bool = True) -> Template:
    """The template in a file, whatever flaws it has.

    Raises:
        WrongUse: it is missing or damaged.
    """
    try:
        content = TemplateFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WrongUse(f"The template {path} could not be read: {error.strerror}.") from error
    except ValidationError as error:
        why = told_faults(error)[0].sentence
        raise WrongUse(
            f"The template {path.name} is damaged ({why}).", hint="Correct that entry."
        ) from error
    return content.as_template(path.stem, language=language, is_own=is_own)


def check(wanted: Template) -> None:
    """Refuse a template with a grave flaw.

    Raises:
        WrongUse: the first grave flaw.
    """
    grave = [flaw for flaw in lint(wanted) if flaw.is_grave]
    if grave:
        raise WrongUse(f'The prompt template "{wanted.name}" cannot be used: {grave[0].text}')


def save_template(wanted: Template) -> Path:
    """Keep a template among the user's own.

    Raises:
        WrongUse: its name cannot be a file's name, or it has a grave flaw.
        CannotWrite: the folder refuses or the disk is full.
    """
    check_name(wanted.name)
    check(wanted)
    if wanted.language not in LANGUAGES:
        raise WrongUse(f'There are no templates in the language "{wanted.language}".')
    content = TemplateFile(
        title=wanted.title,
        about=wanted.about,
        text=wanted.text,
        ending="question" if wanted.ending == "question" else "instruction",
        defaults=dict(wanted.defaults),
    )
    path = own_folder() / wanted.language / f"{wanted.name}{SUFFIX}"
    make_folder(path.parent)
    text = json.dumps(content.model_dump(mode="json"), indent=2, ensure_ascii=False)
    write_whole(path, (text + "\n").encode("utf-8", "replace"))
    return path


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a template's file, as it is shipped."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | (
        TemplateFile.model_json_schema()
    )


def shipped_folder() -> Path:
    """Templates that come with the program."""
    return paths.resources() / "templates"


def own_folder() -> Path:
    """Templates that the user made."""
    return paths.config() / "templates"
