"""The success table as a paper prints it: heads against conditions, several lines a cell."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Roster
from para_bench.report.statistics.family_count import Family
from para_bench.report.statistics.rates import bracket
from para_bench.report.tables import errors, second
from para_bench.report.tables import success as tables
from para_bench.report.tables.best import Best, best_heads
from para_bench.report.tables.labels import label
from para_bench.types import ParaBenchError

DIMENSIONS = ("head", "condition")
LINES = ("success % [95 %]", "k/n (control)", "gap [95 %]", "strict %", "grasp cm", "yaw deg", "clamped %", "half of control")


class Row(NamedTuple):
    title: str
    """Name of the head or condition; empty on all of its lines but the first."""
    line: str
    """Which of LINES."""
    cells: tuple[str, ...]
    marked: tuple[bool, ...]
    """Whether each cell is the best of its condition, by `best_heads`."""


class Grid(NamedTuple):
    """One table, ready for any format."""

    name: str
    """Name of the split."""
    corner: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    caption: str
    families: tuple[Family, ...] = ()
    """Families of tests that the table declares, from suite version 2 on."""


def long_table(results: SplitResults) -> pd.DataFrame:
    """`success_table` with a column `best`: whether the head beats every other trained head in that condition."""
    return _marked(results, best_heads(results.roster, results.learned))


def _marked(results: SplitResults, best: Best) -> pd.DataFrame:
    table = tables.roster_table(results.roster, CONTROL)
    table["best"] = [best.heads.get((row["condition"], row["level"])) == row["head"] for row in table.to_dict("records")]
    return table


def grid(results: SplitResults, rows: str = "head", cols: str = "condition") -> Grid:
    """The table of one split, heads down and conditions across or the other way round."""
    if {rows, cols} != set(DIMENSIONS):
        raise ParaBenchError(f"rows are {rows!r}, columns {cols!r}; allowed: head and condition, or condition and head")
    best = best_heads(results.roster, results.learned)
    table = _marked(results, best)
    titles = tables.head_titles(table)
    names = {"head": [titles[head] for head in table["head"]], "condition": [label(row) for row in table.to_dict("records")]}
    down, across = list(dict.fromkeys(names[rows])), tuple(dict.fromkeys(names[cols]))
    cells = dict(zip(zip(names[rows], names[cols], strict=True), table.to_dict("records"), strict=True))
    found = []
    for title in down:
        own = [cells[title, column] for column in across]
        marked = tuple(bool(cell["best"]) for cell in own)
        for number, line in enumerate(zip(*(_lines(cell) for cell in own), strict=True)):
            if any(line):
                found.append(Row("" if number else title, LINES[number], line, marked if number == 0 else (False,) * len(own)))
    caption = (
        tables.caption(table, results.description.seen_renderer)
        + (f" {best.note}." if best.note else "")
        + (f" {errors.CAPTION}" if "strict" in table else "")
        + _rolled_out(results.roster)
    )
    return Grid(results.split, (rows, ""), across, tuple(found), caption, _families(results.split, table, best))


def _rolled_out(roster: Roster) -> str:
    """A sentence where heads were rolled out by different code or settings of the rollout; empty where all by the same."""
    by_state: dict[str, dict[str, None]] = {}
    for (head, _), rows in roster.episodes.items():
        for digest in {record.config_hash for row in rows for record in row}:
            by_state.setdefault(digest, {})[head] = None
    told = "; ".join(f"{digest[:8]} {', '.join(heads)}" for digest, heads in by_state.items())
    return f" Not all were rolled out by the same code or settings: {told}." if len(by_state) > 1 else ""


def _families(split: str, table: pd.DataFrame, best: Best) -> tuple[Family, ...]:
    if not second.is_second(table):
        return ()
    return (*second.families(table), *([Family(f"best of each condition of {split}", best.tests)] if best.tests else []))


def _lines(cell: dict) -> tuple[str, ...]:
    count, rate = f"{cell['k']}/{cell['n']}", bracket(cell["rate"], cell["low"], cell["high"])
    gap = bracket(cell["gap"], cell["gap_low"], cell["gap_high"])
    control = f" ({cell['control_k']}/{cell['control_n']})" if gap else ""
    if "gap_p" in cell:
        rate, gap = second.marked(cell, rate, gap)
    more = errors.cells(cell) if "strict" in cell else ("",) * 4
    return rate, count + control, gap, *more, cell.get("half_text", "")
