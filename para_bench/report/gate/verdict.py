"""The gate of a CI job, in its two layers: the same checkpoint must repeat itself, a retrained head must hold its rate."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.rates import Interval
from para_bench.types import ParaBenchError

HELD, REGRESSED, CANNOT_TELL = "HELD", "REGRESSED", "CANNOT TELL"

EXIT_CODES = {HELD: 0, REGRESSED: 1, CANNOT_TELL: 2}

Key = TypeVar("Key", bound=Hashable)


class Flip(NamedTuple, Generic[Key]):
    """An episode whose outcome is not the golden one."""

    key: Key
    """What identifies the episode: head, condition, scene index, ..."""
    golden: bool
    found: bool


def flips(golden: Mapping[Key, bool], found: Mapping[Key, bool]) -> list[Flip[Key]]:
    """First layer: episodes of a fixed checkpoint on fixed scenes whose success differs, in golden order; empty when all agree."""
    missing = [key for key in golden if key not in found]
    extra = [key for key in found if key not in golden]
    if missing or extra:
        raise ParaBenchError(
            f"{len(missing)} golden episodes were not run (first: {missing[:1]}), {len(extra)} have no golden outcome "
            f"(first: {extra[:1]}); allowed: the same episodes in both"
        )
    return [Flip(key, success, found[key]) for key, success in golden.items() if found[key] != success]


def gate(low: float, high: float, margin: float) -> str:
    """Second layer: REGRESSED, HELD or CANNOT TELL.

    `low` and `high` bound the new rate minus the reference rate (a paired interval), `margin` >= 0 is the largest loss that is
    tolerated. HELD: the whole interval lies above -margin. REGRESSED: all of it lies below. Else the data cannot tell.
    """
    if not -1 <= low <= high <= 1 or not 0 <= margin <= 1:
        raise ParaBenchError(f"interval [{low}, {high}], margin {margin}; allowed: -1 <= low <= high <= 1 and 0 <= margin <= 1")
    if low > -margin:
        return HELD
    return REGRESSED if high < -margin else CANNOT_TELL


def confidences(family: int, alpha: float = ALPHA) -> tuple[float, float]:
    """Confidence of the two-sided interval of one cell, whose bounds err with probability `alpha` each; and of `family` cells together.

    Saying HELD of the whole gate needs every cell to hold, so that each cell may err with `alpha` (Berger 1982, Technometrics 24:295);
    a false alarm needs only one, so that the cells share it (Bonferroni).
    """
    return 1 - 2 * alpha, 1 - 2 * alpha / family


def family_gate(cell: Interval, family: Interval, margin: float) -> str:
    """`gate` by the cell's own interval; REGRESSED also needs the family's interval to lie below 0.

    So alpha bounds two probabilities: that one cell whose true loss is within the margin is called REGRESSED, and that any cell of the
    family is called so where nothing changed. perf/gate.py measures both (the first is 0.05 to 0.09 where rates are near 0.95).
    """
    found = gate(cell.low, cell.high, margin)
    return CANNOT_TELL if found == REGRESSED and family.high >= 0 else found


def overall(verdicts: Iterable[str]) -> str:
    """REGRESSED if any cell regressed, else CANNOT TELL if any cannot tell, else HELD."""
    found = list(verdicts)
    if not found or not set(found) <= set(EXIT_CODES):
        raise ParaBenchError(f"verdicts are {found}; allowed: one or more of {', '.join(EXIT_CODES)}")
    return next(verdict for verdict in (REGRESSED, CANNOT_TELL, HELD) if verdict in found)
