"""Presets as files: what the window may ask of them, and what is said entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from inspector_app.domain.preset import Preset
from inspector_app.domain.template import Template


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry of a preset.

    Attributes:
        place: Names of the entries on the way, joined by dots; numbers count list entries
            from 0; "" for the whole.
        text: Short words, without a full stop.
    """

    place: str
    text: str

    @property
    def sentence(self) -> str:
        """With its place."""
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that stands otherwise in another preset.

    Attributes:
        place: As in `Fault`.
        before: The value as JSON; "" where there was none.
        after: The value as JSON; "" where there is none.
    """

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A preset as it stands on the shelf.

    Attributes:
        preset: As the program uses it.
        document: Everything its file says, as JSON has it; not to be changed.
        is_own: Whether the user made it.
        hides_shipped: Whether a shipped one has the same name.
    """

    preset: Preset
    document: Mapping[str, Any]
    is_own: bool = False
    hides_shipped: bool = False

    @property
    def name(self) -> str:
        """Of the preset."""
        return self.preset.name


class Shelf(Protocol):
    """Where presets and prompt templates are kept, as the window sees it."""

    def entries(self) -> tuple[PresetEntry, ...]:
        """All presets: shipped ones first, each in the order of their names."""

    def notices(self) -> tuple[str, ...]:
        """What the last `entries` or `templates` met: damaged files, newer versions."""

    def faults(self, document: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What is wrong with what would be kept; nothing where it may be."""

    def preset_of(self, name: str, document: Mapping[str, Any]) -> Preset:
        """The preset that a document describes.

        Raises:
            WrongUse: it has faults.
        """

    def keep(self, name: str, document: Mapping[str, Any]) -> None:
        """Put it among the user's own, in the place of one of the same name.

        Raises:
            WrongUse: it has faults, or the name cannot be a file's name.
            CannotWrite: the folder refuses.
        """

    def drafts(self) -> dict[str, dict[str, Any]]:
        """What was typed and not kept, by the preset's name; it may have faults."""

    def keep_drafts(self, typed: Mapping[str, Mapping[str, Any]]) -> None:
        """Let it outlive the program, in the place of what did.

        Raises:
            CannotWrite: the folder refuses.
        """

    def restore(self, name: str) -> bool:
        """Take the user's own away, so that a shipped one shows again; whether there was one.

        Raises:
            CannotWrite: the folder refuses.
        """

    def take_in(self, path: str) -> PresetEntry:
        """The preset in a file anywhere, alone or packed with its pictures, not kept yet.

        Raises:
            WrongUse: the file cannot be used.
        """

    def bring_in(self, path: str, name: str) -> None:
        """Keep the preset in a file anywhere among the user's own, with its pictures.

        Raises:
            WrongUse: the file cannot be used, or the name cannot be a file's name.
            CannotWrite: the folder refuses.
        """

    def hand_out(self, document: Mapping[str, Any], path: str) -> None:
        """Write a preset to a file anywhere: with its pictures where that ends in ".zip".

        Raises:
            WrongUse: it has faults, or one of its pictures is missing.
            CannotWrite: the folder refuses.
        """

    def names_pictures(self, document: Mapping[str, Any]) -> bool:
        """Whether there are pictures that belong to a preset."""

    def missing_files(self, document: Mapping[str, Any]) -> tuple[Fault, ...]:
        """The files it names that are not there; it may be kept, but its verdicts are CHECK.

        Raises:
            WrongUse: it has faults.
        """

    def take_picture(self, name: str, source: str) -> str:
        """Copy a picture to where the user's preset of this name keeps its own.

        Returns:
            What the preset calls it.

        Raises:
            WrongUse: it cannot be read, or is too large.
            CannotWrite: the folder refuses.
        """

    def changes(self, name: str, document: Mapping[str, Any]) -> tuple[Change, ...] | None:
        """What differs from the shipped preset of that name; None where none is shipped."""

    def templates(self) -> tuple[Template, ...]:
        """The library, by language and name."""

    def asked(self, preset: Preset, question: str) -> str:
        """What is asked when the user's words are put into the preset's template.

        Raises:
            WrongUse: the template is missing, or a place in it would stay empty.
        """
