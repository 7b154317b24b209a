"""Success of the references in every task: what a task demands, and what it gives away.

Over scenes of their own in every world, apart from trainings and tests:

    python perf/references.py --scenes 200 --worlds plain crowded

Over the test scenes of splits, every condition, as a run rolls them out:

    python perf/references.py --scenes 500 --splits id --table results/references.csv
    python perf/references.py --scenes 100 --splits all --references oracle --table results/references.csv

With --table, each row is also written there, in place of an older one of the same task, condition, policy and number of scenes.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.versions import CURRENT, find_version
from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.files import write_text
from para_bench.records import Outcome
from para_bench.rollouts.jobs import Job, run_job
from para_bench.rollouts.references import REFERENCES
from para_bench.rollouts.rollout import rollout
from para_bench.rollouts.workers import run_jobs
from para_bench.tasks import TASKS

SEED = 24
"""Stream of the scenes of their own."""


@dataclass(frozen=True)
class Args:
    scenes: int = 200
    """Of each world, or of each condition; of a map's cells, those that have one of these indices."""
    tasks: tuple[str, ...] = tuple(TASKS)
    worlds: tuple[str, ...] = ("plain", "crowded")
    references: tuple[str, ...] = ("oracle", "noop", "threshold")
    splits: tuple[str, ...] = ()
    """Test scenes of these splits instead; `all` for every one."""
    suite_version: int = CURRENT
    workers: int = 2
    table: Path | None = None


def main(args: Args) -> None:
    print(f"{'task':8} {'scenes':30} {'policy':10} {'success':>10} {'strict':>7} {'grasp':>8} {'place':>8} {'clamped':>8}  other ends")
    for task in args.tasks:
        names = find_version(args.suite_version).splits if args.splits == ("all",) else args.splits
        for where, head, outcomes in of_splits(args, task, names) if names else of_worlds(args, task):
            print(row(task, where, head, outcomes), flush=True)
            if args.table is not None:
                keep(args.table, measured(task, where, head, outcomes, args.scenes))


def of_worlds(args: Args, task: str) -> Iterator[tuple[str, str, list[Outcome]]]:
    env = TaskEnv()
    for world in args.worlds:
        scenes = [sample_scene(np.random.default_rng([SEED, i]), task=task, world=world) for i in range(args.scenes)]
        for head in args.references:
            yield world, head, [rollout(env, scene, REFERENCES[head](), i) for i, scene in enumerate(scenes)]
    env.close()


def of_splits(args: Args, task: str, names: Sequence[str]) -> Iterator[tuple[str, str, list[Outcome]]]:
    for name in names:
        split = find_split(name, task, version=args.suite_version)
        for head in args.references:
            found: dict[tuple[str, str], list[Outcome]] = {}
            jobs = []
            for index in range(args.scenes):
                keys = tuple(condition.key for condition in split.all_conditions if index in condition.indices(args.scenes))
                jobs.append(Job(split.name, split.suite_version, head, 0, None, "", 224, index, keys))
            for results in run_jobs(jobs, args.workers, run_job):
                for result in results:
                    key = (result.condition[0], "all") if result.condition[0] in maps(split.factors) else result.condition
                    found.setdefault(key, []).append(result.outcome)
            for key, outcomes in found.items():
                yield f"{name} {' '.join(key)}", head, outcomes


def measured(task: str, where: str, head: str, outcomes: Sequence[Outcome], scenes: int) -> dict[str, str]:
    """A row of --table."""
    success, strict = sum(o.reason == "success" for o in outcomes), sum(bool(o.strict_success) for o in outcomes)
    counts = {"scenes": scenes, "episodes": len(outcomes), "success": success, "strict": strict}
    return {"task": task, "condition": where, "policy": head} | {name: str(count) for name, count in counts.items()}


def keep(table: Path, found: dict[str, str]) -> None:
    def key(line: dict[str, str]) -> tuple[str, ...]:
        return tuple(line[name] for name in ("task", "condition", "policy", "scenes"))

    rows = list(csv.DictReader(table.read_text().splitlines())) if table.exists() else []
    lines = [*(line for line in rows if key(line) != key(found)), found]
    write_text(table, "\n".join([",".join(found), *(",".join(line.values()) for line in lines)]) + "\n")


def maps(factors: Sequence) -> set[str]:
    return {factor.name for factor in factors if factor.kind == "map"}


def row(task: str, where: str, head: str, outcomes: Sequence[Outcome]) -> str:
    ends = Counter(outcome.reason for outcome in outcomes)
    done, strict = ends.pop("success", 0), sum(bool(outcome.strict_success) for outcome in outcomes)
    grasp = [outcome.grasp_error_m for outcome in outcomes if outcome.grasp_error_m is not None]
    place = [outcome.place_error_m for outcome in outcomes if outcome.success_at_end and outcome.place_error_m is not None]
    errors = [f"{1000 * float(np.median(found)):5.1f} mm" if found else "-" for found in (grasp, place)]
    clamped = sum(outcome.clamped_waypoints > 0 for outcome in outcomes)
    others = ", ".join(f"{reason} {count}" for reason, count in ends.most_common(4))
    counts = f"{done:4d} of {len(outcomes):3d} {strict:7d} {errors[0]:>8} {errors[1]:>8} {clamped:8d}"
    return f"{task:8} {where:30} {head:10} {counts}  {others}"


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
