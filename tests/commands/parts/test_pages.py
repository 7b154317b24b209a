"""A table inside a page: only what stands between the marks changes, and rebuilding changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.commands.parts.pages import BEGIN, END, replace_table
from para_bench.types import ParaBenchError

MARK = BEGIN.format("all")


def test_only_what_is_between_the_marks_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{MARK}\nold\n{END}\n\nafter {END}\n")
    for _ in range(2):
        replace_table(page, "all", "| new |\n")
        assert page.read_text() == f"# Title\n\n{MARK}\n| new |\n{END}\n\nafter {END}\n"


@pytest.mark.parametrize("text", ["no marks", MARK, f"{END} {MARK}", f"{BEGIN.format('fairness')} {END}"])
def test_a_page_without_marks_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(ParaBenchError, match=r"page\.md has no lines <!-- table all -->"):
        replace_table(page, "all", "new")
    assert page.read_text() == text
    with pytest.raises(ParaBenchError, match=r"cannot write --into .*none\.md"):
        replace_table(tmp_path / "none.md", "all", "new")
