"""Commands that read records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro


@dataclass(frozen=True)
class Compare:
    """Tell heads of one results folder apart, or the same heads in two folders, in the words that the tests allow.

    Exact McNemar over the shared scenes, Holm over all rows; refuses where episodes are missing, and where the fairness records differ
    in more than what is compared (with exit code 1, naming it). Two folders are paired by split, condition, scene and training seed.

    One folder, heads against each other: para-bench compare runs/novel_view --head para --others global_token diffusion

    The same on several splits, one family of rows: para-bench compare runs --split id new_environment

    Two folders, each head against itself: para-bench compare after/novel_view before/novel_view

    Two backbones: para-bench compare runs/dinov2 runs/lite0 --head para --between backbone

    Your one training against the first of three: para-bench compare runs results/lite0_multiview --head para --split id --seeds 0
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """A folder with records of one or more splits; or two folders with the same splits."""
    head: str | None = None
    """The head that the verdicts are about, para if not given; with two folders: every head that both hold, if not given."""
    others: tuple[str, ...] = ()
    """Heads to compare it with, global_token if not given; with two folders: further heads to compare with themselves."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    seeds: tuple[int, ...] = ()
    """Which training seeds; all that are found if not given, and two folders must hold the same."""
    between: tuple[str, ...] = ()
    """What else is compared and so may differ, by its column in fairness.csv: backbone, steps, demonstrations_hash, ..."""
    force: bool = False
    """Print the verdicts in spite of other differences, with a red line that names them."""

    def __call__(self) -> None:
        from para_bench.commands.compare import compare

        compare(self)


@dataclass(frozen=True)
class Table:
    """Print a paper's tables from records: k/n, intervals, control, gap, and the best where the declared test names one.

    Ends with the fairness record: what was the same for all heads, and what each was given and cost. Refuses where episodes are missing.
    LaTeX needs booktabs; --standalone makes a document that compiles as it is.

    Example: para-bench table runs --split novel_view --format latex --out table.tex

    Parameters and compute of all heads: para-bench table runs --only fairness
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
    only: Literal["all", "published", "fairness"] = "all"
    """published: our verdict beside each published figure. fairness: parameters and compute of all heads at a glance, the cheapest
    first; as csv one trained policy a line."""
    standalone: bool = False
    """A whole LaTeX document or HTML page."""
    out: Path | None = None
    """Write to this file instead of the terminal."""
    into: Path | None = None
    """Replace what stands in this Markdown file between <!-- table ONLY --> (what --only says) and <!-- end of table -->."""

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
    heads: tuple[str, ...] = ()
    """Only these trained heads; all if not given. Tables refuse what is half done, so leave it behind until it is whole."""
    seeds: tuple[int, ...] = ()
    """Only these training seeds; all if not given."""

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
