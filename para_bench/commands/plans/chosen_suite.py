"""A suite with what a user chose of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from para_bench.backbones.runtimes import TORCH
from para_bench.benchmarks.conditions import DEFAULT_TASK
from para_bench.benchmarks.profiles import resized
from para_bench.benchmarks.suites import find_suite
from para_bench.benchmarks.versions import CURRENT, find_version
from para_bench.commands.parts.device import check_device, find_runtime
from para_bench.execution.schedule import configs
from para_bench.options import MachineOptions, SeenOptions
from para_bench.rollouts.config import RunConfig
from para_bench.types import REPLAN_STEPS


@dataclass(frozen=True)
class ChosenSuite:
    """All that decides the runs of a suite."""

    name: str
    machine: MachineOptions
    """Workers, folder, device."""
    splits: Collection[str] = ()
    """Only these; all if none are named."""
    suite_version: int = CURRENT
    """Row of VERSIONS."""
    replan_steps: int = REPLAN_STEPS
    """Waypoints between two looks."""
    seen: SeenOptions = field(default_factory=SeenOptions)
    """Cameras and rooms of the demonstrations."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Numbers that take the place of the suite's, by their names in `Profile`."""
    tasks: Collection[str] = (DEFAULT_TASK,)
    """Each with every split."""
    feature_runtime: str = TORCH
    """Value of --feature-runtime."""
    references: tuple[str, ...] | None = None
    """Rows of REFERENCES that are rolled out too; None for those of the suite version."""

    def runs(self, here: bool = True) -> list[RunConfig]:
        """One checked run a task and split; `here` where this machine trains, and so has to have the device.

        Raises:
            ParaBenchError: unknown names, or a device that is not here.
        """
        found = find_suite(self.name, self.suite_version)
        found = replace(found, profile=resized(found.profile, self.sizes, find_version(self.suite_version).same_epochs))
        if here:
            check_device(self.machine.device)
        runtime = find_runtime(self.feature_runtime, self.suite_version, self.machine.device)
        how: dict[str, Any] = {"suite_version": self.suite_version, "replan_steps": self.replan_steps, "feature_runtime": runtime}
        how |= {"references": self.references, **vars(self.machine), **vars(self.seen)}
        base = RunConfig(split=found.splits[0], heads=found.heads, profile=found.profile, **how)
        runs = configs(found, base, self.splits, self.tasks)
        for run in runs:
            run.check()
        return runs
