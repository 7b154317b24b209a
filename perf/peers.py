"""Images a CPU second beside other MuJoCo environments: robosuite's Lift and Gymnasium-Robotics' FetchPickAndPlace.

    python perf/peers.py --json peers.json

Installs each peer into an environment of its own below --root, once, then runs them and ours in turn, each in a process of one thread
(`perf/peer.py`). Counted is the CPU time of all threads of the process for a step and its image; making, resetting and warming up are not.
The fastest of the repeats of each counts, since other work on a machine only ever adds. Beside ours stands its limit: the same controls in
bare MuJoCo, mj_step and mujoco.Renderer.

A ratio says how many images an experiment gets for its CPU seconds, each package used as its page shows. It does not say that one
simulator is faster than another: arms, meshes, controllers, time steps and shadows differ. "At equal images a simulated second" robosuite
simulates as long a step as we do (its control_freq is set to our rate), so that physics is paid for alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import tyro

from para_bench.files import write_json

WORKER = Path(__file__).with_name("peer.py")
PACKAGES = {"robosuite": ("robosuite==1.5.2", "mujoco==3.9.0"), "fetch": ("gymnasium-robotics==1.4.2", "mujoco==3.9.0")}
"""What is installed, both with one MuJoCo: robosuite 1.5.2 fails with newer ones."""
OUR_HZ = 1 / 0.24
"""Waypoints a simulated second."""


class Case(NamedTuple):
    name: str
    environment: str
    size: int
    hz: float = 20.0


CASES = (
    Case("para-bench, 128 px", "ours", 128),
    Case("its limit, 128 px", "limit", 128),
    Case("robosuite Lift, 128 px, 20 Hz", "robosuite", 128),
    Case("robosuite Lift, 128 px, our rate", "robosuite", 128, OUR_HZ),
    Case("para-bench, 256 px", "ours", 256),
    Case("its limit, 256 px", "limit", 256),
    Case("FetchPickAndPlace, 256 px", "fetch", 256),
)


class Ratio(NamedTuple):
    what: str
    ours: int
    """Row of CASES."""
    other: int
    goal: float


RATIOS = (
    Ratio("images a CPU second / robosuite Lift, 128 px, one image a step each", 0, 2, 15.0),
    Ratio("the same at equal images a simulated second", 0, 3, 20.0),
    Ratio("images a CPU second / FetchPickAndPlace, 256 px", 4, 6, 2.5),
    Ratio("CPU time of a step with its 128-px image / its limit", 1, 0, 1.1),
    Ratio("CPU time of a step with its 256-px image / its limit", 5, 4, 1.1),
)


@dataclass(frozen=True)
class Args:
    root: Path = Path("build/peers")
    """Where the peers' environments are, or are made."""
    repeats: int = 5
    steps: int = 40
    """Of each measurement."""
    pictures: Path | None = None
    """A folder for one image of each."""
    json: Path | None = None
    """Where the figures go."""


def python_of(environment: str, root: Path) -> str:
    """Of the environment; installed where it is not there yet."""
    if environment not in PACKAGES:
        return sys.executable
    folder = root / environment
    if not (folder / "installed").exists():
        print(f"installing {' '.join(PACKAGES[environment])} into {folder}", flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run([str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *PACKAGES[environment]], check=True)
        (folder / "installed").touch()
    return str(folder / "bin/python")


class Worker:
    """One case, ready to take steps."""

    def __init__(self, case: Case, python: str, picture: Path | None) -> None:
        words = [python, str(WORKER), case.environment, str(case.size), f"--hz={case.hz}", *([f"--picture={picture}"] if picture else [])]
        single = {"OMP_NUM_THREADS": "1", "LP_NUM_THREADS": "0", "MUJOCO_GL": "egl"}
        if case.environment in PACKAGES:
            single["PYTHONPATH"] = ""
        self._process = subprocess.Popen(
            words, env={**os.environ, **single}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.versions: dict[str, str] = self._answer()

    def take(self, steps: int) -> dict[str, float]:
        """CPU, wall and simulated seconds of so many steps."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answer(self) -> dict:
        stream: IO[str] | None = self._process.stdout
        assert stream is not None
        if not (line := stream.readline()):
            assert self._process.stderr is not None
            sys.exit(f"{' '.join(map(str, self._process.args))} failed: {self._process.stderr.read()[-2000:]}")  # pyright: ignore[reportArgumentType]
        return json.loads(line)


def main(args: Args) -> None:
    pythons = {case.environment: python_of(case.environment, args.root) for case in CASES}
    with ExitStack() as stack:
        workers = []
        for number, case in enumerate(CASES):
            picture = args.pictures.absolute() / f"{number}-{case.environment}-{case.size}.png" if args.pictures else None
            workers.append(Worker(case, pythons[case.environment], picture))
            stack.callback(workers[-1].close)
        for worker in workers:
            worker.take(5)  # compiles, opens contexts, fills caches
        loads, rounds = [os.getloadavg()[0]], []
        for _ in range(args.repeats):
            rounds.append([worker.take(args.steps) for worker in workers])
            loads.append(os.getloadavg()[0])
        versions = [worker.versions for worker in workers]
    best = [min((each[row] for each in rounds), key=lambda taken: taken["cpu_s"]) for row in range(len(CASES))]
    rates = [args.steps / taken["cpu_s"] for taken in best]
    print(f"load {min(loads):.1f} to {max(loads):.1f} on {os.cpu_count()} threads; minimum of {args.repeats} repeats of {args.steps} steps")
    print(f"{'':36}{'images / CPU s':>15}{'simulated s / image':>21}  versions")
    for case, rate, taken, found in zip(CASES, rates, best, versions, strict=True):
        told = ", ".join(f"{name} {version}" for name, version in found.items())
        print(f"{case.name:36}{rate:15.1f}{taken['simulated_s'] / args.steps:21.3f}  {told}")
    ratios = [rates[ratio.ours] / rates[ratio.other] for ratio in RATIOS]
    print()
    for ratio, value in zip(RATIOS, ratios, strict=True):
        print(f"{ratio.what:70}{value:7.2f}  goal {ratio.goal:g}")
    if args.json:
        rows = [
            {**case._asdict(), "images_per_cpu_s": rate, "versions": found, "repeats": [each[row] for each in rounds]}
            for row, (case, rate, found) in enumerate(zip(CASES, rates, versions, strict=True))
        ]
        shown = [{"what": ratio.what, "ratio": value, "goal": ratio.goal} for ratio, value in zip(RATIOS, ratios, strict=True)]
        write_json(args.json, {"load": loads, "steps": args.steps, "cases": rows, "ratios": shown})


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
