"""Every reason of failure of the tasks has words."""

from __future__ import annotations

from para_bench.report.site.glossary import REASONS
from para_bench.tasks import TASKS


def test_every_reason_of_every_task_is_explained() -> None:
    assert {reason for task in TASKS.values() for reason in task.reasons} <= set(REASONS)
