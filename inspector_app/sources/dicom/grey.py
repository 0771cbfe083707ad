"""Stored grey to the modality's values, and the windows a file offers for them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut

from inspector_app.domain.frame import Curve, GreyTable, Window
from inspector_app.imaging.windowing import through_table
from inspector_app.sources.dicom.stored import number, numbers

_CURVES: dict[str, Curve] = {
    "LINEAR": "LINEAR",
    "LINEAR_EXACT": "LINEAR_EXACT",
    "SIGMOID": "SIGMOID",
}
_MOST_TEXT = 60


def modality_values(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """Stored values to those of the modality (HU for CT). Source: PS3.3 C.11.1."""
    if stored.dtype.kind not in "iu":
        return whole(apply_modality_lut(stored, dataset))
    return through_table(stored, lambda levels: whole(apply_modality_lut(levels, dataset)))


def whole(values: NDArray[Any]) -> NDArray[Any]:
    """Floating numbers that are all whole (HU, mostly) as int32; others as they are."""
    if values.dtype.kind != "f" or not np.isfinite(values).all():
        return values
    is_whole = bool((values == np.rint(values)).all()) and bool((np.abs(values) < 2**31).all())
    return values.astype(np.int32) if is_whole else values


def unit_of(dataset: Dataset) -> str:
    """Of the modality's values: "HU" for CT."""
    given = str(dataset.get("RescaleType") or "").strip()
    if given and given != "US":
        return given[:16]
    is_scaled = "RescaleIntercept" in dataset and "RescaleSlope" in dataset
    return "HU" if str(dataset.get("Modality", "")) == "CT" and is_scaled else ""


def windows_of(dataset: Dataset, *, is_signed: bool) -> tuple[Window, ...]:
    """All windows that make sense, tables first, as PS3.3 C.11.2 knows them.

    Args:
        dataset: With the frame's own facts at the top.
        is_signed: Whether any of the modality's values is below 0.
    """
    tables = list(_tables(dataset, is_signed=is_signed))
    return (*tables, *_pairs(dataset, before=len(tables)))


def padding_of(dataset: Dataset) -> tuple[float, float] | None:
    """(lowest, highest) of the modality's values that mean "nothing here".

    Source: PS3.3 C.7.5.1.1.2.
    """
    one = number(dataset.get("PixelPaddingValue"))
    if one is None:
        return None
    other = number(dataset.get("PixelPaddingRangeLimit"))
    slope, intercept = number(dataset.get("RescaleSlope")), number(dataset.get("RescaleIntercept"))
    edges = [
        edge * (1.0 if slope is None else slope) + (intercept or 0.0)
        for edge in (one, one if other is None else other)
    ]
    return min(edges), max(edges)


def without_padding(values: NDArray[Any], padding: tuple[float, float] | None) -> NDArray[Any]:
    """What lies outside the scanned circle would stretch an automatic window."""
    if padding is None:
        return values
    inside = values[(values < padding[0]) | (values > padding[1])]
    return inside if inside.size else values


def _pairs(dataset: Dataset, *, before: int) -> Iterable[Window]:
    centers, widths = (numbers(dataset.get(key)) for key in ("WindowCenter", "WindowWidth"))
    told = dataset.get("WindowCenterWidthExplanation")
    words = [told] if isinstance(told, str) else list(told or ())
    function = str(dataset.get("VOILUTFunction") or "LINEAR").strip().upper()
    curve = _CURVES.get(function)
    if curve is None:
        return
    for at, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if width <= 0 or (curve == "LINEAR" and width < 1):
            continue
        word = str(words[at]) if at < len(words) else ""
        yield Window(center, width, _named(word, at=before + at), curve)


def _tables(dataset: Dataset, *, is_signed: bool) -> Iterable[Window]:
    for at, item in enumerate(dataset.get("VOILUTSequence") or ()):
        count, first, bits = (int(entry) for entry in item.LUTDescriptor)
        count = count or 1 << 16
        if first >= 1 << 15 and is_signed:
            first -= 1 << 16
        entries = _entries(dataset, item, count=count, bits=bits)
        table = GreyTable(first, (1 << bits) - 1, entries)
        name = _named(str(item.get("LUTExplanation") or ""), at=at)
        yield Window(first + count / 2, float(count), name, "TABLE", table)


def _entries(dataset: Dataset, item: Dataset, *, count: int, bits: int) -> tuple[int, ...]:
    if not 8 <= bits <= 16:
        raise ValueError(f"a grey table of {bits} bits")
    data: Any = item.LUTData
    if isinstance(data, bytes):
        order = "<" if dataset.original_encoding[1] is not False else ">"
        kind = "u1" if bits == 8 and len(data) < 2 * count else f"{order}u2"
        data = np.frombuffer(data, kind, count)
    entries = np.atleast_1d(np.asarray(data, dtype=np.int64))[:count]
    if len(entries) < count:
        raise ValueError("the grey table is cut off")
    return tuple(entries.tolist())


def _named(word: str, *, at: int) -> str:
    word = "".join(letter for letter in word if letter.isprintable()).strip()[:_MOST_TEXT]
    return word or ("file" if at == 0 else f"file {at + 1}")
