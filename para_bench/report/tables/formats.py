"""A grid of cells as Markdown, LaTeX (booktabs) or HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from para_bench.report.tables.paper import Grid
from para_bench.report.tables.render import cell as markdown_cell
from para_bench.text import printable

WIDE = 4
"""Columns from which a standalone LaTeX page shrinks a table to its width."""
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{c: f"\\{c}" for c in "&%$#_{}"}}
_HEADER = r"""\documentclass{article}
\usepackage[a4paper,landscape,margin=12mm]{geometry}
\usepackage{booktabs}
\usepackage{graphicx}
\pagestyle{empty}
\setlength{\parindent}{0pt}
\begin{document}
"""


def markdown(grid: Grid) -> str:
    """A pipe table and its caption; the best of a condition is bold."""
    lines = ["| " + " | ".join(map(markdown_cell, (*grid.corner, *grid.columns))) + " |", "|---|---" + "|---:" * len(grid.columns) + "|"]
    for row in grid.rows:
        texts = map(markdown_cell, row.cells)
        cells = [f"**{cell}**" if marked else cell for cell, marked in zip(texts, row.marked, strict=True)]
        lines.append("| " + " | ".join((markdown_cell(row.title), row.line, *cells)) + " |")
    return "\n".join([*lines, "", markdown_cell(grid.caption), ""])


def latex(grid: Grid) -> str:
    r"""A tabular that needs \usepackage{booktabs}; the caption as comment lines above it."""
    lines = [f"% {printable(grid.caption)}", rf"\begin{{tabular}}{{ll{'r' * len(grid.columns)}}}", r"\toprule"]
    lines += [_row((*grid.corner, *grid.columns)), r"\midrule"]
    for number, row in enumerate(grid.rows):
        if row.title and number:
            lines.append(r"\addlinespace")
        cells = [rf"\textbf{{{escape(c)}}}" if marked else escape(c) for c, marked in zip(row.cells, row.marked, strict=True)]
        lines.append(" & ".join((escape(row.title), escape(row.line), *cells)) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def latex_page(grids: Sequence[Grid]) -> str:
    """A document that compiles as it is, one page a table."""
    pages = []
    for grid in grids:
        comment, _, tabular = latex(grid).rstrip().partition("\n")
        # The % keep line ends from becoming spaces, which would make the line wider than the page.
        wide = f"\\resizebox{{\\textwidth}}{{!}}{{%\n{tabular}%\n}}%" if len(grid.columns) > WIDE else tabular
        pages.append(f"{comment}\n{wide}\n\n\\bigskip\n\n{escape(grid.caption)}\n")
    return _HEADER + "\\clearpage\n".join(pages) + "\\end{document}\n"


def html_table(grid: Grid) -> str:
    """A <table> with its caption; cells of class `best` and `line`."""
    head = "".join(f"<th>{_html(name)}</th>" for name in (*grid.corner, *grid.columns))
    lines = [f"<table>\n<caption>{_html(grid.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>"]
    for row in grid.rows:
        cells = "".join(
            f"<td><strong>{_html(cell)}</strong></td>" if marked else f"<td>{_html(cell)}</td>"
            for cell, marked in zip(row.cells, row.marked, strict=True)
        )
        lines.append(f'<tr><th scope="row">{_html(row.title)}</th><td class="line">{_html(row.line)}</td>{cells}</tr>')
    return "\n".join([*lines, "</tbody>\n</table>", ""])


def html_page(grids: Sequence[Grid]) -> str:
    """A whole page that needs no other file."""
    style = (
        "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}td{text-align:right;white-space:nowrap}"
        "td,th{padding:.15em .6em}th{text-align:left}thead{border-bottom:1px solid}.line{text-align:left;color:#555}"
        "caption{caption-side:bottom;text-align:left;padding-top:.5em}"
    )
    tables = "\n".join(f"<h2>{_html(grid.name)}</h2>\n{html_table(grid)}" for grid in grids)
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>para-bench</title>'
        f"<style>{style}</style></head>\n<body>\n{tables}</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """For LaTeX's text mode; a minus before a digit becomes a real one."""
    text = "".join(_SPECIAL.get(letter, letter) for letter in printable(text))
    return re.sub(r"(?<![\w.])-(?=\d)", "$-$", text)


def _html(text: str) -> str:
    return html.escape(printable(text))


def _row(cells: Sequence[str]) -> str:
    return " & ".join(escape(cell) for cell in cells) + r" \\"
