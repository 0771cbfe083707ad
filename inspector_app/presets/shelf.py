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
from inspector_app.presets import checking, drafts, folder, packing, templates
from inspector_app.presets.folder import StoredPreset
from inspector_app.presets.schema import PresetFile
from inspector_app.presets.versions import brought_up


class FileShelf:
    """The shelf on the disk; see `domain.preset_document.Shelf`.

    Args:
        strategies: Names of the crop strategies there are.
        models: Tells the names of the models there are.
        formats: Names of the report formats there are; None where nobody checks them.
        holds_many: Whether one of them can tell of several inspections.
    """

    def __init__(
        self,
        *,
        strategies: Sequence[str],
        models: Callable[[], Sequence[str]] = tuple,
        formats: Sequence[str] | None = None,
        holds_many: Callable[[str], bool] = bool,
    ) -> None:
        self._strategies = tuple(strategies)
        self._models = models
        self._formats, self._holds_many = formats, holds_many
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

    def drafts(self) -> dict[str, dict[str, Any]]:
        """What was typed and not kept, by the preset's name."""
        return drafts.read()

    def keep_drafts(self, typed: Mapping[str, Mapping[str, Any]]) -> None:
        """Let it outlive the program, in the place of what did.

        Raises:
            CannotWrite: the folder refuses.
        """
        drafts.write(typed)

    def restore(self, name: str) -> bool:
        """Take the user's own away, so that a shipped one shows again; whether there was one."""
        return folder.remove(name)

    def take_in(self, path: str) -> PresetEntry:
        """The preset in a file anywhere, not kept yet.

        Raises:
            WrongUse: the file cannot be used.
        """
        file = Path(path)
        if file.suffix.lower() != packing.SUFFIX:
            return _entry(folder.read_file(file))
        packed = packing.read_packed(file)
        document = packed.content.model_dump(mode="json")
        return PresetEntry(packed.content.as_preset(packed.name), document, is_own=True)

    def bring_in(self, path: str, name: str) -> None:
        """Keep the preset in a file anywhere among the user's own, with its pictures.

        Raises:
            WrongUse: the file cannot be used, or the name cannot be a file's name.
            CannotWrite: the folder refuses.
        """
        if Path(path).suffix.lower() == packing.SUFFIX:
            packing.unpack(packing.read_packed(Path(path)), name=name)
        else:
            self.keep(name, self.take_in(path).document)

    def hand_out(self, document: Mapping[str, Any], path: str) -> None:
        """Write a preset to a file anywhere: with its pictures where that ends in ".zip".

        Raises:
            WrongUse: it has faults, or one of its pictures is missing.
            CannotWrite: the folder refuses.
        """
        file, content = Path(path), _content(document)
        if file.suffix.lower() == packing.SUFFIX:
            name = file.stem
            folder.check_name(name)
            write_whole(file, packing.pack(content, name=name, folder=folder.own_folder()))
        else:
            write_whole(file, folder.as_bytes(content))

    def names_pictures(self, document: Mapping[str, Any]) -> bool:
        """Whether there are pictures that belong to a preset."""
        return bool(packing.pictures_of(_content(document)))

    def missing_files(self, document: Mapping[str, Any]) -> tuple[Fault, ...]:
        """The files it names that are not there; it may be kept, but its verdicts are CHECK."""
        return packing.missing_files(_content(document), folder=folder.own_folder())

    def take_picture(self, name: str, source: str) -> str:
        """Copy a picture to where the user's preset of this name keeps its own.

        Raises:
            WrongUse: it cannot be read, or is too large.
            CannotWrite: the folder refuses.
        """
        return packing.take_picture(name, source)

    def changes(self, name: str, document: Mapping[str, Any]) -> tuple[Change, ...] | None:
        """What differs from the shipped preset of that name; None where none is shipped."""
        shipped = folder.shipped(name)
        return None if shipped is None else checking.changes(shipped.content, _content(document))

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
        found += self._format_faults(content)
        return tuple(found)

    def _format_faults(self, content: PresetFile) -> list[Fault]:
        """Formats that there are not, or that hold only one inspection where several are meant."""
        if self._formats is None:
            return []
        are_many = content.run.report_after == "batch"
        wanted = content.run.reports
        able = self._formats if wanted else ()
        able = [name for name in able if not are_many or self._holds_many(name)]
        return [
            Fault(f"run.reports.{at}", f'there is no "{name}"; choose from {", ".join(able)}')
            for at, name in enumerate(wanted)
            if name not in able
        ]


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
