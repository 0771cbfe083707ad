"""Boxes in which names are written into the pixels of pictures, as somebody said."""

from inspector_app.domain.exporting import KnownMasks
from inspector_app.domain.frame import Provenance
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.measure import picture_key
from inspector_app.domain.region import Region


class Masks:
    """What is painted over in reports without names; known as long as the program runs."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Region, ...]] = {}

    def of(self, inspection: Inspection) -> tuple[Region, ...] | None:
        """Boxes in Frame pixels of the inspected picture; None where nobody looked for writing."""
        return self._known.get(key_of(inspection.provenance))

    @property
    def all(self) -> KnownMasks:
        """Of every picture of which something was said."""
        return tuple(self._known.items())

    def keep(self, inspection: Inspection, masks: tuple[Region, ...] | None) -> None:
        """Remember them for every report about this picture; None to forget them."""
        if masks is None:
            self._known.pop(key_of(inspection.provenance), None)
        else:
            self._known[key_of(inspection.provenance)] = masks


def key_of(source: Provenance) -> str:
    """What tells one picture, or page of a file, from all others."""
    return picture_key(source.sha256, source.locator)
