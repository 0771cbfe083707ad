"""Statistics in words: rows for reports, the command line and the window."""

from inspector_app.domain.statistics import Agreement, Figures, Group, Share
from inspector_app.domain.summary import Say, english


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


def override_rows(found: Figures, *, say: Say = english) -> tuple[tuple[str, str], ...]:
    """How often people said otherwise."""
    said = found.overrides
    return (
        (say("Called good after FAIL"), share_words(said.false_rejects)),
        (say("Called bad after PASS"), share_words(said.escapes)),
        (say("Decided after CHECK"), share_words(said.decided)),
    )


def agreement_row(found: Agreement, *, say: Say = english) -> tuple[str, str]:
    """Who, and how far they agree."""
    readers = ", ".join((say(found.readers[0]), *found.readers[1:]))
    kappa = say("not defined") if found.kappa is None else f"{found.kappa:.2f}"
    words = say("{kappa} over {count} inspections").format(kappa=kappa, count=found.subjects)
    return readers, words
