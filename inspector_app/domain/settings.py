"""What the user chose once for all pictures."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """How the window is coloured."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that outlive a session.

    Attributes:
        theme: Colours of the window.
        language: "system", "en" or "zh_CN".
        model: Name of the card to load, or a folder.
        device: "auto", "cpu" or "cuda".
        precision: "auto", "float32", "bfloat16" or "float16".
        strategy: The crop strategy offered first.
        count: How many crops.
        zoom_only_in_doubt: Whether the confidence gate is on.
        heat_opacity: Of the overlay, 0..1.
        colour_map: Name of the heat's colour map.
        smooth_heat: Interpolate between tokens instead of showing the honest grid.
        questions: Last questions, newest first.
    """

    theme: Theme = Theme.DARK
    language: str = "system"
    model: str = "embedded"
    device: str = "auto"
    precision: str = "auto"
    strategy: str = "relative_attention"
    count: int = 1
    zoom_only_in_doubt: bool = False
    heat_opacity: float = 0.6
    colour_map: str = "viridis"
    smooth_heat: bool = True
    questions: tuple[str, ...] = ()
