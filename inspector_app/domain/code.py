"""Codes that stand in a picture: DataMatrix, QR, Code 128 and their like."""

from dataclasses import dataclass

from inspector_app.domain.shape import Point
from inspector_app.domain.wording import inert

LONGEST = 120
"""Characters of a serial number."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was read.

    Attributes:
        text: What it says; may hold any character.
        format: Name of its kind, such as "DataMatrix", "QRCode", "Code128".
        corners: Four (x, y) in Frame pixels, in the order of the code's own upper left, upper
            right, lower right and lower left; whole numbers are middles of pixels.
    """

    text: str
    format: str
    corners: tuple[Point, Point, Point, Point]

    @property
    def serial(self) -> str:
        """Its text as the serial number of a part: one line that can be read."""
        return inert(self.text, limit=LONGEST).strip()


def serials(codes: tuple[Code, ...]) -> tuple[str, ...]:
    """What could be the part's serial number, each once; one alone may be taken unasked."""
    return tuple(dict.fromkeys(code.serial for code in codes if code.serial))
