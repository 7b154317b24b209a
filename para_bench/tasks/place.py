"""`place`: pick the object, put it on the plate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from para_bench.sim.base import Robot
from para_bench.tasks.parts.motion import walk
from para_bench.tasks.parts.pick_and_place import PickAndPlace, top_points
from para_bench.types import Layout, Prop, Rgb, Scene

if TYPE_CHECKING:  # what a task is needs no simulator
    import mujoco

PLATE_HALF_HEIGHT = 0.002
"""Half thickness of the plate [m]."""
PLATE_RADIUS_M = 0.045
PLATE_RGB = (0.92, 0.92, 0.94)


@dataclass(frozen=True)
class PlaceLayout(Layout):
    """An object and a round plate."""

    target_radius: float = PLATE_RADIUS_M
    """Radius of the plate [m]."""
    target_rgb: Rgb = PLATE_RGB

    @property
    def colours(self) -> dict[str, Rgb]:
        return {"object": self.object.rgb, "target": self.target_rgb}


class Place(PickAndPlace):
    """Pick the object, put it on the plate."""

    name = "place"
    about = "pick the box and put it on the plate"
    layout_type = PlaceLayout
    support = "target_top"

    def arrange(self, rng: np.random.Generator, thing: Prop, target_xy: tuple[float, float]) -> PlaceLayout:
        return PlaceLayout(thing, target_xy)

    def height(self, layout: PlaceLayout) -> float:
        return 2 * PLATE_HALF_HEIGHT

    def radius(self, layout: PlaceLayout) -> float:
        return layout.target_radius

    def target(self, layout: PlaceLayout) -> Prop:
        radius = layout.target_radius
        return Prop("cylinder", (radius, radius, PLATE_HALF_HEIGHT), layout.target_rgb, layout.target_xy)

    def furnish(self, spec: mujoco.MjSpec, layout: PlaceLayout) -> None:
        import mujoco

        from para_bench.sim.build import HIDDEN_GROUP, WORLD_MASK, add_loose

        position, radius = [*layout.target_xy, PLATE_HALF_HEIGHT], layout.target_radius
        seen = {"size": [radius, PLATE_HALF_HEIGHT, 0], "rgba": [*layout.target_rgb, 1], "contype": 0, "conaffinity": 0}
        spec.worldbody.add_geom(name="target", type=mujoco.mjtGeom.mjGEOM_CYLINDER, pos=position, **seen)
        # The disc is what one sees and this hidden square around it is what things rest on: a box on a round plate has contact
        # points that jump, and rocks for ever with some MuJoCo releases (3.10).
        felt = {"size": [radius, radius, PLATE_HALF_HEIGHT], "friction": [0.8, 0.01, 0.0005], **WORLD_MASK}
        spec.worldbody.add_geom(name=self.support, type=mujoco.mjtGeom.mjGEOM_BOX, pos=position, group=HIDDEN_GROUP, **felt)
        add_loose(spec, layout.object)

    def waypoints(self, scene: Scene, robot: Robot) -> np.ndarray:
        """In the world `plain`, as suite version 1 had them: the jaw turns the short way, even where the arm then turns over."""
        if scene.layout.others:
            return super().waypoints(scene, robot)
        return walk(scene.home, self.legs(scene.layout))

    def must_see(self, layout: PlaceLayout) -> dict[str, np.ndarray]:
        angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * layout.target_radius
        flat = np.concatenate([[[0, 0]], 0.5 * ring, 0.9 * ring]) + layout.target_xy
        return {"object": top_points(layout.object), "target": np.c_[flat, np.full(len(flat), 2 * PLATE_HALF_HEIGHT)]}
