"""Numbers with units, as they stand in answers, and units that can be turned into each other."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple


class Scale(NamedTuple):
    """value in the base unit = value * factor + offset."""

    base: str
    factor: float
    offset: float = 0.0


_UNITS: tuple[tuple[str, float, float, str], ...] = (
    ("m", 1e-9, 0.0, "nm 纳米"),
    ("m", 1e-6, 0.0, "µm μm um micron microns 微米"),
    ("m", 1e-3, 0.0, "mm millimeter millimeters millimetre millimetres 毫米"),
    ("m", 1e-2, 0.0, "cm centimeter centimeters centimetre centimetres 厘米 公分"),
    ("m", 1.0, 0.0, "m meter meters metre metres 米"),
    ("m", 0.0254, 0.0, "inch inches 英寸"),
    ("g", 1e-3, 0.0, "mg 毫克"),
    ("g", 1.0, 0.0, "g gram grams 克"),
    ("g", 1e3, 0.0, "kg 千克 公斤"),
    ("s", 1e-3, 0.0, "ms 毫秒"),
    ("s", 1.0, 0.0, "s sec second seconds 秒"),
    ("s", 60.0, 0.0, "min minute minutes 分钟"),
    ("s", 3600.0, 0.0, "hour hours 小时"),
    ("V", 1e-3, 0.0, "mv 毫伏"),
    ("V", 1.0, 0.0, "v volt volts 伏 伏特"),
    ("A", 1e-3, 0.0, "ma 毫安"),
    ("A", 1.0, 0.0, "amp amps ampere 安培"),
    ("Pa", 1.0, 0.0, "pa 帕"),
    ("Pa", 1e2, 0.0, "mbar hpa"),
    ("Pa", 1e3, 0.0, "kpa 千帕"),
    ("Pa", 1e5, 0.0, "bar 巴"),
    ("Pa", 6894.757293168, 0.0, "psi"),
    ("K", 1.0, 273.15, "°c ℃ celsius 摄氏度"),
    ("K", 5 / 9, 459.67 * 5 / 9, "°f ℉ fahrenheit 华氏度"),
    ("K", 1.0, 0.0, "kelvin"),
    ("degree", 1.0, 0.0, "° deg degree degrees 度"),
    ("share", 0.01, 0.0, "% percent per-cent"),
    ("px", 1.0, 0.0, "px pixel pixels 像素"),
)

_NUMBER = re.compile(
    r"[-+\u2212]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[-+]?\d{1,3})?(?![\d])", re.IGNORECASE
)
_TAIL = re.compile(r"\s*(°\s?[CF]\b|℃|℉|°|%|[^\W\d_]+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3},\d{3}$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was said.

    Attributes:
        value: Finite.
        unit: As it was said; "" where none followed that is known.
        is_ambiguous: Whether it can be read in two ways ("1,234": thousands or decimals).
    """

    value: float
    unit: str = ""
    is_ambiguous: bool = False


def scale_of(unit: str) -> Scale | None:
    """How a unit relates to its base unit; None where it is not known.

    "mV" and "MV" differ by their letters' case, which answers do not keep: mega is not known.
    """
    wanted = unicodedata.normalize("NFKC", unit).strip().replace(" ", "").casefold()
    for base, factor, offset, names in _UNITS:
        known = unicodedata.normalize("NFKC", names).casefold().split()
        if wanted in known:
            return Scale(base, factor, offset)
    return None


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """All numbers of a text in order, each with the known unit that follows it.

    Digits that belong to a word ("K7P") are no numbers.
    """
    # Width and ligatures go (full-width digits, ℃ to °C), the rest stays as it was said.
    plain = unicodedata.normalize("NFKC", text)
    found = []
    for match in _NUMBER.finditer(plain):
        before = plain[: match.start()]
        # Chinese is written without spaces: "约5毫米" holds a number.
        if re.search(r"[A-Za-z_]$", before):
            continue
        value, is_ambiguous = _value(match.group())
        tail = _TAIL.match(plain, match.end())
        unit = (tail.group(1) or "") if tail else ""
        if unit and scale_of(unit) is None:
            unit = _known_start(unit)
        if math.isfinite(value):
            found.append(Quantity(value, unit, is_ambiguous))
    return tuple(found)


def converted(value: float, *, unit: str, to: str) -> float | None:
    """A value in another unit; None where the two do not measure the same."""
    if unit == to:
        return value
    source, target = scale_of(unit), scale_of(to)
    if source is None or target is None or source.base != target.base:
        return None
    return (value * source.factor + source.offset - target.offset) / target.factor


def _known_start(word: str) -> str:
    """The longest unit that a Chinese run of letters begins with ("毫米左右"); "" for none."""
    if word.isascii():
        return ""
    ends = range(len(word), 0, -1)
    return next((word[:end] for end in ends if scale_of(word[:end]) is not None), "")


def _value(said: str) -> tuple[float, bool]:
    """The number, and whether it can be read in two ways."""
    text = said.replace("\N{MINUS SIGN}", "-")
    commas, dots = text.count(","), text.count(".")
    if commas == 1 and not dots:
        return float(text.replace(",", ".")), _THOUSANDS.match(text) is not None
    if dots <= 1 and commas and text.rfind(",") < (text.find(".") if dots else len(text)):
        return float(text.replace(",", "")), False  # 1,234,567.8
    if dots > 1 or commas:
        return float(re.sub(r"[.,]", "", text)), True  # 1.234,5 and worse
    return float(text), False
