"""The golden samples of a preset, found on the disk: none is ever left out silently."""

from collections.abc import Callable
from pathlib import Path

from inspector_app.domain.errors import UnreadablePicture, WrongUse
from inspector_app.domain.frame import Frame
from inspector_app.domain.golden import Golden, GoldenSample
from inspector_app.domain.locator import split
from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.verdict import Outcome
from inspector_app.workflow.decoder import Pictures

MOST = 200
"""Samples of one check; whoever names a folder of thousands meant another one."""


def find_golden(
    golden: Golden, *, open_frame: Callable[[str], Frame], pictures: Pictures
) -> Steps[tuple[GoldenSample, ...]]:
    """Open every sample that is demanded.

    Args:
        golden: What the preset demands.
        open_frame: Opens a picture by its locator.
        pictures: Lists folders.

    Returns:
        Good ones first, each kind in the order it is named; folders in the order of their names.

    Raises:
        UnreadablePicture: one is missing or no picture.
        WrongUse: there are too few or too many of them.
    """
    wanted: list[tuple[str, Outcome]] = []
    for names, expected, word in (
        (golden.good, Outcome.PASS, "good"),
        (golden.bad, Outcome.FAIL, "bad"),
    ):
        found = [locator for name in names for locator in _locators(name, pictures=pictures)]
        least = golden.each or 1
        if len(found) < least:
            raise WrongUse(
                f"The preset demands {least} {word} golden samples, and {len(found)} are there.",
                hint="Put the pictures where the preset names them, or correct the preset.",
            )
        if len(found) > MOST and golden.each is None:
            raise WrongUse(
                f"There are {len(found)} {word} golden samples; at most {MOST} are shown.",
                hint="Say in the preset how many of each are to be shown.",
            )
        wanted += [(locator, expected) for locator in found[: golden.each]]
    samples = []
    for at, (locator, expected) in enumerate(wanted):
        yield Step("open", at, len(wanted))
        frame = open_frame(locator)
        is_deep = frame.values is not None
        samples.append(
            GoldenSample(locator, expected, frame.size, is_deep, frame.provenance.sha256)
        )
    _refuse_twins(samples)
    return tuple(samples)


def _locators(name: str, *, pictures: Pictures) -> tuple[str, ...]:
    path, _number = split(name)
    if Path(path).is_dir():
        return tuple(pictures.list_pictures(path))
    if not Path(path).exists():
        raise UnreadablePicture(
            f'The golden sample "{name}" is missing.',
            hint="Put it there, or correct the preset.",
        )
    return (name,)


def _refuse_twins(samples: list[GoldenSample]) -> None:
    """The same picture cannot be good and bad.

    Raises:
        WrongUse: one is.
    """
    good = {one.sha256 for one in samples if one.expected is Outcome.PASS}
    for one in samples:
        if one.expected is Outcome.FAIL and one.sha256 in good:
            raise WrongUse(
                f'The golden sample "{Path(one.picture).name}" is named as good and as bad.',
                hint="Correct the preset.",
            )
