"""The file that a gate measures against: every outcome of the reference checkpoints, and the reason of each change of the file.

Success at the end of each episode is a string of 0 and 1, scenes in the order of their indices, so that a diff of the file shows what
moved. Reading and writing only; `report.gate.regression` compares, `report.gate.updates` moves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from para_bench.files import write_text
from para_bench.records.documents import read_json
from para_bench.records.fields import FIELDS
from para_bench.records.values import Check, WrongValueError, count, fields, listing, mapping, name_or_empty, number, one_of, shown, text
from para_bench.report.roster import POOLED, ConditionKey
from para_bench.report.statistics.families import ALPHA
from para_bench.types import ParaBenchError, content_hash, to_dict

FORMAT = 1
FIXED, RETRAINED = "fixed", "retrained"
LAYERS = (FIXED, RETRAINED)

MARGIN = 0.07
NEW_SEEDS = 3
"""With 10 reference seeds and 200 scenes, a loss of 15 points is found with probability 0.9 (results/baselines/GATE.md)."""


@dataclass(frozen=True)
class WatchedCell:
    """A success rate that is watched."""

    head: str
    split: str
    condition: str
    level: str
    """`all` pools the levels of the condition."""
    margin: float = MARGIN
    """Largest loss of the rate that is tolerated, in [0, 1]."""

    @property
    def name(self) -> str:
        return f"{self.head} {self.split} {self.condition} {self.level}"


@dataclass(frozen=True)
class SceneSet:
    """The scenes of one condition at one level."""

    split: str
    condition: str
    level: str
    indices: str
    """ "0-199" or "0,8,16-18"."""
    digest: str
    """16 hex digits over indices and scene hashes."""

    @property
    def key(self) -> ConditionKey:
        return self.condition, self.level

    @property
    def numbers(self) -> list[int]:
        return [i for part in self.indices.split(",") for i in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)]


@dataclass(frozen=True)
class Vector:
    """Outcomes of one checkpoint in one scene set."""

    head: str
    train_seed: int
    checkpoint_hash: str
    split: str
    condition: str
    level: str
    outcomes: str
    """A 1 for each success at the end, else a 0."""


@dataclass(frozen=True)
class TrainingFacts:
    """What the training of a head must share with the baseline's."""

    backbone: str
    demos: int


@dataclass(frozen=True)
class Entry:
    """One move of the baseline."""

    date: str
    reason: str
    moved: tuple[str, ...]
    """What moved from what to what."""


@dataclass(frozen=True)
class Baseline:
    suite: str
    """Name of the suite that makes the records."""
    suite_version: str
    splits: Mapping[str, int]
    """Version of each split."""
    heads: Mapping[str, TrainingFacts]
    retrain: tuple[int, ...]
    """Training seeds that are trained anew for a check."""
    cells: tuple[WatchedCell, ...]
    """The declared family."""
    scenes: tuple[SceneSet, ...]
    fixed: tuple[Vector, ...]
    """Golden outcomes of the kept checkpoint of each head."""
    retrained: tuple[Vector, ...]
    """Outcomes of all reference seeds."""
    history: tuple[Entry, ...]
    alpha: float = ALPHA
    """Probability of a false alarm of the whole gate, and of a wrong bound of one cell."""
    format: int = field(default=FORMAT)

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that the file has outcomes for."""
        return tuple(layer for layer in LAYERS if getattr(self, layer))

    def scene_sets(self, cell: WatchedCell) -> list[SceneSet]:
        """Scene sets of all levels that the cell pools, in order."""
        found = [s for s in self.scenes if (s.split, s.condition) == (cell.split, cell.condition) and cell.level in (s.level, POOLED)]
        if not found:
            raise ParaBenchError(f"the baseline has no scenes for its cell {cell.name}; allowed: one scene set a level")
        return found


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises ParaBenchError where there is none, or a damaged one."""
    found = read_json(path, _baseline, "a file that --update wrote")
    if found is None:
        raise ParaBenchError(f'no baseline at {path}; allowed: a file made with --update --reason "..." --results DIR')
    return found


def write(path: Path, baseline: Baseline) -> None:
    """One item of a list a line, so that a diff names what moved.

    Raises:
        ParaBenchError: the file cannot be written.
    """
    parts = []
    for name, value in to_dict(baseline).items():
        items = ",\n".join(f"  {json.dumps(item)}" for item in value) if isinstance(value, list | tuple) else ""
        parts.append(f" {json.dumps(name)}: " + (f"[\n{items}\n ]" if items else json.dumps(value)))
    write_text(path, "{\n" + ",\n".join(parts) + "\n}\n")


def indices_text(indices: Sequence[int]) -> str:
    """[0, 1, 2, 8] -> "0-2,8"."""
    runs: list[list[int]] = []
    for i in sorted(indices):
        if runs and i == runs[-1][-1] + 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def scene_digest(scenes: Iterable[tuple[int, str]]) -> str:
    """16 hex digits over (index, scene hash) pairs in order of the index."""
    return content_hash([list(pair) for pair in sorted(scenes)])


def outcome_array(vectors: Iterable[Vector], cell: WatchedCell, sets: Sequence[SceneSet]) -> tuple[dict[int, str], np.ndarray]:
    """Checkpoint hash by training seed, and outcomes (S, C, N) of a cell: levels that share scenes are the axis C, others add to N."""
    by_seed: dict[int, dict[str, Vector]] = {}
    for vector in vectors:
        if (vector.head, vector.split, vector.condition) == (cell.head, cell.split, cell.condition):
            by_seed.setdefault(vector.train_seed, {})[vector.level] = vector
    levels = []
    for scenes in sets:
        texts = [by_seed[seed][scenes.level].outcomes if scenes.level in by_seed[seed] else "" for seed in sorted(by_seed)]
        if not texts or any(len(text) != len(scenes.numbers) for text in texts):
            raise ParaBenchError(f"{cell.name}: outcomes at level {scenes.level} do not match its {len(scenes.numbers)} scenes")
        levels.append(np.array([[character == "1" for character in text] for text in texts]))
    shared = len({scenes.indices for scenes in sets}) == 1
    array = np.stack(levels, axis=1) if shared else np.concatenate(levels, axis=1)[:, None]
    return {seed: by_seed[seed][sets[0].level].checkpoint_hash for seed in sorted(by_seed)}, array


_PLACE = {key: FIELDS[key] for key in ("split", "condition", "level")}


def _fraction(value: Any) -> float:
    found = number(0)(value)
    if found >= 1:
        raise WrongValueError(f"{found:g}", "0 or more, below 1")
    return found


def _matching(pattern: str, allowed: str) -> Check:
    def check(value: Any) -> str:
        if not re.fullmatch(pattern, text(value), re.ASCII):
            raise WrongValueError(shown(value), allowed)
        return value

    return check


def _made(cls: type[Any], checks: Mapping[str, Check], defaults: Collection[str] = ()) -> Check:
    checked = fields(checks, defaults)
    return lambda value: cls(**checked(value))


_INDICES = _matching(r"\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*", "indices and ranges as 0-199 or 0,8,16-18")
_VECTOR = _made(
    Vector,
    _PLACE
    | {key: FIELDS[key] for key in ("head", "train_seed", "checkpoint_hash")}
    | {"outcomes": _matching("[01]+", "a 0 or a 1 for each episode")},
)
_BASELINE = fields(
    {
        "format": one_of(FORMAT),
        "suite": name_or_empty,
        "suite_version": FIELDS["suite_version"],
        "splits": mapping(count()),
        "heads": mapping(_made(TrainingFacts, {"backbone": FIELDS["backbone"], "demos": FIELDS["demos"]})),
        "retrain": listing(FIELDS["train_seed"]),
        "cells": listing(_made(WatchedCell, {"head": FIELDS["head"], **_PLACE, "margin": _fraction}, defaults=("margin",))),
        "scenes": listing(_made(SceneSet, _PLACE | {"indices": _INDICES, "digest": FIELDS["scene_hash"]})),
        "fixed": listing(_VECTOR),
        "retrained": listing(_VECTOR),
        "history": listing(_made(Entry, {"date": text, "reason": text, "moved": listing(text)})),
        "alpha": _fraction,
    },
    defaults=("alpha",),
)


def _baseline(value: Any) -> Baseline:
    baseline = Baseline(**_BASELINE(value))
    if not baseline.cells or not baseline.history:
        raise WrongValueError("empty", "at least one entry", "cells" if not baseline.cells else "history")
    strangers = [cell.name for cell in baseline.cells if cell.split not in baseline.splits or cell.head not in baseline.heads]
    if strangers:
        raise WrongValueError(shown(strangers[0]), "cells of the baseline's splits and heads", "cells")
    return baseline
