"""Killed at any moment, the same command continues, and ends where an undisturbed run ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from para_bench.records import read

WORDS = ("run", "--head", "oracle", "--split", "new_environment", "--episodes", "12", "--workers", "2")
COMMAND = [sys.executable, "-c", "from para_bench.cli import main; main()", *WORDS]
KILLS = 3  # at different numbers of finished episodes; the slow test below kills a suite twenty times


def lines(folder: Path) -> int:
    path = folder / "runs/new_environment/episodes.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def processes_in(folder: Path) -> list[int]:
    """Processes whose working directory is `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or another user's
            continue
    return found


def outcomes(folder: Path) -> dict:
    return {(r.head, r.condition, r.level, r.scene_index): replace(r, seconds=0) for r in read(folder / "runs")}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_kill_9_loses_nothing_and_leaves_no_worker(tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    calm.mkdir()
    killed.mkdir()
    subprocess.run(COMMAND, cwd=calm, check=True, capture_output=True, timeout=120)
    for kill in range(KILLS):
        before, wanted = lines(killed), lines(killed) + 5 * kill + 1
        run = subprocess.Popen(COMMAND, cwd=killed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while lines(killed) < wanted and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert lines(killed) > before
        deadline = time.monotonic() + 15  # a worker ends when it has noticed
        while processes_in(killed) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert processes_in(killed) == []
    subprocess.run(COMMAND, cwd=killed, check=True, capture_output=True, timeout=120)
    assert outcomes(killed) == outcomes(calm)
    table = "runs/new_environment/table.csv"
    assert (killed / table).read_bytes() == (calm / table).read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(1100)
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_suite_killed_twenty_times_ends_in_the_same_tables(tmp_path: Path) -> None:
    """Killed while it collects, computes features, trains, rolls out or writes tables: whenever the clock says."""
    command = [sys.executable, "-c", "from para_bench.cli import main; main()", "suite", "smoke", "--workers", "2"]
    environment = {**os.environ, "PARA_BENCH_CACHE": str(tmp_path / "cache")}
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    calm.mkdir()
    killed.mkdir()
    started = time.monotonic()
    subprocess.run(command, cwd=calm, check=True, capture_output=True, timeout=400, env=environment)
    whole = time.monotonic() - started
    rng, kills = np.random.default_rng(0), 0  # any moments
    shutil.rmtree(tmp_path / "cache")  # so that the kills meet it too
    while kills < 20:
        run = subprocess.Popen(command, cwd=killed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        try:
            run.wait(timeout=rng.uniform(0, min(whole, 25)))
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
        run.wait()
        kills += 1
    subprocess.run(command, cwd=killed, check=True, capture_output=True, timeout=400, env=environment)
    for name in ("table.csv", "table.md", "failures.csv", "comparison.csv"):
        tables = sorted(path.relative_to(calm) for path in calm.rglob(name))
        assert tables
        for table in tables:
            assert (killed / table).read_bytes() == (calm / table).read_bytes(), table
