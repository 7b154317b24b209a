"""The gate on real training seeds: ten re-runs in which nothing changed, and one whose height bins are shifted by one.

    para-bench run --head para --split combined --demos 64 --seeds 10 --steps 1200 --no-videos --out runs/pool
    python perf/gate_reruns.py --results runs/pool --out runs/planted

Each re-run takes three training seeds at random as the new ones and the others as the baseline's; with ten seeds in all, the ten
re-runs share seeds, and two of them are the same. The planted fault lifts every waypoint of `para` one height bin (5 mm) too high, in
the rollouts of the first three seeds. Prints a table and writes it as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tyro

from para_bench import records
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import split_row
from para_bench.benchmarks.versions import find_version
from para_bench.geometry import lift
from para_bench.heads import para
from para_bench.heads.parts.readout import bins_of
from para_bench.records import EpisodeRecord
from para_bench.report.checkpoints import find_folders
from para_bench.report.gate import regression
from para_bench.report.gate.baselines import RETRAINED
from para_bench.report.gate.updates import Wishes, moved
from para_bench.report.gate.verdict import overall
from para_bench.report.statistics.rates import Estimate, bracket
from para_bench.rollouts.jobs import Job, run_job
from para_bench.rollouts.workers import run_jobs
from para_bench.types import ACTIONS, to_dict

NEW = 3
"""Training seeds of a re-run."""


@dataclass(frozen=True)
class Args:
    results: Path
    """A folder of `para-bench run` with one head, one split and more than three training seeds."""
    out: Path = Path("runs/planted")
    """Where the episodes of the planted fault go."""
    plant: bool = True
    """Also roll out the planted fault (1,800 episodes, one process)."""
    draws: int = 10
    margin: float = 0.07
    page: Path = Path("results/baselines/RERUNS.md")


def main(args: Args) -> None:
    done = [r for r in records.read(args.results) if r.head == "para"]
    seeds = sorted({r.train_seed for r in done})
    rng, rows, drawn = np.random.default_rng(0), [], set()
    for draw in range(args.draws):
        new = sorted(rng.permutation(seeds)[:NEW].tolist())
        drawn.add(tuple(new))
        rows += verdicts(f"re-run {draw + 1}", done, new, with_seeds(done, new), args.margin)
    if args.plant:
        faulty = planted(with_seeds(done, seeds[:NEW]), args)
        rows += verdicts("height bins shifted by one", done, seeds[:NEW], faulty, args.margin)
    text = "\n".join([HEAD, *("| " + " | ".join(row) + " |" for row in rows)])
    print(text)
    counts = {"draws": args.draws, "distinct": len(drawn)}
    about = ABOUT.format(n=len(seeds), margin=round(100 * args.margin), planted=PLANTED[args.plant], **counts)
    args.page.write_text(f"# The gate on real training seeds\n\n{about}\n\n{text}\n")


HEAD = "| case | new seeds | verdict | cell | baseline | new | change in points |\n|---|---|---|---|---|---|---|"
PLANTED = {
    True: "Rows of shifted height bins: every waypoint is lifted one height bin (5 mm) too high.",
    False: "The planted fault has not been run yet.",
}
ABOUT = (
    "Written by `python perf/gate_reruns.py`: {n} training seeds of `para` at the size of suite `ci`, split by chance into three new "
    "ones and the baseline's, margin {margin} points. Of {draws} draws {distinct} are distinct, and these share seeds: they are no "
    "independent trials. "
    "{planted}"
)


def verdicts(case: str, done: list[EpisodeRecord], new: list[int], tested: Iterable[EpisodeRecord], margin: float) -> list[tuple[str, ...]]:
    """One row a cell; the seeds of both sides are numbered from 0, as in a baseline of their own."""
    split = split_row(done[0].split, find_version(done[0].suite_version).number)
    facts = {split.name: describe(split)}
    rest = [seed for seed in sorted({r.train_seed for r in done}) if seed not in new]
    baseline = moved(None, numbered(with_seeds(done, rest), rest), facts, Wishes("ci", margin, None, NEW, (RETRAINED,)), "re-run")
    findings = regression.check(baseline, numbered(tested, new), (RETRAINED,))
    verdict = overall(finding.verdict for finding in findings)
    return [
        (
            case,
            " ".join(map(str, new)),
            f"{verdict} ({f.verdict})",
            f.cell.name,
            rate(f.reference),
            rate(f.found),
            bracket(*f.change[:3], sign=True),
        )
        for f in findings
    ]


def with_seeds(done: Iterable[EpisodeRecord], seeds: list[int]) -> list[EpisodeRecord]:
    return [r for r in done if r.train_seed in seeds]


def numbered(done: Iterable[EpisodeRecord], seeds: list[int]) -> list[EpisodeRecord]:
    return [replace(r, train_seed=seeds.index(r.train_seed)) for r in done]


def points(change: Estimate) -> str:
    return bracket(*change[:3], sign=True)


def rate(found: tuple[int, int, int]) -> str:
    k, n, _ = found
    return f"{k}/{n} ({100 * k / n:.1f})"


def planted(done: list[EpisodeRecord], args: Args) -> list[EpisodeRecord]:
    """The same episodes with the fault; what is on disk already is not run again."""
    path, folders = args.out / records.FILE_NAME, find_folders([args.results])
    kept = {(r.train_seed, r.condition, r.level, r.scene_index): r for r in (records.read(path) if path.exists() else [])}
    jobs, originals = [], {(r.train_seed, r.condition, r.level, r.scene_index): r for r in done}
    for key, r in originals.items():
        if key not in kept:
            condition = ((r.condition, r.level),)
            jobs.append(
                Job(
                    r.split,
                    find_version(r.suite_version).number,
                    r.head,
                    r.train_seed,
                    folders[r.checkpoint_hash],
                    r.backbone,
                    224,
                    r.scene_index,
                    condition,
                )
            )
    width = bins_of(ACTIONS)["z"].width
    para.lift = lambda pixels, height, camera: lift(pixels, height + width, camera)
    for results in run_jobs(jobs, 1, run_job):  # in this process, where the fault is
        for found in results:
            key = (found.job.train_seed, *found.condition, found.job.scene_index)
            kept[key] = replace(originals[key], **to_dict(found.outcome))
            records.append(path, kept[key])
    return [kept[key] for key in originals]


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
