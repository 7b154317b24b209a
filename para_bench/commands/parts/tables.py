"""A paper's tables of some results as one text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from para_bench.benchmarks.contrasts import declared, find_declaration
from para_bench.commands.parts.declared import family
from para_bench.commands.parts.fairness import policies_of
from para_bench.commands.parts.results import results
from para_bench.options import TableOptions
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.policies import to_csv
from para_bench.report.inventory import SplitResults
from para_bench.report.statistics.family_count import sentence
from para_bench.report.tables import contrasts, formats, paper, published
from para_bench.report.tables import render as to_text
from para_bench.report.tables import success as tables
from para_bench.report.tables.fairness import add_facts, fairness_grid
from para_bench.types import ParaBenchError


def render(paths: Sequence[Path], splits: Collection[str], heads: Collection[str], form: TableOptions, titles: bool) -> str:
    """All tables that are asked for, in the order of a paper; Markdown has `titles` or not."""
    found = results(paths, splits, heads)
    facts = found[0].facts
    if form.only == "contrasts":
        return contrasts_of(found, form)
    fairness_only = form.only == "fairness"
    if form.format == "csv":
        return to_csv(policies_of(found, facts)) if fairness_only else _long(found, facts)
    fairness = fairness_grid(policies_of(found, facts), by_cost=fairness_only)
    if fairness_only and fairness is None:
        raise ParaBenchError("--only fairness, but no head of these results was trained; allowed: results with trained heads")
    grids = [paper.grid(result, form.rows, form.cols) for result in found] if form.only == "all" else []
    if grids and len(families := [family for grid in grids for family in grid.families]) > 1:
        grids[-1] = grids[-1]._replace(caption=f"{grids[-1].caption} All tables: {sentence(families, by_a_suite=False)}")
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


def contrasts_of(found: list[SplitResults], form: TableOptions) -> str:
    """What suites declared before their first episode, each with its verdicts; suites of which a head has no records are left out.

    Raises:
        ParaBenchError: there is none with records of all of its heads in a split that it names, or a form that they do not have.
    """
    if form.format not in ("md", "csv"):
        raise ParaBenchError(f"--only contrasts with --format {form.format}; allowed: md, csv")
    at_hand, heads = {result.split: result for result in found}, {head for result in found for head in result.learned}
    texts = []
    for suite in declared():
        if (said := find_declaration(suite)) and set(said.heads) <= heads and not at_hand.keys().isdisjoint(said.splits):
            table = contrasts.contrast_table(at_hand, family(said), said.alpha, said.floor)
            texts.append(to_text.csv(table) if form.format == "csv" else contrasts.to_markdown(table, said.lines()))
    if not texts:
        raise ParaBenchError(
            f"no suite with declared contrasts has records of all of its heads in a split that it names; declared: {', '.join(declared())}"
        )
    return "\n".join(texts)


def _long(found: list[SplitResults], facts: Mapping[str, Facts]) -> str:
    """Every number, each row with the facts of the policies behind it."""
    return tables.to_csv(pd.concat([add_facts(paper.long_table(result), result, policies_of([result], facts)) for result in found]))
