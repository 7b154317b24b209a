"""Towels of MuJoCo's flex, and what the arm is to do with them: for cloth.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import mujoco
import numpy as np

from para_bench.robots import find_robot
from para_bench.sim.build import HIDDEN_GROUP
from para_bench.tasks.parts.motion import Leg

CLOTH_BIT, FELT_BIT = 4, 8
"""Contact bits: the cloth's own, for its layers; that of the plane which stands for the table."""


@dataclass(frozen=True)
class Towel:
    """A towel and how it is simulated; defaults are the best found."""

    grid: tuple[int, int] = (4, 10)
    """Vertices across and along."""
    spacing: float = 0.015
    radius: float = 0.002
    """Half of the thickness [m]."""
    mass: float = 0.005
    """Of all [kg]: about 800 g/m^2."""
    friction: float = 1.2
    elastic: bool = False
    """Shell elasticity in place of edges of fixed length; it needs the integrator `discrete`."""
    self_contact: bool = True
    felt: bool = True
    """A hidden plane bears the cloth, not the box of the table, which gives several contacts a triangle."""
    timestep: float = 0.002
    hem: float = 0.017
    """The jaw closes this far inside of the edge [m]."""
    press: float = 0.008
    """Height of the gripper when it closes [m]; the fingers reach 10.5 mm below it."""
    place: tuple[float, float, float] = (0.19, 0.0, 0.0)
    """Middle, world [m], and direction in which it is folded [rad]."""

    @property
    def length(self) -> float:
        return (self.grid[1] - 1) * self.spacing

    def at(self, along: float, height: float) -> np.ndarray:
        """World (3,) [m] of a point on the towel's middle line."""
        x, y, turn = self.place
        return np.array([x - np.sin(turn) * along, y + np.cos(turn) * along, height])

    def legs(self) -> tuple[Leg, ...]:
        start, end, high = self.hem - self.length / 2, self.length / 2 - 0.015, 0.05
        yaw, low = np.pi / 2 + self.place[2], self.press + 0.008
        return (
            Leg(self.at(start, high), 0.7, 5, yaw),
            Leg(self.at(start, self.press), 0.7, 3),
            Leg(self.at(start, self.press), 0, 3),
            Leg(self.at(start + 0.03, high), 0, 4),
            Leg(self.at(end - 0.015, high), 0, 8),
            Leg(self.at(end, low), 0, 4),
            Leg(self.at(end, low), 0.3, 2),
            Leg(self.at(end, high + 0.01), 0.3, 3),
            Leg(self.at(end, high + 0.01), 0.3, 4),
        )

    def furnish(self, spec: mujoco.MjSpec, layout: Any) -> None:
        """As a task's: a body with three slides a vertex, and the flex over them."""
        (across, along), turn = self.grid, self.place[2]
        names = [f"cloth{k}" for k in range(across * along)]
        for name, (i, j) in zip(names, np.ndindex(across, along), strict=True):
            side = (i - (across - 1) / 2) * self.spacing
            point = self.at((j - (along - 1) / 2) * self.spacing, self.radius) + side * np.array([np.cos(turn), np.sin(turn), 0])
            body = spec.worldbody.add_body(name=name, pos=point.tolist(), explicitinertial=True)
            body.mass, body.inertia = self.mass / len(names), [1e-9] * 3
            for axis in np.eye(3):
                body.add_joint(type=mujoco.mjtJoint.mjJNT_SLIDE, axis=axis.tolist())
        cells = [along * i + j for i, j in np.ndindex(across - 1, along - 1)]
        halves = [(k, k + along, k + along + 1) for k in cells] + [(k, k + along + 1, k + 1) for k in cells]
        felt = (CLOTH_BIT, 1 | CLOTH_BIT | FELT_BIT) if self.felt else (2, 3)
        flex = spec.add_flex(name="cloth", dim=2, radius=self.radius, rgba=[0.3, 0.6, 0.9, 1])
        flex.vertbody, flex.elem = names, np.ravel(halves).tolist()
        flex.contype, flex.conaffinity = felt
        flex.condim, flex.priority, flex.friction = 3, 1, [self.friction, 0.01, 0.0001]
        flex.solref, flex.solimp = [0.004, 1], [0.95, 0.99, 0.001, 0.5, 2]
        flex.selfcollide = mujoco.mjtFlexSelf.mjFLEXSELF_AUTO if self.self_contact else mujoco.mjtFlexSelf.mjFLEXSELF_NONE
        if self.elastic:
            flex.young, flex.poisson, flex.thickness, flex.damping, flex.elastic2d = 1e5, 0.2, 0.001, 0.01, 3
            spec.option.integrator = mujoco.mjtIntegrator.mjINT_DISCRETE
        else:
            edges = spec.add_equality(type=mujoco.mjtEq.mjEQ_FLEX, name1="cloth")
            edges.solref, edges.solimp = [0.01, 1], [0.95, 0.99, 0.001, 0.5, 2]
        if self.felt:
            plane = {"type": mujoco.mjtGeom.mjGEOM_PLANE, "size": [1, 1, 1], "friction": [0.8, 0.01, 0.0005]}
            spec.worldbody.add_geom(name="felt", contype=FELT_BIT, conaffinity=0, group=HIDDEN_GROUP, **plane)
        spec.option.timestep = self.timestep


BEST = Towel()
TOWELS = {
    "best": BEST,
    "no contact of layers": replace(BEST, self_contact=False),
    "30 mm wide": replace(BEST, grid=(3, 10)),
    "75 mm wide": replace(BEST, grid=(6, 10)),
    "grid of 20 mm": replace(BEST, grid=(3, 7), spacing=0.02),
    "grid of 10 mm": replace(BEST, grid=(6, 14), spacing=0.01),
    "mass 30 g": replace(BEST, mass=0.03),
    "friction 0.7": replace(BEST, friction=0.7),
    "closes 4 mm higher": replace(BEST, press=0.012),
    "timestep 1 ms": replace(BEST, timestep=0.001),
    "timestep 4 ms": replace(BEST, timestep=0.004),
    "moved by 1 nm": replace(BEST, hem=BEST.hem + 1e-9),
    "on the table's box": replace(BEST, felt=False),
    "shell, discrete": replace(BEST, elastic=True),
}


def places(count: int) -> Iterator[tuple[float, float, float]]:
    """Where the arm reaches all that the motion asks for, the tool straight down near the table; the same for every towel."""
    rng, robot = np.random.default_rng(24), find_robot("so101")
    while count:
        place = (float(rng.uniform(0.15, 0.24)), float(rng.uniform(-0.1, 0.1)), float(rng.uniform(-np.pi / 2, np.pi / 2)))
        ends = np.array([leg.end for leg in replace(BEST, place=place).legs()])
        if robot.reachable(ends).all() and robot.upright(ends[ends[:, 2] < 0.03]).all():
            count -= 1
            yield place
