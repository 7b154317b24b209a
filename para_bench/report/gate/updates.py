"""Moving a baseline: a new file content from records, with the reason and every change."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.report.gate.baselines import (
    FIXED,
    LAYERS,
    NEW_SEEDS,
    RETRAINED,
    Baseline,
    Entry,
    SceneSet,
    TrainingFacts,
    Vector,
    WatchedCell,
    outcome_array,
)
from para_bench.report.gate.moves import changes
from para_bench.report.gate.vectors import vectors
from para_bench.report.rollcall import newest
from para_bench.report.roster import POOLED, ConditionKey
from para_bench.report.statistics.rates import percent
from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class Wishes:
    """What a baseline is asked to be; None keeps what it was, or takes the default."""

    suite: str | None = None
    margin: float | None = None
    """Margin of every cell."""
    cells: tuple[WatchedCell, ...] | None = None
    """The family; by default every condition of every learned head that can lose more than the margin, its levels pooled."""
    new_seeds: int | None = None
    """How many training seeds a check trains anew."""
    layers: Collection[str] = LAYERS
    """Which layers move."""


def moved(
    old: Baseline | None, records: Sequence[EpisodeRecord], splits: Mapping[str, Description], wishes: Wishes, reason: str
) -> Baseline:
    """The new baseline, from records.

    The kept checkpoint of a head becomes that of its last training seed. If only the fixed layer moves, the checkpoint stays.

    Raises:
        ParaBenchError: no reason, episodes missing, too few training seeds, or a cell that cannot regress.
    """
    if not reason.strip():
        raise ParaBenchError('--update without a reason; allowed: --reason "..." with the words for the history')
    if wishes.margin is not None and not 0 <= wishes.margin < 1:
        raise ParaBenchError(f"margin is {wishes.margin}; allowed: 0 <= margin < 1, as a fraction")
    if several := [r.split for r in records if r.split in splits and splits[r.split].apart]:
        raise ParaBenchError(f"records of split {several[0]}, whose conditions are trained apart; allowed: splits that one training serves")
    if RETRAINED in wishes.layers:
        new = _whole(old, [r for r in records if r.demos and r.split in splits], splits, wishes)
    else:
        new = _fixed_only(old, records, wishes)
    lines = changes(old, new)
    if not lines:
        raise ParaBenchError("nothing moved: the records are those of the baseline; allowed: other outcomes, cells, scenes or margins")
    entry = Entry(datetime.date.today().isoformat(), reason.strip(), tuple(lines))
    return replace(new, history=(*(old.history if old else ()), entry))


def _fixed_only(old: Baseline | None, records: Sequence[EpisodeRecord], wishes: Wishes) -> Baseline:
    if old is None or not old.fixed or wishes.cells:
        raise ParaBenchError("the fixed layer cannot move alone here; allowed: in a baseline with a kept checkpoint, with its cells")
    golden = {v.head: (v.train_seed, v.checkpoint_hash) for v in old.fixed}
    own = newest([r for r in records if (r.train_seed, r.checkpoint_hash) == golden.get(r.head)])
    found: list[Vector] = []
    for (split, head), scenes in _scenes_of(old).items():
        new, sets, _ = vectors(own, split, {head: [golden[head][0]]}, scenes)
        if not set(sets) <= set(old.scenes):
            raise ParaBenchError(f"scenes of {split} are not the baseline's; allowed: the same, or an update of both layers")
        found += new
    return replace(old, fixed=tuple(found), cells=_with_margin(old.cells, wishes.margin))


def _scenes_of(baseline: Baseline) -> dict[tuple[str, str], dict[ConditionKey, list[int]]]:
    """Scene indices of each gated condition, by split and head."""
    found: dict[tuple[str, str], dict[ConditionKey, list[int]]] = {}
    for cell in baseline.cells:
        for s in baseline.scene_sets(cell):
            found.setdefault((cell.split, cell.head), {})[s.key] = s.numbers
    return found


def _whole(old: Baseline | None, records: list[EpisodeRecord], splits: Mapping[str, Description], wishes: Wishes) -> Baseline:
    current = newest(_without_reruns(old, records))
    versions = {r.suite_version for r in current}
    if len(versions) != 1:
        raise ParaBenchError(f"records of learned heads have suite versions {sorted(versions)}; allowed: one")
    retrain = tuple(range(wishes.new_seeds)) if wishes.new_seeds is not None else old.retrain if old else tuple(range(NEW_SEEDS))
    known = {cell.name: cell for cell in old.cells} if old else {}  # with their margins
    asked = wishes.cells or tuple(known.values()) or _default_cells(current, splits)
    cells = _with_margin(tuple(known.get(cell.name, cell) for cell in asked), wishes.margin)
    reference, scenes, heads = _reference(current, cells, splits, retrain)
    last = {head: max(v.train_seed for v in reference if v.head == head) for head in heads}
    new_fixed = tuple(v for v in reference if v.train_seed == last[v.head])
    if old and old.fixed and FIXED not in wishes.layers and not set(scenes) <= set(old.scenes):
        raise ParaBenchError("the retrained layer would move to other scenes than the fixed one's; allowed: an update of both layers")
    baseline = Baseline(
        suite=wishes.suite or (old.suite if old else ""),
        suite_version=versions.pop(),
        splits={name: splits[name].version for name in dict.fromkeys(cell.split for cell in cells)},
        heads=heads,
        retrain=retrain,
        cells=cells,
        scenes=scenes,
        fixed=new_fixed if FIXED in wishes.layers else old.fixed if old else (),
        retrained=reference,
        history=(),
    )
    return replace(baseline, cells=_able_to_regress(baseline, drop=old is None and wishes.cells is None))


def _reference(
    records: Sequence[EpisodeRecord], cells: Sequence[WatchedCell], splits: Mapping[str, Description], retrain: tuple[int, ...]
) -> tuple[tuple[Vector, ...], tuple[SceneSet, ...], dict[str, TrainingFacts]]:
    """Outcomes of every training seed in the scenes that the cells watch, those scenes, and what each head was trained on."""
    found: list[Vector] = []
    sets: dict[tuple[str, str, str], SceneSet] = {}
    heads: dict[str, TrainingFacts] = {}
    for split, head in dict.fromkeys((cell.split, cell.head) for cell in cells):
        own = [r for r in records if (r.head, r.split) == (head, split)]
        seeds = sorted({r.train_seed for r in own})
        if not retrain or not set(retrain) < set(seeds):
            raise ParaBenchError(
                f"{head} in {split} has training seeds {seeds} and a check trains {list(retrain)} anew; "
                "allowed: some of the reference's seeds but not all (--new-seeds), the last is the kept checkpoint's"
            )
        gated = [cell for cell in cells if (cell.head, cell.split) == (head, split)]
        new, own_sets, training = vectors(own, split, {head: seeds}, _gated_scenes(own, gated, splits[split]))
        found += new
        if any(sets.setdefault((split, *s.key), s) != s for s in own_sets):
            raise ParaBenchError(f"{head} was tested on other scenes of {split} than the heads before it; allowed: the same for all")
        if heads.setdefault(head, training[head]) != training[head]:
            raise ParaBenchError(f"{head} has {training[head]} in {split} and {heads[head]} elsewhere; allowed: one recipe a head")
    return tuple(found), tuple(sets.values()), heads


def _with_margin(cells: tuple[WatchedCell, ...], margin: float | None) -> tuple[WatchedCell, ...]:
    return cells if margin is None else tuple(replace(cell, margin=margin) for cell in cells)


def _able_to_regress(baseline: Baseline, drop: bool) -> tuple[WatchedCell, ...]:
    """The cells that can lose more than their margin; others are dropped or refused."""
    kept = []
    for cell in baseline.cells:
        rate = float(outcome_array(baseline.retrained, cell, baseline.scene_sets(cell))[1].mean())
        if rate > cell.margin:
            kept.append(cell)
        elif not drop:
            raise ParaBenchError(
                f"{cell.name} succeeds in {percent(rate)} %; "
                f"allowed: more than its margin of {percent(cell.margin)} points, else it cannot regress"
            )
    if not kept:
        raise ParaBenchError("no cell succeeds more often than the margin; allowed: records of a head that can regress")
    return tuple(kept)


def _without_reruns(old: Baseline | None, records: list[EpisodeRecord]) -> list[EpisodeRecord]:
    """Leave out records of the old kept checkpoint where its training seed has a newer checkpoint."""
    golden = {v.checkpoint_hash for v in old.fixed} if old else set()
    others = {(r.head, r.split, r.train_seed) for r in records if r.checkpoint_hash not in golden}
    return [r for r in records if r.checkpoint_hash not in golden or (r.head, r.split, r.train_seed) not in others]


def _default_cells(records: list[EpisodeRecord], splits: Mapping[str, Description]) -> tuple[WatchedCell, ...]:
    heads = list(dict.fromkeys(r.head for r in records))
    cells = []
    for split, said in splits.items():
        for head in heads:
            there = {(r.condition, r.level) for r in records if (r.head, r.split) == (head, split)}
            levels: dict[str, list[str]] = {}
            for condition, level in (each.key for each in said.conditions):
                if (condition, level) in there:
                    levels.setdefault(condition, []).append(level)
            cells += [WatchedCell(head, split, name, POOLED if len(found) > 1 else found[0]) for name, found in levels.items()]
    return tuple(cells)


def _gated_scenes(records: list[EpisodeRecord], cells: list[WatchedCell], said: Description) -> dict[ConditionKey, list[int]]:
    """Scene indices of each condition and level that a cell watches."""
    found: dict[ConditionKey, list[int]] = {}
    for cell in cells:
        of_cell = {}
        for key in (condition.key for condition in said.conditions):
            if key[0] == cell.condition and cell.level in (key[1], POOLED):
                of_cell[key] = sorted({r.scene_index for r in records if (r.condition, r.level) == key})
        if not any(of_cell.values()):
            known = ", ".join(dict.fromkeys(condition for condition, _ in (each.key for each in said.conditions)))
            raise ParaBenchError(f"no episodes of the cell {cell.name}; allowed: conditions {known} at a level that was run, or {POOLED}")
        found |= {key: indices for key, indices in of_cell.items() if indices}
    return found
