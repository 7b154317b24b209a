"""Which scenes are fair: reachable, in view, unoccluded and told from the table by colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.robots import find_robot
from para_bench.sim.base import Robot, Task
from para_bench.sim.executor import KNOT_S, WAYPOINT_S
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.sim.simulation import Simulation
from para_bench.sim.visibility import in_view, share_seen
from para_bench.tasks import find_task
from para_bench.tasks.parts.look_alikes import ROOM_M
from para_bench.tasks.parts.things import gap
from para_bench.types import Camera, Scene

MIN_VISIBLE = 0.8
"""Least share of the sample points of each thing that the task is about that the camera sees at the start."""
BORDER = 0.03
"""Least distance of those points from the image border, as a share of the image."""


def problems(scene: Scene, also_from: Sequence[Camera] = ()) -> list[str]:
    """What makes a scene unfair, one line each; empty for a good scene. It must be seen from its own camera and `also_from`."""
    task, robot = find_task(scene.task), find_robot(scene.robot)
    found = [*_colour(scene), *_apart(scene), *_reach(scene, task, robot)]
    return found or _visibility(scene, task, robot, [scene.camera, *also_from])


def _colour(scene: Scene) -> list[str]:
    grounds = (scene.room.table.rgb, scene.room.table.rgb2)
    return [
        f"{name} contrast to the table is {contrast(rgb, ground):.2f}; allowed: at least {MIN_CONTRAST}"
        for name, rgb in scene.layout.colours.items()
        for ground in grounds
        if contrast(rgb, ground) < MIN_CONTRAST
    ]


def _apart(scene: Scene) -> list[str]:
    """Look-alikes leave the jaw room around the object and around the target, and are in view."""
    layout = scene.layout
    middles = {"object": layout.object.xy, "target": layout.target_xy}
    near = [(gap(other, xy), name) for other in layout.others for name, xy in middles.items()]
    found = [
        f"a look-alike is {least:.3f} m from the middle of {name}; allowed: at least {ROOM_M}" for least, name in near if least < ROOM_M
    ]
    return found[:1] + [] if found or not layout.others else _unseen(scene)


def _unseen(scene: Scene) -> list[str]:
    middles = np.array([[*other.xy, other.half_size[2]] for other in scene.layout.others])
    return [] if in_view(middles, scene.camera, 0.0) else ["a look-alike is out of view"]


def _reach(scene: Scene, task: Task, robot: Robot) -> list[str]:
    """Every point that the executor will command on the demonstration's way."""
    ends = task.waypoints(scene, robot)[:, :3]
    starts = np.concatenate([[scene.home[:3]], ends[:-1]])
    knots = round(WAYPOINT_S / KNOT_S)
    parts = (np.arange(1, knots + 1) / knots)[:, None, None]
    points = (starts + parts * (ends - starts)).reshape(-1, 3)
    reached = robot.reachable(points)
    return [] if reached.all() else [f"waypoint {np.round(points[np.argmin(reached)], 3).tolist()} is out of reach"]


def _visibility(scene: Scene, task: Task, robot: Robot, cameras: Sequence[Camera]) -> list[str]:
    simulation, found = Simulation(scene, task, robot), []
    for name, points in task.must_see(scene.layout).items():
        for camera in cameras:
            if not in_view(points, camera, BORDER):
                found.append(f"{name} is not wholly in view")
            elif (seen := share_seen(simulation, points, name, np.asarray(camera.position))) < MIN_VISIBLE:
                found.append(f"{name} is {seen:.0%} visible; allowed: at least {MIN_VISIBLE:.0%}")
    return found
