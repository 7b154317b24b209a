"""How far a run is: cells (head x training seed x condition) done, begun and left, and the rates so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.report.inventory import CONTROL, Asked
from para_bench.report.rollcall import newest
from para_bench.report.roster import ConditionKey
from para_bench.report.statistics.rates import Interval, wilson
from para_bench.report.statistics.seeds import t_interval


class Rate(NamedTuple):
    """Successes k of n episodes so far, and the interval of the rate over scenes; all of [0, 1] for fewer than two."""

    k: int
    n: int
    interval: Interval


@dataclass(frozen=True)
class HeadProgress:
    """Progress of one head in one split; its rates are of unfinished cells, and belong in no table."""

    split: str
    head: str
    done: int
    """Cells with all of their episodes."""
    begun: int
    """Cells with some of them."""
    left: int
    """Cells with none."""
    episodes: tuple[int, int]
    """Episodes on record, episodes asked for."""
    control: Rate
    """Success in distribution."""
    shifted: Rate
    """Success in all other conditions."""
    seconds_left: float | None
    """Time to roll out the missing episodes at the pace so far, without training; None where no episode is on record."""


def measure(run: Asked, records: Iterable[EpisodeRecord], said: Description | None) -> list[HeadProgress]:
    """One row a head, over the split's conditions; without a description, over those found so far, each with all episodes."""
    found = [r for r in newest(records, (run.split,) if said and said.apart else ()) if r.split == run.split]
    known = said.scenes(run.episodes) if said else {}
    scenes: Mapping[ConditionKey, Sequence[int]] = known or {(r.condition, r.level): range(run.episodes) for r in found}
    wanted = {condition: frozenset(indices) for condition, indices in scenes.items()}
    there: dict[tuple[str, int, ConditionKey], dict[int, EpisodeRecord]] = {}
    for r in found:
        if r.scene_index in wanted.get((r.condition, r.level), ()):
            there.setdefault((r.head, r.train_seed, (r.condition, r.level)), {})[r.scene_index] = r
    pace = _mean([r.seconds for r in found])
    rows = []
    for head in (*run.heads, *run.references):
        seeds = run.seeds if head in run.heads else (0,)
        cells = {(seed, c): list(there.get((head, seed, c), {}).values()) for seed in seeds for c in scenes}
        sizes = [(len(own), len(wanted[condition])) for (_, condition), own in cells.items()]
        episodes, total = sum(n for n, _ in sizes), sum(n for _, n in sizes)
        own_pace = _mean([r.seconds for own in cells.values() for r in own]) or pace
        rows.append(
            HeadProgress(
                run.split,
                head,
                done=sum(n == all_of_it for n, all_of_it in sizes),
                begun=sum(0 < n < all_of_it for n, all_of_it in sizes),
                left=sum(n == 0 for n, _ in sizes),
                episodes=(episodes, total),
                control=_count([r for (_, c), own in cells.items() if c == CONTROL for r in own]),
                shifted=_count([r for (_, c), own in cells.items() if c != CONTROL for r in own]),
                seconds_left=0.0 if episodes == total else None if own_pace is None else (total - episodes) * own_pace / run.workers,
            )
        )
    return rows


def _count(records: Sequence[EpisodeRecord]) -> Rate:
    """Episodes of one scene resemble each other, so the interval is over scene means where scenes were met more than once."""
    scenes: dict[int, list[bool]] = {}
    for r in records:
        scenes.setdefault(r.scene_index, []).append(r.success_at_end)
    k, n = sum(map(sum, scenes.values())), len(records)
    if len(scenes) < 2:
        return Rate(k, n, Interval(0.0, 1.0))
    interval = wilson(k, n)
    if n > len(scenes):
        interval = interval.hull(t_interval(np.array([sum(own) / len(own) for own in scenes.values()])))
    return Rate(k, n, interval)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
