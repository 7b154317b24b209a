"""`wipe`: pick the sponge, draw it over the marked patch in contact with the table, raise it again.

The sponge is picked first: every arm starts with an open jaw, so a sponge that starts inside one would be a state of its own that no
executor commands. It is a rigid box; what gives way as a sponge would are the arm's servos (about 0.5 N at `PRESS_M`).

A mark lies on a button that friction holds: a ball that stands 1 mm out of the table and that only the sponge touches. Pressed down it
stays down, and the mark with it, under the table. Which marks are left is a matter of contact forces and part of the stored state, so
that a demonstration drawn again shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from para_bench.sim.base import Circle, Diagnosis, Episode, Knot
from para_bench.tasks.parts import look_alikes
from para_bench.tasks.parts.diagnosis import REASONS, GraspDiagnosis
from para_bench.tasks.parts.look_alikes import LookAlikes
from para_bench.tasks.parts.motion import Leg, grasp_pose
from para_bench.tasks.parts.pick_and_place import LIKE_OBJECT, LIKE_TARGET, OBJECT, PickAndPlace, top_points
from para_bench.tasks.parts.progress import GraspProgress
from para_bench.tasks.parts.things import Parts, at
from para_bench.types import Layout, Prop, Rgb, Scene

if TYPE_CHECKING:  # what a task is needs no simulator
    import mujoco

SPONGE = replace(OBJECT, rgb=(0.85, 0.25, 0.55))
ROWS, PITCH_M = (4, 3), (0.020, 0.022)
"""Marks along and across the stroke, and the distance of their middles [m]: 22 mm off the middle line, under a sponge of 36 mm."""
COUNT = ROWS[0] * ROWS[1]
LEAST_HALF_M = (ROWS[1] - 1) / 2 * PITCH_M[1] + 0.006
"""Half length of a sponge that passes over all rows [m], 6 mm of them to spare."""
SHARE = 0.9
"""Share of the marks to be wiped for success; all of them for strict success."""
RIM_M, MAT_M = 0.005, 0.0002
"""Width of the mat around the marks, and half of its thickness [m]; it is seen, not felt."""
MAT_RGB, MARK_RGB = (0.45, 0.62, 0.95), (0.10, 0.14, 0.26)
MARK_M = (0.0003, 0.0005)
"""Half thickness of a mark, and height of its middle above the table [m]."""
BALL_M, BUMP_M = 0.010, 0.001
"""Radius of the button under a mark, and how far it stands out of the table [m]: its slope is 25 deg at most."""
HOLD_N = 0.05
"""Friction of a button: three at once are less than the sponge's weight (0.3 N)."""
DOWN = 0.6
"""A mark counts as wiped when its button is pressed by this share of BUMP_M; it is out of sight then."""
PRESS_M = 0.001
"""The gripper is sent this far below the height at which the sponge lies on the table [m]."""
STROKE_STEPS = 8
"""Waypoints of the stroke: about 60 mm/s."""
BEYOND_M = 0.006
"""The stroke starts and ends with the sponge's edge this far outside of the marks [m]."""
SLIDE = 0.3
"""Friction of a wet sponge on the table; the jaw's grip on it is 1.5."""
SPONGE_BIT = 4
"""Contact bit of sponge and buttons alone."""


@dataclass(frozen=True)
class WipeLayout(Layout):
    """A sponge, and the mat with the marks."""

    target_yaw: float = 0.0
    """Direction of the stroke about world z [rad]: the mat's long side."""
    target_rgb: Rgb = MAT_RGB
    """Colour of the mat."""
    mark_rgb: Rgb = MARK_RGB

    @property
    def colours(self) -> dict[str, Rgb]:
        return {"object": self.object.rgb, "target": self.target_rgb}

    @property
    def mat(self) -> Prop:
        x, y = (rows * pitch / 2 + RIM_M for rows, pitch in zip(ROWS, PITCH_M, strict=True))
        return Prop("box", (x, y, MAT_M), self.target_rgb, self.target_xy, self.target_yaw)

    @property
    def marks(self) -> Parts:
        """The marks as parts in world."""
        (along, across), (dx, dy) = ROWS, PITCH_M
        half = (dx / 2, dy / 2, MARK_M[0])
        spots = [((i - (along - 1) / 2) * dx, (j - (across - 1) / 2) * dy) for i in range(along) for j in range(across)]
        return at(tuple(Prop("box", half, self.mark_rgb, spot) for spot in spots), self.target_xy, self.target_yaw)


class WipeProgress(GraspProgress):
    """Success: after the sponge was lifted by the jaw, SHARE of the marks is wiped, and the jaw holds the sponge above the table."""

    last = 5

    def __init__(self, layout: WipeLayout) -> None:
        super().__init__(layout)
        self.wiped = 0
        """Marks wiped so far."""

    def update(self, knot: Knot) -> None:
        self.wiped = int((knot.qpos[-COUNT:] < -DOWN * BUMP_M).sum())
        super().update(knot)
        if self.stage >= 3 and self.wiped:
            self.stage = max(self.stage, 4)

    def _done(self, knot: Knot) -> bool:
        held = knot.fingers_on_object == 2 and not knot.object_on
        return bool(self.stage >= 3 and held and self.wiped >= SHARE * COUNT)

    def _strictly(self, knot: Knot) -> bool:
        return self.wiped == COUNT


class WipeDiagnosis(GraspDiagnosis):
    """Also measures how much was wiped."""

    @property
    def measures(self) -> dict[str, float]:
        return super().measures | {"wiped_share": round(self._progress.wiped / COUNT, 5)}

    @property
    def reason(self) -> str:
        progress = self._progress
        if progress.stage < 3:
            return self._failed_grasp("not_lifted" if progress.stage == 2 else "not_grasped")
        if not self._episode.simulation.knot().fingers_on_object:
            return "dropped"
        if not progress.wiped:
            return "no_contact"
        return "missed" if progress.wiped < SHARE * COUNT else "not_raised"

    @property
    def _progress(self) -> WipeProgress:
        progress = self._episode.progress
        assert isinstance(progress, WipeProgress)
        return progress


class Wipe(PickAndPlace):
    """Pick the sponge, wipe the marks off."""

    name = "wipe"
    about = "pick the pink sponge and wipe the dark marks off the blue mat"
    layout_type = WipeLayout
    stages = ("none", "reach", "grasp", "lift", "contact", "wipe")
    reasons = (*REASONS[: REASONS.index("dropped") + 1], "no_contact", "missed", "not_raised")
    thing = SPONGE
    upright_below = 0.02  # the stroke: a sponge on its edge leaves marks

    def arrange(self, rng: np.random.Generator, thing: Prop, target_xy: tuple[float, float]) -> WipeLayout:
        return WipeLayout(thing, target_xy, float(rng.uniform(-np.pi / 2, np.pi / 2)))

    def target(self, layout: WipeLayout) -> Prop:
        return layout.mat

    def similar(self, layout: WipeLayout, unseen: bool) -> list[LookAlikes]:
        """Those of the mat bear dark marks too."""
        colours = tuple(layout.colours.values())
        mats = look_alikes.of_prop(layout.mat, colours, unseen, LIKE_TARGET)
        marked = [tuple(_marked(parts, layout.mark_rgb) for parts in kind) for kind in (mats.larger, mats.smaller, mats.recoloured)]
        return [look_alikes.of_prop(layout.object, colours, unseen, LIKE_OBJECT), LookAlikes(*marked, count=LIKE_TARGET)]

    def unfit(self, layout: WipeLayout) -> list[str]:
        half = layout.object.half_size[1] if layout.object.shape == "box" else 0.0
        found = f"the sponge's straight side is {2000 * half:.0f} mm long; allowed: at least {2000 * LEAST_HALF_M:.0f}"
        return [found] if half < LEAST_HALF_M else []

    def clear(self, layout: WipeLayout) -> tuple[Circle, ...]:
        """Also where the stroke starts and ends."""
        return (*super().clear(layout), *((end, look_alikes.ROOM_M) for end in self._stroke(layout)))

    def _stroke(self, layout: WipeLayout) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where the middle of the sponge starts and ends, world [m]."""
        reach = (ROWS[0] - 1) / 2 * PITCH_M[0] + layout.object.half_size[0] + BEYOND_M
        way = reach * np.array([np.cos(layout.target_yaw), np.sin(layout.target_yaw)])
        x, y, u, v = (float(value) for value in (*(layout.target_xy - way), *(layout.target_xy + way)))
        return (x, y), (u, v)

    def furnish(self, spec: mujoco.MjSpec, layout: WipeLayout) -> None:
        import mujoco

        from para_bench.sim.build import HIDDEN_GROUP, add_loose, prop_geom, yaw_quat

        add_loose(spec, layout.object)
        sponge = spec.geom("object")
        sponge.contype |= SPONGE_BIT
        spec.add_pair(geomname1="object", geomname2="table", condim=4, friction=[SLIDE, SLIDE, 0.005, 0.0001, 0.0001])
        unfelt = {"contype": 0, "conaffinity": 0}
        mat = layout.mat
        spec.worldbody.add_geom(name="target", pos=[*mat.xy, MAT_M / 2], quat=yaw_quat(mat.yaw), **prop_geom(mat), **unfelt)
        for index, mark in enumerate(layout.marks):
            name = f"mark{index}"
            body = spec.worldbody.add_body(name=name, pos=[*mark.xy, 0], quat=yaw_quat(mark.yaw), gravcomp=1)
            body.add_joint(name=name, type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[0, 0, 1], frictionloss=HOLD_N, damping=1.0, armature=0.01)
            body.add_geom(name=f"target/{index}", pos=[0, 0, MARK_M[1]], mass=0.001, **prop_geom(mark), **unfelt)
            ball = {"type": mujoco.mjtGeom.mjGEOM_SPHERE, "size": [BALL_M, 0, 0], "pos": [0, 0, BUMP_M - BALL_M]}
            felt = {"contype": 0, "conaffinity": SPONGE_BIT, "friction": [SLIDE, 0.005, 0.0001], "priority": 1}
            body.add_geom(name=f"button{index}", group=HIDDEN_GROUP, mass=0.001, **ball, **felt)

    def must_see(self, layout: WipeLayout) -> dict[str, np.ndarray]:
        mat = layout.mat
        x, y, z = mat.half_size
        rim = at(tuple(replace(mat, xy=(u * (x - RIM_M / 2), v * (y - RIM_M / 2))) for u in (-1, 0, 1) for v in (-1, 1)), mat.xy, mat.yaw)
        marks = [[*mark.xy, MARK_M[0] + MARK_M[1]] for mark in layout.marks]
        return {"object": top_points(layout.object), "target": np.array([[*part.xy, 2 * z] for part in rim] + marks)}

    def legs(self, layout: WipeLayout) -> tuple[Leg, ...]:
        grasp, yaw = grasp_pose(layout.object)
        low, high = layout.object.half_size[2] - PRESS_M, self.travel_z
        start, end = self._stroke(layout)
        above = np.array([*grasp[:2], high])
        return (
            Leg(above, 1, 5, yaw),
            Leg(grasp, 1, 3),
            Leg(grasp, 0, 2),
            Leg(above, 0, 3),
            Leg(np.array([*start, high]), 0, 6, layout.target_yaw + yaw - layout.object.yaw),
            Leg(np.array([*start, low]), 0, 3),
            Leg(np.array([*end, low]), 0, STROKE_STEPS),
            Leg(np.array([*end, high]), 0, 4),
        )

    def progress(self, scene: Scene) -> WipeProgress:
        assert isinstance(scene.layout, WipeLayout)
        return WipeProgress(scene.layout)

    def diagnose(self, episode: Episode, looks: bool) -> Diagnosis:
        return WipeDiagnosis(episode, looks)


def _marked(parts: Parts, rgb: Rgb) -> Parts:
    """Mats with a dark patch on each."""
    halves = [(0.85 * x, 0.85 * y, z + MARK_M[0]) for x, y, z in (part.half_size for part in parts)]
    return (*parts, *(replace(part, half_size=half, rgb=rgb) for part, half in zip(parts, halves, strict=True)))
