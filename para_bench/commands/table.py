"""`para-bench table`: a paper's tables from records alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd

from para_bench.commands.results import results
from para_bench.report import formats, paper, published, tables
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
    found = results(args.results, args.split, args.heads)
    if args.format == "csv":
        return tables.to_csv(pd.concat([paper.long_table(result) for result in found]))
    grids = [paper.grid(result, args.rows, args.cols) for result in found]
    if args.published:
        beside = published.grid(found)
        if beside is None:
            raise ParaBenchError(f"nothing was published about {', '.join(r.split for r in found)}; allowed: without --published")
        grids.append(beside)
    if args.format == "md":
        return "\n".join(f"## {grid.name}\n\n{formats.markdown(grid)}" for grid in grids)
    if args.standalone:
        return formats.latex_page(grids) if args.format == "latex" else formats.html_page(grids)
    return "\n".join(map(formats.latex if args.format == "latex" else formats.html_table, grids))
