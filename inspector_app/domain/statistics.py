"""What many inspections come to: pass rate, p-chart, Pareto, overrides, agreement.

Pure counting: the rows come from the store, the drawing is done elsewhere. Nothing is rounded.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from inspector_app.domain.kappa import cohen_kappa, fleiss_kappa

SHIFT_STARTS = (6, 14, 22)
"""Hours of the day at which shifts begin, unless a site says otherwise."""
OUTCOMES = ("PASS", "FAIL", "CHECK")
_Z95 = 1.959963984540054
# Mean moving range of two normal values, in their standard deviation. Source: ASTM E2587.
_D2 = 1.128


@dataclass(frozen=True, slots=True)
class Judged:
    """One inspection as statistics see it.

    Attributes:
        created: ISO 8601 with time zone.
        outcome: "PASS", "FAIL", "CHECK", or "" without a verdict: what the program said.
        types: Kinds of findings that still stand.
        preset: Name and version; "" for none.
        readings: (who, "PASS" | "FAIL" | "CHECK") of people, in the order they said it.
        blind: Those of them that were given before the program's findings were shown.
        tally: Of things found by both, by that reader alone, by the program alone; None where
            nobody read first.
    """

    created: str
    outcome: str
    types: tuple[str, ...] = ()
    preset: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    blind: tuple[tuple[str, str], ...] = ()
    tally: tuple[int, int, int] | None = None

    @property
    def human(self) -> str:
        """The last word of a person, or "" where nobody said one."""
        return self.readings[-1][1] if self.readings else ""

    @property
    def final(self) -> str:
        """What holds: a person's word before the program's."""
        return self.human or self.outcome


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its 95 % interval.

    Attributes:
        count: The part.
        of: The whole.
        low: Lower end, 0..1. Source: Wilson, JASA 22 (1927).
        high: Upper end.
    """

    count: int
    of: int
    low: float
    high: float

    @classmethod
    def wilson(cls, count: int, of: int) -> "Share":
        """The share with its interval; of nothing, all of 0..1."""
        if not 0 <= count <= of:
            raise ValueError(f"{count} of {of} is no share")
        if not of:
            return cls(0, 0, 0.0, 1.0)
        part, z2 = count / of, _Z95**2
        middle = (part + z2 / (2 * of)) / (1 + z2 / of)
        reach = _Z95 * math.sqrt(part * (1 - part) / of + z2 / (4 * of**2)) / (1 + z2 / of)
        # At the ends rounding must not carry the interval past its own share.
        return cls(
            count, of, max(0.0, min(middle - reach, part)), min(1.0, max(middle + reach, part))
        )

    @property
    def value(self) -> float | None:
        """0..1; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One subgroup of a p-chart.

    Attributes:
        name: Of the subgroup.
        failed: How many failed.
        inspected: Of how many, at least 1.
        low: Lower control limit, 0..1.
        high: Upper control limit.
    """

    name: str
    failed: int
    inspected: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """0..1."""
        return self.failed / self.inspected

    @property
    def is_out(self) -> bool:
        """Whether it lies outside its limits."""
        return not self.low <= self.share <= self.high


@dataclass(frozen=True, slots=True)
class Chart:
    """A p-chart: share that failed, by subgroup, with limits of three standard deviations.

    Attributes:
        center: Share of all, 0..1.
        points: One a subgroup, in order.
        spread: Factor on the binomial deviation; 1 for the plain chart, else Laney's sigma z.
    """

    center: float
    points: tuple[ChartPoint, ...]
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One kind of finding.

    Attributes:
        name: Of the kind.
        count: How often.
        cumulative: Share of this and all more frequent kinds together, 0..1.
    """

    name: str
    count: int
    cumulative: float


@dataclass(frozen=True, slots=True)
class Overrides:
    """How often people said otherwise; only inspections that somebody judged count.

    Attributes:
        false_rejects: FAIL of the program that a person called PASS, of all its FAIL.
        escapes: PASS of the program that a person called FAIL, of all its PASS.
        decided: CHECK of the program that a person decided, of all its CHECK.
    """

    false_rejects: Share
    escapes: Share
    decided: Share


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers agree beyond chance.

    Attributes:
        readers: Their names.
        subjects: How many inspections all of them judged.
        kappa: 1 is complete, 0 is chance; None where it is not defined.
    """

    readers: tuple[str, ...]
    subjects: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Firsts:
    """Readings that were given before the program's findings were shown.

    Attributes:
        count: Of inspections.
        both: Of all things found, those that both found.
        reader: Those that only the reader found.
        program: Those that only the program found.
    """

    count: int
    both: Share
    reader: Share
    program: Share


@dataclass(frozen=True, slots=True)
class Group:
    """The verdicts of one shift or preset.

    Attributes:
        name: Of the group; "" for inspections without a preset.
        counts: (PASS, FAIL, CHECK, no verdict).
        passed: Of those with a verdict.
    """

    name: str
    counts: tuple[int, int, int, int]
    passed: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the statistics window and a shift's report show.

    Attributes:
        total: All of them as one group.
        shifts: By shift, oldest first.
        presets: By preset, in alphabetical order.
        chart: p-chart by shift.
        pareto: Kinds of findings, most frequent first.
        overrides: People against the program.
        agreements: The program with each reader, each two readers (Cohen), then the program
            with all of them, and from three readers on these among themselves (Fleiss).
        firsts: First readings.
    """

    total: Group
    shifts: tuple[Group, ...]
    presets: tuple[Group, ...]
    chart: Chart
    pareto: tuple[ParetoRow, ...]
    overrides: Overrides
    agreements: tuple[Agreement, ...]
    firsts: "Firsts"


PROGRAM = "program"
"""The program's own name among the readers."""


def figures(rows: Iterable[Judged], *, starts: Sequence[int] = SHIFT_STARTS) -> Figures:
    """Count everything.

    Args:
        rows: The inspections, in any order.
        starts: Hours of the day at which shifts begin.

    Raises:
        ValueError: `starts` holds no hours, or other numbers.
    """
    judged = tuple(rows)
    shifts, presets = defaultdict(list), defaultdict(list)
    for one in judged:
        shifts[shift_of(one.created, starts=starts)].append(one)
        presets[one.preset].append(one)
    by_shift = tuple(group(name, shifts[name]) for name in sorted(shifts))
    failures = {each.name: (each.counts[1], each.passed.of) for each in by_shift if each.passed.of}
    return Figures(
        total=group("", judged),
        shifts=by_shift,
        presets=tuple(group(name, presets[name]) for name in sorted(presets)),
        chart=p_chart(failures),
        pareto=pareto(name for one in judged for name in one.types),
        overrides=overrides(judged),
        agreements=agreements(judged),
        firsts=firsts(judged),
    )


def shift_of(created: str, *, starts: Sequence[int] = SHIFT_STARTS) -> str:
    """When the shift of an inspection began, in its own time zone: "2026-03-04 06:00".

    What comes before the first start of a day belongs to the last shift of the day before;
    an unreadable time is "".
    """
    hours = sorted(set(starts))
    if not hours or hours[0] < 0 or hours[-1] > 23:
        raise ValueError(f"shifts begin at hours 0 to 23, not {starts}")
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return ""
    begun = [hour for hour in hours if hour <= at.hour]
    if not begun and at.date() == datetime.min.date():
        return ""
    day = at.date() if begun else at.date() - timedelta(days=1)
    return f"{day.isoformat()} {(begun or hours)[-1]:02d}:00"


def group(name: str, rows: Sequence[Judged]) -> Group:
    """The verdicts that hold, counted."""
    found = Counter(one.final for one in rows)
    passed, failed, check = (found[outcome] for outcome in OUTCOMES)
    judged = passed + failed + check
    return Group(name, (passed, failed, check, len(rows) - judged), Share.wilson(passed, judged))


def p_chart(subgroups: Mapping[str, tuple[int, int]], *, laney: bool = False) -> Chart:
    """Control limits for the share that failed.

    Args:
        subgroups: Name -> (failed, inspected), in order; inspected at least 1.
        laney: Widen or narrow the limits by how much the subgroups really vary, for
            subgroups so large that the binomial limits mean nothing.

    Source: NIST/SEMATECH e-Handbook 6.3.3.2; Laney, Quality Engineering 14 (2002).
    """
    failed = sum(count for count, _ in subgroups.values())
    inspected = sum(count for _, count in subgroups.values())
    if not inspected:
        return Chart(0.0, ())
    center = failed / inspected
    deviation = {
        name: math.sqrt(center * (1 - center) / count) for name, (_, count) in subgroups.items()
    }
    spread = 1.0
    if laney and len(subgroups) > 1 and 0 < center < 1:
        scores = [
            (bad / count - center) / deviation[name] for name, (bad, count) in subgroups.items()
        ]
        moves = [abs(after - before) for before, after in pairwise(scores)]
        spread = sum(moves) / len(moves) / _D2
    points = tuple(
        ChartPoint(
            name,
            bad,
            count,
            low=max(0.0, center - 3 * spread * deviation[name]),
            high=min(1.0, center + 3 * spread * deviation[name]),
        )
        for name, (bad, count) in subgroups.items()
    )
    return Chart(center, points, spread)


def pareto(names: Iterable[str]) -> tuple[ParetoRow, ...]:
    """Kinds by how often they occur, the most frequent first; equals by name."""
    counted = sorted(Counter(names).items(), key=lambda entry: (-entry[1], entry[0]))
    total, so_far, rows = sum(count for _, count in counted), 0, []
    for name, count in counted:
        so_far += count
        rows.append(ParetoRow(name, count, so_far / total))
    return tuple(rows)


def overrides(rows: Iterable[Judged]) -> Overrides:
    """People's last words against the program's."""
    pairs = Counter((one.outcome, one.human) for one in rows if one.human)

    def share(outcome: str, humans: Sequence[str]) -> Share:
        count = sum(pairs[outcome, human] for human in humans)
        of = sum(found for (said, _), found in pairs.items() if said == outcome)
        return Share.wilson(count, of)

    return Overrides(
        false_rejects=share("FAIL", ("PASS",)),
        escapes=share("PASS", ("FAIL",)),
        decided=share("CHECK", ("PASS", "FAIL")),
    )


def agreements(rows: Iterable[Judged]) -> tuple[Agreement, ...]:
    """The program and all readers: two by two, and together where there are several.

    Only what both, or all, of them judged counts.
    """
    judged = tuple(one for one in rows if one.outcome and one.readings)
    # A reader's last word about an inspection is the one that counts; but what was said before
    # the program's findings were shown goes before what was said in their sight.
    words = [{PROGRAM: one.outcome, **dict(one.readings), **dict(one.blind)} for one in judged]
    readers = sorted({name for said in words for name in said} - {PROGRAM})
    found = []
    for first, second in combinations((PROGRAM, *readers), 2):
        pairs = [(said[first], said[second]) for said in words if {first, second} <= said.keys()]
        found.append(Agreement((first, second), len(pairs), cohen_kappa(pairs)))
    for together in ((PROGRAM, *readers), tuple(readers)):
        if len(together) > 2:
            shared = [said for said in words if all(name in said for name in together)]
            table = [Counter(said[name] for name in together) for said in shared]
            found.append(Agreement(together, len(shared), fleiss_kappa(table)))
    return tuple(found)


def firsts(rows: Iterable[Judged]) -> Firsts:
    """What readers found before they were shown what the program found, and what it found."""
    tallies = [one.tally for one in rows if one.tally is not None]
    sums = [sum(tally[at] for tally in tallies) for at in range(3)]
    return Firsts(len(tallies), *(Share.wilson(part, sum(sums)) for part in sums))
