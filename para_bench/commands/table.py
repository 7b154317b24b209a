"""`para-bench table`: a paper's tables from records alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd

from para_bench.commands.fairness import known_facts, policies_of
from para_bench.commands.results import results
from para_bench.report import formats, paper, published, tables
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.grid import add_facts, fairness_grid
from para_bench.report.fairness.policies import to_csv
from para_bench.report.inventory import SplitResults
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Table


def table(args: Table) -> None:
    text = render(args)
    if args.out is None:
        sys.stdout.write(text)
        return
    try:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ParaBenchError(f"cannot write --out {args.out} ({error.strerror}); allowed: a file you may write") from None
    print(args.out)


def render(args: Table) -> str:
    """All of it as one text."""
    if args.standalone and args.format not in ("latex", "html"):
        raise ParaBenchError(f"--standalone with --format {args.format}; allowed with: latex, html")
    if args.published and args.format == "csv":
        raise ParaBenchError(
            "--published with --format csv; allowed with: md, latex, html (the figures are para_bench/assets/published.csv)"
        )
    if args.published and args.fairness:
        raise ParaBenchError("--published with --fairness; allowed: one of them")
    found = results(args.results, args.split, args.heads)
    facts = known_facts(args.results)
    if args.format == "csv":
        return _csv(found, facts, args.fairness)
    fairness = fairness_grid(policies_of(found, facts), by_cost=args.fairness)
    if args.fairness and fairness is None:
        raise ParaBenchError("--fairness, but no head of these results was trained; allowed: results with trained heads")
    grids = [] if args.fairness else [paper.grid(result, args.rows, args.cols) for result in found]
    if args.published:
        beside = published.grid(found)
        if beside is None:
            raise ParaBenchError(f"nothing was published about {', '.join(r.split for r in found)}; allowed: without --published")
        grids.append(beside)
    grids += [fairness] if fairness else []
    if args.format == "md":
        return "\n".join(f"## {grid.name}\n\n{formats.markdown(grid)}" for grid in grids)
    if args.standalone:
        return formats.latex_page(grids) if args.format == "latex" else formats.html_page(grids)
    return "\n".join(map(formats.latex if args.format == "latex" else formats.html_table, grids))


def _csv(found: list[SplitResults], facts: dict[str, Facts], fairness: bool) -> str:
    """The long form, each row with the facts of the policies behind it; or the policies themselves."""
    if fairness:
        return to_csv(policies_of(found, facts))
    return tables.to_csv(pd.concat([add_facts(paper.long_table(result), result, policies_of([result], facts)) for result in found]))
