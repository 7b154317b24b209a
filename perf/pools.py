"""What starting workers costs: seconds and CPU seconds of the first pool of a command and of later ones.

    python perf/pools.py

Each pool runs as many empty jobs as it has workers. The parent has imported what a run imports.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass

import tyro

from para_bench.rollouts.jobs import run_job  # noqa: F401 - what a run has loaded when its first pool starts
from para_bench.rollouts.workers import run_jobs


@dataclass(frozen=True)
class Args:
    workers: int = 2
    pools: int = 3


def main(args: Args) -> None:
    print(f"load {os.getloadavg()[0]:.1f}\npool   wall s   CPU s of workers that have ended")
    for pool in range(args.pools):
        start, before = time.perf_counter(), _children_s()
        list(run_jobs(range(args.workers), args.workers, abs))
        print(f"{pool + 1:4d} {time.perf_counter() - start:8.2f} {_children_s() - before:7.2f}", flush=True)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
