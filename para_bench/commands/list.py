"""`para-bench list`: the tables of heads, tasks, robots, splits, suites and backbones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tyro.conf import Positional

from para_bench.options import SuiteVersions, check_file, refuse_idle
from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class List:
    """Show heads, tasks, robots, splits, suites and backbones.

    Those of installed plug-ins stand with the package that they come from.
    """

    what: Positional[Literal["all", "heads", "tasks", "robots", "splits", "suites", "backbones"]] = "all"
    """Only one of the tables: `para-bench list splits`."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    searches: Path | None = None
    """Only how many demonstrations are enough for each head, of a table that `tune` wrote (runs/searched.csv)."""
    out: Path | None = None
    """Write the splits as a Markdown page (docs/SPLITS.md) instead."""

    def check(self) -> None:
        """Raises ParaBenchError for options that do not go together."""
        if self.searches is not None:
            refuse_idle(self, ("suite_version",), "with --searches, which shows that table alone")
            if self.what != "all" or self.out is not None:
                raise ParaBenchError(f"--searches with {'--out' if self.what == 'all' else self.what}; allowed: one of them")
        elif self.what not in ("all", "splits", "suites"):
            refuse_idle(self, ("suite_version",), f"with {self.what}, which every version has")
        if self.out is not None and self.what not in ("all", "splits"):
            raise ParaBenchError(f"--out with {self.what}; allowed: with splits, the only page")
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
        tables = {
            "heads": rows.head_table,
            "tasks": rows.task_table,
            "robots": rows.robot_table,
            "splits": lambda: rows.split_table(self.suite_version),
            "suites": lambda: rows.suite_table(self.suite_version),
            "backbones": rows.backbone_table,
        }
        for name, table in tables.items():
            if self.what in ("all", name):
                console.print(table())
