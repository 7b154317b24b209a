"""What a towel of MuJoCo's flex does in the jaw of the arm: the figures of docs/FOLD.md.

    python perf/cloth.py --places 12 --pictures build/fold

Each row is one kind of towel, or one way to simulate it, at the same random places: the jaw closes over the hem by friction alone, lifts
it, carries it across, opens. Milliseconds are of the processor, of physics alone, and of one thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import mujoco
import numpy as np
import tyro
from PIL import Image
from towel import TOWELS, Towel, places

from para_bench.envs.sampling import sample_scene
from para_bench.files import writing
from para_bench.robots import find_robot
from para_bench.sim.build import TABLE, build
from para_bench.sim.executor import Executor
from para_bench.sim.rendering import Renderer
from para_bench.tasks.parts.motion import steady_walk

BAND = np.linspace(0, 1, 6)
"""Where each cell of the grid is sampled to tell what it covers."""
CELL_M = 0.004
"""Side of the squares in which covered table is counted [m]."""
SETTLED_M_S = 0.01
"""As of the other tasks' objects."""
PICTURE_PX = 240
Column = Callable[[list["Found"], list["Found"]], str]
"""A figure of one towel's episodes, beside those of the first towel."""


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
        with writing(strip) as part:
            Image.fromarray(np.concatenate(pictures, axis=1)).save(part, "png")
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


def count(what: str, least: float = 1.0) -> Column:
    return lambda found, _: str(sum(float(getattr(one, what)) >= least for one in found))


def middle(what: str, digits: int) -> Column:
    return lambda found, _: f"{np.median([getattr(one, what) for one in found]):.{digits}f}"


def deepest(thing: str) -> Column:
    return lambda found, _: f"{max(one.depths[thing] for one in found):.1f}"


COLUMNS: dict[str, Column] = {
    "unstable": count("unstable"),
    "lifted": count("lifted"),
    "carried": count("carried"),
    "half": count("overlap", 0.5),
    "70 %": count("overlap", 0.7),
    "overlap": middle("overlap", 2),
    "apart": lambda found, first: f"{np.median([abs(a.overlap - b.overlap) for a, b in zip(found, first, strict=True)]):.2f}",
    "top": middle("top", 0),
    "crossed": count("crossings"),
    "moving": count("speed", SETTLED_M_S),
    "in table": deepest("table"),
    "in finger": deepest("finger"),
    "in layer": deepest("layer"),
    "ms/s": lambda found, _: f"{1000 * sum(one.cpu_s for one in found) / max(sum(one.seconds for one in found), 1e-9):.0f}",
    "slowest s": lambda found, _: f"{max(one.cpu_s for one in found):.2f}",
}
"""Places with an outcome (half, 70 %: the overlap is at least that; crossed: layers have passed through each other). Of the middle place
the overlap, its distance from the first row's, and the top [mm]. Largest depths [mm]. Processor time of a simulated second, and of the
slowest episode.
"""


def main(args: Args) -> None:
    where = list(places(args.places))
    print(f"{args.places} places; MuJoCo {mujoco.__version__}; load {os.getloadavg()[0]:.1f} at the start\n")
    print(f"| towel | {' | '.join(COLUMNS)} |\n|{'---|' * (len(COLUMNS) + 1)}", flush=True)
    first: list[Found] = []
    for name in args.towels:
        strips = [args.pictures / f"{name.replace(' ', '_')}.png" if args.pictures and not index else None for index in range(len(where))]
        found = [episode(replace(TOWELS[name], place=place), strip) for place, strip in zip(where, strips, strict=True)]
        first = first or found
        print(f"| {name} | {' | '.join(column(found, first) for column in COLUMNS.values())} |", flush=True)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
