"""Levels of a factor: in order, each as a row of its own, or pooled into one."""

from __future__ import annotations

from collections.abc import Sequence

from para_bench.report.layout import natural
from para_bench.report.roster import POOLED, ConditionKey, Expected, Group


def levels(expected: Expected, factor: str) -> list[ConditionKey]:
    """The conditions of a factor, levels ascending."""
    return sorted((condition for condition in expected.scenes if condition[0] == factor), key=lambda condition: natural(condition[1]))


def shifted(conditions: Sequence[ConditionKey]) -> tuple[ConditionKey, ...]:
    """Levels of one factor without the dose 0, where the scene is that of the control; a 0 that stands alone stays."""
    found = tuple(condition for condition in conditions if condition[1] != "0")
    return found or tuple(conditions)


def single(condition: ConditionKey) -> Group:
    """A condition as a row of its own."""
    return Group(*condition, (condition,))


def pooled(expected: Expected, factor: str) -> Group:
    """All levels of a factor as one row, but for a dose of 0; without members where the factor was not tested."""
    members = shifted([condition for condition in expected.scenes if condition[0] == factor])
    return Group(factor, members[0][1] if len(members) == 1 else POOLED, members)
