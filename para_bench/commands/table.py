"""`para-bench table`: a paper's tables from records alone."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tyro.conf import OmitArgPrefixes, Positional

from para_bench.options import TableOptions
from para_bench.types import ParaBenchError

ENDINGS = {".md": "md", ".csv": "csv", ".tex": "latex", ".html": "html"}
"""Of file names, with the format that they promise."""


@dataclass(frozen=True)
class Table:
    """Print a paper's tables from records: counts, intervals, control and gap.

    The best head is named where the declared test names one. Ends with the fairness record: what was the same for all heads, and what
    each was given and cost. Refuses where episodes are missing. LaTeX needs booktabs; --standalone makes a document that compiles as
    it is.

    Example: para-bench table runs --split novel_view --format latex --out table.tex

    Parameters and compute of all heads: para-bench table runs --only fairness
    """

    results: Positional[tuple[Path, ...]]
    """Results folders: episodes.jsonl of runs, or episodes.parquet of packed records."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    content: OmitArgPrefixes[TableOptions] = field(default_factory=TableOptions)
    out: Path | None = None
    """Write to this file instead of the terminal."""
    into: Path | None = None
    """Replace what stands in this Markdown file between <!-- table ONLY --> (what --only says) and <!-- end of table -->."""

    def __call__(self) -> None:
        if self.into and self.content.format != "md":
            raise ParaBenchError(f"--into with --format {self.content.format}; allowed with: md")
        if self.into and self.out:
            raise ParaBenchError("--into with --out; allowed: one of them")
        if self.out and (promised := ENDINGS.get(self.out.suffix, self.content.format)) != self.content.format:
            raise ParaBenchError(f"--out {self.out} with --format {self.content.format}; allowed with: {promised}")

        from para_bench.commands.parts.pages import replace_table
        from para_bench.commands.parts.tables import render
        from para_bench.files import write_text

        text = render(self.results, self.split, self.heads, self.content, titles=self.into is None)  # a page has headings of its own
        if self.into is not None:
            replace_table(self.into, self.content.only, text)
            print(self.into)
        elif self.out is not None:
            write_text(self.out, text)
            print(self.out)
        else:
            sys.stdout.write(text)
