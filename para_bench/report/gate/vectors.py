"""From records to the outcome vectors of a baseline, refused where any episode is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from para_bench.records import EpisodeRecord
from para_bench.report.gate.baselines import SceneSet, TrainingFacts, Vector, indices_text, scene_digest
from para_bench.report.rollcall import call
from para_bench.report.roster import ConditionKey, Expected, Roster
from para_bench.types import ParaBenchError


def vectors(
    records: Sequence[EpisodeRecord], split: str, seeds: Mapping[str, Sequence[int]], scenes: Mapping[ConditionKey, Sequence[int]]
) -> tuple[list[Vector], list[SceneSet], dict[str, TrainingFacts]]:
    """Outcomes of one split.

    Args:
        records: Of one checkpoint for each head and training seed.
        split: The split.
        seeds: Training seeds of each head.
        scenes: Scene indices of each condition and level.

    Raises:
        ParaBenchError: episodes are missing or contradict each other.
    """
    roster = call([r for r in records if r.split == split], Expected(seeds, scenes))
    found = [
        Vector(head, seed, own[0].checkpoint_hash, split, *key, "".join("01"[r.success_at_end] for r in own))
        for (head, key), episodes in roster.episodes.items()
        for seed, own in zip(seeds[head], episodes, strict=True)
    ]
    any_head = next(iter(seeds))
    sets = []
    for key in scenes:
        pairs = [(r.scene_index, r.scene_hash) for r in roster.episodes[any_head, key][0]]
        sets.append(SceneSet(split, *key, indices_text([i for i, _ in pairs]), scene_digest(pairs)))
    first, *_ = scenes
    return found, sets, {head: _facts(roster, head, first) for head in seeds}


def _facts(roster: Roster, head: str, key: ConditionKey) -> TrainingFacts:
    looks = {r.replan_steps for (name, _), rows in roster.episodes.items() if name == head for row in rows for r in row}
    if len(looks) > 1:
        raise ParaBenchError(f"records of {head} look after {', '.join(map(str, sorted(looks, key=str)))} waypoints; allowed: one number")
    return TrainingFacts(roster.backbones[head], roster.demos[head, key], looks.pop())
