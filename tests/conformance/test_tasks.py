"""Every task keeps every rule, with every robot; and a rule sees what breaks it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.conformance.subject import BrokenRuleError
from para_bench.conformance.tasks import RULES
from para_bench.envs import scenes
from para_bench.robots import ROBOTS
from para_bench.sim.base import Robot
from para_bench.sim.simulation import Simulation
from para_bench.tasks import TASKS, wipe
from para_bench.tasks.parts.motion import walk
from para_bench.tasks.place import Place, PlaceLayout
from para_bench.types import Scene

PAIRS = [(task, robot) for task in TASKS for robot in ROBOTS]


@pytest.mark.integration
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("task", "robot"), PAIRS)
def test_a_task_keeps_the_rule(task: str, robot: str, rule: str) -> None:
    RULES[rule](TASKS[task], ROBOTS[robot])


class NoStages(Place):
    stages = ("reach", "place")


class Lazy(Place):
    """Its expert stays at home."""

    def waypoints(self, scene: Scene, robot: Robot) -> np.ndarray:
        return np.tile([*scene.home, 1.0], (5, 1))


class Long(Place):
    max_steps = 20


class Nameless(Place):
    reasons = ("lost",)


class Hidden(Place):
    def must_see(self, layout: PlaceLayout) -> dict[str, np.ndarray]:
        return {"object": super().must_see(layout)["object"]}


class Alone(Place):
    def crowd(self, rng: np.random.Generator, layout: PlaceLayout, unseen: bool = False) -> PlaceLayout:
        return layout


class Twins(Place):
    def crowd(self, rng: np.random.Generator, layout: PlaceLayout, unseen: bool = False) -> PlaceLayout:
        return replace(layout, others=(replace(layout.object, xy=(0.1, 0.2)),))


class Hasty(Place):
    """Its expert turns the short way always."""

    def waypoints(self, scene: Scene, robot: Robot) -> np.ndarray:
        return walk(scene.home, self.legs(scene.layout))


@pytest.mark.integration
@pytest.mark.parametrize(
    ("task", "rule", "words"),
    [
        (NoStages(), "words", "'none' first"),
        (Lazy(), "expert", "without success"),
        (Long(), "expert", "at most 20"),
        (Nameless(), "idle", "reason is 'never_closed'; allowed: lost"),
        (Hidden(), "seen", "every name of colours"),
        (Alone(), "crowded", "no look-alikes"),
        (Twins(), "crowded", "over again"),
        (Hasty(), "steady", "turns over"),
    ],
)
def test_what_breaks_a_rule_is_told(task: Place, rule: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TASKS, "builtin", {**TASKS, "place": task})
    assert scenes.find_task("place") is task
    with pytest.raises(BrokenRuleError, match=words):
        RULES[rule](task, ROBOTS["so101"])


@pytest.mark.integration
def test_a_state_that_is_seen_but_not_stored_breaks_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_marks(self: Simulation, qpos: np.ndarray) -> None:
        set_qpos(self, np.r_[qpos[: -wipe.COUNT], self.data.qpos[-wipe.COUNT :]])

    set_qpos = Simulation.set_qpos
    monkeypatch.setattr(Simulation, "set_qpos", keep_marks)
    with pytest.raises(BrokenRuleError, match="another picture"):
        RULES["stored"](TASKS["wipe"], ROBOTS["so101"])
