"""How a picture is turned on the screen. Nothing that is stored or asked about turns with it."""

from dataclasses import dataclass, replace

from PySide6.QtGui import QTransform

from inspector_app.domain.scan import Edges


@dataclass(frozen=True, slots=True)
class Turn:
    """First mirrored left to right or not, then turned clockwise.

    Attributes:
        quarters: Clockwise quarter turns, 0..3.
        is_flipped: Whether it was mirrored before it was turned.
    """

    quarters: int = 0
    is_flipped: bool = False

    def rotated(self, quarters: int) -> "Turn":
        """Turned on by clockwise quarters; negative ones go the other way."""
        return replace(self, quarters=(self.quarters + quarters) % 4)

    def mirrored(self) -> "Turn":
        """What is seen, with left and right exchanged."""
        return Turn(-self.quarters % 4, not self.is_flipped)

    def upended(self) -> "Turn":
        """What is seen, with top and bottom exchanged."""
        return self.mirrored().rotated(2)

    @property
    def is_sideways(self) -> bool:
        """Whether width and height have changed places."""
        return self.quarters % 2 == 1

    @property
    def degrees(self) -> int:
        """Clockwise, 0, 90, 180 or 270."""
        return 90 * self.quarters

    def transform(self) -> QTransform:
        """From the Frame's directions to those of the screen, both with y down."""
        made = QTransform()
        made.rotate(self.degrees)
        # Qt does the last of its orders first.
        made.scale(-1.0 if self.is_flipped else 1.0, 1.0)
        return made

    def edges(self, edges: Edges) -> Edges:
        """The letters at the edges of the screen, from those at the edges of the Frame."""
        # In reading direction of a clock: what is on top goes to the right.
        around = [edges.top, edges.right, edges.bottom, edges.left]
        if self.is_flipped:
            around[1], around[3] = around[3], around[1]
        top, right, bottom, left = (around[(at - self.quarters) % 4] for at in range(4))
        return Edges(left=left, right=right, top=top, bottom=bottom)


UPRIGHT = Turn()
"""As the Frame is."""
