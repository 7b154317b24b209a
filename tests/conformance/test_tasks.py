"""Every task keeps every rule, with every robot; and a rule sees what breaks it."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.conformance.subject import BrokenRuleError
from para_bench.conformance.tasks import RULES
from para_bench.envs import scenes
from para_bench.robots import ROBOTS
from para_bench.sim.base import Robot
from para_bench.tasks import TASKS
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


@pytest.mark.integration
@pytest.mark.parametrize(
    ("task", "rule", "words"),
    [
        (NoStages(), "words", "'none' first"),
        (Lazy(), "expert", "without success"),
        (Long(), "expert", "at most 20"),
        (Nameless(), "idle", "reason is 'never_closed'; allowed: lost"),
        (Hidden(), "seen", "every name of colours"),
    ],
)
def test_what_breaks_a_rule_is_told(task: Place, rule: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS.builtin, "place", task)
    assert scenes.find_task("place") is task
    with pytest.raises(BrokenRuleError, match=words):
        RULES[rule](task, ROBOTS["so101"])
