"""What the user chose once for all pictures."""

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Theme(StrEnum):
    """How the window is coloured."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as the settings dialog and the help text show it.

    Attributes:
        name: Of the attribute of `Settings`.
        label: One or two English words, to be translated.
        help: What it changes, in a sentence, to be translated.
        default: Its value on a new machine; also tells its type.
        choices: (value, English label) of each allowed value; empty where any is allowed
            or where only the running program knows them (models, strategies, colour maps).
        low: Smallest number allowed; None where it is no number.
        high: Largest number allowed; None where it is no number.
    """

    name: str
    label: str
    help: str
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None


def _row(label: str, explained: str, **more: Any) -> dict[str, Any]:
    return {"row": {"label": label, "help": explained, **more}}


_THEMES = (
    (Theme.SYSTEM, "Like the system"),
    (Theme.DARK, "Dark"),
    (Theme.LIGHT, "Light"),
    (Theme.CONTRAST, "High contrast"),
)
_LANGUAGES = (("system", "Like the system"), ("en", "English"), ("zh_CN", "简体中文"))
_SCALES = tuple((share, f"{share} %") for share in (100, 125, 150, 175, 200))
_DEVICES = (("auto", "Fastest there is"), ("cpu", "CPU"), ("cuda", "NVIDIA GPU"))
_TOWERS = (("auto", "The faster one"), ("torch", "PyTorch"), ("onnx", "ONNX Runtime"))
_PRECISIONS = (
    ("auto", "Best for the device"),
    ("float32", "float32"),
    ("bfloat16", "bfloat16"),
    ("float16", "float16"),
    ("int8", "int8 weights"),
)


LABELS = (
    "crack",
    "scratch",
    "dent",
    "stain",
    "hole",
    "missing part",
    "wrong text",
    "nodule",
    "fracture",
)
"""The labels of a new user."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that outlive a session.

    Attributes:
        theme: Colours of the window.
        language: "system", "en" or "zh_CN".
        scale: Size of words and symbols in per cent: 100, 125, 150, 175 or 200.
        model: Name of the card to load, or a folder.
        device: "auto", "cpu" or "cuda".
        precision: "auto", "float32", "bfloat16", "float16" or "int8".
        tower: What runs an exported vision tower: "auto", "torch" or "onnx".
        strategy: The crop strategy offered first.
        count: How many crops, 1..4.
        zoom_only_in_doubt: Whether the confidence gate is on.
        inspect_ahead: Inspect the next pictures before they are opened.
        ahead_count: How many of them, 1..50.
        read_first: Hide what the program found in a picture until a person has read it.
        heat_opacity: Of the overlay, 0..1.
        colour_map: Name of the heat's colour map.
        smooth_heat: Interpolate between tokens instead of showing the honest grid.
        corner_texts: Show what the file says about itself in the corners of the picture.
        hide_patient: Show nothing that tells who the patient is.
        window_drag_up: Dragging up raises a grey window's centre, instead of dragging down.
        mouse: (button or wheel, deed) where it differs from the usual; see `gui.canvas.hands`.
        keys: (action, its keys as text) where they differ from the usual.
        questions: Last questions, newest first.
        preset: Name of the preset in use; "" for none.
        labels: What findings can be, as people choose from it.
        tour_seen: Whether the tour was shown; it never comes by itself again.
        require_sign_in: Everybody signs in with name and password. What an admin decided stands
            in the records and holds, whatever a file of settings says.
        lock_minutes: After so many minutes without a hand on mouse or keys the window is
            locked, where sign-in is required; 0 never locks it.
        archives: Addresses of the archives that files were sent to, newest first.
    """

    theme: Theme = field(
        default=Theme.DARK, metadata=_row("Theme", "Colours of the window.", choices=_THEMES)
    )
    language: str = field(
        default="system",
        metadata=_row("Language", "Language of the window.", choices=_LANGUAGES),
    )
    scale: int = field(
        default=100,
        metadata=_row(
            "Size of everything",
            "How large words and symbols are, for screens with very fine pixels; holds from the "
            "next start on.",
            choices=_SCALES,
        ),
    )
    model: str = field(
        default="embedded",
        metadata=_row("Model", "The model that is loaded first: its name or its folder."),
    )
    device: str = field(
        default="auto",
        metadata=_row("Device", "Where the model runs.", choices=_DEVICES),
    )
    precision: str = field(
        default="auto",
        metadata=_row(
            "Precision", "Fewer bits need less memory and may change answers.", choices=_PRECISIONS
        ),
    )
    tower: str = field(
        default="auto",
        metadata=_row(
            "Vision tower",
            "What runs the part that sees, where it was exported under Tools > Models.",
            choices=_TOWERS,
        ),
    )
    strategy: str = field(
        default="relative_attention",
        metadata=_row("Strategy", "How the place to look closer at is chosen."),
    )
    count: int = field(
        default=1,
        metadata=_row("Crops", "How many regions are shown enlarged.", low=1, high=4),
    )
    zoom_only_in_doubt: bool = field(
        default=False,
        metadata=_row(
            "Zoom only in doubt",
            "Keep the first answer when the model is sure of every word; faster, but a sure "
            "answer can be wrong.",
        ),
    )
    inspect_ahead: bool = field(
        default=False,
        metadata=_row(
            "Inspect ahead",
            "Inspect the next pictures of the worklist, with the question that stands, while you "
            "look at this one.",
        ),
    )
    ahead_count: int = field(
        default=12,
        metadata=_row(
            "Pictures ahead", "How many of the next pictures are inspected ahead.", low=1, high=50
        ),
    )
    read_first: bool = field(
        default=False,
        metadata=_row(
            "Read first, then AI",
            "Show nothing that the program found in a picture until you have ended your own "
            "reading of it.",
        ),
    )
    heat_opacity: float = field(
        default=0.6,
        metadata=_row(
            "Heat opacity", "How strongly the heat map covers the picture.", low=0.0, high=1.0
        ),
    )
    colour_map: str = field(
        default="viridis",
        metadata=_row("Colour map", "Colours of the heat map."),
    )
    smooth_heat: bool = field(
        default=True,
        metadata=_row("Smooth heat", "Blend the heat map instead of showing the model's own grid."),
    )
    corner_texts: bool = field(
        default=True,
        metadata=_row("Corner texts", "Show what the file says in the corners of the picture."),
    )
    hide_patient: bool = field(
        default=False,
        metadata=_row("Hide patient", "Show nothing that tells who the patient is."),
    )
    window_drag_up: bool = field(
        default=False,
        metadata=_row(
            "Drag up to raise",
            "Dragging up raises the centre of a grey window; otherwise dragging down does.",
        ),
    )
    mouse: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    preset: str = ""
    labels: tuple[str, ...] = LABELS
    tour_seen: bool = False
    require_sign_in: bool = field(
        default=False,
        metadata=_row(
            "Require sign-in",
            "Everybody signs in with name and password, and the name stands in every record.",
        ),
    )
    lock_minutes: int = field(
        default=10,
        metadata=_row(
            "Lock after minutes",
            "Minutes without a hand on mouse or keys after which the window is locked, where "
            "sign-in is required; 0 never locks it.",
            low=0,
            high=240,
        ),
    )
    archives: tuple[str, ...] = ()


def rows() -> tuple[SettingRow, ...]:
    """Every setting that a person may choose, in the order of the dialog."""
    return tuple(
        SettingRow(name=one.name, default=one.default, **one.metadata["row"])
        for one in dataclasses.fields(Settings)
        if "row" in one.metadata
    )
