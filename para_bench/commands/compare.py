"""`para-bench compare`: verdicts from records alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from para_bench.commands.results import results
from para_bench.report import comparisons
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Compare


def compare(args: Compare) -> None:
    found = results([args.results], heads=(args.head, *args.others))
    if len(found) != 1:
        raise ParaBenchError(f"{args.results} holds the splits {', '.join(r.split for r in found)}; allowed: a folder with one split")
    table = comparisons.comparison_table(found[0].records, args.head, args.others, found[0].expected)
    Console(soft_wrap=True).print(comparisons.to_console(table))
