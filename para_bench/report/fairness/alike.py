"""Whether a test may compare two heads of one split: the same trainings, and nothing else that differs but the head."""

from __future__ import annotations

from collections.abc import Sequence

from para_bench.report.fairness.differences import differences, pairs
from para_bench.report.roster import Roster


def unlike(roster: Roster, head: str, other: str) -> tuple[str, ...]:
    """What two heads were not given alike, in words; nothing where a test may compare them, and where one learns nothing."""
    if not (roster.learns(head) and roster.learns(other)):
        return ()
    seeds, others = (list(roster.expected.seeds[name]) for name in (head, other))
    if seeds != others:
        return (f"training seeds {seeds} against {others}",)
    if roster.sets(head) != roster.sets(other):
        return (f"demonstration sets {roster.sets(head)} against {roster.sets(other)}",)
    return differences(pairs(roster, head, roster, other, roster.facts)).unfair


def first_unlike(roster: Roster, heads: Sequence[str]) -> str:
    """ "para against act: steps 1,600 against 800" of the first two heads that differ; empty where all are alike."""
    first, *rest = heads
    return next((f"{first} against {other}: {', '.join(told)}" for other in rest if (told := unlike(roster, first, other))), "")
