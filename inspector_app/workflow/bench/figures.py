"""What a benchmark of the engine found, for people and for machines."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from inspector_app.domain.inspection import Passes


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm over all turns.

    Attributes:
        name: Of the arm.
        seconds: Median over the turns.
        fastest: Of all turns.
        slowest: Of all turns.
        stages: Median seconds by stage.
        passes: Work done in one turn; None where it is not counted.
        peak_bytes: Memory needed beyond the weights; None where not measured.
    """

    name: str
    seconds: float
    fastest: float
    slowest: float
    stages: dict[str, float]
    passes: Passes | None
    peak_bytes: int | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number with its target.

    Attributes:
        name: What is divided by what.
        value: Median over the turns.
        target: To be reached; None where there is none.
        at_most: Whether smaller is better.
    """

    name: str
    value: float
    target: float | None
    at_most: bool

    @property
    def is_met(self) -> bool:
        """Whether the target is reached; so it is where there is none."""
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def line(self) -> str:
        """For the terminal."""
        sign, met = "<=" if self.at_most else ">=", "yes" if self.is_met else "NO"
        target = "" if self.target is None else f"  target {sign} {self.target}: {met}"
        return f"{self.name:<64}{self.value:>7.2f}{target}"


def plain_values(bench: Any, *, judged: str = "ratios") -> dict[str, Any]:
    """What a bench found, for JSON.

    Args:
        bench: A dataclass.
        judged: Its field of numbers with targets: each also says whether its target is met.
    """
    plain = dataclasses.asdict(bench)
    for one, values in zip(getattr(bench, judged), plain[judged], strict=True):
        values["is_met"] = one.is_met
    return plain


@dataclass(frozen=True, slots=True)
class EngineBench:
    """Everything that was measured in one run.

    Attributes:
        machine: Where.
        layout: Of the network.
        turns: How often every arm ran.
        arms: In order of running.
        ratios: With their targets.
        map_errors: Largest difference of the engine's map from the plain one, relative to
            the largest plain value: for relative and gradient attention.
        same_answers: Whether whole and zoomed answers were identical in both procedures.
        same_regions: Whether both chose the same crops.
        memory: How memory was measured; "" where it was not.
    """

    machine: str
    layout: str
    turns: int
    arms: tuple[Arm, ...]
    ratios: tuple[Ratio, ...]
    map_errors: tuple[float, float]
    same_answers: bool
    same_regions: bool
    memory: str

    def lines(self) -> list[str]:
        """For the terminal."""
        said = [f"Machine: {self.machine}", f"Network: {self.layout}; {self.turns} turns", ""]
        said.append(f"{'arm':<32}{'seconds':>9}{'range':>16}{'peak MB':>9}  stages (ms)")
        for arm in self.arms:
            peak = "" if arm.peak_bytes is None else f"{arm.peak_bytes / 1e6:.0f}"
            spread = f"{arm.fastest:.2f} - {arm.slowest:.2f}"
            stages = ", ".join(f"{name} {1e3 * took:.0f}" for name, took in arm.stages.items())
            said.append(f"{arm.name:<32}{arm.seconds:>9.2f}{spread:>16}{peak:>9}  {stages}")
        said.append("")
        said += [ratio.line for ratio in self.ratios]
        relative, gradient = self.map_errors
        said += [
            "",
            f"Maps differ by {relative:.0e} (relative) and {gradient:.0e} (gradient) "
            "of their peak; "
            f"answers {'identical' if self.same_answers else 'DIFFER'}, "
            f"crops {'identical' if self.same_regions else 'DIFFER'}.",
        ]
        if self.memory:
            said.append(f"Memory: {self.memory}.")
        return said

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return plain_values(self)
