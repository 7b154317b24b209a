"""The suite of a baseline, run anew for a check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from para_bench.backbones.runtimes import runtime_of
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.suites import find_suite
from para_bench.benchmarks.versions import VERSIONS, find_version
from para_bench.commands.parts.device import find_runtime
from para_bench.commands.parts.kept_checkpoints import kept_folder
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.commands.plans.suite_run import run_suite
from para_bench.execution.schedule import configs
from para_bench.options import MachineOptions
from para_bench.report.gate.baselines import FIXED, RETRAINED, Baseline
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.kept import roll_out_kept
from para_bench.training.specification import CONFIG, read_spec
from para_bench.types import ParaBenchError


def run_baseline_suite(baseline: Baseline, path: Path, machine: MachineOptions, layers: Sequence[str]) -> Path:
    """Train and roll out what the layers ask for, into `machine.out`; returns it. What is there already is not done again."""
    suite, version = find_suite(baseline.suite), find_version(baseline.suite_version).number
    asked = (tuple(baseline.splits), baseline.retrain)
    given = (suite.splits, tuple(suite.profile.trainings))
    if not set(asked[0]) <= set(given[0]) or asked[1] != given[1]:
        raise ParaBenchError(
            f"the baseline is about splits and training seeds {asked}, suite {baseline.suite} runs {given}; allowed: the same, or --results"
        )
    if RETRAINED in layers:
        runtime = _runtime(baseline, path, version, machine.device)
        run_suite(
            ChosenSuite(baseline.suite, machine, suite_version=version, feature_runtime=runtime, references=())
        )  # no cell watches them
    if FIXED in layers:
        base = RunConfig(split=suite.splits[0], heads=suite.heads, profile=suite.profile, suite_version=version, **vars(machine))
        for config in configs(suite, base):
            kept = {v.head: (v.train_seed, kept_folder(path, v.head)) for v in baseline.fixed if v.split == config.split}
            if kept:
                roll_out_kept(config, kept, suite.profile.demos)
    return machine.out


def _runtime(baseline: Baseline, path: Path, version: int, device: str) -> str:
    """What computed the features of the kept checkpoints, so that heads trained anew have the same; this machine's choice without any.

    Raises:
        ParaBenchError: it is not installed.
    """
    kept = [kept_folder(path, head) for head in {v.head for v in baseline.fixed}]
    found = {runtime_of(read_spec(folder).features.backbone) for folder in kept if (folder / CONFIG).is_file()}
    return find_runtime(found.pop() if len(found) == 1 else "auto", version, device)


def refuse_other_versions(baseline: Baseline) -> None:
    """Records of other scenes than the baseline's say nothing about a regression."""
    if baseline.suite_version not in {version.name for version in VERSIONS.values()}:
        allowed = ", ".join(map(str, VERSIONS))
        raise ParaBenchError(f"the baseline is of suite version {baseline.suite_version}; allowed: this code's {allowed}")
    number = find_version(baseline.suite_version).number
    for name, version in baseline.splits.items():
        if (ours := find_split(name, version=number).version) != version:
            raise ParaBenchError(f"the baseline is of version {version} of split {name}; allowed: this code's {ours}")
