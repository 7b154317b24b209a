"""Which scenes are fair: reachable, in view, unoccluded and told from the table by colour."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco
import numpy as np

from para_bench.geometry import project
from para_bench.robots import so101 as robot
from para_bench.sim.build import HIDDEN_GROUP, PLATE_HALF_HEIGHT
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.sim.simulation import KNOT_S, WAYPOINT_S, Simulation
from para_bench.tasks import oracle
from para_bench.types import Camera, Scene

MIN_VISIBLE = 0.8
"""Least share of the object's and of the plate's sample points that the camera sees at the start."""
BORDER = 0.03
"""Least distance of those points from the image border, as a share of the image."""


def problems(scene: Scene, also_from: Sequence[Camera] = ()) -> list[str]:
    """What makes a scene unfair, one line each; empty for a good scene. It must be seen from its own camera and `also_from`."""
    found = [*_colour(scene), *_reach(scene)]
    return found or _visibility(scene, [scene.camera, *also_from])


def _colour(scene: Scene) -> list[str]:
    grounds = (scene.table.rgb, scene.table.rgb2)
    return [
        f"{name} contrast to the table is {contrast(rgb, ground):.2f}; allowed: at least {MIN_CONTRAST}"
        for name, rgb in (("object", scene.object.rgb), ("target", scene.target_rgb))
        for ground in grounds
        if contrast(rgb, ground) < MIN_CONTRAST
    ]


def _reach(scene: Scene) -> list[str]:
    """Every point that the executor will command on the demonstration's way."""
    ends = oracle.waypoints(scene)[:, :3]
    starts = np.concatenate([[scene.home[:3]], ends[:-1]])
    knots = round(WAYPOINT_S / KNOT_S)
    parts = (np.arange(1, knots + 1) / knots)[:, None, None]
    points = (starts + parts * (ends - starts)).reshape(-1, 3)
    reached = robot.reachable(points)
    return [] if reached.all() else [f"waypoint {np.round(points[np.argmin(reached)], 3).tolist()} is out of reach"]


def _visibility(scene: Scene, cameras: Sequence[Camera]) -> list[str]:
    simulation, found = Simulation(scene), []
    for name, points in (("object", _object_points(scene)), ("target", _target_points(scene))):
        for camera in cameras:
            pixels, depth = project(points, camera)
            size = np.array([camera.width, camera.height])
            inside = np.all((pixels > BORDER * size) & (pixels < (1 - BORDER) * size), axis=1) & (depth > 0)
            if not inside.all():
                found.append(f"{name} is not wholly in view")
            elif (seen := _seen(simulation, points, name, np.asarray(camera.position))) < MIN_VISIBLE:
                found.append(f"{name} is {seen:.0%} visible; allowed: at least {MIN_VISIBLE:.0%}")
    return found


def _object_points(scene: Scene) -> np.ndarray:
    """A grid on the object's top face, world (N, 3) [m]."""
    x, y, z = scene.object.half_size
    u, v = np.meshgrid([-0.8, 0, 0.8], [-0.8, 0, 0.8])
    local = np.stack([u.ravel() * x, v.ravel() * y], axis=1)
    if scene.object.shape != "box":
        local *= 0.6
    c, s = np.cos(scene.object.yaw), np.sin(scene.object.yaw)
    return np.c_[local @ np.array([[c, s], [-s, c]]) + scene.object.xy, np.full(len(local), 2 * z)]


def _target_points(scene: Scene) -> np.ndarray:
    """The centre and two rings on the plate, world (N, 3) [m]."""
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * scene.target_radius
    flat = np.concatenate([[[0, 0]], 0.5 * ring, 0.9 * ring]) + scene.target_xy
    return np.c_[flat, np.full(len(flat), 2 * PLATE_HALF_HEIGHT)]


def _seen(simulation: Simulation, points: np.ndarray, name: str, eye: np.ndarray) -> float:
    """Share of points whose first hit on the ray from the camera is the geom itself."""
    wanted, hit = simulation.model.geom(name).id, np.empty(1, np.int32)
    drawn = np.arange(6) != HIDDEN_GROUP
    seen = 0
    for ray in points - eye:
        length = np.linalg.norm(ray)
        distance = mujoco.mj_ray(simulation.model, simulation.data, eye, ray / length, drawn.astype(np.uint8), True, -1, hit)
        seen += hit[0] == wanted or not 0 <= distance < length - 1e-3  # a sample point just above a curved body counts as seen
    return seen / len(points)
