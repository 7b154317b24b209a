"""How many families of comparisons the repository tests: each is corrected on its own, so that a reader must know their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.rates import percent
from para_bench.text import printable
from para_bench.types import ParaBenchError

UNDECLARED = "declared by no suite"
"""Of a family whose comparisons were chosen with the records at hand, as far as the software knows: a README may have declared them."""


class Family(NamedTuple):
    """Comparisons that share one correction."""

    name: str
    comparisons: int


def sentence(families: Sequence[Family], alpha: float = ALPHA, by_a_suite: bool = True) -> str:
    """States all families and how many may have a false claim, at most, by Bonferroni's inequality over families.

    `by_a_suite`: whether they were declared beforehand.

    Raises:
        ParaBenchError: there is none, one is empty, or two have one name.
    """
    names = [family.name for family in families]
    empty = [family.name for family in families if family.comparisons < 1]
    if not families or empty or len(set(names)) < len(names):
        raise ParaBenchError(f"found families {names}, of them empty {empty}; allowed: one or more, each with its own name and comparisons")
    listed = ", ".join(f"{printable(family.name)} ({family.comparisons})" for family in families)
    total = sum(family.comparisons for family in families)
    many = len(families) > 1
    text = (
        f"{len(families)} {'declared ' if by_a_suite else ''}famil{'ies' if many else 'y'} of {total} comparison{'s' if total > 1 else ''}"
        f"{' in all' if many else ''}{'' if by_a_suite else f', {UNDECLARED}'}: {listed}. "
        f"Holm's correction holds the probability of any false claim to {percent(alpha)} % in {'each' if many else 'it'}"
    )
    if not many:
        return f"{text}."
    expected = f"up to {alpha * len(families):.2g} families with a false claim are to be expected where nothing differs"
    return f"{text}, not over all of them: {expected}."
