"""What a towel of MuJoCo's flex does in the jaw of the arm: the figures of docs/FOLD.md.

    python perf/cloth.py --places 12 --pictures build/fold

Each row is one kind of towel, or one way to simulate it, at the same random places: the jaw closes over the hem by friction alone, lifts
it, carries it across, opens. Milliseconds are of the processor, of physics alone, and of one thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import mujoco
import numpy as np
import tyro
from PIL import Image
from rich.console import Console
from rich.table import Table

from para_bench.envs.sampling import sample_scene
from para_bench.robots import find_robot
from para_bench.sim.build import HIDDEN_GROUP, TABLE, build
from para_bench.sim.executor import Executor
from para_bench.sim.rendering import Renderer
from para_bench.tasks.parts.motion import Leg, steady_walk

CLOTH_BIT, FELT_BIT = 4, 8
"""Contact bits: the cloth's own, for its layers; that of the plane which stands for the table."""
BAND = np.linspace(0, 1, 6)
"""Where each cell of the grid is sampled to tell what it covers."""
CELL_M = 0.004
"""Side of the squares in which covered table is counted [m]."""
SETTLED_M_S = 0.01
"""As of the other tasks' objects."""
PICTURE_PX = 240


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
    pyramidal: bool = False
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
            body = spec.worldbody.add_body(
                name=name, pos=point.tolist(), mass=self.mass / len(names), inertia=[1e-9] * 3, explicitinertial=1
            )
            for axis in np.eye(3):
                body.add_joint(type=mujoco.mjtJoint.mjJNT_SLIDE, axis=axis.tolist())
        cells = [along * i + j for i, j in np.ndindex(across - 1, along - 1)]
        halves = [(k, k + along, k + along + 1) for k in cells] + [(k, k + along + 1, k + 1) for k in cells]
        felt = (CLOTH_BIT, 1 | CLOTH_BIT | FELT_BIT) if self.felt else (2, 3)
        flex = spec.add_flex(
            name="cloth", dim=2, radius=self.radius, vertbody=names, elem=np.ravel(halves).tolist(), rgba=[0.3, 0.6, 0.9, 1]
        )
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
        if self.pyramidal:
            spec.option.cone = mujoco.mjtCone.mjCONE_PYRAMIDAL


HEADS = ("unstable", "lifted", "carried", "half", "70 %", "median", "high", "crossed", "moving", "table", "finger", "layer", "ms/s", "s")
"""Columns: places with each outcome, the overlap at least that; in the middle of places the overlap and the top of the folded towel [mm];
places where layers have passed through each other, or the towel moves in the end; largest depths [mm]; processor time of a simulated
second, and of the slowest episode.
"""
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
    "closes 1 mm higher": replace(BEST, press=0.009),
    "closes 4 mm higher": replace(BEST, press=0.012),
    "timestep 1 ms": replace(BEST, timestep=0.001),
    "timestep 4 ms": replace(BEST, timestep=0.004),
    "pyramidal cones": replace(BEST, pyramidal=True),
    "on the table's box": replace(BEST, felt=False),
    "shell, discrete": replace(BEST, elastic=True),
}


@dataclass(frozen=True)
class Args:
    places: int = 12
    """Random ones for each towel."""
    towels: tuple[str, ...] = tuple(TOWELS)
    pictures: Path | None = None
    """Folder for one strip of each towel at its first place."""


@dataclass
class Found:
    """Of one episode; depths [mm] are the largest at any knot."""

    lifted: bool = False
    carried: bool = False
    overlap: float = 0.0
    """Share of the lying half that the folded one covers in the end."""
    top: float = 0.0
    """Of the towel in the end, above the table [mm]."""
    crossings: int = 0
    """Edges that pass through a triangle in the end."""
    speed: float = 0.0
    """Of the fastest vertex in the end [m/s]."""
    depths: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("table", "finger", "layer"), 0.0))
    cpu_s: float = 0.0
    seconds: float = 0.0
    """Simulated."""
    unstable: bool = False


class Cloth:
    """The part of a Simulation that the executor drives, with a towel in it."""

    def __init__(self, towel: Towel) -> None:
        scene = sample_scene(np.random.default_rng(0))
        self.scene, self.robot, self.towel = replace(scene, camera=replace(scene.camera, fovy_deg=24.0)), find_robot("so101"), towel
        self.model = build(self.scene, towel, self.robot)  # type: ignore[arg-type] # of a task it asks for `furnish` alone
        self.data, self.found = mujoco.MjData(self.model), Found()
        *home, yaw = self.scene.home
        self.data.qpos[:5] = self.data.ctrl[:5] = self.robot.solve(np.array([home]), np.array([yaw]))[0]
        self.data.qpos[5:7] = self.data.ctrl[5:7] = self.robot.finger_travel
        self.fingers = [self.model.geom(name).id for name in self.robot.fingers]
        self.table = self.model.geom("felt" if towel.felt else TABLE).id
        mujoco.mj_forward(self.model, self.data)

    @property
    def commanded_joints(self) -> np.ndarray:
        return self.data.ctrl[:5]

    @property
    def points(self) -> np.ndarray:
        """World (across, along, 3) [m] of the vertices."""
        return self.data.flexvert_xpos.reshape(*self.towel.grid, 3)

    def drive(self, joints: np.ndarray, opening: float, seconds: float) -> None:
        self.data.ctrl[:5], self.data.ctrl[5:7] = joints, opening * self.robot.finger_travel
        started = time.process_time()
        mujoco.mj_step(self.model, self.data, nstep=round(seconds / self.towel.timestep))
        self.found.cpu_s += time.process_time() - started
        for name, rows in self.touching().items():
            if rows.any():
                self.found.depths[name] = max(self.found.depths[name], float(-1000 * self.data.contact.dist[rows].min()))

    def touching(self) -> dict[str, np.ndarray]:
        """Which contacts (ncon,) are of the cloth with the table, with a finger, with itself."""
        geoms, flexes = (np.reshape(pairs, (-1, 2)) for pairs in (self.data.contact.geom, self.data.contact.flex))
        cloth = (flexes >= 0).any(axis=1)
        return {
            "table": cloth & (geoms == self.table).any(axis=1),
            "finger": cloth & np.isin(geoms, self.fingers).any(axis=1),
            "layer": (flexes >= 0).all(axis=1),
        }

    def knot(self) -> None:
        """Nobody asks."""


def episode(towel: Towel, strip: Path | None = None) -> Found:
    cloth = Cloth(towel)
    executor, found = Executor(cloth), cloth.found  # type: ignore[arg-type]
    legs = towel.legs()
    ends = np.cumsum([leg.steps for leg in legs])
    renderer, pictures = Renderer(cloth.model, PICTURE_PX) if strip else None, []
    for step, action in enumerate(steady_walk(cloth.scene.home, legs, cloth.robot), 1):
        executor.execute(action)
        if cloth.data.time < found.seconds or not np.isfinite(cloth.data.qpos).all():  # MuJoCo starts anew where numbers explode
            found.unstable = True
            return found
        found.seconds = cloth.data.time
        if step in (ends[3], ends[4]):
            held = bool(cloth.touching()["finger"].any() and cloth.points[:, 0, 2].max() > 0.02)
            found.lifted, found.carried = found.lifted or held, held
        if renderer and step in ends[1:]:
            pictures.append(renderer.rgb(cloth.data))
    if strip:
        strip.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.concatenate(pictures, axis=1)).save(strip)
    half = towel.grid[1] // 2
    folded, lying = covered(cloth.points[:, : half + 1]), covered(cloth.points[:, -half - 1 :])
    found.overlap = len(folded & lying) / len(lying)
    found.crossings, found.speed = crossings(cloth), float(np.abs(cloth.data.qvel[7:]).max())
    found.top = 1000 * float(cloth.points[..., 2].max() + towel.radius)
    return found


def covered(points: np.ndarray) -> set[tuple[int, int]]:
    """Squares of CELL_M of the table under a part of the grid, (across, along, 3) [m]."""
    u, v = BAND[:, None, None, None, None], BAND[None, :, None, None, None]
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[:-1, 1:], points[1:, 1:]
    inside = (1 - u) * (1 - v) * a + u * (1 - v) * b + (1 - u) * v * c + u * v * d
    return {(int(x), int(y)) for x, y in np.floor(inside.reshape(-1, 3)[:, :2] / CELL_M)}


def crossings(cloth: Cloth) -> int:
    """Edges of the middle surface that pass through a triangle which they share no vertex with (Moeller and Trumbore, 1997)."""
    points, edges, corners = cloth.points.reshape(-1, 3), cloth.model.flex_edge, cloth.model.flex_elem.reshape(-1, 3)
    start, way = points[edges[:, 0]][:, None], (points[edges[:, 1]] - points[edges[:, 0]])[:, None]
    origin, one, two = points[corners[:, 0]], points[corners[:, 1]] - points[corners[:, 0]], points[corners[:, 2]] - points[corners[:, 0]]
    normal, off = np.cross(way, two), start - origin
    volume, turned = (normal * one).sum(-1), np.cross(start - origin, one)
    with np.errstate(divide="ignore", invalid="ignore"):  # an edge along the triangle; it compares false
        u, v, t = (off * normal).sum(-1) / volume, (way * turned).sum(-1) / volume, (two * turned).sum(-1) / volume
        through = (u > 0) & (v > 0) & (u + v < 1) & (t > 0) & (t < 1)
    apart = ~(edges[:, None, :, None] == corners[None, :, None, :]).any(axis=(-1, -2))
    return int((apart & through).sum())


def places(count: int) -> Iterator[tuple[float, float, float]]:
    """Where the arm reaches all that the motion asks for, the tool straight down near the table; the same for every towel."""
    rng, robot = np.random.default_rng(24), find_robot("so101")
    while count:
        place = (float(rng.uniform(0.15, 0.24)), float(rng.uniform(-0.1, 0.1)), float(rng.uniform(-np.pi / 2, np.pi / 2)))
        ends = np.array([leg.end for leg in replace(BEST, place=place).legs()])
        if robot.reachable(ends).all() and robot.upright(ends[ends[:, 2] < 0.03]).all():
            count -= 1
            yield place


def row(name: str, found: list[Found]) -> tuple[str, ...]:
    def most(thing: str) -> str:
        return f"{max(one.depths[thing] for one in found):.1f}"

    share = [one.overlap for one in found if not one.unstable]
    return (
        name,
        *(str(sum(getattr(one, what) for one in found)) for what in ("unstable", "lifted", "carried")),
        *(str(sum(one.overlap >= least for one in found)) for least in (0.5, 0.7)),
        f"{np.median(share):.2f}" if share else "-",
        f"{np.median([one.top for one in found if not one.unstable]):.0f}" if share else "-",
        str(sum(one.crossings > 0 for one in found)),
        str(sum(one.speed > SETTLED_M_S for one in found)),
        *(most(thing) for thing in ("table", "finger", "layer")),
        f"{1000 * sum(one.cpu_s for one in found) / max(sum(one.seconds for one in found), 1e-9):.0f}",
        f"{max(one.cpu_s for one in found):.2f}",
    )


def main(args: Args) -> None:
    where = list(places(args.places))
    table = Table("towel", *HEADS, title=f"{args.places} places; MuJoCo {mujoco.__version__}; load {os.getloadavg()[0]:.1f} at the start")
    for name in args.towels:
        strips = [args.pictures / f"{name.replace(' ', '_')}.png" if args.pictures and not index else None for index in range(len(where))]
        table.add_row(*row(name, [episode(replace(TOWELS[name], place=place), strip) for place, strip in zip(where, strips, strict=True)]))
        print(name, flush=True)
    Console(soft_wrap=True, width=200).print(table)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
