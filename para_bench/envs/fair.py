"""Which scenes are fair: reachable, in view, unoccluded and of another colour than the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.robots import find_robot
from para_bench.sim.base import Placement, Robot, Task
from para_bench.sim.executor import KNOT_S, WAYPOINT_S
from para_bench.sim.footprints import gap
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.sim.visibility import in_view, share_seen
from para_bench.tasks import find_task
from para_bench.types import Camera, Scene

if TYPE_CHECKING:
    from para_bench.sim.simulation import Simulation

MIN_VISIBLE = 0.8
"""Least share of the sample points of each of the task's things that the camera must see at the start."""
MIN_DISTANCE_M = Placement().min_distance
"""Least distance of object and target after a disturbance, the same as at the start of a scene [m]."""
BORDER = 0.03
"""Least distance of those points from the image border, as a share of the image."""


def problems(scene: Scene, also_from: Sequence[Camera] = ()) -> list[str]:
    """Why a scene is unfair, one reason a line; empty for a fair one. Its own camera and those in `also_from` must see its things."""
    task, robot = find_task(scene.task), find_robot(scene.robot)
    found = [*_colour(scene), *task.unfit(scene.layout), *_apart(scene, task), *_reach(scene, task, robot)]
    return found or _visibility(scene, task, robot, [scene.camera, *also_from]) or _after(scene, also_from)


def _after(scene: Scene, also_from: Sequence[Camera]) -> list[str]:
    """What is unfair where a disturbance leaves the object."""
    if scene.disturbance is None:
        return []
    near = float(np.linalg.norm(np.subtract(scene.disturbance.xy, scene.layout.target_xy)))
    if near < MIN_DISTANCE_M:
        return [f"the object is moved to {near:.3f} m from the target; allowed: at least {MIN_DISTANCE_M:.3f}"]
    after = replace(scene, layout=replace(scene.layout, object=scene.moved_object), disturbance=None)
    from para_bench.sim.build import TABLE

    if touched := simulation_of(after).knot().object_on - {TABLE}:
        return [f"the object is moved onto {', '.join(sorted(touched))}; allowed: onto free table"]
    return [f"where the object is moved to, {line}" for line in problems(after, also_from)]


def hidden(scene: Scene, cameras: Sequence[Camera]) -> list[list[str]]:
    """For each camera, the task's things and look-alikes that it does not see clearly, one a line; empty where it sees all."""
    task = find_task(scene.task)
    dull, simulation = _colour(scene), simulation_of(scene)
    return [
        [*dull, *(_unseen(replace(scene, camera=camera)) if scene.layout.others else []), *_hidden_things(simulation, scene, task, camera)]
        for camera in cameras
    ]


def _colour(scene: Scene) -> list[str]:
    grounds = (scene.room.table.rgb, scene.room.table.rgb2)
    return [
        f"{name} contrast to the table is {contrast(rgb, ground):.2f}; allowed: at least {MIN_CONTRAST}"
        for name, rgb in scene.layout.colours.items()
        for ground in grounds
        if contrast(rgb, ground) < MIN_CONTRAST
    ]


def _apart(scene: Scene, task: Task) -> list[str]:
    """Problems with look-alikes, which must stand outside of the task's clear circles and in view."""
    others = scene.layout.others
    for middle, room in task.clear(scene.layout) if others else ():
        if (least := min(gap(other, middle) for other in others)) < room - 1e-9:  # one may stand exactly at the limit, up to round-off
            return [f"a look-alike is {least:.3f} m from {np.round(middle, 3).tolist()}; allowed: at least {room:.3f}"]
    return _unseen(scene) if others else []


def _unseen(scene: Scene) -> list[str]:
    middles = np.array([[*other.xy, other.half_size[2]] for other in scene.layout.others])
    return [] if in_view(middles, scene.camera, 0.0) else ["a look-alike is out of view"]


def _reach(scene: Scene, task: Task, robot: Robot) -> list[str]:
    """Problems at the points that the executor commands along the demonstration: out of reach, or with a tilted tool."""
    ends = expert_waypoints(scene)[:, :3]
    starts = np.concatenate([[scene.home[:3]], ends[:-1]])
    knots = round(WAYPOINT_S / KNOT_S)
    parts = (np.arange(1, knots + 1) / knots)[:, None, None]
    points = (starts + parts * (ends - starts)).reshape(-1, 3)
    reached = robot.reachable(points)
    if not reached.all():
        return [f"waypoint {np.round(points[np.argmin(reached)], 3).tolist()} is out of reach"]
    low = points[points[:, 2] < task.upright_below]
    tilted = ~robot.upright(low)
    return [f"the tool tilts at waypoint {np.round(low[np.argmax(tilted)], 3).tolist()}"] if tilted.any() else []


def _visibility(scene: Scene, task: Task, robot: Robot, cameras: Sequence[Camera]) -> list[str]:
    simulation = simulation_of(scene)
    return [problem for camera in cameras for problem in _hidden_things(simulation, scene, task, camera)]


def _hidden_things(simulation: Simulation, scene: Scene, task: Task, camera: Camera) -> list[str]:
    found = []
    for name, points in task.must_see(scene.layout).items():
        if not in_view(points, camera, BORDER):
            found.append(f"{name} is not wholly in view")
        elif (seen := share_seen(simulation, points, name, np.asarray(camera.position))) < MIN_VISIBLE:
            found.append(f"{name} is {seen:.0%} visible; allowed: at least {MIN_VISIBLE:.0%}")
    return found
