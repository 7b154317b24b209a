"""How true the estimate of `suite NAME --plan` is: CPU time that it tells of some cells, beside what they then take.

    python perf/plan.py --splits id lighting --head para global_token --demos 6 --steps 300 --episodes 30

Each split is a run of its own in an empty folder with an empty cache. The goal is a ratio from 0.75 to 1.25 of the whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import tyro
from clock import children_s

from para_bench.benchmarks.profiles import PROFILES
from para_bench.execution.estimate import estimate
from para_bench.execution.schedule import schedule
from para_bench.execution.timing import time_plan
from para_bench.files import write_json
from para_bench.rollouts.config import RunConfig

CLI = "from para_bench.cli import main; main()"


@dataclass(frozen=True)
class Args:
    splits: tuple[str, ...] = ("id", "lighting")
    head: tuple[str, ...] = ("para", "global_token")
    demos: int = 6
    steps: int = 300
    episodes: int = 30
    workers: int = 1
    json: Path | None = None
    """Where the figures go."""


def taken_s(args: Args, split: str, folder: Path) -> float:
    """CPU seconds of the run itself and its workers."""
    size = {"demos": args.demos, "steps": args.steps, "episodes": args.episodes, "workers": args.workers, "out": folder / "runs"}
    words = ["run", "--head", *args.head, "--split", split, "--no-videos", *(f"--{name}={value}" for name, value in size.items())]
    before = children_s()
    environment = {**os.environ, "PARA_BENCH_CACHE": str(folder / "cache"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", CLI, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-1000:])
    return children_s() - before


def main(args: Args) -> None:
    profile = replace(PROFILES["default"], demos=args.demos, steps=args.steps, episodes=args.episodes)
    rows = []
    print(f"{'split':20}{'told [CPU s]':>14}{'taken [CPU s]':>14}{'ratio':>8}  told: demonstrations, images, training, episodes, starting")
    for split in args.splits:
        with tempfile.TemporaryDirectory() as folder:
            run = RunConfig(split, args.head, profile, workers=args.workers, out=Path(folder) / "none", device="cpu", videos=False)
            todo = schedule([run])
            told = estimate([run], todo, time_plan([run], todo.trainings))
            taken = taken_s(args, split, Path(folder))
        rows.append({"split": split, "told_s": told.core_s, "taken_s": taken, **told._asdict()})
        parts = ", ".join(f"{value:.1f}" for value in told[:5])
        print(f"{split:20}{told.core_s:14.1f}{taken:14.1f}{told.core_s / taken:8.2f}  {parts}", flush=True)
    ratio = sum(row["told_s"] for row in rows) / sum(row["taken_s"] for row in rows)
    print(f"all: told / taken {ratio:.2f}, goal 0.75 to 1.25")
    if args.json:
        write_json(args.json, {"rows": rows, "ratio": ratio, "goal": [0.75, 1.25]})


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
