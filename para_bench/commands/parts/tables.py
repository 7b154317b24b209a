"""A paper's tables of some results as one text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from para_bench.commands.parts.fairness import known_facts, policies_of
from para_bench.commands.parts.results import results
from para_bench.options import TableOptions
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.grid import add_facts, fairness_grid
from para_bench.report.fairness.policies import to_csv
from para_bench.report.inventory import SplitResults
from para_bench.report.statistics.family_count import sentence
from para_bench.report.tables import formats, paper, published
from para_bench.report.tables import success as tables
from para_bench.types import ParaBenchError


def render(paths: Sequence[Path], splits: Collection[str], heads: Collection[str], form: TableOptions, titles: bool) -> str:
    """All tables that are asked for, in the order of a paper; Markdown has `titles` or not."""
    found, facts = results(paths, splits, heads), known_facts(paths)
    fairness_only = form.only == "fairness"
    if form.format == "csv":
        return to_csv(policies_of(found, facts)) if fairness_only else _long(found, facts)
    fairness = fairness_grid(policies_of(found, facts), by_cost=fairness_only)
    if fairness_only and fairness is None:
        raise ParaBenchError("--only fairness, but no head of these results was trained; allowed: results with trained heads")
    grids = [paper.grid(result, form.rows, form.cols) for result in found] if form.only == "all" else []
    if grids and len(families := [family for result in found for family in paper.families(result)]) > 1:
        grids[-1] = grids[-1]._replace(caption=f"{grids[-1].caption} All tables: {sentence(families)}")
    if form.published or form.only == "published":
        beside = published.grid(found)
        if beside is None:
            raise ParaBenchError(f"nothing was published about {', '.join(r.split for r in found)}; allowed: without published figures")
        grids.append(beside)
    grids += [fairness] if fairness and form.only != "published" else []
    if form.format == "md":
        return "\n".join((f"## {grid.name}\n\n" if titles else "") + formats.markdown(grid) for grid in grids)
    if form.standalone:
        return formats.latex_page(grids) if form.format == "latex" else formats.html_page(grids)
    return "\n".join(map(formats.latex if form.format == "latex" else formats.html_table, grids))


def _long(found: list[SplitResults], facts: dict[str, Facts]) -> str:
    """Every number, each row with the facts of the policies behind it."""
    return tables.to_csv(pd.concat([add_facts(paper.long_table(result), result, policies_of([result], facts)) for result in found]))
