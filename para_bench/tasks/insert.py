"""`insert`: pick the object, put it into an open slot that it fits in one direction, so that the yaw of every waypoint matters.

The slot is a tray with walls around its two ends: the fingers, 17 mm wide, come down and open in the gap between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.sim.base import Circle, Diagnosis, Episode, Knot
from para_bench.tasks.parts import look_alikes
from para_bench.tasks.parts.diagnosis import REASONS, GraspDiagnosis
from para_bench.tasks.parts.look_alikes import LookAlikes
from para_bench.tasks.parts.motion import Leg, grasp_pose, pick_and_place
from para_bench.tasks.parts.pick_and_place import (
    LIKE_OBJECT,
    LIKE_TARGET,
    OBJECT,
    RELEASE_GAP,
    TARGET_ROOM,
    PickAndPlace,
    top_points,
)
from para_bench.tasks.parts.progress import PickAndPlaceProgress
from para_bench.tasks.parts.things import Parts, at, painted, radius
from para_bench.types import Layout, Prop, Rgb, Scene

if TYPE_CHECKING:  # what a task is needs no simulator
    import mujoco

CLEARANCE_M = 0.004
"""Between the object and the walls, on every side [m]."""
LEAST_PLAY_M = 0.003
"""Least play of an object of another shape [m]: the expert's placing error is smaller."""
WALL_M, FLOOR_M, HEIGHT_M = 0.005, 0.002, 0.016
"""Thickness of the walls, height of the tray's floor and of its walls above the table [m]: half of the object stands out."""
GAP_HALF_M = 0.015
"""Half width of the gap in the long walls [m]: that of a finger (8.5 mm), the clearance, and 2.5 mm for the yaw."""
RADIUS_M, YAW_DEG = 0.005, 8.0
"""Largest distance of the object's centre from the slot's, and largest angle between them, for success."""
STRICT_M, STRICT_DEG = 0.003, 3.0
"""The same for strict success."""
SLOT_RGB = (0.30, 0.72, 0.85)
FELT = {"friction": [0.8, 0.01, 0.0005]}
"""Contact friction, the same as the table's."""


def slot(rgb: Rgb, inner: tuple[float, float]) -> Parts:
    """Floor, two ends and four walls around the ends of a space with half extents `inner` [m]; the floor is the first part."""
    x, y = inner
    outer, end = x + WALL_M, y + WALL_M
    gap = min(GAP_HALF_M, 0.5 * y)
    side = (y - gap) / 2
    z = HEIGHT_M / 2
    floor = Prop("box", (outer, end, FLOOR_M / 2), rgb, (0.0, 0.0))
    ends = [Prop("box", (outer, WALL_M / 2, z), rgb, (0.0, sign * (y + WALL_M / 2))) for sign in (-1, 1)]
    long = [Prop("box", (WALL_M / 2, side, z), rgb, (u * (x + WALL_M / 2), v * (gap + side))) for u in (-1, 1) for v in (-1, 1)]
    return (floor, *ends, *long)


INNER = (OBJECT.half_size[0] + CLEARANCE_M, OBJECT.half_size[1] + CLEARANCE_M)
"""Half extents of the slot [m]."""
_SOLID = Prop("box", (INNER[0] + WALL_M, INNER[1] + WALL_M, HEIGHT_M / 2), SLOT_RGB, (0.0, 0.0))
"""The slot filled up."""


@dataclass(frozen=True)
class InsertLayout(Layout):
    """An object, and the slot that it is to lie in."""

    target_yaw: float = 0.0
    """Rotation of the slot about world z [rad]; its long side is along its own y, as the object's."""
    target_rgb: Rgb = SLOT_RGB

    @property
    def colours(self) -> dict[str, Rgb]:
        return {"object": self.object.rgb, "target": self.target_rgb}

    @property
    def slot(self) -> Parts:
        """Its parts in world, the floor first."""
        return at(slot(self.target_rgb, INNER), self.target_xy, self.target_yaw)


class InsertProgress(PickAndPlaceProgress):
    """Success also needs the slot's direction."""

    def __init__(self, layout: InsertLayout, support: str, walls: frozenset[str]) -> None:
        super().__init__(layout, support, RADIUS_M, FLOOR_M, STRICT_M, walls)
        self._target_yaw = layout.target_yaw

    def _done(self, knot: Knot) -> bool:
        return super()._done(knot) and self._turn_deg(knot) < YAW_DEG

    def _strictly(self, knot: Knot) -> bool:
        return super()._strictly(knot) and self._turn_deg(knot) < STRICT_DEG

    def _turn_deg(self, knot: Knot) -> float:
        return abs(float(np.degrees(wrap_yaw(knot.object_yaw - self._target_yaw))))


class InsertDiagnosis(GraspDiagnosis):
    """Tells a wrong direction over the slot from a wrong place."""

    @property
    def measures(self) -> dict[str, float]:
        return super().measures | {"place_yaw_deg": round(self._turn_deg, 5)}

    @property
    def reason(self) -> str:
        reason = super().reason
        return "wrong_turn" if reason == "misplaced" and self._turn_deg > YAW_DEG else reason

    @property
    def _turn_deg(self) -> float:
        layout = self._episode.scene.layout
        assert isinstance(layout, InsertLayout)
        return abs(float(np.degrees(wrap_yaw(self._episode.simulation.knot().object_yaw - layout.target_yaw))))


class Insert(PickAndPlace):
    """Pick the object, put it into the slot."""

    name = "insert"
    about = "pick the red box and put it into the light blue slot"
    layout_type = InsertLayout
    stages = ("none", "reach", "grasp", "lift", "insert")
    reasons = (*REASONS[:-3], "wrong_turn", *REASONS[-3:])

    def arrange(self, rng: np.random.Generator, thing: Prop, target_xy: tuple[float, float]) -> InsertLayout:
        return InsertLayout(thing, target_xy, float(rng.uniform(-np.pi / 2, np.pi / 2)))

    def height(self, layout: InsertLayout) -> float:
        return FLOOR_M

    def radius(self, layout: InsertLayout) -> float:
        return RADIUS_M

    def similar(self, layout: InsertLayout, unseen: bool) -> list[LookAlikes]:
        x, y = INNER
        side = float(np.sqrt(1.6 * x * y))
        colours = tuple(layout.colours.values())
        solid = look_alikes.of_prop(_SOLID, colours, unseen, LIKE_TARGET)
        own = slot(layout.target_rgb, INNER)
        return [
            look_alikes.of_prop(layout.object, colours, unseen, LIKE_OBJECT),
            LookAlikes(
                solid.larger if unseen else (slot(layout.target_rgb, (side, side)), *solid.larger),
                solid.smaller if unseen else (slot(layout.target_rgb, (x, 0.4 * y)), *solid.smaller),
                tuple(painted(own, rgb) for rgb in look_alikes.free_paints(colours, unseen)),
                LIKE_TARGET,
            ),
        ]

    def unfit(self, layout: InsertLayout) -> list[str]:
        x, y, _ = layout.object.half_size
        plays = [1000 * (inner - half) for inner, half in zip(INNER, (x, y), strict=True)]
        found = f"the object has {min(plays):.1f} mm of play in the slot; allowed: at least {1000 * LEAST_PLAY_M:.1f}"
        return [found] if min(plays) < 1000 * LEAST_PLAY_M else []

    def clear(self, layout: InsertLayout) -> tuple[Circle, ...]:
        return ((layout.object.xy, look_alikes.ROOM_M), (layout.target_xy, radius(slot(layout.target_rgb, INNER)) + TARGET_ROOM))

    def furnish(self, spec: mujoco.MjSpec, layout: InsertLayout) -> None:
        from para_bench.sim.build import add_fixed, add_loose

        for index, part in enumerate(layout.slot):
            add_fixed(spec, f"{self.support}/{index}" if index else self.support, part, **FELT)
        add_loose(spec, layout.object)

    def must_see(self, layout: InsertLayout) -> dict[str, np.ndarray]:
        """Of the slot, the tops of its walls, which hide none of each other."""
        return {"object": top_points(layout.object), "target": np.concatenate([top_points(wall) for wall in layout.slot[1:]])}

    def legs(self, layout: InsertLayout) -> tuple[Leg, ...]:
        grasp, yaw = grasp_pose(layout.object)
        place = np.array([*layout.target_xy, grasp[2] + FLOOR_M + RELEASE_GAP])
        return pick_and_place(layout.object, place, self.travel_z, place_yaw=layout.target_yaw + yaw - layout.object.yaw)

    def progress(self, scene: Scene) -> InsertProgress:
        layout = scene.layout
        assert isinstance(layout, InsertLayout)
        return InsertProgress(layout, self.support, frozenset(f"{self.support}/{index}" for index in range(1, len(layout.slot))))

    def diagnose(self, episode: Episode, looks: bool) -> Diagnosis:
        return InsertDiagnosis(episode, looks)
