"""What the first paragraph of the site says of its records: counts, and what all heads share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from para_bench.records import EpisodeRecord
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.site import searched
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.tables import features_seen
from para_bench.types import REPLAN_STEPS


def lead(splits: Sequence[SplitEpisodes], learned: Sequence[str], given: Sequence[PolicyFacts] = ()) -> dict[str, object]:
    """Values of the paragraph's template."""
    by_split = [[record for condition in results.conditions for record in results.all(condition)] for results in splits]
    found = [record for records in by_split for record in records]
    trained = [record for record in found if record.checkpoint_hash]
    backbones = {record.backbone for record in trained}
    seen = {name for results in splits for name in results.expected.description.seen_renderer}
    return {
        "version": ", ".join(sorted({record.suite_version for record in found})),
        "episodes": len(found),
        "policies": len({(record.head, record.checkpoint_hash) for record in trained}),
        "heads": len(learned),
        "splits": len(splits),
        "looks": max((math.ceil(r.steps / (r.replan_steps or REPLAN_STEPS)) for r in trained or found), default=0),
        "same_demos": all(map(_same_demos, by_split)) and _same_sets(found),
        "same_scenes": len({frozenset((r.split, r.condition, r.level) for r in found if r.head == head) for head in learned}) <= 1,
        "searched": searched.sentence(given, learned),
        "same_features": len(backbones) == 1,
        "features": features_seen.sentence(sorted(backbones), seen).strip(),
        "retrained": any(results.expected.description.apart for results in splits),
    }


def _same_demos(records: Iterable[EpisodeRecord]) -> bool:
    """Whether the trained heads of a split were trained on the same demonstrations, condition by condition."""
    sets: dict[str, set[tuple]] = {}
    for r in records:
        if r.checkpoint_hash:
            sets.setdefault(r.head, set()).add((r.condition, r.level, r.demos, r.demo_seed))
    return len(set(map(frozenset, sets.values()))) <= 1


def _same_sets(records: Iterable[EpisodeRecord]) -> bool:
    """Whether the trained heads share their demonstrations over all splits: one may have further trainings in a split that others lack."""
    sets: dict[str, set[tuple]] = {}
    for r in records:
        if r.checkpoint_hash:
            sets.setdefault(r.head, set()).add((r.demos, r.demo_seed))
    return len(set(map(frozenset, sets.values()))) <= 1
