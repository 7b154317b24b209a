"""`para-bench table`: to the terminal, to a file or into a page, and options that do not go together."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from drawn_figures import factorial_records, source_of

from para_bench.commands.parts.pages import BEGIN, END
from para_bench.commands.table import Table
from para_bench.options import TableOptions
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"into": Path("page.md"), "content": TableOptions(format="csv")}, "--into with --format csv; allowed with: md"),
        ({"out": Path("x.tex")}, r"--out x\.tex with --format md; allowed with: latex"),
        ({"out": Path("x.md"), "content": TableOptions(format="csv")}, r"--out x\.md with --format csv; allowed with: md"),
        ({"into": Path("page.md"), "out": Path("x.md")}, "--into with --out; allowed: one of them"),
    ],
)
def test_options_that_do_not_go_together_are_told(options: dict, message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Table((Path("nowhere"),), **options)()


def test_terminal_file_and_page_show_the_same_table(
    results: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = results("id")
    Table((found,))()
    shown = capsys.readouterr().out
    assert shown.startswith("## id\n")
    assert "| 2/2 |" in shown
    Table((found,), out=tmp_path / "new" / "table.md")()
    assert (tmp_path / "new" / "table.md").read_text() == shown
    (tmp_path / "page.md").write_text(f"# Mine\n{BEGIN.format('all')}\nold\n{END}\nafter\n")
    Table((found,), into=tmp_path / "page.md")()
    page = (tmp_path / "page.md").read_text()
    assert page.startswith("# Mine\n") and page.endswith(f"{END}\nafter\n")  # noqa: PT018
    assert "| 2/2 |" in page
    assert "## id" not in page  # a page has headings of its own


def test_declared_contrasts_are_told_from_records_alone(record, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source_of(factorial_records(record, ("id", "novel_view"), scenes=4), tmp_path)
    Table((tmp_path,), content=TableOptions(only="contrasts"))()
    said = capsys.readouterr().out
    assert "heatmap_rgb" in said
    assert "not run" in said  # new_environment has no records
    Table((tmp_path,), content=TableOptions(only="contrasts", format="csv"))()
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert len(rows) == 8 * 3  # contrasts x conditions
    with pytest.raises(ParaBenchError, match="no suite with declared contrasts has records of all of its heads in a split that it names"):
        Table((tmp_path,), heads=("para", "heatmap_rgb"), content=TableOptions(only="contrasts"))()
    with pytest.raises(ParaBenchError, match="--only contrasts with --format latex; allowed: md, csv"):
        Table((tmp_path,), content=TableOptions(only="contrasts", format="latex"))()
