"""`para-bench list`: the tables of heads, tasks, robots, splits, suites and backbones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from para_bench.options import SuiteVersions, check_file
from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class List:
    """Show heads, tasks, robots, splits, suites and backbones.

    Those of installed plug-ins stand with the package that they come from.
    """

    splits: bool = False
    """Only the splits, with all they train and test on."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    searches: Path | None = None
    """Only how many demonstrations are enough for each head, of a table that `tune` wrote (runs/searched.csv)."""
    out: Path | None = None
    """Write the splits as a Markdown page (docs/SPLITS.md) instead."""

    def check(self) -> None:
        """Raises ParaBenchError for options that do not go together."""
        if self.searches is not None and (self.splits or self.out is not None):
            raise ParaBenchError(f"--searches with {'--splits' if self.splits else '--out'}; allowed: one of them")
        check_file("--searches", self.searches)

    def __call__(self) -> None:
        from rich.console import Console

        from para_bench.benchmarks.versions import find_version
        from para_bench.commands.parts import tables_of_rows as rows
        from para_bench.commands.parts.split_page import splits_page
        from para_bench.files import write_text

        if self.out is not None:
            write_text(self.out, splits_page(self.suite_version))
            print(f"{len(find_version(self.suite_version).splits)} splits: {self.out}")
            return
        console = Console()
        if self.searches is not None:
            console.print(rows.search_table(self.searches))
            return
        splits = rows.split_table(self.suite_version)
        if self.splits:
            console.print(splits)
            return
        others = (rows.suite_table(self.suite_version), rows.backbone_table())
        for table in (rows.head_table(), rows.task_table(), rows.robot_table(), splits, *others):
            console.print(table)
