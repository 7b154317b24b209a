"""Rows of text as Markdown or for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

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
    lines += ["| " + " | ".join((block.title, *row)) + " |" for block in found for row in block.rows]
    return "\n".join([*lines, "", caption, ""])


def console(header: Sequence[str], found: Sequence[Block], caption: str, left: Sequence[int] = (0,)) -> Text:
    """For `rich.print`, or its `.plain` for a log: a title line and rows per block. Columns named in `left` are left aligned."""
    lines = [tuple(header)] + [(f"  {row[0]}", *row[1:]) for block in found for row in block.rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]

    def aligned(line: Sequence[str]) -> str:
        cells = [cell.ljust(width) if i in left else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths, strict=True))]
        return "  ".join(cells).rstrip() + "\n"

    text = Text().append(aligned(header)).append("─" * min(sum(widths) + 2 * (len(widths) - 1), 100) + "\n")
    for block in found:
        text.append(block.title + "\n", style="bold")
        for row in block.rows:
            text.append(aligned((f"  {row[0]}", *row[1:])))
    return text.append("\n" + caption, style="dim")
