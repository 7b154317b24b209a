"""What a gate measures against: every outcome of the reference checkpoints, and the reason of each move.

Success at the end of each episode is a string of 0 and 1, scenes in the order of their indices, so that a diff of the file
(`report.gate.baseline_file`) shows what moved. `report.gate.regression` compares, `report.gate.updates` moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from para_bench.report.axes import by_level
from para_bench.report.roster import POOLED, ConditionKey
from para_bench.report.statistics.families import ALPHA
from para_bench.types import ParaBenchError, content_hash

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
    """What records of a head must share with the baseline's."""

    backbone: str
    demos: int
    replan_steps: int | None = None
    """Waypoints between two looks; None where the records do not say."""

    def agrees(self, other: TrainingFacts) -> bool:
        """Whether both are of one recipe; what one of them does not say agrees with anything."""
        told = None not in (self.replan_steps, other.replan_steps)
        return (self.backbone, self.demos) == (other.backbone, other.demos) and not (told and self.replan_steps != other.replan_steps)

    def __str__(self) -> str:
        looks = f", a look after {self.replan_steps} waypoints" if self.replan_steps else ""
        return f"backbone {self.backbone}, {self.demos} demonstrations{looks}"


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
    array = by_level(levels, len({scenes.indices for scenes in sets}) == 1)
    return {seed: by_seed[seed][sets[0].level].checkpoint_hash for seed in sorted(by_seed)}, array
