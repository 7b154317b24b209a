"""What all tasks share that pick a thing and put it somewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.sim.base import Circle, Diagnosis, Episode, Placement, Robot, Task
from para_bench.sim.footprints import rim
from para_bench.tasks.parts import look_alikes
from para_bench.tasks.parts.diagnosis import REASONS, GraspDiagnosis
from para_bench.tasks.parts.look_alikes import LookAlikes
from para_bench.tasks.parts.motion import TRAVEL_Z, Leg, grasp_pose, pick_and_place, steady_walk
from para_bench.tasks.parts.progress import STAGES, PickAndPlaceProgress
from para_bench.types import Layout, Prop, Scene

OBJECT_RGB = (0.80, 0.15, 0.12)
OBJECT = Prop("box", (0.0125, 0.036, 0.016), OBJECT_RGB, (0.2, 0.0))
"""The training object: 25 x 72 x 32 mm, longer than the jaw (58 mm) opens. The jaw lands on it from about 50 deg of yaw error on;
below that the object turns as the jaw closes (tests/tasks/parts/test_diagnosis.py)."""
RELEASE_GAP = 0.003
"""The object is let go this high above its place [m]."""
LIKE_OBJECT, LIKE_TARGET = 2, 1
"""Look-alikes of a scene in the colour of the object and of the target."""
TARGET_ROOM = 0.01
"""Free table around the target [m]."""


class PickAndPlace(Task):
    """Base of such a task; a subclass says what its things are, what the object is to rest on and how high that is."""

    stages = STAGES
    reasons = REASONS
    max_steps = 48
    """Four looks of 12 waypoints, where a demonstration needs under three."""
    upright_below = 0.0
    thing = OBJECT
    """What is picked; each layout places it."""
    support = "target"
    """Name of the geom that the object is to rest on."""
    travel_z = TRAVEL_Z
    """Height of the gripper on its way between places [m]."""

    strict_m = 0.02
    """Largest distance of the object's centre from the target's for strict success [m]: half the jaw's slack along the object and half of
    what it lands off by are under this, and a policy that only finds the plate is not."""

    def leave_z(self, layout: Layout) -> float:
        """Height to which the gripper goes when it has let go [m]."""
        return self.travel_z

    def arrange(self, rng: np.random.Generator, thing: Prop, target_xy: tuple[float, float]) -> Layout:
        """The layout of a thing and a target at their places."""
        raise NotImplementedError

    def height(self, layout: Layout) -> float:
        """Height of what the object is to rest on, above the table [m]."""
        raise NotImplementedError

    def radius(self, layout: Layout) -> float:
        """Largest distance of the object's centre from the target's [m]."""
        raise NotImplementedError

    def sample(self, rng: np.random.Generator, placement: Placement, robot: Robot) -> Layout | None:
        object_xy = rng.uniform(placement.object.low, placement.object.high)
        target_xy = rng.uniform(placement.target.low, placement.target.high)
        yaw = float(rng.uniform(-np.pi, np.pi))
        if np.linalg.norm(object_xy - target_xy) < placement.min_distance:
            return None
        return self.arrange(rng, replace(self.thing, xy=tuple(object_xy.tolist()), yaw=yaw), tuple(target_xy.tolist()))

    def target(self, layout: Layout) -> Prop | None:
        """What the object is to rest on, as a prop that has look-alikes; None where it has none."""
        return None

    def similar(self, layout: Layout, unseen: bool) -> list[LookAlikes]:
        """The look-alikes of the object, then those of the target."""
        colours, things = tuple(layout.colours.values()), ((layout.object, LIKE_OBJECT), (self.target(layout), LIKE_TARGET))
        return [look_alikes.of_prop(thing, colours, unseen, count) for thing, count in things if thing is not None]

    def unfit(self, layout: Layout) -> list[str]:
        return []

    def clear(self, layout: Layout) -> tuple[Circle, ...]:
        target = self.target(layout)
        room = look_alikes.ROOM_M if target is None else max(look_alikes.ROOM_M, rim(target) + TARGET_ROOM)
        return ((layout.object.xy, look_alikes.ROOM_M), (layout.target_xy, room))

    def crowd(self, rng: np.random.Generator, layout: Layout, unseen: bool = False) -> Layout | None:
        return look_alikes.crowded(rng, layout, self.similar(layout, unseen), self.clear(layout))

    def legs(self, layout: Layout) -> tuple[Leg, ...]:
        """The expert's path."""
        grasp, _ = grasp_pose(layout.object)
        place = np.array([*layout.target_xy, grasp[2] + self.height(layout) + RELEASE_GAP])
        return pick_and_place(layout.object, place, self.travel_z, self.leave_z(layout))

    def waypoints(self, scene: Scene, robot: Robot) -> np.ndarray:
        return steady_walk(scene.home, self.legs(scene.layout), robot)

    def progress(self, scene: Scene) -> PickAndPlaceProgress:
        layout = scene.layout
        return PickAndPlaceProgress(layout, self.support, self.radius(layout), self.height(layout), self.strict_m)

    def diagnose(self, episode: Episode, looks: bool) -> Diagnosis:
        return GraspDiagnosis(episode, looks)


def top_points(thing: Prop, bottom: float = 0.0) -> np.ndarray:
    """A grid on the top face of a thing whose underside is `bottom` [m] above the table. World (9, 3) [m]."""
    x, y, z = thing.half_size
    u, v = np.meshgrid([-0.8, 0, 0.8], [-0.8, 0, 0.8])
    local = np.stack([u.ravel() * x, v.ravel() * y], axis=1)
    if thing.shape != "box":
        local *= 0.6
    c, s = np.cos(thing.yaw), np.sin(thing.yaw)
    return np.c_[local @ np.array([[c, s], [-s, c]]) + thing.xy, np.full(len(local), bottom + 2 * z)]
