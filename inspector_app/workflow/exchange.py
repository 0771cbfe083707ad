"""Stored inspections into the files of other programs, and what these found back onto pictures."""

import contextlib
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector_app import exports, files, plugins
from inspector_app.domain.errors import CannotWrite, InspectorError, WrongUse
from inspector_app.domain.exchange import (
    Annotated,
    Thing,
    Writing,
    asked_of,
    own_things,
    things_of,
)
from inspector_app.domain.exporting import Exported, ExportRecords
from inspector_app.domain.filing import Filed
from inspector_app.domain.frame import Pixels
from inspector_app.domain.gesture import Gesture, Marks, OwnFinding, Verb
from inspector_app.domain.inspection import Inspection, nameless
from inspector_app.domain.locator import split
from inspector_app.domain.measure import picture_key
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.region import Region
from inspector_app.domain.running import of_total
from inspector_app.domain.shape import Shape
from inspector_app.store.records import Store
from inspector_app.workflow.hiding import (
    check_masks_of,
    masks_in,
    original_of,
    sha256_of,
    writing_said_of,
)
from inspector_app.workflow.open import open_picture
from inspector_app.workflow.reporting import filed, numbers_of

NAMED = "{count} pictures, in whose pixels the patient may be named: paint over the writing"


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken over.

    Attributes:
        pictures: How many were found.
        things: How many findings were added to them.
        known: How many were there already, or were edited or removed since.
        left: What was not taken over, one sentence each.
    """

    pictures: int
    things: int
    known: int
    left: tuple[str, ...]


def write_export(  # noqa: PLR0913  what an export may need
    store: Store,
    numbers: Sequence[int],
    format_name: str,
    folder: Path,
    *,
    with_pictures: bool = True,
    hides_patient: bool = False,
    masks: tuple[Region, ...] | None = None,
) -> Steps[Exported]:
    """Write stored inspections into an empty folder, several of one picture as one.

    Args:
        store: Of the records.
        numbers: Of the records.
        format_name: A plug-in of `exports/`.
        folder: New or empty.
        with_pictures: Whether the pictures are written, too.
        hides_patient: Leave out who the patient is, and names and folders. The pixels of a
            DICOM image that may name the patient are then left out, too, without `masks`.
        masks: Boxes that are painted over; None where nobody looked for writing.

    Raises:
        WrongUse: no such record or format, the folder is not empty, or a box of `masks` lies
            in none of the pictures.
        CannotWrite: the folder refuses or the disk is full.
        UnreadableRecord: a record is damaged.
    """
    yield Step("open", 0, 2)
    plug_in = plugins.load(exports, format_name)
    check_masks_of(store, numbers, masks)
    was_there = folder.exists()
    files.make_folder(folder)
    if any(folder.iterdir()):
        raise WrongUse(
            f"{folder} is not empty, and nothing in it is overwritten.",
            hint="Name a new folder.",
        )
    groups = _grouped(store, numbers)
    held: list[str] = []

    def pictures() -> Iterator[Annotated]:
        for group in groups:
            one = _masked(_annotated(store, group, hides_patient=hides_patient), masks)
            if format_name != "dicom" and _may_name(one):
                held.append(one.name)
                one = replace(one, pixels=None)
            yield one

    try:
        with _together(folder) as place:
            steps = plug_in.write(pictures(), place, with_pictures=with_pictures)
            lost = yield from of_total(steps, len(groups))
    except BaseException:
        # Also one that is stopped leaves nothing.
        if not was_there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    if held and with_pictures:
        lost += (NAMED.format(count=len(held)),)
    return Exported(len(groups), lost)


@contextlib.contextmanager
def _together(folder: Path) -> Iterator[Path]:
    """A place for files that come into an empty folder together, or not at all."""
    place, moved = folder / f".{secrets.token_hex(8)}.part", list[Path]()
    try:
        place.mkdir()
        yield place
        for one in sorted(place.iterdir()):
            one.rename(folder / one.name)
            moved.append(folder / one.name)
    except BaseException as error:
        for one in moved:
            _remove(one)
        if isinstance(error, OSError):
            raise files.refusal(error, folder) from error
        if isinstance(error, CannotWrite):
            # Nobody knows of the place beside it.
            told = str(error).replace(str(place), str(folder))
            raise CannotWrite(told, hint=error.hint) from error
        raise
    finally:
        _remove(place)


def _remove(one: Path) -> None:
    if one.is_dir():
        shutil.rmtree(one, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            one.unlink(missing_ok=True)


def exported(store: Store, request: ExportRecords) -> Steps[Exported]:
    """Write all inspections that are searched for."""
    return (
        yield from write_export(
            store,
            numbers_of(store, (), request.search),
            request.format,
            Path(request.destination),
            with_pictures=request.with_pictures,
            hides_patient=request.hides_patient,
            masks=request.masks,
        )
    )


def read_import(
    store: Store, place: Path, format_name: str, *, pictures: Path | None = None, by: str = ""
) -> Steps[Imported]:
    """Add what another program found to the pictures it is about, as findings of a person.

    Nothing that is there is changed: what was imported before, and edited or removed since,
    stays as it is.

    Args:
        store: Takes the findings.
        place: File or folder of the other program.
        format_name: A plug-in of `exports/`.
        pictures: Where its pictures lie; None for beside `place`.
        by: Who imports; "" where nobody says.

    Raises:
        WrongUse: the format cannot be read back.
        UnreadableRecord: `place` holds nothing of that format.
        CannotWrite: the store refuses.
    """
    yield Step("open", 0, 0)
    plug_in = plugins.load(exports, format_name)
    if not hasattr(plug_in, "read"):
        raise WrongUse(f'"{format_name}" can only be written.', hint="Choose coco, yolo, voc, ...")
    if not place.exists():
        raise WrongUse(f"There is no {place}.", hint="Check its name.")
    folder = pictures or (place if place.is_dir() else place.parent)
    count, added, known, left = 0, 0, 0, list[str]()
    read = tuple(plug_in.read(place))
    for at, one in enumerate(read):
        yield Step("save", at, len(read))
        try:
            key, size = _key_of(one, folder)
        except InspectorError as error:
            left.append(f"{one.name}: {error}")
            continue
        if size is not None and size != one.size:
            left.append(f"{one.name}: the picture is {size[0]} x {size[1]}, not as annotated")
            continue
        fresh, old = _new_findings(one, key, store)
        left += [f"{one.name}: {thing.label} lies nowhere" for thing in _nowhere(one)]
        if fresh:
            store.keep_gesture(key, Gesture(Verb.COPIED, fresh, by=by))
        count, added, known = count + 1, added + len(fresh), known + old
    return Imported(count, added, known, tuple(left))


def _grouped(store: Store, numbers: Sequence[int]) -> list[tuple[int, ...]]:
    """Records of the same picture together, in the order of their first."""
    groups: dict[str, list[int]] = {}
    for number in numbers:
        groups.setdefault(store.picture_of(number), []).append(number)
    return [tuple(group) for group in groups.values()]


def _annotated(store: Store, numbers: Sequence[int], *, hides_patient: bool) -> Annotated:
    records = [filed(store, number) for number in numbers]
    first = records[0].inspection
    source = first.provenance
    marks = store.gestures_of(picture_key(source.sha256, source.locator)).history.marks
    # A later record of the same question stands in the place of an earlier one.
    found: dict[Thing, None] = {}
    latest = {one.inspection.question: one.inspection for one in records}
    for inspection in latest.values():
        found.update(dict.fromkeys(things_of(inspection, marks)))
    found.update(dict.fromkeys(own_things(marks)))
    return Annotated(
        name=f"inspection-{min(numbers)}",
        locator="" if hides_patient else source.locator,
        sha256=source.sha256,
        page=split(source.locator)[1] or 1,
        size=first.size,
        things=tuple(found),
        asked=tuple(asked_of(one.inspection, marks) for one in records),
        pixels=next((pixels for one in records if (pixels := _whole(one)) is not None), None),
        filed=tuple(
            replace(one, inspection=nameless(one.inspection)) if hides_patient else one
            for one in records
        ),
        original=original_of(source),
        is_nameless=hides_patient,
    )


def _masked(one: Annotated, masks: tuple[Region, ...] | None) -> Annotated:
    """The same with boxes painted over in its pixels."""
    masks = masks_in(one.size, masks)
    if one.pixels is None or not masks:
        return replace(one, masks=masks)
    pixels = one.pixels.copy()
    for box in masks:
        pixels[box.y0 : box.y1, box.x0 : box.x1] = 0
    return replace(one, pixels=pixels, masks=masks)


def _may_name(one: Annotated) -> bool:
    """Whether the pixels may name a patient who is to be left out."""
    if not one.is_nameless or one.masks is not None:
        return False
    media = {filed.inspection.provenance.media for filed in one.filed}
    return any(writing_said_of(kind, one.original) is Writing.LIKELY for kind in media)


def _whole(one: Filed) -> Pixels | None:
    inspection: Inspection = one.inspection
    whole = Region.whole(inspection.size)
    shown = (view for view in inspection.views if view.region == whole and view.window is None)
    kept = (view.pixels for view in shown if view.pixels is not None)
    return next((pixels for pixels in kept if pixels.shape[1::-1] == inspection.size), None)


def _key_of(one: Annotated, folder: Path) -> tuple[str, tuple[int, int] | None]:
    """(key of the picture, its upright size where its file was opened)."""
    if one.sha256:
        return f"{one.sha256}#{one.page}", None
    file = _file_of(one, folder)
    frame = open_picture(str(file))
    return f"{sha256_of(file)}#1", frame.size


def _file_of(one: Annotated, folder: Path) -> Path:
    name = Path(one.locator.replace("\\", "/")).name
    for place in (folder, folder / "images", folder / "JPEGImages"):
        # Only names are looked up, never paths: an import reads nothing outside its folder.
        if name and (place / name).is_file():
            return place / name
    raise WrongUse(f"there is no {name} in {folder}", hint="Name the folder of its pictures.")


def _new_findings(one: Annotated, key: str, store: Store) -> tuple[tuple[OwnFinding, ...], int]:
    """(what is not there yet, how many are there or were at some time)."""
    history = store.gestures_of(key).history
    seen = {
        mark.id
        for moment in (*history.done, *history.undone)
        for mark in moment.marks.all
        if isinstance(mark, OwnFinding)
    }
    there: set[tuple[str, Shape | None]] = {
        (mark.label, mark.shape) for mark in history.marks.findings
    }
    for number in store.numbers_of(key):
        # Also what the program found, whatever people said of it: they have seen it here.
        inspection = store.open(number)
        for said in (history.marks, Marks()):
            there |= {(thing.label, thing.shape) for thing in things_of(inspection, said)}
    found = {own.id: own for thing in one.things if (own := thing.as_finding(key)) is not None}
    fresh = tuple(
        own for own in found.values() if own.id not in seen and (own.label, own.shape) not in there
    )
    return fresh, len(found) - len(fresh)


def _nowhere(one: Annotated) -> Iterator[Thing]:
    return (thing for thing in one.things if thing.shape is None)
