"""Bringing a checkpoint's files to this computer, whole or not at all.

Files gather in a folder of their own and become the model in one rename, once every hash is
right. What came of a pull that was stopped, cut off or ran out of disk stays there, and the
next pull goes on behind it. Nothing that is code or a pickle is ever taken.
"""

import contextlib
import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector_app import files, paths
from inspector_app.domain.card import Card
from inspector_app.domain.checkpoint import (
    PICKLES,
    Arriving,
    Contents,
    Part,
    PullModel,
    is_wanted,
)
from inspector_app.domain.errors import CannotWrite, ModelTrouble, WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime.cards import CARD
from inspector_app.workflow.gathering import HALF, Gathering
from inspector_app.workflow.manifest import Manifest, verify, write_manifest
from inspector_app.workflow.naming import sound_name
from inspector_app.workflow.places import Disk, Place, place_of

GATHERING = ".pulling"
"""Where models gather until they are whole, among the user's models."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be brought.

    Attributes:
        name: Of the model here.
        card: The content of its card.
        repository: Where it is published; may be "".
        revision: The commit; "" for the newest.
        architectures: What `config.json` may name.
    """

    name: str
    card: bytes
    repository: str
    revision: str
    architectures: tuple[str, ...]


def pull(request: PullModel) -> Steps[str]:
    """Bring a model that a card describes, or repair it; see `PullModel`.

    Raises:
        ModelTrouble: the card names no repository, the source has it not, cannot be reached,
            or gives something else than was published.
        CannotWrite: the disk is full or refuses.
    """
    # The one place that knows where cards are; it need not be read by those who only list.
    from inspector_app.runtime.cards import read_card  # noqa: PLC0415
    from inspector_app.workflow.loading import model_folder  # noqa: PLC0415

    folder = model_folder(request.name)
    card = read_card(folder)
    if not card.repository:
        raise ModelTrouble(
            f'The card of "{card.name}" names no repository to pull it from.',
            hint="Models with one are listed by: inspector models list.",
        )
    target = paths.user_models() / sound_name(folder.name)
    _look_for_namesake(folder)
    if files.is_file(target / "config.json") and (yield from _is_whole(target)):
        return str(target)
    wish = Wish(
        folder.name,
        (folder / CARD).read_bytes(),
        card.repository,
        card.revision,
        _architectures(card),
    )
    return str((yield from bring(wish, place_of(request.source))))


def _look_for_namesake(folder: Path) -> None:
    """Refuse a card of another folder where a model here has its name.

    Raises:
        CannotWrite: the model here would be lost, or taken for the one that is wanted.
    """
    for place in (paths.user_models(), paths.shipped_models()):
        here = place / folder.name / CARD
        if files.is_file(here) and here.read_bytes() != (folder / CARD).read_bytes():
            raise CannotWrite(
                f'There is another model "{folder.name}" here already.',
                hint=f"Rename the folder {folder} first.",
            )
        if files.is_file(here):
            return


def bring(wish: Wish, place: Place) -> Steps[Path]:
    """Gather the files that are wanted, and make them the model.

    Returns:
        The model's folder.

    Raises:
        ModelTrouble, CannotWrite: see `pull`.
    """
    yield Step("ask", 0, 0, Arriving("", 0, 0, place.called))
    told = yield from _contents(place, wish)
    parts = wanted(told.parts, where=place.called)
    if isinstance(place, Disk) and place.holds(paths.user_models() / wish.name):
        raise WrongUse(
            f'{place.called} is where "{wish.name}" is already.', hint="Name another folder."
        )
    gathering = paths.user_models() / GATHERING / wish.name
    files.make_folder(gathering)
    with _Alone(gathering), _kept():
        _take_over(paths.user_models() / wish.name, gathering, parts=parts)
        arrived = yield from Gathering(place, gathering, architectures=wish.architectures).all_of(
            parts
        )
        manifest = Manifest(wish.name, wish.repository, told.revision, told.origin, arrived)
        write_manifest(gathering, manifest)
        files.write_whole(gathering / CARD, wish.card)
        # The last stop: from here on the model is there.
        yield Step("save", 0, 1)
    model = paths.user_models() / wish.name
    with _kept():
        (gathering / _Alone.FILE).unlink(missing_ok=True)
        files.name_folder(gathering, model)
    return model


def wanted(parts: Sequence[Part], *, where: str) -> tuple[Part, ...]:
    """The files to bring, the small ones first.

    Raises:
        ModelTrouble: there are no weights that can be opened safely, or no config.
    """
    chosen = [part for part in parts if is_wanted(part.name)]
    names = {part.name for part in chosen}
    weights = [name for name in names if name.endswith(".safetensors")]
    if not weights:
        pickles = sorted(one.name for one in parts if one.name.endswith(PICKLES))
        if pickles:
            raise ModelTrouble(
                f"{where} has the weights as pickle only ({pickles[0]}), "
                "which can run code when they are opened.",
                hint="Take a repository with .safetensors files.",
            )
        raise ModelTrouble(
            f"{where} has no weights of this model.", hint="Check the address or the folder."
        )
    if "config.json" not in names:
        raise ModelTrouble(
            f"{where} has no config.json of this model.", hint="Check the address or the folder."
        )
    # The config is looked at before gigabytes follow.
    return tuple(sorted(chosen, key=lambda one: (one.name != "config.json", one.size, one.name)))


def _contents(place: Place, wish: Wish) -> Steps[Contents]:
    asked: Iterator[Contents | None] = place.contents(
        wish.name, repository=wish.repository, revision=wish.revision
    )
    for told in asked:
        if told is not None:
            return told
        yield Step("ask", 0, 0, Arriving("", 0, 0, place.called))
    raise ModelTrouble(f"{place.called} told nothing.", hint="Try again later.")


def _is_whole(folder: Path) -> Steps[bool]:
    try:
        yield from verify(folder)
    except ModelTrouble:
        return False
    return True


def _take_over(model: Path, gathering: Path, *, parts: Sequence[Part]) -> None:
    """What is there of a damaged or unfinished model need not come again.

    The model keeps each file that may be whole, so that a pull that fails takes nothing away.
    """
    if not files.is_file(model / "config.json"):
        return
    sizes = {part.name: part.size for part in parts}
    for path in sorted(model.rglob("*")):
        name = path.relative_to(model).as_posix()
        there = gathering / name
        begun = there.exists() or there.with_name(there.name + HALF).exists()
        if path.is_file() and name in sizes and not begun:
            files.make_folder(there.parent)
            # One that is too short would be written on behind what is there.
            _hand_over(path, there, is_shared=path.stat().st_size == sizes.get(name))


def _hand_over(path: Path, there: Path, *, is_shared: bool) -> None:
    try:
        if is_shared:
            try:
                os.link(path, there)
            except OSError as error:
                if error.errno not in files.NO_LINKS:
                    raise
            else:
                return
        path.rename(there)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise files.refusal(error, there) from error
        # The model is on another disk: its files come again.


@contextlib.contextmanager
def _kept() -> Iterator[None]:
    """Say of a disk that refuses that nothing of what came is lost."""
    try:
        yield
    except CannotWrite as error:
        if not isinstance(error.__cause__, OSError):
            raise
        raise CannotWrite(
            str(error),
            hint="Free some space or check the disk, then pull it again: "
            "it goes on where it stopped.",
        ) from error


class _Alone:
    """Keeps two pulls of the same model apart, where the system can; ends with the process."""

    FILE = ".busy"

    def __init__(self, folder: Path) -> None:
        self._path = folder / self.FILE
        self._handle: int | None = None

    def __enter__(self) -> None:
        try:
            import fcntl  # noqa: PLC0415  not on Windows, which locks files that are open
        except ImportError:
            return
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise files.refusal(error, self._path.parent) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._handle)
            raise CannotWrite(
                f'"{self._path.parent.name}" is being pulled already.',
                hint="Wait for it, or stop it first.",
            ) from error
        except OSError:
            # A file system without locks: then without.
            return

    def __exit__(self, *_error: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _architectures(card: Card) -> tuple[str, ...]:
    facts: Any = card.facts or {}
    return tuple(str(one) for one in facts.get("architecture", {}).get("architectures", ()))
