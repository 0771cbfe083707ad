"""What the figures of the benches are drawn with: SVG; PNG and PDF are made of the same drawing."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from inspector_app import files
from inspector_app.domain.errors import CannotWrite, WrongUse

ENDINGS = (".svg", ".png", ".pdf")
INK = "#222222"


def write_drawing(svg: str, destination: Path) -> None:
    """Write a drawing into a file.

    Args:
        svg: What was drawn.
        destination: Ends in .svg, .png or .pdf.

    Raises:
        WrongUse: another ending.
        CannotWrite: the folder refuses.
    """
    ending = check_ending(destination)
    drawn = svg.encode()
    files.write_whole(destination, drawn if ending == ".svg" else _printed(drawn, kind=ending[1:]))


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


def sheet(width: int, height: int, parts: Sequence[str]) -> str:
    """A drawing of these parts on white paper; width and height in its own units."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Libertinus Serif, sans-serif" '
        f'font-size="12" fill="{INK}">'
    )
    paper = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


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


def marker(x: float, y: float, *, colour: str, is_round: bool) -> str:
    """A dot about (x, y), or a square.

    Shape tells them apart too, for those who do not see the colours.
    """
    if is_round:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour}"/>'
    return f'<rect x="{x - 3.4:.1f}" y="{y - 3.4:.1f}" width="6.8" height="6.8" fill="{colour}"/>'


def _printed(drawn: bytes, *, kind: str) -> bytes:
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
