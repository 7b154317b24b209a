"""Commands that read records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro


@dataclass(frozen=True)
class Compare:
    """Tell two or more heads of a results folder apart, in the words that the tests allow.

    Exact McNemar over the shared scenes, Holm over all rows; refuses where episodes are missing.
    Example: para-bench compare runs/novel_view --head para --others global_token diffusion
    """

    results: tyro.conf.Positional[Path]
    """A folder with the episodes.jsonl of one split."""
    head: str = "para"
    """The head that the verdicts are about."""
    others: tuple[str, ...] = ("global_token",)
    """Heads to compare it with."""

    def __call__(self) -> None:
        from para_bench.commands.compare import compare

        compare(self)


@dataclass(frozen=True)
class Table:
    """Print a paper's tables from records: k/n, intervals, control, gap, and the best where the declared test names one.

    Refuses where episodes are missing. LaTeX needs booktabs; --standalone makes a document that compiles as it is.
    Example: para-bench table runs --split novel_view --format latex --out table.tex
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of runs."""
    format: Literal["md", "csv", "latex", "html"] = "md"
    """csv is the long form with every number."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    rows: Literal["head", "condition"] = "head"
    """What goes down."""
    cols: Literal["head", "condition"] = "condition"
    """What goes across."""
    published: bool = False
    """Add a table of published figures beside ours."""
    standalone: bool = False
    """A whole LaTeX document or HTML page."""
    out: Path | None = None
    """Write to this file instead of the terminal."""

    def __call__(self) -> None:
        from para_bench.commands.table import table

        table(self)


@dataclass(frozen=True)
class Figures:
    """Draw a paper's figures from records, as PDF and PNG; the same records give the same files.

    A figure whose records are not there is skipped with a line that says so; missing episodes are refused.
    Example: para-bench figures runs --out figures
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of runs."""
    out: Path = Path("figures")
    """Folder for the files."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    strip: bool = False
    """Also draw what each head sees and plans in one scene a split; needs the checkpoints beside the records."""

    def __call__(self) -> None:
        from para_bench.commands.figures import figures

        figures(self)


@dataclass(frozen=True)
class Site:
    """Make web pages of results: heads by splits, down to every scene and episode, with videos and the fairness record.

    The folder needs no server: open its index.html.
    Example: para-bench site runs --out site
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of splits."""
    out: Path = Path("site")
    """A new or empty folder, or an earlier site, which is written over."""

    def __call__(self) -> None:
        from para_bench.commands.site import site

        site(self)


@dataclass(frozen=True)
class Pack:
    """Pack the records of results folders into compressed Parquet files, to keep or to publish; every other command reads them too.

    Append-only: what --out holds already stays. Checkpoints, videos and pictures are left behind.
    Example: para-bench pack runs --out results
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of splits."""
    out: Path = Path("results")
    """One folder a split is made here."""

    def __call__(self) -> None:
        from para_bench.commands.pack import pack

        pack(self)


@dataclass(frozen=True)
class Watch:
    """Show what running experiments have done, their rates so far, and the time they still need; Ctrl-C ends it."""

    folder: tyro.conf.Positional[Path] = Path("runs")
    """The --out of a run, or the folder of a split in it."""
    once: bool = False
    """Print one frame and end."""

    def __call__(self) -> None:
        from para_bench.commands.watch import watch

        watch(self)
