"""The description of a split that lies beside its episodes (split.json)."""

from __future__ import annotations

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.conditions import CONTROL, Split
from para_bench.records.description import ConditionFacts, Description
from para_bench.tasks import find_task

EXECUTOR_REASONS = ("unreachable",)
"""Reasons for which the executor ends an episode of any task."""


def describe(split: Split) -> Description:
    """What a report has to know of a split that was run with its task and robot."""
    task = find_task(split.task)
    return Description(
        split=split.name,
        version=split.version,
        suite_version=str(split.suite_version),
        about=split.about,
        task=split.task,
        robot=split.robot,
        control=CONTROL.key,
        stages=task.stages,
        reasons=(*task.reasons, *EXECUTOR_REASONS),
        seen_renderer=tuple(name for name, row in BACKBONES.builtin.items() if row.seen_renderer),
        factors=split.factors,
        conditions=tuple(
            ConditionFacts(*condition.key, condition.share, split.training_of(condition) != split.training)
            for condition in split.all_conditions
        ),
    )
