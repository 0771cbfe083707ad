"""A figure of the size study: accuracy of every arm with its interval, a panel a cell."""

from inspector_app.workflow.bench.arms import CONTROLS
from inspector_app.workflow.bench.drawing import line, marker, sheet, text
from inspector_app.workflow.bench.size_table import BIN_WORDS, SHORT, SizeBench, SizeCell

_ROW, _HEAD, _FOOT, _NAMES, _WIDE, _GAP = 20, 44, 26, 210, 260, 26
_FAINT, _STRATEGY, _CONTROL = "#cccccc", "#1b6ca8", "#9a5b13"
_PER_ROW = 3


def svg(bench: SizeBench) -> str:
    """The drawing."""
    cells, arms = bench.cells, bench.arms
    panel_wide, panel_high = _NAMES + _WIDE + _GAP, _HEAD + _ROW * len(arms) + _FOOT
    cols = min(_PER_ROW, len(cells))
    rows = -(-len(cells) // cols)
    width, height = cols * panel_wide + _GAP, rows * panel_high + 62
    said = [
        text(_GAP, 24, f"Right answers by size: {bench.model}, {bench.study}", size=16),
        text(_GAP, 42, f"95 % intervals; seed {bench.seed}; {bench.machine}", size=10),
    ]
    for number, cell in enumerate(cells):
        row, col = divmod(number, cols)
        said += _panel(cell, arms, left=_GAP + col * panel_wide, top=54 + row * panel_high)
    return sheet(width, height, said)


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
    dot = marker(x, y, colour=colour, is_round=name not in CONTROLS)
    return [line(x0, y, x1, y, colour=colour, wide=1.6), dot]
