"""`para-bench list`: the tables of heads, tasks, robots, splits, suites and backbones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class List:
    """Show heads, tasks, robots, splits, suites and backbones; those of installed plug-ins with the package they come from."""

    splits: bool = False
    """Only the splits, with all they train and test on."""
    out: Path | None = None
    """Write the splits as a Markdown page (docs/SPLITS.md) instead."""

    def __call__(self) -> None:
        from rich.console import Console

        from para_bench.benchmarks.splits import SPLITS
        from para_bench.commands.parts import tables_of_rows as rows
        from para_bench.commands.parts.split_page import splits_page
        from para_bench.files import write_text

        if self.out is not None:
            write_text(self.out, splits_page())
            print(f"{len(SPLITS.builtin)} splits: {self.out}")
            return
        console = Console()
        everything = (rows.head_table, rows.task_table, rows.robot_table, rows.split_table, rows.suite_table, rows.backbone_table)
        for table in (rows.split_table,) if self.splits else everything:
            console.print(table())
