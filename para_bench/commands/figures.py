"""`para-bench figures`: a paper's figures from records alone, and on request a strip of what heads see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tyro.conf import Positional


@dataclass(frozen=True)
class Figures:
    """Draw a paper's figures from records, as PDF and PNG.

    One page combines them. The same records give the same files. A figure whose records are not there is skipped with a line that
    says so; missing episodes are refused.

    Example: para-bench figures runs --out figures
    """

    results: Positional[tuple[Path, ...]]
    """Results folders: episodes.jsonl of runs, or episodes.parquet of packed records."""
    out: Path = Path("figures")
    """Folder for the files."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    columns: Literal["1", "2"] = "2"
    """Columns of a conference page that a figure spans: 6.75 in for two; 3.25 in for one, into files named NAME_one_column."""
    strip: bool = False
    """Also draw what each head sees and plans in one scene a split; needs the checkpoints beside the records."""

    def __call__(self) -> None:
        from para_bench.commands.parts.declared import declarations
        from para_bench.commands.parts.results import results
        from para_bench.files import make_folder
        from para_bench.report.checkpoints import costs
        from para_bench.report.figures import draw_all, write
        from para_bench.report.figures.source import Source
        from para_bench.report.inventory import CONTROL
        from para_bench.report.tables.success import check_control

        found, trained = results(self.results, self.split, self.heads), costs(self.results)
        for result in found:
            _ = result.roster  # refuses before the first figure is written
            check_control(CONTROL, result.expected)
        strips = None
        if self.strip:
            from para_bench.replays import strip  # torch and the simulator, which no other figure needs

            strips = strip.draw(found, trained)  # refuses before the first figure is written
        make_folder(self.out)
        source = Source(found, trained, declarations(), 1 if self.columns == "1" else 2)
        for line in draw_all(source, self.out):
            print(line, flush=True)
        if strips is not None:
            for line in write("strip", strips, self.out):
                print(line, flush=True)
