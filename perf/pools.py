"""What starting workers costs: seconds and CPU seconds of the first pool of a command and of later ones.

    python perf/pools.py --episodes 300

Each pool runs as many empty jobs as it has workers. The parent has imported what a run imports. With --episodes, so many episodes of
`threshold`, which looks at every picture, are then rolled out by 1 process and by --workers, in turns, the start of the pool included.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import tyro
from clock import children_s

from para_bench.benchmarks.versions import CURRENT
from para_bench.files import write_json
from para_bench.report.inventory import CONTROL
from para_bench.rollouts.jobs import Job, run_job
from para_bench.rollouts.workers import run_jobs
from para_bench.types import DEFAULT_BACKBONE


@dataclass(frozen=True)
class Args:
    workers: int = 2
    pools: int = 3
    episodes: int = 0
    """Of `threshold`; 0 measures the start alone."""
    repeats: int = 2
    json: Path | None = None


def main(args: Args) -> None:
    print(f"load {os.getloadavg()[0]:.1f}\npool   wall s   CPU s of workers that have ended")
    starts = []
    for pool in range(args.pools):
        start, before = time.perf_counter(), children_s()
        list(run_jobs(range(args.workers), args.workers, abs))
        starts.append({"wall_s": time.perf_counter() - start, "cpu_s": children_s() - before})
        print(f"{pool + 1:4d} {starts[-1]['wall_s']:8.2f} {starts[-1]['cpu_s']:7.2f}", flush=True)
    found = compare(args) if args.episodes else {}
    if args.json:
        write_json(args.json, {"starts": starts, "episodes": args.episodes, "seconds_of_workers": found})


def compare(args: Args) -> dict[str, list[float]]:
    """Clock seconds of the same episodes by one process and by several, with the machine's load at the end of each."""
    jobs = [Job("validation", CURRENT, "threshold", 0, None, DEFAULT_BACKBONE, 224, i, (CONTROL,)) for i in range(args.episodes)]
    found: dict[int, list[float]] = {}
    for workers in (1, args.workers) * args.repeats:
        start = time.perf_counter()
        list(run_jobs(jobs, workers, run_job))
        found.setdefault(workers, []).append(time.perf_counter() - start)
        print(f"{args.episodes} episodes, {workers} workers: {found[workers][-1]:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    print(f"{args.workers} workers / 1: {min(found[1]) / min(found[args.workers]):.2f} times as fast (goal 1.9)")
    return {str(workers): seconds for workers, seconds in found.items()}


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
