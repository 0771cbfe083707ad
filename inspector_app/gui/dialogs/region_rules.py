"""The checks of single regions, kept while the regions themselves are typed on another page."""

import copy
from typing import Any

Document = dict[str, Any]


class RegionRules:
    """Checks by region, as the editor holds them.

    Attributes:
        shown: Names of the regions, in their order.
    """

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()
        self._boxes: list[tuple[Any, ...]] = []
        self._checks: list[list[Document]] = []

    def show_rois(self, rois: Any) -> None:
        """Begin with what stands in a document."""
        self.shown = self.names(rois)
        self._boxes = [_box(roi) for roi in _listed(rois)]
        self._checks = [copy.deepcopy(list(roi.get("checks") or ())) for roi in _listed(rois)]

    def names(self, rois: Any) -> tuple[str, ...]:
        """Of the regions in a document."""
        return tuple(str(roi.get("name") or "") for roi in _listed(rois))

    def checks_of(self, number: int) -> list[Document]:
        """Of a region, counted from 0."""
        return self._checks[number] if number < len(self._checks) else []

    def put(self, number: int, checks: list[Document]) -> None:
        """A person changed them."""
        if number < len(self._checks):
            self._checks[number] = checks

    def merged(self, rois: Any) -> Any:
        """The regions with their checks; the list itself where that changes nothing.

        A region that was typed anew brings none: it keeps those of the one with its box or
        name, or, where there are as many as before, with its number.
        """
        listed = _listed(rois)
        if len(listed) != len(rois or ()):
            return rois
        merged = []
        for at, roi in enumerate(listed):
            own = self._own(at, roi, count=len(listed))
            said = list(roi.get("checks") or ())
            checks = said if own is None else self._checks[own]
            merged.append(roi if checks == said else {**roi, "checks": checks})
        return rois if merged == list(rois or ()) else merged

    def _own(self, at: int, roi: Document, *, count: int) -> int | None:
        """The number of the region that this one was; None where it is new."""
        box, name = _box(roi), str(roi.get("name") or "")
        if box in self._boxes:
            return self._boxes.index(box)
        if name and name in self.shown:
            return self.shown.index(name)
        return at if count == len(self.shown) else None


def _box(roi: Document) -> tuple[Any, ...]:
    """Its edges with their unit, to know it again."""
    box = roi.get("box")
    edges = tuple(box) if isinstance(box, list | tuple) else (box,)
    return (roi.get("unit", "pixels"), *edges)


def _listed(rois: Any) -> list[Document]:
    return [roi for roi in rois or () if isinstance(roi, dict)]
