"""Which trainings and episodes of a run are done here: all of them, or one machine's part."""

from __future__ import annotations

from typing import Protocol

from para_bench.benchmarks.conditions import Condition
from para_bench.rollouts.policies import Entry
from para_bench.training.recipe import Recipe


class Part(Protocol):
    """Of the trainings and episodes of one run."""

    def trains(self, recipe: Recipe) -> bool:
        """Whether this training is done here."""
        ...

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        """Whether this policy is rolled out here in scene `index` of a condition."""
        ...


class Whole:
    """All of it."""

    def trains(self, recipe: Recipe) -> bool:
        return True

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        return True


WHOLE = Whole()
