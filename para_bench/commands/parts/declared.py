"""What suites declared before their first episode, as reports read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from para_bench.benchmarks.contrasts import Declaration, declared, find_declaration
from para_bench.report.tables.contrasts import Wanted

if TYPE_CHECKING:
    from para_bench.report.figures.source import Declared  # loads matplotlib
    from para_bench.report.site.declared import Family


def family(declaration: Declaration) -> list[Wanted]:
    """Every contrast on every condition, in the order of the file."""
    return [
        Wanted(*contrast.heads, contrast.asks, pooled.split, pooled.factor, str(pooled))
        for contrast in declaration.contrasts
        for pooled in declaration.conditions
    ]


def families() -> list[Family]:
    """Of every suite that has one, for the pages of a site."""
    from para_bench.report.site.declared import Family

    return [Family(said.suite, family(said), said.alpha, said.floor) for said in _found()]


def declarations() -> list[Declared]:
    """Of every suite that has one, for figures."""
    from para_bench.report.figures.source import Declared

    return [
        Declared(
            said.suite,
            said.columns,
            said.heads,
            [(pooled.split, pooled.factor) for pooled in said.conditions],
            family(said),
            said.alpha,
            said.floor,
        )
        for said in _found()
    ]


def _found() -> list[Declaration]:
    return [said for suite in declared() if (said := find_declaration(suite))]
