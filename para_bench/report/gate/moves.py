"""What an update of a baseline moved, in words for its history."""

from __future__ import annotations

from para_bench.report.gate.baselines import LAYERS, RETRAINED, Baseline, WatchedCell, outcome_array
from para_bench.report.statistics.rates import percent
from para_bench.report.statistics.retraining import seed_sd


def changes(old: Baseline | None, new: Baseline) -> list[str]:
    """Changes from the old to the new baseline, in words."""
    lines = []
    if old:
        for name in ("suite", "suite_version", "splits", "retrain"):
            if getattr(old, name) != getattr(new, name):
                lines.append(f"{name}: {getattr(old, name)} -> {getattr(new, name)}")
    old_cells = {cell.name: cell for cell in old.cells} if old else {}
    new_cells = {cell.name: cell for cell in new.cells}
    lines += [f"{name}: no longer watched" for name in old_cells if name not in new_cells]
    for name, cell in new_cells.items():
        was = old_cells.get(name)
        if was and was.margin != cell.margin:
            lines.append(f"{name}: margin {percent(was.margin)} -> {percent(cell.margin)} points")
        for layer in LAYERS:
            after = _text(new, cell, layer)
            before = _text(old, was, layer) if old and was else ""
            same = old and was and _own(old, was, layer) == _own(new, cell, layer)
            if after and not same:
                lines.append(f"{layer} {name}: {before + ' -> ' if before else ''}{after}")
    return lines


def _own(baseline: Baseline, cell: WatchedCell, layer: str) -> list[object]:
    sets = baseline.scene_sets(cell)
    levels = {s.level for s in sets}
    chosen = [
        v
        for v in getattr(baseline, layer)
        if (v.head, v.split, v.condition) == (cell.head, cell.split, cell.condition) and v.level in levels
    ]
    return [*sets, *chosen]


def _text(baseline: Baseline, cell: WatchedCell, layer: str) -> str:
    chosen = getattr(baseline, layer)
    if not chosen:
        return ""
    hashes, outcomes = outcome_array(chosen, cell, baseline.scene_sets(cell))
    sd = f"{len(hashes)} seeds, SD {percent(seed_sd(outcomes))}"
    who = sd if layer == RETRAINED else f"checkpoint {next(iter(hashes.values()))}"
    return f"{int(outcomes.sum())}/{outcomes.size} ({percent(outcomes.mean())} %, {who})"
