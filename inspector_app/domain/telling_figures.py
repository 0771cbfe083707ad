"""Statistics in words: rows for reports, the command line and the window."""

from inspector_app.domain.statistics import Agreement, Figures, Group, ParetoRow, Share
from inspector_app.domain.summary import Say, english

PARETO_HEAD = "Count (cumulative share)"
"""Stands above `pareto_words`."""


def share_words(share: Share) -> str:
    """Per cent with the counts and the 95 % interval; "-" of nothing."""
    if share.value is None:
        return "-"
    ends = f"{100 * share.low:.1f}-{100 * share.high:.1f}"
    return f"{100 * share.value:.1f} % ({share.count}/{share.of}; {ends})"


def group_row(group: Group, *, say: Say = english) -> tuple[str, ...]:
    """Name, inspected, PASS, FAIL, CHECK, no verdict, share that passed."""
    counts = tuple(str(count) for count in group.counts)
    return (
        group.name or say("without a preset"),
        str(sum(group.counts)),
        *counts,
        share_words(group.passed),
    )


def pareto_words(row: ParetoRow) -> str:
    """How many of a kind, and the share of this and all more frequent kinds together.

    The column's head says so: `PARETO_HEAD`.
    """
    return f"{row.count} ({100 * row.cumulative:.0f} %)"


def override_rows(found: Figures, *, say: Say = english) -> tuple[tuple[str, str], ...]:
    """How often people said otherwise, and what they found before they could know better."""
    said = found.overrides
    return (
        (say("Called good after FAIL"), share_words(said.false_rejects)),
        (say("Called bad after PASS"), share_words(said.escapes)),
        (say("Decided after CHECK"), share_words(said.decided)),
        *_first_rows(found, say=say),
    )


def _first_rows(found: Figures, *, say: Say) -> tuple[tuple[str, str], ...]:
    """What was found before the program's findings were shown; empty where nobody read first."""
    said = found.firsts
    if not said.count:
        return ()
    return (
        (say("Read before the program's findings were shown"), str(said.count)),
        (say("Found by both"), share_words(said.both)),
        (say("Found only by the reader"), share_words(said.reader)),
        (say("Found only by the program"), share_words(said.program)),
    )


def agreement_row(found: Agreement, *, say: Say = english) -> tuple[str, str]:
    """Who, and how far they agree."""
    readers = ", ".join((say(found.readers[0]), *found.readers[1:]))
    kappa = say("not defined") if found.kappa is None else f"{found.kappa:.2f}"
    words = say("{kappa} over {count} inspections").format(kappa=kappa, count=found.subjects)
    return readers, words
