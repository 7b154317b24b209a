"""`para-bench check`: records against a baseline; with --update, a baseline from records."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from para_bench import records
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.suites import configs, find_suite
from para_bench.commands.results import described
from para_bench.commands.suite import run_suite
from para_bench.report.checkpoints import weights_hash
from para_bench.report.gate import baselines, findings, regression
from para_bench.report.gate.baselines import FIXED, LAYERS, RETRAINED, Baseline, WatchedCell
from para_bench.report.gate.junit import to_junit
from para_bench.report.gate.updates import Wishes, moved
from para_bench.report.gate.verdict import EXIT_CODES, overall
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.kept import roll_out_kept
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, WEIGHTS
from para_bench.types import SUITE_VERSION, ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Check


def check(args: Check) -> None:
    """Print, write and exit with the verdict's code."""
    if args.update:
        update(args)
        return
    only = {"--reason": args.reason, "--suite": args.suite, "--margin": args.margin, "--cell": args.cell, "--new-seeds": args.new_seeds}
    given = [name for name, value in only.items() if value not in ("", None, ())]
    if given:
        raise ParaBenchError(f"{', '.join(given)} without --update; allowed: only with it, a check never moves a baseline")
    baseline = baselines.read(args.baseline)
    refuse_other_versions(baseline)
    layers = args.layer or baseline.layers
    if FIXED in layers:
        refuse_other_checkpoints(args.baseline, baseline)
    found = regression.check(baseline, records.read(args.results or run_baseline_suite(baseline, args, layers), only_current=True), layers)
    Console(soft_wrap=True, highlight=False).print(findings.to_console(found, baseline))
    for path, text in (
        (args.junit, to_junit(found, findings.sentence, findings.flipped)),
        (args.summary, findings.to_markdown(found, baseline)),
    ):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    sys.exit(EXIT_CODES[overall(finding.verdict for finding in found)])


def update(args: Check) -> None:
    """Move the baseline and keep its checkpoints beside it."""
    if not args.reason.strip():
        raise ParaBenchError('--update without --reason; allowed: --reason "..." with the words for the history')
    if args.results is None:
        raise ParaBenchError("--update without --results; allowed: --results with the folder of the records to move to")
    if args.suite is not None:
        find_suite(args.suite)  # refuses a name that no check could run
    old = baselines.read(args.baseline) if args.baseline.exists() else None
    if old is None and args.suite is None:
        raise ParaBenchError(f"no baseline at {args.baseline} to update; allowed: --suite with the name of its suite makes one")
    done = records.read(args.results, only_current=True)
    facts = {name: said for name in dict.fromkeys(r.split for r in done) if (said := described(name))}
    wishes = Wishes(args.suite, args.margin, tuple(map(cell, args.cell)) or None, args.new_seeds, args.layer or LAYERS)
    new = moved(old, done, facts, wishes, args.reason)
    keep_checkpoints(args.baseline, new, args.results)
    baselines.write(args.baseline, new)
    print(f"{args.baseline}: {new.history[-1].reason}", *new.history[-1].moved, sep="\n  ")


def run_baseline_suite(baseline: Baseline, args: Check, layers: Sequence[str]) -> Path:
    """Train and roll out what the layers ask for, into --out; returns it. What is there already is not done again."""
    suite = find_suite(baseline.suite)
    asked = (tuple(baseline.splits), baseline.retrain)
    given = (suite.splits, tuple(range(suite.profile.seeds)))
    if not set(asked[0]) <= set(given[0]) or asked[1] != given[1]:
        raise ParaBenchError(
            f"the baseline is about splits and training seeds {asked}, suite {baseline.suite} runs {given}; allowed: the same, or --results"
        )
    if RETRAINED in layers:
        run_suite(baseline.suite, args.out, args.workers)
    if FIXED in layers:
        base = RunConfig(split=suite.splits[0], heads=suite.heads, profile=suite.profile, workers=args.workers, out=args.out)
        for config in configs(suite, base):
            kept = {v.head: (v.train_seed, kept_folder(args.baseline, v.head)) for v in baseline.fixed if v.split == config.split}
            if kept:
                roll_out_kept(config, kept, suite.profile.demos)
    return args.out


def cell(text: str) -> WatchedCell:
    """From "para/novel_view/view_angle/all"."""
    parts = text.split("/")
    if len(parts) != 4 or not all(parts):
        raise ParaBenchError(f"--cell is {text!r}; allowed: HEAD/SPLIT/CONDITION/LEVEL, as para/novel_view/view_angle/all")
    head, split, condition, level = parts
    return WatchedCell(head, split, condition, level)


def refuse_other_versions(baseline: Baseline) -> None:
    """Records of other scenes than the baseline's say nothing about a regression."""
    if baseline.suite_version != SUITE_VERSION:
        raise ParaBenchError(f"the baseline is of suite version {baseline.suite_version}; allowed: this code's {SUITE_VERSION}")
    for name, version in baseline.splits.items():
        if find_split(name).version != version:
            raise ParaBenchError(f"the baseline is of version {version} of split {name}; allowed: this code's {find_split(name).version}")


def kept_folder(path: Path, head: str) -> Path:
    """Where the kept checkpoint of a head lies: in the folder beside the baseline that has its name."""
    return path.with_suffix("") / head


def refuse_other_checkpoints(path: Path, baseline: Baseline) -> None:
    """The golden outcomes belong to the kept weights, byte for byte."""
    for head, golden in {v.head: v.checkpoint_hash for v in baseline.fixed}.items():
        weights = kept_folder(path, head) / WEIGHTS
        found = weights_hash(weights.parent) if weights.is_file() else "none"
        if found != golden:
            raise ParaBenchError(f"the kept checkpoint {weights} has hash {found}; allowed: {golden}, or --layer retrained to leave it out")


def keep_checkpoints(path: Path, baseline: Baseline, results: Path) -> None:
    """Copy the fixed layer's checkpoints from the results; one that is kept already stays."""
    for head, golden in {v.head: v.checkpoint_hash for v in baseline.fixed}.items():
        folder = kept_folder(path, head)
        if (folder / WEIGHTS).is_file() and weights_hash(folder) == golden:
            continue
        complete = (w.parent for w in sorted(results.rglob(WEIGHTS)) if (w.parent / CONFIG).is_file() and weights_hash(w.parent) == golden)
        source = next(complete, None)
        if source is None:
            raise ParaBenchError(
                f"no checkpoint of {head} with hash {golden} below {results}; "
                "allowed: --results with its checkpoints/, or --layer retrained"
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name in (CONFIG, WEIGHTS, BACKBONE_WEIGHTS):
            (folder / name).unlink(missing_ok=True)
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)
