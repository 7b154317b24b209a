"""The description of a split that lies beside its episodes (split.json)."""

from __future__ import annotations

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.conditions import CONTROL, Split
from para_bench.records.description import ConditionFacts, Description
from para_bench.tasks.success import STAGES

REASONS = (
    *("wrong_place", "wrong_height", "wrong_yaw", "never_closed", "not_grasped", "not_lifted"),
    *("dropped", "misplaced", "not_released", "undone", "unreachable"),
)
"""Of the task `place`, in its order, and of the executor."""


def describe(
    split: Split, task: str = "place", robot: str = "so101", stages: tuple[str, ...] = STAGES, reasons: tuple[str, ...] = REASONS
) -> Description:
    """What a report has to know of a split that was run with a task and a robot."""
    return Description(
        split=split.name,
        version=split.version,
        about=split.about,
        task=task,
        robot=robot,
        control=CONTROL.key,
        stages=stages,
        reasons=reasons,
        seen_renderer=tuple(name for name, row in BACKBONES.items() if row.made_by),  # their training draws images of this simulator
        factors=split.factors,
        conditions=tuple(
            ConditionFacts(*condition.key, condition.share, split.training_of(condition) != split.training)
            for condition in split.all_conditions
        ),
    )
