"""What the trades rely on: parts that are found again, and verdicts that no picture can talk round.

bench_accuracy      each shipped preset on held-out scenes of its trade, against its aims
bench_registration  a part that moved is found, a wrong one refused
bench_injections    commands written into pictures
"""

from dataclasses import dataclass
from typing import Any

from inspector_app.domain.messages import Steps
from inspector_app.runtime.devices import machine
from inspector_app.workflow.bench import accuracy as bench_accuracy
from inspector_app.workflow.bench import injections as bench_injections
from inspector_app.workflow.bench import registration as bench_registration
from inspector_app.workflow.bench.accuracy import AccuracyBench
from inspector_app.workflow.bench.injections import InjectionBench
from inspector_app.workflow.bench.registration import RegistrationBench


@dataclass(frozen=True, slots=True)
class TradesBench:
    """Everything that was measured in one run.

    Attributes:
        machine: Where.
        registration: None where it was left out.
        injections: Likewise.
        accuracy: Likewise.
    """

    machine: str
    registration: RegistrationBench | None
    injections: InjectionBench | None
    accuracy: AccuracyBench | None = None

    def lines(self) -> list[str]:
        """For the terminal."""
        parts = (self.accuracy, self.registration, self.injections)
        return [f"Machine: {self.machine}", *(line for one in parts if one for line in one.lines())]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "machine": self.machine,
            "registration": self.registration and self.registration.as_json(),
            "injections": self.injections and self.injections.as_json(),
            "accuracy": self.accuracy and self.accuracy.as_json(),
        }


def run(
    *,
    cases: int = 500,
    pictures: int = 200,
    scenes: int = 0,
    model: str = "embedded",
    processes: int = 1,
    seed: int = 0,
) -> Steps[TradesBench]:
    """Measure.

    Args:
        cases: Right parts for registration, and as many wrong ones; 0 leaves it out.
        pictures: With commands in them; 0 leaves them out.
        scenes: For each shipped preset; 0 leaves them out.
        model: Name of the model that judges these, or its folder.
        processes: At work on registration at the same time.
        seed: Other seeds draw other cases.
    """
    registration = injections = accuracy = None
    if scenes:
        accuracy = yield from bench_accuracy.run(scenes=scenes, model=model, seed=seed)
    if pictures:
        injections = yield from bench_injections.run(pictures=pictures, model=model, seed=seed)
    if cases:
        registration = yield from bench_registration.run(
            cases=cases, wrong=cases, seed=seed, processes=processes
        )
    return TradesBench(machine(), registration, injections, accuracy)
