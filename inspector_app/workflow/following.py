"""Regions that follow the part: where it lies now, compared with the preset's template picture."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Inspect
from inspector_app.domain.placement import Placement
from inspector_app.domain.preset import Cut, Options
from inspector_app.domain.region import Region
from inspector_app.domain.rule import Rules
from inspector_app.domain.shape import Shape, area_of, clipped
from inspector_app.domain.stamp import FileStamp
from inspector_app.imaging.registration import Template, prepare, register

UNREAD = "the template picture could not be read"
NOT_MOVED = "the regions stay where they were drawn"
RESIZED = "the picture has another size than the template picture"
_OUTSIDE = "a region of the part lies outside the picture"
_MOST_OUTSIDE = 0.05
"""Largest share of a region that a part may take over the picture's edge unseen."""
_KEPT = 2


@dataclass(frozen=True, slots=True)
class Followed:
    """A request whose regions lie on the part.

    Attributes:
        request: The same, its regions moved; as it was where the part was not found.
        has_template: Whether the part had to be found.
        placement: Where it was found.
        troubles: Why nothing could be compared, as sentences of verdicts.
        notes: What the record says of it.
    """

    request: Inspect
    has_template: bool = False
    placement: Placement | None = None
    troubles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Follower:
    """Finds parts; the last template pictures are kept ready.

    Args:
        open_frame: Opens a picture by its locator.
    """

    def __init__(self, open_frame: Callable[[str], Frame]) -> None:
        self._open = open_frame
        self._ready: OrderedDict[FileStamp, Template] = OrderedDict()

    def follow(self, request: Inspect, frame: Frame) -> Followed:
        """Lay a request's regions on the part of a picture.

        A template that cannot be read, and a part that is not found or lies too far away, are
        no errors: the picture is asked about all the same, and the verdict is CHECK.
        """
        if request.left_out:
            # Wherever the part lies: what was demanded there cannot be seen.
            return Followed(request, troubles=(_OUTSIDE,))
        if not request.template:
            return Followed(request)
        try:
            template = self._template(request.template)
        except UnreadablePicture as error:
            note = f"the part was not looked for: {error}"
            return Followed(request, True, None, (UNREAD,), (note,))
        # Regions in per cent lie elsewhere on a picture of another size.
        is_alike = template.size == frame.size
        found = register(template, frame.pixels) if is_alike else None
        travel = (request.rules or Rules()).travel
        if found is None or found.doubt(travel) is not None:
            return Followed(request, True, found, () if is_alike else (RESIZED,), (NOT_MOVED,))
        wanted = request.options
        moved = tuple(moved_region(roi, found) for roi in wanted.rois)
        rois = tuple(region for region in moved if region is not None)
        lost = (_lost(wanted, at, found) for at in range(len(moved)))
        if len(rois) < len(moved) or any(share > _MOST_OUTSIDE for share in lost):
            return Followed(request, True, found, (_OUTSIDE,), (NOT_MOVED,))
        cuts = tuple(moved_cut(cut, found) for cut in wanted.cuts)
        options = replace(request.options, rois=rois, cuts=cuts)
        return Followed(replace(request, options=options), True, found, (), (told(found),))

    def _template(self, locator: str) -> Template:
        stamp = FileStamp.of(locator)
        if stamp not in self._ready:
            self._ready[stamp] = prepare(self._open(locator).pixels)
            while len(self._ready) > _KEPT:
                self._ready.popitem(last=False)
        self._ready.move_to_end(stamp)
        return self._ready[stamp]


def moved_region(region: Region, placement: Placement) -> Region | None:
    """The upright box about a region of the template where it lies in the picture, cut there.

    Returns:
        None where nothing of it is in the picture.
    """
    x0, y0, x1, y1 = region.box
    # Pixel centres are whole numbers for the placement: an edge lies half a pixel before.
    corners = [
        placement.point(x - 0.5, y - 0.5) for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))
    ]
    xs, ys = ([corner[axis] + 0.5 for corner in corners] for axis in (0, 1))
    left, top = math.floor(min(xs) + 1e-6), math.floor(min(ys) + 1e-6)
    right, bottom = math.ceil(max(xs) - 1e-6), math.ceil(max(ys) - 1e-6)
    moved = Region(left, top, max(right, left + 1), max(bottom, top + 1))
    return moved.clipped(placement.picture_size)


def moved_cut(cut: Cut, placement: Placement) -> Cut:
    """What belongs to a region, its outline where it lies in the picture."""
    moved = (placement.point(x - 0.5, y - 0.5) for x, y in cut.outline)
    return replace(cut, outline=tuple((x + 0.5, y + 0.5) for x, y in moved))


def _lost(options: Options, index: int, placement: Placement) -> float:
    """Share of a region, 0..1, that lay in the template and lies outside the picture."""
    outline = options.cut_of(index).outline or Shape.of(options.rois[index]).outline
    drawn = clipped(outline, placement.template_size)
    # Pixel centres are whole numbers for the placement.
    moved = (placement.point(x - 0.5, y - 0.5) for x, y in drawn)
    seen = clipped([(x + 0.5, y + 0.5) for x, y in moved], placement.picture_size)
    there = area_of(drawn) * placement.scale**2
    return 1 - area_of(seen) / there if there else 0.0


def told(found: Placement) -> str:
    """Where the part lies, in a sentence for the record."""
    across, down = found.shift
    return (
        f"part found by {found.method}: moved {across:+.1%} across and {down:+.1%} down, turned "
        f"{found.rotation:+.1f}\N{DEGREE SIGN}, scale {found.scale:.3f}, score {found.score:.2f}, "
        f"error {found.error:.1f} px"
    )
