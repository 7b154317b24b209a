"""What OpenMP's threads cost on a machine that others use too: wall and CPU time of extraction and of training steps, by setting.

    python perf/threads.py --busy 0 1 2 --repeats 3 --json threads.json

Each setting runs in a process of its own, all settings in turn, beside `busy` processes that do nothing but count; the median of the
repeats counts, and ratios are to one thread. OpenMP reads its settings as torch is imported. `GOMP_SPINCOUNT` is how often a thread that
waits looks again before it sleeps (GNU libgomp, which torch brings; 0 is OMP_WAIT_POLICY=passive, its own default is 300,000).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from para_bench.files import write_json

SETTINGS = {
    "1 thread": {"OMP_NUM_THREADS": "1"},
    "2 threads": {"OMP_NUM_THREADS": "2"},
    "2, passive": {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"},
    "2, spin 1000": {"OMP_NUM_THREADS": "2", "GOMP_SPINCOUNT": "1000"},
    "2, spin 10000": {"OMP_NUM_THREADS": "2", "GOMP_SPINCOUNT": "10000"},
}
WORK = """
import json, time
import numpy as np, torch
from para_bench.backbones.create import create_backbone
from para_bench.heads.config import HeadConfig
from para_bench.heads.create import create_head
from para_bench.conformance.cases import make_case
backbone = create_backbone("efficientnet_lite0", 224)
images = np.random.default_rng(0).integers(0, 255, (24, 224, 224, 3), np.uint8)
backbone.extract(images[:4])
found = {}
def timed(name, call):
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    found[name] = [time.perf_counter() - wall, time.process_time() - cpu]
timed("extraction", lambda: [backbone.extract(images[i:i + 4]) for i in range(0, 24, 4)])
head = create_head("para", backbone.spec, HeadConfig())
optimiser = torch.optim.AdamW(head.parameters())
case = make_case(backbone.spec, 16)
def steps(count):
    for _ in range(count):
        loss = head.loss(case.features, case.batch)[0]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
steps(3)
timed("training", lambda: steps(30))
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Args:
    busy: tuple[int, ...] = (0, 1)
    """Other processes, each of one busy thread."""
    repeats: int = 3
    json: Path | None = None
    """Where the figures go."""


def measured(setting: dict[str, str]) -> dict[str, list[float]]:
    """Wall and CPU seconds of each part."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_"))}
    done = subprocess.run([sys.executable, "-c", WORK], env=inherited | setting, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(args: Args) -> None:
    rows = []
    for busy in args.busy:
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
        try:
            found = [{name: measured(setting) for name, setting in SETTINGS.items()} for _ in range(args.repeats)]
        finally:
            for other in others:
                other.kill()
                other.wait()
        for part in ("extraction", "training"):
            for name in SETTINGS:
                wall, cpu = (statistics.median(repeat[name][part][index] for repeat in found) for index in (0, 1))
                ratios = [statistics.median(repeat[name][part][i] / repeat["1 thread"][part][i] for repeat in found) for i in (0, 1)]
                load = os.getloadavg()[0]
                rows.append({"busy": busy, "part": part, "setting": name, "wall_s": wall, "cpu_s": cpu, "ratios": ratios, "load": load})
                figures = f"wall {wall:6.2f} s ({ratios[0]:.2f})  CPU {cpu:6.2f} s ({ratios[1]:.2f})  load {load:.1f}"
                print(f"{busy} busy  {part:11}{name:14} {figures}", flush=True)
    if args.json:
        write_json(args.json, {"rows": rows, "ratios": "wall, CPU; to one thread"})


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
