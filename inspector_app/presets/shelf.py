"""Presets and templates as the window and the commands ask for them (`domain.Shelf`)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Preset
from inspector_app.domain.preset_document import Change, Fault, PresetEntry
from inspector_app.domain.template import Template
from inspector_app.files import write_whole
from inspector_app.presets import checking, folder, templates
from inspector_app.presets.folder import StoredPreset
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.versions import brought_up


class FileShelf:
    """The shelf on the disk; see `domain.preset_document.Shelf`.

    Args:
        strategies: Names of the crop strategies there are.
        models: Tells the names of the models there are.
    """

    def __init__(
        self, *, strategies: Sequence[str], models: Callable[[], Sequence[str]] = tuple
    ) -> None:
        self._strategies = tuple(strategies)
        self._models = models
        self._notices: tuple[str, ...] = ()

    def entries(self) -> tuple[PresetEntry, ...]:
        """All presets: shipped ones first, each in the order of their names."""
        read = folder.read_presets()
        self._notices = read.notices
        return tuple(_entry(one) for one in read.stored)

    def notices(self) -> tuple[str, ...]:
        """What the last `entries` or `templates` met."""
        return self._notices

    def faults(self, document: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What is wrong with what would be kept; nothing where it may be."""
        found = checking.faults(dict(document))
        return found or self._missing(_content(document))

    def preset_of(self, name: str, document: Mapping[str, Any]) -> Preset:
        """The preset that a document describes.

        Raises:
            WrongUse: it has faults.
        """
        return _content(document).as_preset(name, folder=folder.own_folder())

    def keep(self, name: str, document: Mapping[str, Any]) -> None:
        """Put it among the user's own, in the place of one of the same name.

        Raises:
            WrongUse: it has faults, or the name cannot be a file's name.
            CannotWrite: the folder refuses.
        """
        folder.save(name, _content(document))

    def restore(self, name: str) -> bool:
        """Take the user's own away, so that a shipped one shows again; whether there was one."""
        return folder.remove(name)

    def take_in(self, path: str) -> PresetEntry:
        """The preset in a file anywhere, not kept yet.

        Raises:
            WrongUse: the file cannot be used.
        """
        return _entry(folder.read_file(Path(path)))

    def hand_out(self, document: Mapping[str, Any], path: str) -> None:
        """Write a preset to a file anywhere.

        Raises:
            WrongUse: it has faults.
            CannotWrite: the folder refuses.
        """
        write_whole(Path(path), folder.as_bytes(_content(document)))

    def changes(self, name: str, document: Mapping[str, Any]) -> tuple[Change, ...] | None:
        """What differs from the shipped preset of that name; None where none is shipped."""
        shipped = folder.shipped(name)
        return None if shipped is None else checking.changes(shipped.content, _content(document))

    def unused(self) -> tuple[str, ...]:
        """Places of entries that are kept but that nothing acts on yet."""
        return checking.unused()

    def templates(self) -> tuple[Template, ...]:
        """The library, by language and name."""
        read = templates.read_templates()
        self._notices = read.notices
        return read.templates

    def asked(self, preset: Preset, question: str) -> str:
        """What is asked when the user's words are put into the preset's template."""
        return templates.worded(preset, question)

    def _missing(self, content: PresetFile) -> tuple[Fault, ...]:
        """What a preset without faults of its own names and this program does not have."""
        found = []
        strategy, model = content.look.strategy, content.model.name
        if strategy not in self._strategies:
            known = ", ".join(self._strategies)
            found.append(Fault("look.strategy", f'there is no "{strategy}"; choose from {known}'))
        models = self._models()
        if model and model not in models and len(Path(model).parts) == 1:
            known = ", ".join(models)
            found.append(Fault("model.name", f'there is no model "{model}"; choose from {known}'))
        found += _template_faults(content)
        return tuple(found)


def _template_faults(content: PresetFile) -> list[Fault]:
    prompt = content.prompt
    if not prompt.template:
        return []
    try:
        found = templates.template(prompt.template, language=prompt.language)
    except WrongUse as error:
        return [Fault("prompt.template", error.sentence().rstrip("."))]
    # The user's own words may come later: a place for them is no fault.
    empty = found.empty(prompt.question or "?", variables=dict(prompt.variables))
    return [
        Fault(f"prompt.variables.{name}", f"the template needs words for {{{name}}}")
        for name in empty
    ]


def _entry(one: StoredPreset) -> PresetEntry:
    document = one.content.model_dump(mode="json")
    return PresetEntry(one.preset, document, one.is_own, one.hides_shipped)


def _content(document: Mapping[str, Any]) -> PresetFile:
    """The checked content.

    Raises:
        WrongUse: it has faults.
    """
    try:
        return PresetFile.model_validate(brought_up(dict(document)))
    except (ValidationError, ValueError) as error:
        raise WrongUse(
            f"The preset cannot be used: {folder.why(error)}.", hint="Correct that entry."
        ) from error
