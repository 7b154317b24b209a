"""The check of records against a baseline: one finding for each gated cell and layer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from para_bench.records import EpisodeRecord
from para_bench.report.gate.baselines import FIXED, RETRAINED, Baseline, SceneSet, Vector, WatchedCell, outcome_array
from para_bench.report.gate.vectors import vectors
from para_bench.report.gate.verdict import HELD, Flip, confidences, family_gate, flips
from para_bench.report.rollcall import newest
from para_bench.report.statistics import retraining, seeds
from para_bench.report.statistics.rates import Estimate, Interval
from para_bench.types import ParaBenchError

Key = tuple[int, str, str, int]
"""Training seed, condition, level and scene index of an episode."""


@dataclass(frozen=True)
class Finding:
    """The verdict on one cell in one layer."""

    layer: str
    """`fixed` or `retrained`."""
    cell: WatchedCell
    verdict: str
    reference: tuple[int, int, int]
    """Successes, episodes and training seeds of the baseline."""
    found: tuple[int, int, int]
    """The same of the records."""
    change: Estimate
    """New rate minus the baseline's; its two bounds err with probability alpha each."""
    flips: tuple[Flip[Key], ...] = ()
    """Episodes of the same checkpoint that ended otherwise; the key is (training seed, condition, level, scene index)."""


def check(baseline: Baseline, records: Sequence[EpisodeRecord], layers: Collection[str]) -> list[Finding]:
    """All findings, fixed layer first.

    Raises:
        ParaBenchError: episodes are missing, or are not the baseline's: other suite version, scenes, backbone or demonstrations.
    """
    unknown = [layer for layer in layers if layer not in baseline.layers]
    if unknown or not layers:
        raise ParaBenchError(f"layers to check are {list(layers)}; allowed: those of the baseline, {', '.join(baseline.layers)}")
    golden = {v.checkpoint_hash for v in baseline.fixed}
    findings = []
    for layer in (FIXED, RETRAINED):
        if layer not in layers:
            continue
        fixed = layer == FIXED
        kept = {head: sorted({v.train_seed for v in baseline.fixed if v.head == head}) for head in baseline.heads}
        wanted = kept if fixed else {head: list(baseline.retrain) for head in baseline.heads}
        own = [r for r in records if r.train_seed in wanted.get(r.head, ()) and r.split in baseline.splits]
        chosen = [r for r in own if (r.checkpoint_hash in golden) == fixed]
        try:
            found = _comparable(baseline, newest(chosen), wanted)
        except ParaBenchError as error:
            raise ParaBenchError(f"{layer} layer: {error}") from None
        reference = baseline.fixed if fixed else baseline.retrained
        family = len(baseline.cells) * len(layers)
        findings += [_finding(layer, baseline, cell, reference, found, family) for cell in baseline.cells]
    return findings


def _comparable(baseline: Baseline, records: list[EpisodeRecord], wanted: dict[str, list[int]]) -> list[Vector]:
    """The vectors of the records, of exactly the baseline's scenes."""
    versions = {r.suite_version for r in records} - {baseline.suite_version}
    if versions:
        raise ParaBenchError(f"records of suite version {', '.join(sorted(versions))}; allowed: the baseline's {baseline.suite_version}")
    found: list[Vector] = []
    for split in baseline.splits:
        cells = [cell for cell in baseline.cells if cell.split == split]
        for head in dict.fromkeys(cell.head for cell in cells):
            expected = {s.key: s for cell in cells if cell.head == head for s in baseline.scene_sets(cell)}
            scenes = {key: s.numbers for key, s in expected.items()}
            new, sets, training = vectors(records, split, {head: wanted[head]}, scenes)
            _refuse_others(sets, expected)
            if not training[head].agrees(baseline.heads[head]):
                raise ParaBenchError(f"records of {head} have {training[head]}; allowed: the baseline's {baseline.heads[head]}")
            found += new
    return found


def _refuse_others(sets: list[SceneSet], expected: dict[tuple[str, str], SceneSet]) -> None:
    for s in sets:
        if s.digest != expected[s.key].digest:
            raise ParaBenchError(
                f"scenes {s.indices} of {s.split} {s.condition} {s.level} have hash {s.digest}; "
                f"allowed: the baseline's {expected[s.key].digest} (another version of the split?)"
            )


def _finding(
    layer: str, baseline: Baseline, cell: WatchedCell, reference: Sequence[Vector], found: Sequence[Vector], family: int
) -> Finding:
    sets = baseline.scene_sets(cell)
    old_hashes, old = outcome_array(reference, cell, sets)
    new_hashes, new = outcome_array(found, cell, sets)
    flipped: list[Flip[Key]] = []
    levels = confidences(family, baseline.alpha)
    if all(old_hashes.get(seed) == digest for seed, digest in new_hashes.items()):  # training repeated itself: compare like with like
        paired = old[[list(old_hashes).index(seed) for seed in new_hashes]]
        flipped = _flips(new_hashes, sets, cell, reference, found)
        change, shared = (seeds.difference(new, paired, level) for level in levels)
        if not flipped:
            return Finding(layer, cell, HELD, _tally(old), _tally(new), Estimate(0.0, 0.0, 0.0, change.kind))
    else:
        change, shared = (retraining.difference(new, old, level) for level in levels)
    verdict = family_gate(Interval(change.low, change.high), Interval(shared.low, shared.high), cell.margin)
    return Finding(layer, cell, verdict, _tally(old), _tally(new), change, tuple(flipped))


def _flips(
    hashes: dict[int, str], sets: Sequence[SceneSet], cell: WatchedCell, reference: Sequence[Vector], found: Sequence[Vector]
) -> list[Flip[Key]]:
    numbers = {s.level: s.numbers for s in sets}

    def episodes(vectors: Sequence[Vector]) -> dict[Key, bool]:
        return {
            (v.train_seed, v.condition, v.level, i): outcome == "1"
            for v in vectors
            if (v.head, v.split, v.condition) == (cell.head, cell.split, cell.condition) and v.level in numbers and v.train_seed in hashes
            for i, outcome in zip(numbers[v.level], v.outcomes, strict=True)
        }

    return flips(episodes(reference), episodes(found))


def _tally(outcomes: np.ndarray) -> tuple[int, int, int]:
    return int(outcomes.sum()), outcomes.size, len(outcomes)
