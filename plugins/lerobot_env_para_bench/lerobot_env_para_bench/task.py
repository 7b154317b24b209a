"""What `--env.task` names: a task, a split, and all of its conditions or one."""

from __future__ import annotations

from typing import NamedTuple

from para_bench.benchmarks.env import find_condition
from para_bench.benchmarks.splits import find_split
from para_bench.types import ParaBenchError


class Asked(NamedTuple):
    task: str
    split: str
    conditions: tuple[tuple[str, str], ...]
    """Factor and level each, the control first."""


def parse_task(text: str, robot: str, suite_version: int) -> Asked:
    """TASK/SPLIT, TASK/SPLIT/LEVEL, TASK/SPLIT/FACTOR, or TASK/SPLIT/FACTOR/LEVEL.

    A level alone is that of the first condition of the split's table that has it: 15 of novel_view is view_angle/15, not roll/15.

    Raises:
        ParaBenchError: another form, or a name that there is not.
    """
    words = text.split("/")
    if not 2 <= len(words) <= 4 or not all(words):
        raise ParaBenchError(f"--env.task is {text!r}; allowed: TASK/SPLIT, TASK/SPLIT/LEVEL, TASK/SPLIT/FACTOR/LEVEL")
    task, name, *condition = words
    split = find_split(name, task, robot, suite_version)
    if not condition:
        return Asked(task, name, tuple(one.key for one in split.all_conditions))
    if len(condition) == 2:
        return Asked(task, name, (find_condition(split, *condition).key,))
    (word,) = condition
    first = next((one for one in split.all_conditions if one.level == word), None)
    return Asked(task, name, ((first or find_condition(split, word)).key,))
