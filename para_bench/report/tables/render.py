"""Rows of text as Markdown or for the terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
from rich.text import Text

from para_bench.text import csv_cell, printable

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
WIDTH = 100
"""Columns of a terminal that a table and its caption fit into."""
Rows = list[tuple[str, ...]]


class Block(NamedTuple):
    """Rows under a title."""

    title: str
    rows: Rows


def blocks(titled: Sequence[tuple[str, tuple[str, ...]]]) -> list[Block]:
    """Gather (title, row) pairs into blocks, in order of first appearance."""
    found: dict[str, Rows] = {}
    for title, row in titled:
        found.setdefault(title, []).append(row)
    return [Block(title, rows) for title, rows in found.items()]


def markdown(header: Sequence[str], found: Sequence[Block], caption: str, title_header: str = "head") -> str:
    """One pipe table; the title of a block becomes the first column of its rows. First two columns left, others right aligned."""
    lines = ["| " + " | ".join((title_header, *header)) + " |", "|---|---" + "|---:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(map(cell, (block.title, *row))) + " |" for block in found for row in block.rows]
    return "\n".join([*lines, "", cell(caption), ""])


def cell(text: str) -> str:
    """Text in a cell of a pipe table: one line, with separators, HTML and links escaped."""
    return _TAG.sub("&lt;", printable(text).replace("|", "\\|").replace("](", "]\\("))


def csv(table: pd.DataFrame, **options: Any) -> str:
    """A table as CSV, in which no cell is a formula for a spreadsheet. `options` as those of `DataFrame.to_csv`."""
    plain = table.rename(columns=csv_cell)
    for column in plain.columns:
        if plain[column].dtype.kind not in "biuf":
            plain[column] = plain[column].map(csv_cell)
    return plain.to_csv(index=False, lineterminator="\n", **options)


def _plain(rows: Rows) -> Rows:
    return [tuple(map(printable, row)) for row in rows]


def console(header: Sequence[str], found: Sequence[Block], caption: str, left: Sequence[int] = (0,)) -> Text:
    """For `rich.print`, or its `.plain` for a log: a title line and rows per block. Columns named in `left` are left aligned."""
    lines = [tuple(map(printable, header))] + [(f"  {row[0]}", *row[1:]) for block in found for row in _plain(block.rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]

    def aligned(line: Sequence[str]) -> str:
        cells = [cell.ljust(width) if i in left else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths, strict=True))]
        return "  ".join(cells).rstrip() + "\n"

    text = Text().append(aligned(lines[0])).append("─" * min(sum(widths) + 2 * (len(widths) - 1), WIDTH) + "\n")
    for block in found:
        text.append(printable(block.title) + "\n", style="bold")
        for row in _plain(block.rows):
            text.append(aligned((f"  {row[0]}", *row[1:])))
    return text.append("\n" + textwrap.fill(printable(caption), WIDTH), style="dim")
