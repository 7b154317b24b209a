"""Names of heads and conditions are text in every format, whatever they look like."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pandas as pd
import pytest
from rich.console import Console

from para_bench.report.gate.baselines import WatchedCell
from para_bench.report.gate.junit import to_junit
from para_bench.report.gate.regression import Finding
from para_bench.report.statistics.rates import Estimate
from para_bench.report.tables import formats, render
from para_bench.report.tables.paper import Grid, Row

NASTY = [
    "[red]para[/red]",
    "a|b",
    "two\nlines",
    "\x1b[31mred\x1b[0m",
    "<script>alert(1)</script>",
    "[link](javascript:alert(1))",
    "$x$ & 50% \\end{tabular} #1 {y}",
    "\u202egnp",
    "=HYPERLINK(1)",
    "null\x00 and \ufffe",
]


@pytest.mark.parametrize("name", NASTY)
def test_names_are_text_on_the_terminal(name: str) -> None:
    screen = io.StringIO()
    text = render.console(("condition", name), [render.Block(name, [(name, name)])], name)
    Console(file=screen, width=400, force_terminal=False).print(text)
    printed = screen.getvalue()
    assert all(letter.isprintable() or letter == "\n" for letter in printed.replace("\ufffe", ""))
    assert name not in NASTY[:2] or printed.count(name) == 5  # as it is


@pytest.mark.parametrize("name", NASTY)
def test_names_are_text_in_a_page(name: str) -> None:
    table = render.markdown(("condition", "x"), [render.Block(name, [(name, name)])], name)
    grid = Grid(name, ("head", ""), (name,), (Row(name, "line", (name,), (True,)),), name)
    for text, cells in ((table, 3), (formats.markdown(grid), 3)):
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert len(rows) == 3
        assert [len(line.replace("\\|", "").split("|")) for line in rows] == 3 * [cells + 2]
        assert "<script" not in text
        assert "](" not in text.replace("]\\(", "")
    page = formats.html_page([grid])
    assert "<script" not in page
    assert "\x1b" not in page
    latex = "\n".join(line for line in formats.latex_page([grid]).splitlines() if not line.startswith("%"))  # without comments
    assert latex.count("\\end{tabular}") == 1
    assert latex.count("\\begin{tabular}") == 1
    assert not [letter for letter in latex if not letter.isprintable() and letter not in "\n\ufffe"]
    assert "two\nlines" not in latex


@pytest.mark.parametrize("name", [*NASTY, "+1+1", "@cmd", "-x", "-5", "1e3"])
def test_names_are_text_in_a_spreadsheet(name: str) -> None:
    table = pd.DataFrame({"head": [name], "rate": [-0.5], "k": [3]})
    (header, row) = csv.reader(io.StringIO(render.csv(table)))
    assert header == ["head", "rate", "k"]
    assert row[1:] == ["-0.5", "3"]
    assert row[0].isprintable() or "\ufffe" in row[0]
    assert row[0][0] not in ("=+@" if name == "-5" else "=+@-")


@pytest.mark.parametrize("name", NASTY)
def test_names_are_text_in_xml(name: str) -> None:
    change = Estimate(-0.5, -0.6, -0.4, "checkpoint")
    finding = Finding("fixed", WatchedCell(name, "id", "id", "0"), "REGRESSED", (1, 2, 1), (0, 2, 1), change)
    root = ElementTree.fromstring(to_junit([finding], lambda _: name, lambda _: name))
    (case,) = root.iter("testcase")
    assert case.attrib["name"].startswith(render.printable(name)[:3])
