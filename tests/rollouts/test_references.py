"""The bounds of every table: the expert succeeds, doing nothing fails, and so does luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from scipy.stats import binom

from para_bench.benchmarks.scenes import test_scene as split_scene  # the name would be collected as a test
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.versions import find_version
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.envs.shifts import physics_hash
from para_bench.rollouts.references import REFERENCES
from para_bench.rollouts.rollout import rollout
from para_bench.tasks import TASKS
from para_bench.tasks.parts.motion import grasp_pose
from para_bench.tasks.parts.progress import STAGES
from para_bench.types import REPLAN_STEPS, Scene

MOST = {"noop": 0.0, "random": 0.02}
"""Success rates of references, at most."""

LENGTH = 29
"""Of the expert's waypoints."""


def near_zero(name: str, succeeded: int, scenes: int) -> bool:
    """No more than luck explains (1 %) at the rate allowed."""
    return bool(binom.sf(succeeded - 1, scenes, MOST[name]) > 0.01)


def roll(name: str, scene: Scene, env: TaskEnv, seed: int = 0) -> bool:
    """One episode: chunks of REPLAN_STEPS, as policies are run."""
    policy = REFERENCES[name]()
    env.start(scene)
    policy.begin(env, np.random.default_rng(seed))
    while env.steps < env.task.max_steps and not env.progress.success:
        for action in policy.act(None).actions[:REPLAN_STEPS]:
            if env.advance(action) or env.progress.success:
                return env.progress.success
    return env.progress.success_once


@pytest.mark.integration
def test_the_expert_succeeds(env: TaskEnv, shift_name: str, scene_of) -> None:
    failed = [index for index in range(10) if not roll("oracle", scene_of(shift_name, index), env)]
    assert failed == []  # it succeeds in 99 of 100 at least: one of 10 may fail by chance only where a rate is much lower


@pytest.fixture(scope="module")
def succeeds() -> Iterator[Callable[[Scene], bool]]:
    """Whether the expert does; scenes that differ in what is seen alone are rolled out once, since it does not look."""
    env, done = TaskEnv(image_size=64), dict[str, bool]()

    def found(scene: Scene) -> bool:
        key = physics_hash(scene)
        if key not in done:
            done[key] = rollout(env, scene, REFERENCES["oracle"](), 0).success_at_end
        return done[key]

    yield found
    env.close()


@pytest.mark.slow
def test_the_expert_succeeds_in_99_of_100(succeeds: Callable[[Scene], bool], shift_name: str, scene_of) -> None:
    failed = [index for index in range(500) if not succeeds(scene_of(shift_name, 1000 + index))]  # other scenes than above
    assert len(failed) <= 5, failed


@pytest.mark.slow  # results/references.csv has more scenes
@pytest.mark.parametrize("task", TASKS.builtin)
def test_the_expert_succeeds_in_every_split_of_version_2(succeeds: Callable[[Scene], bool], task: str) -> None:
    failed = []
    for name in find_version(2).splits:
        split = find_split(name, task, version=2)
        for condition in split.all_conditions:
            scenes = {index: split_scene(split, condition, index) for index in condition.indices(4)}
            failed += [(name, condition.key, index) for index, scene in scenes.items() if not succeeds(scene)]
    assert failed == []


@pytest.mark.integration
@pytest.mark.parametrize("name", list(MOST))
def test_nothing_and_luck_fail(env: TaskEnv, scenes: list[Scene], name: str) -> None:
    succeeded = sum(roll(name, scene, env, seed) for seed, scene in enumerate(scenes))
    assert near_zero(name, succeeded, len(scenes))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(MOST))
def test_nothing_and_luck_fail_often(env: TaskEnv, scene_of, name: str) -> None:
    succeeded = sum(roll(name, scene_of("id", 2000 + index), env, index) for index in range(200))
    assert near_zero(name, succeeded, 200)


def test_doing_nothing_moves_nothing(env: TaskEnv, scene: Scene) -> None:
    roll("noop", scene, env)
    assert STAGES[env.progress.stage] == "none"
    assert env.progress.path_m < 0.005  # m; the servos settle once


def test_a_demonstration_keeps_its_stages_in_order(env: TaskEnv, scene: Scene) -> None:
    env.start(scene)
    stages = []
    for action in expert_waypoints(scene):
        assert env.advance(action) == ""
        stages.append(env.progress.stage)
    assert stages == sorted(stages)
    assert set(stages) == set(range(len(STAGES)))


def test_waypoints_pass_the_object_and_the_plate(scenes: list[Scene]) -> None:
    for scene in scenes:
        actions = expert_waypoints(scene)
        assert actions.shape == (LENGTH, 5)
        grasp, yaw = grasp_pose(scene.layout.object)
        closing = int(np.argmin(actions[:, 4]))
        np.testing.assert_allclose(actions[closing, :4], [*grasp, yaw], atol=1e-12)
        np.testing.assert_allclose(actions[-1, :2], scene.layout.target_xy, atol=1e-12)
        narrow = min(scene.layout.object.half_size[:2])
        assert narrow == scene.layout.object.half_size[0]
        assert np.cos(2 * (yaw - scene.layout.object.yaw)) == pytest.approx(1)  # across the narrow side, modulo half a turn
