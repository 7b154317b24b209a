"""Words of the protocol: a condition is a factor at a level, a split is a training set and the conditions it is tested on."""

from __future__ import annotations

from dataclasses import dataclass, field

from para_bench.envs.sampling import Placement
from para_bench.envs.shifts import Shift, identity
from para_bench.types import Camera, ParaBenchError


@dataclass(frozen=True)
class Condition:
    """A factor at one level."""

    factor: str
    """`id` for no shift."""
    level: str
    """How far."""
    shift: Shift
    """From a control scene to the scene of this condition."""
    share: tuple[int, int] = (0, 1)
    """(offset, stride): uses the scene indices i with i % stride == offset, for maps of many cells."""

    @property
    def key(self) -> tuple[str, str]:
        return self.factor, self.level

    def indices(self, episodes: int) -> list[int]:
        """Scene indices below `episodes` that this condition is tested on."""
        offset, stride = self.share
        return list(range(offset, episodes, stride))


CONTROL = Condition("id", "0", identity)
"""The matched in-distribution control of every split."""


@dataclass(frozen=True)
class TrainingSet:
    """Where demonstrations come from. Splits with equal training sets share their checkpoints."""

    name: str = "default"
    placement: Placement = field(default_factory=Placement)


@dataclass(frozen=True)
class Split:
    name: str
    about: str
    """One line for `para-bench list`."""
    conditions: tuple[Condition, ...]
    """What is tested beside the control, in the order of the table's rows."""
    training: TrainingSet = TrainingSet()
    placement: Placement = field(default_factory=Placement)
    """Where the test scenes' objects and plates stand."""
    also_from: tuple[Camera, ...] = ()
    """Further cameras from which every control scene is in view, where a shift leaves the camera no choice."""
    version: int = 1
    stream: str = "test"
    """Names the random stream of the scenes."""

    @property
    def all_conditions(self) -> tuple[Condition, ...]:
        """The control first."""
        return (CONTROL, *self.conditions)

    def condition(self, factor: str, level: str) -> Condition:
        for condition in self.all_conditions:
            if condition.key == (factor, level):
                return condition
        known = ", ".join(" ".join(c.key) for c in self.all_conditions)
        raise ParaBenchError(f"split {self.name} has no condition {factor} {level}; allowed: {known}")
