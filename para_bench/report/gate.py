"""The gate of a CI job, in its two layers: the same checkpoint must repeat itself, a retrained head must hold its rate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple, TypeVar

from para_bench.types import ParaBenchError

HELD, REGRESSED, CANNOT_TELL = "HELD", "REGRESSED", "CANNOT TELL"

EXIT_CODES = {HELD: 0, REGRESSED: 1, CANNOT_TELL: 2}

Key = TypeVar("Key", bound=Hashable)


class Flip(NamedTuple):
    """An episode whose outcome is not the golden one."""

    key: Hashable
    """What names the episode: head, condition, scene index, ..."""
    golden: bool
    found: bool


def flips(golden: Mapping[Key, bool], found: Mapping[Key, bool]) -> list[Flip]:
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
