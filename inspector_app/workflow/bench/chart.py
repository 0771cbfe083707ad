"""A figure of the size study: accuracy of every arm with its interval, a panel a cell.

Written as SVG; PNG and PDF are made of the same drawing.
"""

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from inspector_app import files
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.workflow.bench.arms import CONTROLS
from inspector_app.workflow.bench.size_table import BIN_WORDS, SHORT, SizeBench, SizeCell

ENDINGS = (".svg", ".png", ".pdf")
_ROW, _HEAD, _FOOT, _NAMES, _WIDE, _GAP = 20, 44, 26, 210, 260, 26
_INK, _FAINT, _STRATEGY, _CONTROL = "#222222", "#cccccc", "#1b6ca8", "#9a5b13"
_PER_ROW = 3


def write_chart(bench: SizeBench, destination: Path) -> None:
    """Draw a study into a file.

    Args:
        bench: What was measured.
        destination: Ends in .svg, .png or .pdf.

    Raises:
        WrongUse: another ending.
        CannotWrite: the folder refuses.
    """
    ending = check_ending(destination)
    drawn = svg(bench).encode()
    if ending != ".svg":
        drawn = printed(drawn, kind=ending[1:])
    files.write_whole(destination, drawn)


def check_ending(destination: Path) -> str:
    """The ending of a figure's file, in small letters.

    Raises:
        WrongUse: it is none that can be written.
    """
    ending = destination.suffix.lower()
    if ending not in ENDINGS:
        raise WrongUse(
            f'A figure cannot be written as "{ending or destination.name}".',
            hint=f"Choose a name that ends in one of: {', '.join(ENDINGS)}.",
        )
    return ending


def svg(bench: SizeBench) -> str:
    """The drawing."""
    cells, arms = bench.cells, bench.arms
    panel_wide, panel_high = _NAMES + _WIDE + _GAP, _HEAD + _ROW * len(arms) + _FOOT
    cols = min(_PER_ROW, len(cells))
    rows = -(-len(cells) // cols)
    width, height = cols * panel_wide + _GAP, rows * panel_high + 62
    said = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Libertinus Serif, sans-serif" '
        f'font-size="12" fill="{_INK}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        text(_GAP, 24, f"Right answers by size: {bench.model}, {bench.study}", size=16),
        text(_GAP, 42, f"95 % intervals; seed {bench.seed}; {bench.machine}", size=10),
    ]
    for number, cell in enumerate(cells):
        row, col = divmod(number, cols)
        said += _panel(cell, arms, left=_GAP + col * panel_wide, top=54 + row * panel_high)
    return "\n".join([*said, "</svg>", ""])


def _panel(cell: SizeCell, arms: tuple[str, ...], *, left: int, top: int) -> list[str]:
    start, bottom = left + _NAMES, top + _HEAD + _ROW * len(arms)
    asked = cell.arms["whole"].answers.asked
    said = [text(left, top + 18, f"{cell.group}: {BIN_WORDS[cell.size_bin]}, n = {asked}", size=13)]
    for percent in (0, 25, 50, 75, 100):
        x = start + _WIDE * percent / 100
        said.append(line(x, top + _HEAD - 10, x, bottom, colour=_FAINT, wide=0.6))
        said.append(text(x, bottom + 14, f"{percent}", size=10, anchor="middle"))
    for number, name in enumerate(arms):
        y = top + _HEAD + _ROW * number
        said.append(text(start - 8, y + 4, _name(name), size=11, anchor="end"))
        if name in cell.arms:
            said += _dot(cell, name, start=start, y=y)
    return said


def _name(arm: str) -> str:
    words = {
        "larger": "larger (whole + crop)",
        "larger_most": "larger (costliest)",
        "raised": "attention x 1.8",
        "raised_true": "attention x 1.8, true box",
        "mixed": "mixed by half",
    }
    return words.get(arm, SHORT.get(arm, arm)).replace("_", " ")


def _dot(cell: SizeCell, name: str, *, start: float, y: float) -> list[str]:
    tally = cell.arms[name].answers
    low, high = tally.interval
    colour = _CONTROL if name in CONTROLS else _STRATEGY
    x0, x1, x = (start + _WIDE * share for share in (low, high, tally.rate))
    mark = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour}"/>'
    if name in CONTROLS:
        # Shape tells them apart too, for those who do not see the colours.
        mark = (
            f'<rect x="{x - 3.4:.1f}" y="{y - 3.4:.1f}" width="6.8" height="6.8" fill="{colour}"/>'
        )
    return [line(x0, y, x1, y, colour=colour, wide=1.6), mark]


def text(x: float, y: float, words: str, *, size: int, anchor: str = "start") -> str:
    """Words whose base line begins, is centred or ends at (x, y)."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def line(x0: float, y0: float, x1: float, y1: float, *, colour: str, wide: float) -> str:
    """A stroke."""
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" '
        f'stroke="{colour}" stroke-width="{wide}"/>'
    )


def printed(drawn: bytes, *, kind: str) -> bytes:
    """An SVG drawing as "png" or "pdf"."""
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("figure.svg")\n'
    with TemporaryDirectory() as folder:
        source = Path(folder) / "figure.typ"
        (source.parent / "figure.svg").write_bytes(drawn)
        source.write_text(page, encoding="utf-8")
        made = _compiled(source, kind=kind)
    if not isinstance(made, bytes):
        raise CannotWrite("The figure came out as several pages.", hint="Write it as .svg.")
    return made


def _compiled(source: Path, *, kind: str) -> Any:
    # Its types know kinds one by one only.
    compile_page: Any = typst.compile
    return compile_page(str(source), format=kind, ppi=144.0)
