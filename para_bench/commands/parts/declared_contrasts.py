"""The contrasts that a suite declares, with the verdicts of its records."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from para_bench.benchmarks.contrasts import Declaration, find_declaration
from para_bench.commands.parts.results import results
from para_bench.files import write_text
from para_bench.report.tables import contrasts, render
from para_bench.report.tables.contrasts import Wanted


def show_contrasts(suite: str, out: Path) -> None:
    """Print what a suite declared with its verdicts, and write contrasts.md and contrasts.csv; nothing where it declares nothing."""
    found = find_declaration(suite)
    if found is None:
        return
    at_hand = {result.split: result for result in results([out])}
    table = contrasts.contrast_table(at_hand, family(found), found.alpha, found.floor)
    lines = found.lines()
    Console(soft_wrap=True).print(contrasts.to_console(table, lines))
    tables = [(out / result / "table.md").read_text() for result in at_hand if (out / result / "table.md").is_file()]
    page = [f"# Declared contrasts of suite {suite}\n", contrasts.to_markdown(table, lines), *tables]
    write_text(out / "contrasts.md", "\n".join(page))
    write_text(out / "contrasts.csv", render.csv(table))


def show_declaration(suite: str) -> None:
    """Print what a suite declares, before its first episode."""
    if found := find_declaration(suite):
        Console(soft_wrap=True, highlight=False).print("\n".join(found.lines()), markup=False)


def family(declaration: Declaration) -> list[Wanted]:
    """Every contrast on every condition, in the order of the file."""
    return [
        Wanted(*contrast.heads, contrast.asks, pooled.split, pooled.factor, str(pooled))
        for contrast in declaration.contrasts
        for pooled in declaration.conditions
    ]
