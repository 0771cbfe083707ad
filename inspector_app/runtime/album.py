"""The vision side: the tower, and the views that went through it, so that none goes twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from torch import Tensor

from inspector_app.domain.attention import TokenGrid
from inspector_app.domain.frame import View
from inspector_app.runtime.network import Picture

# More enlarged parts than one question shows, several times over.
KEPT = 16

Seeing = Callable[[Sequence[View]], tuple[Picture, ...]]


class Eyes(Protocol):
    """The vision side of a family."""

    def traced(self, view: View) -> tuple[Tensor, Picture]:
        """Its pixels (1, 3, h, w) as the network takes them, and their picture, with the graph."""

    def seen(self, views: Sequence[View]) -> tuple[Picture, ...]:
        """The views, sent through the tower once, without a graph."""

    def grid(self, view: View) -> TokenGrid:
        """How the view's tokens lie over the Frame."""

    def pixel_grid(self, view: View) -> TokenGrid:
        """How the network's pixels lie over the Frame."""


@dataclass(slots=True, eq=False)
class Album:
    """Pictures by what they show: the same pixels of the same region are the same picture.

    Attributes:
        kept: Views with their pictures, the longest unused first.
    """

    kept: list[tuple[View, Picture]] = field(default_factory=list)

    def pictures(self, views: Sequence[View], *, see: Seeing) -> tuple[Picture, ...]:
        """One picture a view; `see` is called once, with those not seen before.

        Args:
            views: In prompt order.
            see: Sends views through the vision tower.
        """
        found = [self._find(view) for view in views]
        unseen = [view for view, picture in zip(views, found, strict=True) if picture is None]
        fresh = iter(see(unseen) if unseen else ())
        pictures = tuple(picture or next(fresh) for picture in found)
        for view, picture in zip(views, pictures, strict=True):
            self.kept = [entry for entry in self.kept if entry[1] is not picture]
            self.kept.append((view, picture))
        del self.kept[:-KEPT]
        return pictures

    def _find(self, view: View) -> Picture | None:
        for other, picture in self.kept:
            same = other.region == view.region and other.size == view.size
            if same and (other is view or np.array_equal(other.pixels, view.pixels)):
                return picture
        return None
