"""The rates that the pages show: each with its count and interval, or the count alone where episodes are missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from para_bench.report.axes import by_level
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import ConditionKey
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.statistics.floors import gap_is_printed
from para_bench.report.statistics.rates import Estimate, bracket


@dataclass(frozen=True)
class RateCell:
    """One head in one condition, or in all levels of one."""

    head: str
    k: int
    """Successes found."""
    n: int
    """Episodes found."""
    wanted: int
    """Episodes asked for."""
    rate: Estimate | None
    """None where episodes are missing: they may be missing for a reason that biases the rate."""
    gap: Estimate | None = None
    """Control minus this on the same scenes; None in the control and where episodes are missing."""

    @property
    def count(self) -> str:
        """ "96/100"; "37 of 100 episodes" where some are missing; empty where the head has not met the condition."""
        if self.n == 0:
            return ""
        return f"{self.k}/{self.n}" if self.n == self.wanted else f"{self.n} of {self.wanted} episodes"

    @property
    def rate_text(self) -> str:
        return bracket(*self.rate[:3]) if self.rate else ""

    @property
    def gap_text(self) -> str:
        return bracket(*self.gap[:3]) if self.gap else ""


def cell(
    results: SplitEpisodes,
    head: str,
    members: Sequence[ConditionKey],
    control: ConditionKey = CONTROL,
    among: Collection[int] | None = None,
) -> RateCell:
    """A head in one condition (one member) or in levels of one pooled; `among`: in these scenes alone."""
    train_seeds = results.expected.seeds[head]
    scenes = [tuple(i for i in results.expected.indices(member) if among is None or i in among) for member in members]
    found = [record for member in members for (_, i), record in results.found(head, member).items() if among is None or i in among]
    k, wanted = sum(r.success_at_end for r in found), len(train_seeds) * sum(map(len, scenes))
    if not found or len(found) != wanted:
        return RateCell(head, k, len(found), wanted, None)
    levels = [_outcomes(results, head, member, indices) for member, indices in zip(members, scenes, strict=True)]
    shared = len(set(scenes)) == 1
    outcomes = by_level(levels, shared)
    indices = list(scenes[0]) if shared else [i for part in scenes for i in part]
    gap = None if tuple(members) == (control,) else _gap(results, head, outcomes, indices, control)
    return RateCell(head, k, len(found), wanted, results.methods.rate(results.nested(head, outcomes)), gap)


def control_beside(results: SplitEpisodes, head: str, members: Sequence[ConditionKey]) -> RateCell | None:
    """The head's control in the scenes of these conditions, which may be some of the control's; None where they share none."""
    control = results.expected.description.control
    among = set(results.expected.indices(control)).intersection(i for member in members for i in results.expected.indices(member))
    return cell(results, head, (control,), control, among) if among else None


def _gap(results: SplitEpisodes, head: str, outcomes: np.ndarray, indices: list[int], control: ConditionKey) -> Estimate | None:
    """Gap over the scene indices that the control has too; outcomes (S, C, N)."""
    known = set(results.expected.indices(control))
    places = [place for place, index in enumerate(indices) if index in known]
    found, train_seeds = results.found(head, control), results.expected.seeds[head]
    if not places or any((seed, indices[place]) not in found for seed in train_seeds for place in places):
        return None
    reference = _outcomes(results, head, control, [indices[place] for place in places])[:, None]
    shifted = outcomes[..., places]
    if results.methods.nests and not gap_is_printed(float(reference.mean())):
        return None
    return results.methods.gap(results.nested(head, reference), results.nested(head, shifted)).estimate


def _outcomes(results: SplitEpisodes, head: str, condition: ConditionKey, indices: Sequence[int]) -> np.ndarray:
    """Shape (S, N), bool."""
    found = results.found(head, condition)
    return np.array([[found[seed, i].success_at_end for i in indices] for seed in results.expected.seeds[head]], bool)
