"""Which letters the shipped fonts can draw, and a way to write the others that can be read."""

import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any


def drawable(font: Path) -> frozenset[int]:
    """Code points that an OpenType font has letters for.

    Source: OpenType 1.9, "cmap", formats 4 and 12.
    """
    content = font.read_bytes()
    (tables,) = struct.unpack_from(">H", content, 4)
    for index in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", content, 12 + 16 * index)
        if tag == b"cmap":
            return frozenset(_mapped(content, start))
    raise ValueError(f"{font.name} has no table of letters")


def spelt(value: Any, *, known: frozenset[int]) -> Any:
    """The same JSON values with each letter that is not `known` as its number, "[U+1F50D]"."""
    if isinstance(value, str):
        return "".join(_spelt_letter(letter, known) for letter in value)
    if isinstance(value, dict):
        return {name: spelt(inner, known=known) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [*map(partial(spelt, known=known), value)]
    return value


# A break that may be used, and joiners, are never drawn.
_UNDRAWN = frozenset((0x0A, 0x200B, 0x200C, 0x200D))


def _spelt_letter(letter: str, known: frozenset[int]) -> str:
    code = ord(letter)
    return letter if code in known or code in _UNDRAWN else f"[U+{code:04X}]"


def _mapped(content: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", content, start + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHI", content, start + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", content, start + offset)
        if form == 4:
            yield from _segments(content, start + offset)
        elif form == 12:
            (groups,) = struct.unpack_from(">I", content, start + offset + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(
                    ">III", content, start + offset + 16 + 12 * group
                )
                yield from range(first, last + 1)


def _segments(content: bytes, start: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", content, start + 6)
    shape, ends = f">{twice // 2}H", start + 14
    last = struct.unpack_from(shape, content, ends)
    first = struct.unpack_from(shape, content, ends + twice + 2)
    shift = struct.unpack_from(shape, content, ends + 2 * twice + 2)
    far_at = ends + 3 * twice + 2
    far = struct.unpack_from(shape, content, far_at)
    for at, (low, high) in enumerate(zip(first, last, strict=True)):
        for code in range(low, min(high, 0xFFFE) + 1):
            glyph = (code + shift[at]) & 0xFFFF
            if far[at]:
                place = far_at + 2 * at + far[at] + 2 * (code - low)
                (glyph,) = struct.unpack_from(">H", content, place)
            if glyph:
                yield code
