"""The environment that `gym.make` gives: with the scenes of a split, for policies that are no head of ours."""

from __future__ import annotations

import numbers
from typing import Any

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.versions import FIRST
from para_bench.envs.env import TaskEnv
from para_bench.types import ParaBenchError, Scene

UNUSED = 10_000
"""First scene index that no profile reaches. A reset without an index draws from here on, so its scene is in no table."""


class SplitEnv(TaskEnv):
    """An environment whose `reset` may start the scenes of a split's condition by their index, as `para-bench run` does."""

    options = ("scene", "scene_index", "condition", "level")

    def __init__(
        self,
        *args: Any,
        split: str | None = None,
        condition: str | None = None,
        level: Any = None,
        suite_version: int = FIRST.number,
        **kwargs: Any,
    ) -> None:
        """Further arguments as TaskEnv.

        Args:
            split: Row of SPLITS; None for scenes drawn in distribution.
            condition: Factor, or factor/level, that is tested where `reset` names no other.
            level: Its level, as text or as a number; alone, the one condition that has it. The control where neither is given.
            suite_version: Row of VERSIONS whose split it is; the default is the first.

        Raises:
            ParaBenchError: unknown split or condition; several conditions fit; a suite version without a split; images that would cut
                its scenes.
        """
        if split is None and suite_version != FIRST.number:
            raise ParaBenchError(f"suite_version is {suite_version!r} without a split; allowed: with split=NAME, such as split='id'")
        super().__init__(*args, **kwargs)
        if split is not None and not isinstance(self.image_size, int) and self.image_size[0] > self.image_size[1]:
            raise ParaBenchError(f"image_size is {self.image_size}; allowed with a split: at least as wide as high")
        self.split = None if split is None else find_split(split, self.task.name, self.robot.name, suite_version)
        self.condition = self._find(condition, level)

    def _next_scene(self, seed: int | None, options: dict[str, Any]) -> tuple[Scene, dict[str, Any]]:
        """The scene with index `scene_index`, else the seed, else a random index that no table has.

        Its condition is that of this reset, else the constructor's.
        """
        asked = {name: value for name, value in options.items() if name != "scene" and value is not None}
        if options.get("scene") is not None and asked:
            raise ParaBenchError(f"reset has options scene, {', '.join(asked)}; allowed: a scene, or the index and condition of one")
        if options.get("scene") is not None or (self.split is None and not asked):
            return super()._next_scene(seed, options)
        chosen = {"condition", "level"} & set(asked)
        condition = self._find(asked.get("condition"), asked.get("level")) if chosen else self.condition
        if self.split is None or condition is None:
            raise ParaBenchError(f"reset has option {', '.join(asked)}; allowed for an environment made with split=NAME")
        index = asked.get("scene_index", seed)
        if index is None:
            index = int(self.np_random.integers(UNUSED, 2**31))
        if not isinstance(index, numbers.Integral) or isinstance(index, bool) or index < 0:
            raise ParaBenchError(f"scene_index is {index!r}; allowed: 0, 1, 2, ...")
        scene = test_scene(self.split, condition, int(index))
        if scene.task != self.task.name:
            raise ParaBenchError(f"split {self.split.name} has scenes of task {scene.task}, not {self.task.name}; allowed: that task's id")
        return scene, {"split": self.split.name, "condition": condition.factor, "level": condition.level, "scene_index": int(index)}

    def _find(self, condition: Any, level: Any) -> Condition | None:
        if self.split is None:
            if condition is None and level is None:
                return None
            raise ParaBenchError(f"condition is {condition!r}, level {level!r}; allowed for an environment made with split=NAME")
        return find_condition(self.split, condition, level)

    def __getstate__(self) -> dict[str, Any]:
        """Conditions hold functions, which pickle does not take."""
        state = super().__getstate__()
        del state["condition"]
        return state | {
            "split": self.split and self.split.name,
            "key": self.condition and self.condition.key,
            "suite_version": self.split and self.split.suite_version,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        key, version = state.pop("key"), state.pop("suite_version")
        super().__setstate__(state)
        self.split = state["split"] and find_split(state["split"], version=version)
        self.condition = key and self.split.condition(*key)


def find_condition(split: Split, condition: str | None = None, level: str | float | None = None) -> Condition:
    """The condition of a factor, a factor/level or a level that no other condition has; the control where neither is given.

    Raises:
        ParaBenchError: no condition fits, or more than one.
    """
    if condition is None and level is None:
        return split.all_conditions[0]
    text = f"{level:g}" if isinstance(level, int | float) else level
    found = [
        one for one in split.all_conditions if condition in (None, one.factor, f"{one.factor}/{one.level}") and text in (None, one.level)
    ]
    if len(found) != 1:
        asked = " and ".join(f"{name} {value!r}" for name, value in (("condition", condition), ("level", level)) if value is not None)
        known = ", ".join(f"{one.factor}/{one.level}" for one in found or split.all_conditions)
        raise ParaBenchError(f"split {split.name} has {len(found) or 'no'} conditions of {asked}; allowed: {known}")
    return found[0]
