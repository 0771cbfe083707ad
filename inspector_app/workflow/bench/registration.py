"""How exactly a part that moved is found, and whether a wrong one is refused.

Every case draws its own part, table, movement, blur and glare (`training.scene_shots`) and goes
through the very registration and limits that users get.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import cv2
import numpy as np

from inspector_app.domain.messages import Step, Steps
from inspector_app.domain.rule import Travel
from inspector_app.imaging.registration import ERROR_SIDE, prepare, register
from inspector_app.training.scene_shots import WRONG, Kind, make_shots

GOOD_ERROR = 2.0
"""Pixels at 2,000 that a part found may be off."""
_AIM_EXACT, _AIM_REFUSED = 0.95, 0.995
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One pair of pictures.

    Attributes:
        seed: Draws it again.
        kind: "same", or what lay there instead.
        is_accepted: Whether the verdict's limits let the placement pass.
        error: Largest distance of a part's corner from the truth, in pixels at 2,000; None
            where nothing was found, or the part is another one.
        told: The error that the registration itself tells; None where nothing was found.
        score: That it tells; 0 where nothing was found.
        method: How it was found; "" where it was not.
    """

    seed: int
    kind: str
    is_accepted: bool
    error: float | None
    told: float | None
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class RegistrationBench:
    """All cases of one run."""

    cases: tuple[Case, ...]

    @property
    def exact(self) -> float:
        """Part of the right parts that were accepted and off by at most 2 px, 0..1."""
        right = [case for case in self.cases if case.kind == "same"]
        good = [one for one in right if one.is_accepted and (one.error or 0.0) <= GOOD_ERROR]
        return len(good) / len(right) if right else float("nan")

    @property
    def misled(self) -> int:
        """Right parts that were accepted although they were off by more than 2 px."""
        return sum(
            case.kind == "same" and case.is_accepted and (case.error or 0.0) > GOOD_ERROR
            for case in self.cases
        )

    def refused(self, kind: str = "") -> float:
        """Part of the wrong parts that were refused, 0..1; of one kind, or of all."""
        wrong = [case for case in self.cases if case.kind in ({kind} if kind else WRONG)]
        return sum(not case.is_accepted for case in wrong) / len(wrong) if wrong else float("nan")

    def lines(self) -> list[str]:
        """For the terminal."""
        right = [case for case in self.cases if case.kind == "same"]
        errors = sorted(case.error for case in right if case.error is not None)
        wrong = [case for case in self.cases if case.kind != "same"]
        methods = sorted({case.method for case in right if case.method})
        lines = [
            f"Registration: {len(right)} right parts, {len(wrong)} wrong ones; shifts of up to "
            "20 %, turns of 15 degrees, scales of 10 %, blur and glare"
        ]
        if errors:
            middle, most = (float(np.quantile(errors, share)) for share in (0.5, 0.95))
            by = ", ".join(f"{one} {sum(c.method == one for c in right)}" for one in methods)
            lines += [
                f"  off by at most {GOOD_ERROR:g} px at {ERROR_SIDE}: {self.exact:.1%} "
                f"(aim {_AIM_EXACT:.0%}); median {middle:.2f} px, 95 % within {most:.2f} px",
                f"  accepted although off by more: {self.misled}; found by {by}",
            ]
        if wrong:
            kinds = [kind for kind in WRONG if any(case.kind == kind for case in wrong)]
            by = ", ".join(f"{kind} {self.refused(kind):.1%}" for kind in kinds)
            lines.append(
                f"  wrong parts refused: {self.refused():.1%} (aim {_AIM_REFUSED:.1%}); {by}; "
                f"highest score of a wrong one {max(case.score for case in wrong):.2f}, "
                f"lowest of a right one {min((case.score for case in right), default=0):.2f}"
            )
        return lines

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "cases": [
                {
                    "seed": case.seed,
                    "kind": case.kind,
                    "is_accepted": case.is_accepted,
                    "error_px": case.error,
                    "told_error_px": case.told,
                    "score": case.score,
                    "method": case.method,
                }
                for case in self.cases
            ],
            "exact": _number(self.exact),
            "accepted_although_off": self.misled,
            "refused": _number(self.refused()),
        }


def run(
    *, cases: int = 500, wrong: int = 500, seed: int = 0, processes: int = 1
) -> Steps[RegistrationBench]:
    """Measure.

    Args:
        cases: Right parts.
        wrong: Wrong ones, of each kind in turn.
        seed: Other seeds draw other cases.
        processes: Worked through at the same time; the figures do not depend on it.
    """
    wanted: list[tuple[int, Kind]] = [(seed * 1_000_000 + n, "same") for n in range(cases)]
    wanted += [(seed * 1_000_000 + n, WRONG[n % len(WRONG)]) for n in range(wrong)]
    found: dict[int, list[Case]] = {}
    yield Step("registration", 0, len(wanted))
    for at, part in _each(wanted, processes=processes):
        found[at] = part
        yield Step("registration", sum(map(len, found.values())), len(wanted))
    return RegistrationBench(tuple(case for at in sorted(found) for case in found[at]))


def _each(wanted: list[tuple[int, Kind]], *, processes: int) -> Iterator[tuple[int, list[Case]]]:
    """The cases of each range, with its beginning, in the order they are done."""
    starts = range(0, len(wanted), _AT_ONCE)
    if processes <= 1:
        for at in starts:
            yield at, measured(wanted[at : at + _AT_ONCE])
        return
    with ProcessPoolExecutor(min(processes, os.cpu_count() or 1), get_context("spawn")) as pool:
        waiting: dict[Future[list[Case]], int] = {
            pool.submit(measured, wanted[at : at + _AT_ONCE]): at for at in starts
        }
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def measured(wanted: list[tuple[int, Kind]]) -> list[Case]:
    """A range of (seed, kind), in one process."""
    cv2.setNumThreads(1)
    return [_measured(seed, kind) for seed, kind in wanted]


def _measured(seed: int, kind: Kind) -> Case:
    shots = make_shots(seed=seed, kind=kind)
    found = register(prepare(shots.template), shots.picture)
    if found is None:
        return Case(seed, kind, False, None, None, 0.0, "")
    error = None
    if kind == "same":
        scale = ERROR_SIDE / max(shots.picture.shape)
        error = shots.error(np.array(found.matrix)) * scale
    is_accepted = found.doubt(Travel()) is None
    return Case(seed, kind, is_accepted, error, found.error, found.score, found.method)


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
