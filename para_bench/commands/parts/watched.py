"""The state of experiments that are running, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Column, Table
from rich.text import Text

from para_bench import records
from para_bench.commands.parts.results import described as known
from para_bench.provenance import stamp
from para_bench.records import EpisodeRecord, current
from para_bench.report import progress
from para_bench.report.inventory import CONFIG, asked, described
from para_bench.report.progress import HeadProgress, Rate
from para_bench.text import printable
from para_bench.types import ParaBenchError


class Reader:
    """Reads a file of records again only where it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[tuple[tuple[int, ...], ...], list[EpisodeRecord]]] = {}

    def progress(self) -> list[HeadProgress]:
        """Of every split whose run left its configuration in the folder or in one below.

        Raises:
            ParaBenchError: there is none, or a file is damaged.
        """
        rows = []
        for config in sorted({*self._folder.glob(CONFIG), *self._folder.glob(f"*/{CONFIG}")}):
            run = asked(config)
            if run is not None:
                found = [r for file in records.files(config.parent) for r in self._current(file)]
                said = described([config.parent]).get(run.split) or known(run.split, run.suite_version)
                rows += progress.measure(run, found, said)
        if not rows:
            raise ParaBenchError(f"no experiment in {self._folder}; allowed: the --out of a run, or the folder of a split in it")
        return rows

    def _current(self, path: Path) -> list[EpisodeRecord]:
        chosen = current.choice(path.parent)
        return [record for record in self._records(path) if chosen.has(record)]

    def _records(self, path: Path) -> list[EpisodeRecord]:
        now = stamp(path)
        if path not in self._seen or self._seen[path][0] != now:
            self._seen[path] = (now, records.read(path))
        return self._seen[path][1]


def frame(rows: Sequence[HeadProgress]) -> Table:
    """One row a head under the name of its split, and the sum of all; 80 columns wide."""
    title = "cells: done/begun/left; k/n and its 95 % interval so far: not results"
    head = Column("head", overflow="fold")  # heads may differ in the last letters of long names
    table = Table(head, box=None, padding=(0, 1, 0, 0), title=title, title_justify="left", title_style="dim")
    for name in ("cells", "episodes", "in distribution", "shifted", "time left"):
        table.add_column(name, justify="right", no_wrap=True)
    split = ""
    for row in rows:
        if row.split != split:
            split = row.split
            table.add_row(Text(printable(split)), style="bold")
        cells, episodes = f"{row.done}/{row.begun}/{row.left}", f"{row.episodes[0]}/{row.episodes[1]}"
        name, times = Text(f" {printable(row.head)}"), duration(row.seconds_left)
        table.add_row(name, cells, episodes, Text(_text(row.control)), Text(_text(row.shifted)), times)
    cells = "/".join(str(sum(counts)) for counts in zip(*((row.done, row.begun, row.left) for row in rows), strict=True))
    episodes = "/".join(str(sum(counts)) for counts in zip(*(row.episodes for row in rows), strict=True))
    total = duration(sum(row.seconds_left or 0.0 for row in rows))
    unknown = any(row.seconds_left is None for row in rows)
    table.add_row("all", cells, episodes, "", "", ("?" if total == "done" else f"> {total}") if unknown else total, style="bold")
    return table


def _text(rate: Rate) -> str:
    low, high = (round(100 * bound) for bound in rate.interval)
    return f"{rate.k}/{rate.n} [{low}, {high}]" if rate.n else ""


def duration(seconds: float | None) -> str:
    """ "1 h 05 min", "3 min", "40 s", "done", "?"."""
    if seconds is None:
        return "?"
    if seconds == 0:
        return "done"
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{max(1, round(seconds))} s"
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
