"""`para-bench table`: a paper's tables from records alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd

from para_bench.commands.fairness import known_facts, policies_of
from para_bench.commands.results import results
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.grid import add_facts, fairness_grid
from para_bench.report.fairness.policies import to_csv
from para_bench.report.inventory import SplitResults
from para_bench.report.tables import formats, paper, published
from para_bench.report.tables import success as tables
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from pathlib import Path

    from para_bench.arguments.reporting import Table

BEGIN, END = "<!-- table {} -->", "<!-- end of table -->"
"""Marks in a page whose table --into rewrites, the first with what --only says."""


def table(args: Table) -> None:
    text = render(args)
    if args.into is not None:
        replace_table(args.into, args.only, text)
        print(args.into)
    elif args.out is None:
        sys.stdout.write(text)
    else:
        try:
            args.out.parent.mkdir(parents=True, exist_ok=True)
            args.out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ParaBenchError(f"cannot write --out {args.out} ({error.strerror}); allowed: a file you may write") from None
        print(args.out)


def replace_table(page: Path, name: str, text: str) -> None:
    """Put `text` between the marks of a page; nothing else of it changes."""
    mark = BEGIN.format(name)
    try:
        before, begin, rest = page.read_text(encoding="utf-8").partition(mark)
        _, end, after = rest.partition(END)
        if not end:
            raise ParaBenchError(f"--into {page} has no lines {mark} and {END}; allowed: a page with both, in this order")
        page.write_text(f"{before}{begin}\n{text}{end}{after}", encoding="utf-8")
    except OSError as error:
        raise ParaBenchError(f"cannot write --into {page} ({error.strerror}); allowed: a file you may write") from None


def render(args: Table) -> str:
    """All of it as one text."""
    if args.standalone and args.format not in ("latex", "html"):
        raise ParaBenchError(f"--standalone with --format {args.format}; allowed with: latex, html")
    shows_published = args.published or args.only == "published"
    if shows_published and args.format == "csv":
        raise ParaBenchError(
            "published figures with --format csv; allowed with: md, latex, html (the figures are para_bench/assets/published.csv)"
        )
    if args.published and args.only != "all":
        raise ParaBenchError(f"--published with --only {args.only}; allowed: one of them")
    if args.into and args.format != "md":
        raise ParaBenchError(f"--into with --format {args.format}; allowed with: md")
    found = results(args.results, args.split, args.heads)
    facts = known_facts(args.results)
    if args.format == "csv":
        return _csv(found, facts, args.only == "fairness")
    fairness = fairness_grid(policies_of(found, facts), by_cost=args.only == "fairness")
    if args.only == "fairness" and fairness is None:
        raise ParaBenchError("--only fairness, but no head of these results was trained; allowed: results with trained heads")
    grids = [paper.grid(result, args.rows, args.cols) for result in found] if args.only == "all" else []
    if shows_published:
        beside = published.grid(found)
        if beside is None:
            raise ParaBenchError(f"nothing was published about {', '.join(r.split for r in found)}; allowed: without published figures")
        grids.append(beside)
    grids += [fairness] if fairness and args.only != "published" else []
    if args.into:
        return "\n".join(map(formats.markdown, grids))  # the page has headings of its own
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
