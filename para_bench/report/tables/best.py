"""The best head of each condition, named only where the declared test says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from para_bench.report.fairness.alike import first_unlike
from para_bench.report.roster import ConditionKey, Roster, groups
from para_bench.report.statistics.families import ALPHA, holm


@dataclass(frozen=True)
class Best:
    """Winners of one table."""

    heads: dict[ConditionKey, str]
    """By (condition, level) of the row; conditions without a winner are left out."""
    tests: int
    """Size of the declared family; 0 where nothing could be compared."""
    note: str
    """Meaning of the mark, for the caption."""


def best_heads(roster: Roster, heads: Sequence[str]) -> Best:
    """In every condition, the head of the highest rate if it beats every other of `heads` on the same scenes.

    The family is that head against each other head, over all conditions, Holm-adjusted. The tests are two-sided and all of a
    condition's must reject, so that picking the highest rate first makes no false claim more likely than ALPHA.
    """
    trained = {head: tuple(roster.expected.seeds[head]) for head in heads}
    if len(heads) < 2:
        return Best({}, 0, "")
    if len(set(trained.values())) > 1:
        return Best({}, 0, f"No head is marked as best: training seeds differ ({_seeds(trained)})")
    if told := first_unlike(roster, heads):
        return Best({}, 0, f"No head is marked as best, since more differs than the head: {told}")
    rows, leaders = groups(roster.expected), {}
    family: list[tuple[ConditionKey, float]] = []
    for group in rows:
        outcomes = {head: roster.units(head, group) for head in heads}
        leader = max(heads, key=lambda head: outcomes[head].mean())
        leaders[group.condition, group.level] = leader
        ps = [roster.methods.compare(outcomes[leader], outcomes[other]).p for other in heads if other != leader]
        family += [((group.condition, group.level), p) for p in ps]
    lost = {key for (key, _), p in zip(family, holm([p for _, p in family]), strict=True) if p > ALPHA}
    test = roster.methods.declared(len(trained[heads[0]]), max(roster.sets(head) for head in heads))
    note = (
        f"Bold: beats every other trained head on the same scenes ({test}; Holm over the {len(family)} tests of this table, "
        f"{100 * ALPHA:g} %); none bold means not resolved"
    )
    return Best({key: head for key, head in leaders.items() if key not in lost}, len(family), note)


def _seeds(trained: dict[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{head} {len(found)}" for head, found in trained.items())
