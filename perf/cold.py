"""Seconds and memory of a command of para-bench that finds nothing done: new folder, empty cache.

    python perf/cold.py -- run --head para --split novel_view

    python perf/cold.py --busy 1 -- run --head para --split novel_view --profile smoke

`--out` is added; `--busy` other processes do nothing but count meanwhile. Memory is the proportional set size (PSS: a page that processes
share counts once), summed over the command and its workers twice a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import psutil
import tyro

from para_bench.files import write_json

INTERVAL_S = 0.5


@dataclass(frozen=True)
class Args:
    command: Annotated[tuple[str, ...], tyro.conf.Positional] = ("run", "--head", "para", "--split", "novel_view")
    """Of para-bench, without `--out`; after `--`."""
    busy: int = 0
    """Other processes."""
    json: Path | None = None


def pss_mb(process: psutil.Process) -> list[float]:
    """Of a process and all its descendants."""
    found = []
    for member in [process, *process.children(recursive=True)]:
        try:
            found.append(member.memory_full_info().pss / 1e6)
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # gone since it was listed
            continue
    return found


def main(args: Args) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("para-bench")), *args.command, "--out", f"{folder}/out"]
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(args.busy)]
        started = time.perf_counter()
        process = psutil.Popen(command, env={**os.environ, "PARA_BENCH_CACHE": f"{folder}/cache"})
        together = largest = 0.0
        while True:
            try:
                process.wait(INTERVAL_S)
                break
            except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
                found = pss_mb(process)
                together, largest = max(together, sum(found)), max(largest, *found, 0.0)
        seconds = time.perf_counter() - started
        for other in others:
            other.kill()
    memory = f"{together / 1000:.1f} GB in all processes at most, {largest / 1000:.1f} GB in the largest"
    print(f"{seconds:.1f} s beside {args.busy} busy processes, {memory}")
    if args.json:
        found = {"seconds": seconds, "busy": args.busy, "pss_mb": together, "pss_mb_of_largest": largest, "code": process.returncode}
        write_json(args.json, {"command": args.command, **found})
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Args, description=__doc__)))
