"""What every task keeps, with every robot: the rules that `tests/conformance` runs over TASKS x ROBOTS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from para_bench.conformance.subject import BrokenRuleError
from para_bench.envs.env import TaskEnv
from para_bench.envs.fair import problems
from para_bench.envs.sampling import CROWDED, PLAIN, UNSEEN, sample_scene
from para_bench.envs.scenes import expert_waypoints, scene_from_dict, simulation_of
from para_bench.sim.base import OBJECT, Robot, Task
from para_bench.sim.visibility import part_of
from para_bench.tasks.parts.motion import turns_over
from para_bench.types import Scene, to_dict

Rule = Callable[[Task, Robot], None]
"""Raises BrokenRuleError with what it found; its docstring completes "A task ..."."""
SCENES = 10
SEEN_PX = 20
"""Least pixels of 224 x 224 that each thing of the task covers at the start."""
CROWDS = (CROWDED, UNSEEN)
IN_CROWDS = 5
"""Scenes of each of CROWDS."""


def scenes(task: Task, robot: Robot, count: int = SCENES, world: str = PLAIN) -> Iterator[Scene]:
    """Fair scenes, apart from those of training and tests."""
    rngs = (np.random.default_rng([3, index]) for index in range(count))
    return (sample_scene(rng, task=task.name, robot=robot.name, world=world) for rng in rngs)


def words(task: Task, robot: Robot) -> None:
    """names its stages, from "none" to success, its reasons and what there is to do"""
    if len(task.stages) < 2 or task.stages[0] != "none" or len(set(task.stages)) != len(task.stages):
        raise BrokenRuleError(f"stages are {task.stages}; allowed: two or more, each once, 'none' first")
    if not task.reasons or len(set(task.reasons)) != len(task.reasons) or "success" in task.reasons:
        raise BrokenRuleError(f"reasons are {task.reasons}; allowed: one or more reasons of failure, each once")
    if not task.about.strip() or "\n" in task.about:
        raise BrokenRuleError(f"about is {task.about!r}; allowed: one line")


def expert(task: Task, robot: Robot) -> None:
    """is done by its own expert in every scene, within its limit of waypoints"""
    env = TaskEnv(image_size=64)
    for scene in (*scenes(task, robot), *(scene for world in CROWDS for scene in scenes(task, robot, IN_CROWDS, world))):
        env.start(scene)
        actions = expert_waypoints(scene)
        if actions.ndim != 2 or actions.shape[1] != robot.actions.dim or not np.isfinite(actions).all() or len(actions) > task.max_steps:
            found = f"waypoints of shape {actions.shape}"
            raise BrokenRuleError(f"{found}; allowed: at most {task.max_steps} of {robot.actions.dim} finite numbers")
        for action in actions:
            if reason := env.advance(action):
                raise BrokenRuleError(f"scene {scene.hash}: the expert stops with {reason} at waypoint {env.steps}")
        if not (env.progress.success and env.progress.success_once):
            raise BrokenRuleError(f"scene {scene.hash}: the expert ends at stage {task.stages[env.progress.stage]!r} without success")
        if env.progress.stage != len(task.stages) - 1:
            raise BrokenRuleError(f"scene {scene.hash}: success at stage {task.stages[env.progress.stage]!r}; allowed: the last one")


def idle(task: Task, robot: Robot) -> None:
    """is not done at the start, nor by a gripper that stays, and says why with one of its reasons"""
    env = TaskEnv(image_size=64)
    for scene in scenes(task, robot, 2):
        env.start(scene)
        diagnosis = task.diagnose(env, looks=True)
        if env.progress.success or env.progress.stage:
            raise BrokenRuleError(f"scene {scene.hash}: stage {task.stages[env.progress.stage]!r} before anything moved")
        stay = np.array([*scene.home, 1.0])
        while env.steps < task.max_steps:
            diagnosis.before(stay)
            env.advance(stay)
            diagnosis.after(stay)
        if env.progress.success_once:
            raise BrokenRuleError(f"scene {scene.hash}: a gripper that stays succeeds")
        if diagnosis.reason not in task.reasons:
            raise BrokenRuleError(f"reason is {diagnosis.reason!r}; allowed: {', '.join(task.reasons)}")
        if not all(np.isfinite([*diagnosis.measures.values(), diagnosis.place_error_m])):
            raise BrokenRuleError(f"measures are {dict(diagnosis.measures)}; allowed: finite numbers")


def plain(task: Task, robot: Robot) -> None:
    """has layouts that go through JSON and back unchanged, and that move as one"""
    for scene in scenes(task, robot):
        copy = scene_from_dict(json.loads(json.dumps(to_dict(scene))))
        if copy != scene or copy.hash != scene.hash or type(copy.layout) is not task.layout_type:
            raise BrokenRuleError(f"scene {scene.hash} comes back from JSON as {copy.hash}")
        layout = scene.layout.moved(0.01, -0.02).moved(-0.01, 0.02)
        if not np.allclose([*layout.object.xy, *layout.target_xy], [*scene.layout.object.xy, *scene.layout.target_xy]):
            raise BrokenRuleError(f"scene {scene.hash}: a layout that is moved there and back is another")


def seen(task: Task, robot: Robot) -> None:
    """shows every thing that it is about, in colours that are told from the table"""
    env = TaskEnv()
    for scene in scenes(task, robot, 3):
        if found := problems(scene):
            raise BrokenRuleError(f"scene {scene.hash} is unfair: {found[0]}")
        roles = task.must_see(scene.layout)
        if OBJECT not in roles or set(scene.layout.colours) - set(roles):
            raise BrokenRuleError(f"must_see names {', '.join(roles)}; allowed: {OBJECT} and every name of colours")
        env.start(scene)
        geoms = env.geoms()
        for name in roles:
            own = [geom for geom in np.unique(geoms) if part_of(geom, name)]
            if (count := int(np.isin(geoms, own).sum())) < SEEN_PX:
                raise BrokenRuleError(f"scene {scene.hash} shows {count} px of {name}; allowed: {SEEN_PX} or more of 224 x 224")
    env.close()


def crowded(task: Task, robot: Robot) -> None:
    """stands among look-alikes in two worlds, none of which is the object over again, and alone in the third"""
    if any(scene.layout.others for scene in scenes(task, robot, 2)):
        raise BrokenRuleError("a plain layout has look-alikes; allowed: none")
    for scene in (scene for world in CROWDS for scene in scenes(task, robot, IN_CROWDS, world)):
        layout = scene.layout
        if not layout.others:
            raise BrokenRuleError(f"scene {scene.hash} has no look-alikes; allowed: some in the worlds {' and '.join(CROWDS)}")
        if not any(other.rgb == layout.object.rgb for other in layout.others):
            raise BrokenRuleError(f"scene {scene.hash} has no look-alike in the colour of the object")
        if any(replace(other, xy=layout.object.xy, yaw=layout.object.yaw) == layout.object for other in layout.others):
            raise BrokenRuleError(f"scene {scene.hash} has a look-alike that is the object over again; allowed: one that differs")
        copy = scene_from_dict(json.loads(json.dumps(to_dict(scene))))
        if copy != scene:
            raise BrokenRuleError(f"scene {scene.hash} comes back from JSON as {copy.hash}")
        if found := problems(copy):
            raise BrokenRuleError(f"scene {scene.hash} is unfair: {found[0]}")


def steady(task: Task, robot: Robot) -> None:
    """has an expert under which no joint jumps, among look-alikes"""
    for scene in scenes(task, robot, 3 * SCENES, CROWDED):  # a fifth of them ask for the long way
        if turns_over(scene.home, expert_waypoints(scene), robot):
            raise BrokenRuleError(f"scene {scene.hash}: the arm turns over on the expert's way")


def stored(task: Task, robot: Robot) -> None:
    """looks the same when it is drawn again from the stored state"""
    env, again = TaskEnv(image_size=64), TaskEnv(image_size=64)
    scene = next(scenes(task, robot, 1))
    env.start(scene)
    again.start(scene)
    for action in expert_waypoints(scene):
        env.advance(action)
        seen, states = env.render(), env.simulation.data.qpos
        again.simulation.set_qpos(states)
        if np.mean(np.abs(seen.astype(int) - again.render()).max(axis=-1) > 8) > 0.002:  # geoms are drawn a step behind their state
            raise BrokenRuleError(f"scene {scene.hash}: step {env.steps} drawn from its stored state is another picture")
    env.close()
    again.close()


def fresh(task: Task, robot: Robot) -> None:
    """leaves no trace of an episode in the next one"""
    first, second = scenes(task, robot, 2)
    env = TaskEnv(image_size=64)
    env.start(first)
    for action in expert_waypoints(first):
        env.advance(action)
    env.start(second)
    if env.progress.success_once or env.progress.stage or env.steps:
        raise BrokenRuleError("an episode starts with the progress of the one before")
    if not np.array_equal(env.simulation.data.qpos, simulation_of(second).data.qpos):
        raise BrokenRuleError("an episode starts from another state after one that was done")


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (words, expert, idle, plain, seen, crowded, steady, stored, fresh)}
