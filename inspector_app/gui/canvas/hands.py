"""What the buttons and the wheel of the mouse do on the canvas, and which tool is in hand."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self


class Tool(StrEnum):
    """What a drag with the tool's button does."""

    HAND = "hand"
    WINDOW = "window"
    DRAW = "draw"
    LENGTH = "length"
    SIZE = "size"
    ANGLE = "angle"

    @property
    def is_measuring(self) -> bool:
        """Whether it draws a measurement."""
        return self in {Tool.LENGTH, Tool.SIZE, Tool.ANGLE}


class Deed(StrEnum):
    """What a button does when it is dragged."""

    TOOL = "tool"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"


class Roll(StrEnum):
    """What the wheel does; leafing zooms where there is nothing to leaf through."""

    LEAF = "leaf"
    ZOOM = "zoom"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Hands:
    """The mouse as the user has it.

    Attributes:
        left: Of the left button.
        middle: Of the middle button.
        right: Of the right button; a click with it, without a drag, opens the menu.
        wheel: Of the wheel alone.
        ctrl_wheel: Of the wheel with Ctrl held.
        shift_wheel: Of the wheel with Shift held.
    """

    left: Deed = Deed.TOOL
    middle: Deed = Deed.PAN
    right: Deed = Deed.ZOOM
    wheel: Roll = Roll.LEAF
    ctrl_wheel: Roll = Roll.ZOOM
    shift_wheel: Roll = Roll.NEXT

    @classmethod
    def of(cls, chosen: Mapping[str, str]) -> Self:
        """From stored names; what is unknown or would leave no tool keeps its default."""
        made = cls()
        kept: dict[str, Any] = {}
        for one in fields(cls):
            usual: Deed | Roll = getattr(made, one.name)
            try:
                kept[one.name] = type(usual)(chosen.get(one.name, usual))
            except ValueError:
                kept[one.name] = usual
        hands = cls(**kept)
        return hands if hands.has_tool else made

    @property
    def has_tool(self) -> bool:
        """Whether any button is left for the tool: without one nothing can be drawn."""
        return Deed.TOOL in {self.left, self.middle, self.right}

    def as_stored(self) -> tuple[tuple[str, str], ...]:
        """(name, value) of what differs from the defaults."""
        usual = type(self)()
        return tuple(
            (one.name, str(getattr(self, one.name)))
            for one in fields(self)
            if getattr(self, one.name) != getattr(usual, one.name)
        )
