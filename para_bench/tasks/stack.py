"""`stack`: pick the object, put it on a box whose height varies from scene to scene, so that the height of every waypoint matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from para_bench.tasks.parts.pick_and_place import PickAndPlace, top_points
from para_bench.types import Layout, Prop, Rgb

if TYPE_CHECKING:  # what a task is needs no simulator
    import mujoco

HEIGHTS_M = (0.016, 0.048)
"""Lowest and highest box; one height a scene, uniform."""
HALF_SIDE_M = 0.027
"""Of the box's square top: the object, 72 mm long, hangs over it, and stays while its centre is over it."""
RADIUS_M = 0.02
"""Largest distance of the object's centre from the box's [m]; it tips over the edge from 27 mm on."""
LEAVE_M = 0.045
"""Height above the placed object's centre to which the gripper goes [m]: more than the success rule's distance."""
BOX_RGB = (0.30, 0.72, 0.85)


@dataclass(frozen=True)
class StackLayout(Layout):
    """An object, and the box that it is to stand on."""

    target_height: float = HEIGHTS_M[0]
    """Height of the box [m]."""
    target_yaw: float = 0.0
    """Rotation of the box about world z [rad]."""
    target_rgb: Rgb = BOX_RGB

    @property
    def box(self) -> Prop:
        """The box as a prop."""
        half = (HALF_SIDE_M, HALF_SIDE_M, self.target_height / 2)
        return Prop("box", half, self.target_rgb, self.target_xy, self.target_yaw)

    @property
    def colours(self) -> dict[str, Rgb]:
        return {"object": self.object.rgb, "target": self.target_rgb}


class Stack(PickAndPlace):
    """Pick the object, put it on a box of varying height."""

    name = "stack"
    about = "pick the red box and put it on the light blue one, whose height varies"
    layout_type = StackLayout
    stages = ("none", "reach", "grasp", "lift", "stack")
    strict_m = 0.01
    travel_z = 0.074  # the object's underside passes 10 mm above the highest box

    def arrange(self, rng: np.random.Generator, thing: Prop, target_xy: tuple[float, float]) -> StackLayout:
        height, yaw = float(rng.uniform(*HEIGHTS_M)), float(rng.uniform(-np.pi, np.pi))
        return StackLayout(thing, target_xy, height, yaw)

    def height(self, layout: StackLayout) -> float:
        return layout.target_height

    def radius(self, layout: StackLayout) -> float:
        return RADIUS_M

    def leave_z(self, layout: StackLayout) -> float:
        return max(self.travel_z, layout.target_height + layout.object.half_size[2] + LEAVE_M)

    def target(self, layout: StackLayout) -> Prop:
        return layout.box

    def furnish(self, spec: mujoco.MjSpec, layout: StackLayout) -> None:
        from para_bench.sim.build import add_fixed, add_loose

        add_fixed(spec, self.support, layout.box, friction=[0.8, 0.01, 0.0005])
        add_loose(spec, layout.object)

    def must_see(self, layout: StackLayout) -> dict[str, np.ndarray]:
        return {"object": top_points(layout.object), "target": top_points(layout.box)}
