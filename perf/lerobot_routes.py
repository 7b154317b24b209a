"""Acceptance of the two ways in which a policy of lerobot is tested: lerobot-eval with our environment, and `run --policy lerobot:`.

    make lerobot                                # prints the line that gives PYTHONPATH and PATH
    python perf/lerobot_routes.py act           # lerobot's own ACT, trained here on exported demonstrations
    python perf/lerobot_routes.py para          # our `para` by lerobot-train

It collects demonstrations, exports them, trains with lerobot-train, tests the checkpoint in the same scenes of `id` on both routes, and
writes one line a scene to --table: success, steps, and how far from its target the object lies at the end. What is there already is not
made again. Exit code 1 where the routes differ in a scene. The ACT is as small as a machine without a GPU asks for, a ResNet18 from random
weights on tiny pictures: its success says nothing of ACT. `--into docs/LEROBOT.md` writes the figures of --table into the page.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tyro
from clock import children_s
from tyro.conf import Positional

from para_bench import records
from para_bench.commands.parts.pages import replace_table
from para_bench.files import write_text

ROOT = Path(__file__).resolve().parents[1]
POLICIES = {
    "act": [
        *("--policy.chunk_size=12", "--policy.n_action_steps=12", "--policy.pretrained_backbone_weights=null", "--policy.use_vae=false"),
        *("--policy.dim_model=128", "--policy.n_heads=4", "--policy.dim_feedforward=256", "--policy.n_encoder_layers=2"),
        *("--policy.dropout=0", "--policy.pre_norm=true", "--policy.optimizer_lr=5e-4", "--policy.optimizer_lr_backbone=3e-4"),
        "--dataset.use_imagenet_stats=false",
    ],
    "para": ["--policy.image_size=IMAGE_SIZE"],
}
"""lerobot-train's words for each, beside those that both get."""
SAME_M = 1e-3
"""Farther apart at the end an object lies elsewhere: nothing is rounded on either route, so far more than what threads change."""
RECORDER = """
import json, sys
from lerobot.scripts import lerobot_eval

made = lerobot_eval.make_env

def recorded(*words, **named):
    envs = made(*words, **named)
    for group in envs.values():
        for vector in group.values():
            for env in vector.envs:
                note(env)
    return envs

def note(env):
    step = env.step
    seeds = []
    reset = env.reset
    def resets(*, seed=None, options=None):
        if seed is not None:
            seeds.append(seed)
            env.counted = 0
        return reset(seed=seed, options=options)
    def steps(action):
        was = env.is_frozen
        found = step(action)
        if not was:
            info = found[4]
            env.counted += not info["reason"]  # waypoints that were carried out, as records count them
            line = {"scene": seeds[-1], "steps": env.counted, "success": bool(info["is_success"]), "stage": info["stage"]}
            lines[seeds[-1]] = line | {"object": list(map(float, info["privileged/object_pose"][:2]))}
        return found
    env.reset, env.step = resets, steps

lines = {}
lerobot_eval.make_env = recorded
file = sys.argv.pop(1)
lerobot_eval.main()
with open(file, "w") as out:
    json.dump(list(lines.values()), out)
"""
"""lerobot-eval as it is, beside which the end of every episode is written down."""


@dataclass(frozen=True)
class Args:
    policy: Positional[str] = ""
    """act or para."""
    work: Path = ROOT / "build/lerobot_routes"
    """Where demonstrations, data set and checkpoint go."""
    demos: int = 200
    image_size: int = 32
    steps: int = 500
    batch: int = 16
    scenes: int = 60
    suite_version: int = 1
    rates: bool = False
    """Roll the same scenes out again on both routes, in turns, and print their CPU seconds and their times by the clock."""
    table: Path = ROOT / "results/lerobot_routes.csv"
    into: Path | None = None
    """Page that gets a table of what --table holds; nothing is run then."""


def main(args: Args) -> None:
    if args.into is not None:
        replace_table(args.into, "routes", markdown(args.table))
        return
    if args.policy not in POLICIES:
        raise SystemExit(f"policy is {args.policy!r}; allowed: {', '.join(POLICIES)}")
    demos, data = (
        args.work / f"demos-{args.suite_version}-{args.demos}",
        args.work / f"data-{args.suite_version}-{args.demos}-{args.image_size}",
    )
    version = ["--suite-version", str(args.suite_version)]
    if not (demos / "meta.json").exists():
        ours("demos", "--n", str(args.demos), "--out", str(demos), *version)
    if not data.exists():
        ours("export-lerobot", str(demos), "--out", str(data), "--image-size", str(args.image_size))
    trained = args.work / f"{args.policy}-{args.demos}-{args.image_size}-{args.steps}"
    checkpoint = trained / "checkpoints/last/pretrained_model"
    if not checkpoint.exists():
        own = [word.replace("IMAGE_SIZE", str(args.image_size)) for word in POLICIES[args.policy]]
        train(args, data, trained, own)
    theirs = through_lerobot(args, checkpoint)
    found = through_ours(args, checkpoint)
    rows = compared(args, theirs, found)
    keep(args.table, args.policy, rows)
    same = [row["same"] for row in rows]
    successes = {side: sum(row[f"{side}_success"] for row in rows) for side in ("lerobot", "para_bench")}
    apart = max(row["apart_mm"] for row in rows)
    print(f"{args.policy}: {sum(same)} of {len(rows)} scenes end the same; successes {successes}; objects at most {apart:.3f} mm apart")
    if args.rates:
        rates(args, checkpoint)
    sys.exit(0 if all(same) else 1)


def train(args: Args, data: Path, out: Path, own: list[str]) -> None:
    words = ["--dataset.repo_id=para-bench/place", f"--dataset.root={data}", "--dataset.video_backend=pyav", f"--policy.type={args.policy}"]
    words += ["--policy.device=cpu", "--policy.push_to_hub=false", *own, f"--batch_size={args.batch}", f"--steps={args.steps}", "--seed=0"]
    words += ["--num_workers=0", "--env_eval_freq=0", f"--output_dir={out}"]
    run("-c", "from lerobot.scripts.lerobot_train import main; main()", *words)


def through_lerobot(args: Args, checkpoint: Path) -> dict[int, dict]:
    """How each episode ended, by scene; the successes are those of lerobot's own eval_info.json."""
    out = args.work / f"eval-{args.policy}"
    words = [f"--policy.path={checkpoint}", "--policy.device=cpu", "--env.type=para_bench", "--env.task=place/id/id/0", "--seed=0"]
    words += [f"--env.image_size={args.image_size}", f"--env.suite_version={args.suite_version}", f"--eval.n_episodes={args.scenes}"]
    if not Path(f"{out}.json").exists():
        run("-c", RECORDER, str(out) + ".json", *words, "--eval.batch_size=1", f"--output_dir={out}")
    lines = {line["scene"]: line for line in json.loads(Path(f"{out}.json").read_text())}
    (task,) = json.loads((out / "eval_info.json").read_text())["per_task"]
    told = task["metrics"]["successes"]
    assert [lines[scene]["success"] for scene in range(args.scenes)] == told
    return lines


def through_ours(args: Args, checkpoint: Path) -> dict[int, records.EpisodeRecord]:
    out = args.work / f"runs-{args.policy}"
    words = ["--policy", f"lerobot:{checkpoint}", "--split", "id", "--suite-version", str(args.suite_version), "--out", str(out)]
    ours("run", *words, "--image-size", str(args.image_size), "--episodes", str(args.scenes), "--no-videos", "--workers", "1")
    return {record.scene_index: record for record in records.read(out / "id") if record.head == "lerobot"}


def rates(args: Args, checkpoint: Path) -> None:
    """Seconds of both routes, start included, and without the start: that of so many scenes more than one."""
    print(f"{'route':14}{'scenes':>8}{'clock s':>10}{'CPU s':>10}")
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for scenes in (1, args.scenes):
        for route, call in {"lerobot-eval": through_lerobot, "run": through_ours}.items():
            with tempfile.TemporaryDirectory() as folder:
                clock, before = time.perf_counter(), children_s()
                call(replace(args, work=Path(folder), scenes=scenes), checkpoint)
                found[route, scenes] = (time.perf_counter() - clock, children_s() - before)
            print(f"{route:14}{scenes:8d}{found[route, scenes][0]:10.1f}{found[route, scenes][1]:10.1f}", flush=True)
    for index, what in enumerate(("by the clock", "by CPU time")):
        each = {route: (found[route, args.scenes][index] - found[route, 1][index]) / (args.scenes - 1) for route in ("lerobot-eval", "run")}
        ratio = each["lerobot-eval"] / each["run"]
        print(f"an episode {what}: {each['lerobot-eval']:.2f} and {each['run']:.2f} s, ratio {ratio:.2f} (goal 5)")


def compared(args: Args, theirs: dict[int, dict], found: dict[int, records.EpisodeRecord]) -> list[dict]:
    from para_bench.benchmarks.conditions import CONTROL
    from para_bench.benchmarks.scenes import test_scene
    from para_bench.benchmarks.splits import find_split

    split, rows = find_split("id", version=args.suite_version), []
    for scene in range(args.scenes):
        there, here = theirs[scene], found[scene]
        target = np.array(test_scene(split, CONTROL, scene).layout.target_xy)
        place_error_m = float(np.linalg.norm(np.array(there["object"]) - target))
        apart = abs(place_error_m - (here.place_error_m or 0.0))
        same = there["success"] == here.success_at_end and there["steps"] == here.steps and apart < SAME_M
        sides = {"lerobot_success": int(there["success"]), "para_bench_success": int(here.success_at_end)}
        steps = {"lerobot_steps": there["steps"], "para_bench_steps": here.steps}
        errors = {"lerobot_place_error_m": round(place_error_m, 5), "para_bench_place_error_m": here.place_error_m}
        rows.append({"scene": scene, **sides, **steps, **errors, "apart_mm": round(1000 * apart, 3), "same": same})
    return rows


def keep(table: Path, policy: str, rows: list[dict]) -> None:
    """Rows of this policy in place of those that were there."""
    before = [row for row in csv.DictReader(table.read_text().splitlines()) if row["policy"] != policy] if table.exists() else []
    columns = ["policy", *rows[0]]
    lines = [",".join(columns)] + [
        ",".join(str(row[name]) for name in columns) for row in [*before, *({"policy": policy} | row for row in rows)]
    ]
    write_text(table, "\n".join(lines) + "\n")


def markdown(table: Path) -> str:
    """A line a policy."""
    rows = list(csv.DictReader(table.read_text().splitlines()))
    columns = ("policy", "scenes", "successes by lerobot-eval, by `run`", "scenes that end the same", "objects at most apart")
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for policy in dict.fromkeys(row["policy"] for row in rows):
        own = [row for row in rows if row["policy"] == policy]
        won = [sum(int(row[f"{side}_success"]) for row in own) for side in ("lerobot", "para_bench")]
        same, apart = sum(row["same"] == "True" for row in own), max(float(row["apart_mm"]) for row in own)
        lines.append(f"| `{policy}` | {len(own)} | {won[0]}, {won[1]} | {same} | {apart:.3f} mm |")
    return "\n".join(lines) + "\n"


def ours(*words: str) -> None:
    run("-m", "para_bench", *words)


def run(*words: str) -> None:
    environment = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"} | os.environ
    subprocess.run([sys.executable, *words], check=True, env=environment)


if __name__ == "__main__":
    main(tyro.cli(Args))
