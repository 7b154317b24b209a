"""How much faster two Ray nodes of one core each are than one, and that a node that dies loses nothing.

    python perf/cluster.py --repeats 2

The nodes are network namespaces of this machine (`perf/two_nodes.py`), so it needs root, Linux, two cores and Ray. Checkpoints are trained
once; then one and two nodes in turn roll the same episodes out, and in a last run the second node is killed half-way. Rates are episodes a
second from the first record to the last, by wall time, of which the best repeat counts; beside them stand the CPU seconds of all processes
of the nodes, which other work on the machine does not change much, and the whole command. The limit is 2, less on a machine with other
work: with N busy threads beside it one node gets 2 / (N + 1) of two cores and two get 4 / (N + 2).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import tyro
from two_nodes import TwoNodes, two_nodes, unavailable

from para_bench.files import write_json

CLI = [sys.executable, "-c", "from para_bench.cli import main; main()"]
GOAL, POLL_S = 1.8, 0.05


@dataclass(frozen=True)
class Args:
    repeats: int = 2
    episodes: int = 40
    """Scenes; `para` and the references are tested in each."""
    json: Path | None = None
    """Where the figures go."""


class Measured(NamedTuple):
    nodes: int
    rate: float
    """Episodes a second, from the first record to the last."""
    wall_s: float
    """Of the whole command."""
    cpu_s: float
    """Of the nodes, Ray's own processes included."""
    busy: float
    """Of the nodes' workers, summed: the part of the time from the first record to the last in which they ran or waited for a core."""
    work_s: float
    """CPU seconds of an episode in its worker."""
    load: float
    """One-minute average of the machine as it began."""
    lines: list[bytes]
    """Records without their seconds, sorted."""


def words(out: Path, episodes: int) -> list[str]:
    """Of a run whose head is hardly trained: what an episode costs does not depend on it."""
    size = {"demos": 1, "steps": 4, "batch": 4, "copies": 0, "episodes": episodes}
    given = [*(f"--{name}={value}" for name, value in size.items()), "--no-videos", "--device=cpu", f"--out={out}"]
    return [*CLI, "run", "--head", "para", "--split", "id", "--profile", "smoke", *given]


def count(out: Path) -> int:
    path = out / "id/episodes.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def cpu_s(nodes: TwoNodes, which: int) -> float:
    """Of the processes that live in a namespace, the driver's aside, and of their children that have ended."""
    found = 0.0
    for process in nodes.processes(which):
        path = Path(f"/proc/{process}")
        try:
            if b"para_bench.cli" not in (path / "cmdline").read_bytes():
                found += sum(map(int, (path / "stat").read_text().rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue  # it has just ended
    return found


def worked(nodes: TwoNodes, number: int) -> dict[int, tuple[int, int]]:
    """Nanoseconds that each process of the nodes ran, and those that it waited for a core (its first thread: a worker's runs the tasks)."""
    found = {}
    for process in (each for which in range(number) for each in nodes.processes(which)):
        try:
            if Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"ray::"):
                ran, waited, _ = map(int, Path(f"/proc/{process}/schedstat").read_text().split())
                found[process] = (ran, waited)
        except OSError:
            continue  # it has just ended
    return found


def measured(args: Args, trained: Path, number: int, kill: bool = False) -> Measured:
    """All episodes on one or two nodes; with `kill` the second dies half-way."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        out = root / "driver/runs"
        shutil.copytree(trained, out)
        before = count(out)
        with two_nodes(root, hidden=[root / "driver"], second=number == 2) as nodes, (root / "said").open("wb") as said:
            began = time.monotonic()
            command = [*words(out, args.episodes), "--executor=ray", f"--address={nodes.address}"]
            run = nodes.run(command, {"PARA_BENCH_CACHE": str(root / "driver/cache")}, stdout=said, stderr=said)
            seen: list[tuple[float, int]] = []
            work: list[dict[int, tuple[int, int]]] = []
            dead = not kill
            cpu = 0.0
            while run.poll() is None:
                now = count(out) - before
                if now and (not seen or seen[-1][1] != now):
                    seen.append((time.monotonic(), now))
                    work = [*work[:1], worked(nodes, number)]
                    cpu = sum(cpu_s(nodes, which) for which in range(number))
                if not dead and now >= 0.5 * expected(args):
                    nodes.kill(1)
                    dead = True
                time.sleep(POLL_S)
            ended = time.monotonic()
            if run.returncode:
                sys.exit(f"the run failed: {(root / 'said').read_text()[-2000:]}")
        text = (out / "id/episodes.jsonl").read_bytes()
    (first, some), (last, all_of_them) = seen[0], seen[-1]
    ran, waited = (sum(work[-1][p][part] - work[0].get(p, (0, 0))[part] for p in work[-1]) / 1e9 for part in (0, 1))
    busy, work_s = (ran + waited) / (last - first), ran / (all_of_them - some)
    lines = sorted(re.sub(rb'"seconds":[^,]+,', b"", text).splitlines())
    return Measured(number, (all_of_them - some) / (last - first), ended - began, cpu, busy, work_s, load, lines)


def expected(args: Args) -> int:
    """New records of a run: `para` and four references, which were tested in one scene before."""
    return 5 * (args.episodes - 1)


def main(args: Args) -> None:
    if why := unavailable():
        sys.exit(why)
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        trained = Path(folder) / "runs"
        environment = {**os.environ, "PARA_BENCH_CACHE": f"{folder}/cache", "OMP_NUM_THREADS": "1"}
        subprocess.run([*words(trained, 1), "--workers=1"], env=environment, check=True, capture_output=True)
        titles = {"nodes": 6, "episodes/s": 12, "command [s]": 13, "CPU of nodes [s]": 18, "busy": 6, "CPU s/episode": 15, "load": 7}
        print("".join(f"{title:>{width}}" for title, width in titles.items()), flush=True)
        for _ in range(args.repeats):
            for number in (1, 2):
                rows.append(row := measured(args, trained, number))
                figures = f"{number:6}{row.rate:12.2f}{row.wall_s:13.1f}{row.cpu_s:18.1f}{row.busy:6.2f}{row.work_s:15.3f}{row.load:7.1f}"
                print(figures, flush=True)
        killed = measured(args, trained, 2, kill=True)
    same = all(row.lines == rows[0].lines for row in (*rows, killed))
    best = {number: max(row.rate for row in rows if row.nodes == number) for number in (1, 2)}
    cpu = {number: min(row.cpu_s for row in rows if row.nodes == number) for number in (1, 2)}
    ratio = best[2] / best[1]
    print(f"two nodes / one: {ratio:.2f} episodes a second, goal {GOAL}, limit 2; CPU seconds of the same work {cpu[2] / cpu[1]:.2f} times")
    pace = {number: max(row.busy / row.work_s for row in rows if row.nodes == number) for number in (1, 2)}
    print(f"the same where every worker has a core whenever it wants one: {pace[2] / pace[1]:.2f}")
    print(f"records of all runs equal, the one included whose node died half-way: {same} ({len(killed.lines)} lines)")
    if args.json:
        plain: list[dict[str, Any]] = [{**row._asdict(), "lines": len(row.lines)} for row in (*rows, killed)]
        write_json(args.json, {"rows": plain, "ratio": ratio, "with_a_core_each": pace[2] / pace[1], "goal": GOAL, "same": same})
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
