"""Tables of a paper: marks of the best, layout, every format, published figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from para_bench.commands.parts.results import described
from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import Expected
from para_bench.report.statistics.families import holm
from para_bench.report.statistics.paired import PairCounts, mcnemar_p
from para_bench.report.tables import formats, paper, published
from para_bench.report.tables.best import best_heads
from para_bench.types import ParaBenchError

Make = Callable[..., list[EpisodeRecord]]
ID, VIEW = ("id", "0"), ("view_angle", "25")


def results(found: list[EpisodeRecord], scenes: int, split: str = "novel_view") -> SplitResults:
    seeds = {head: sorted({r.train_seed for r in found if r.head == head}) for head in dict.fromkeys(r.head for r in found)}
    return SplitResults(
        split, found, Expected(seeds, {(r.condition, r.level): scenes for r in found}, described(split, "1") or Description(split))
    )


@pytest.fixture
def three(episodes: Make) -> SplitResults:
    """`para` beats both in distribution, but not `diff_50%` in the new view; the oracle beats all."""
    good, fair, poor = "1" * 20, "1" * 17 + "0" * 3, "1" * 5 + "0" * 15
    found = [
        *episodes("para", ID, good),
        *episodes("para", VIEW, fair),
        *episodes("global_token", ID, poor),
        *episodes("global_token", VIEW, poor),
    ]
    found += [*episodes("diff_50%", ID, poor), *episodes("diff_50%", VIEW, "1" * 16 + "0" * 4)]
    found += [*episodes("oracle", ID, good, checkpoint_hash="", demos=0), *episodes("oracle", VIEW, good, checkpoint_hash="", demos=0)]
    return results(found, 20)


def test_best_is_named_only_where_the_test_rejects(three: SplitResults) -> None:
    best = best_heads(three.roster, three.learned)
    assert (best.heads, best.tests) == ({ID: "para"}, 4)
    ps = holm([2 * 0.5**15, 2 * 0.5**15, 2 * 0.5**12, 1.0])  # discordant scenes all one way; one scene differs in the last
    assert ps[-1] > 0.05 > ps[0]
    assert "exact McNemar; Holm over the 4 tests" in best.note


def test_ties_and_single_heads_have_no_best(episodes: Make) -> None:
    tied = results([*episodes("a", ID, "1" * 20), *episodes("b", ID, "1" * 20)], 20)
    assert best_heads(tied.roster, tied.learned).heads == {}
    alone = results(episodes("a", ID, "1" * 20), 20)
    assert best_heads(alone.roster, alone.learned).heads == {}


def test_unequal_seeds_are_not_compared(episodes: Make) -> None:
    found = [*episodes("a", ID, "1" * 20), *episodes("a", ID, "1" * 20, train_seed=1), *episodes("b", ID, "0" * 20)]
    best = best_heads(results(found, 20).roster, ("a", "b"))
    assert (best.heads, best.tests) == ({}, 0)
    assert "training seeds differ (a 2, b 1)" in best.note


def test_grid_has_rate_count_control_and_gap(three: SplitResults) -> None:
    grid = paper.grid(three)
    assert grid.columns == ("id 0", "view_angle 25")
    assert [row.title for row in grid.rows if row.title] == [
        "para: 20 demos, 1 seed (checkpoint)",
        "global_token: 20 demos, 1 seed (checkpoint)",
        "diff_50%: 20 demos, 1 seed (checkpoint)",
        "oracle",
    ]
    rate, count, gap = grid.rows[:3]
    assert rate.cells == ("100 [83.9, 100]", "85.0 [64.0, 94.8]")
    assert rate.marked == (True, False)
    assert count.cells == ("20/20", "17/20 (20/20)")
    assert gap.cells[0] == ""
    assert gap.cells[1].startswith("15.0 [")
    assert not any(any(row.marked) for row in grid.rows[3:])


def test_turned_grid_holds_the_same_cells(three: SplitResults) -> None:
    plain, turned = paper.grid(three), paper.grid(three, "condition", "head")
    assert [row.title for row in turned.rows if row.title] == list(plain.columns)
    assert {c for row in plain.rows for c in row.cells if c} == {c for row in turned.rows for c in row.cells if c}
    with pytest.raises(ParaBenchError, match="allowed: head and condition"):
        paper.grid(three, "head", "head")


def test_demonstrations_of_each_condition_are_told(episodes: Make) -> None:
    few, many = ("demos_random", "4"), ("demos_random", "64")
    split = {"split": "data_efficiency"}
    found = [*episodes("para", ID, "11", **split), *episodes("para", few, "10", demos=4, checkpoint_hash="f", **split)]
    found += episodes("para", many, "11", demos=64, checkpoint_hash="m", **split)
    result = results(found, 2, "data_efficiency")
    assert paper.grid(result).rows[0].title == "para: 4 to 64 demos, 1 seed (checkpoint)"
    assert list(paper.long_table(result)["demos"]) == ["20", "4", "64"]
    as_map = replace(result.expected, description=replace(result.description, factors=(Factor("demos_random", "map"),)))
    assert list(paper.long_table(replace(result, expected=as_map))["demos"]) == ["20", "4 to 64"]


def test_markdown_is_a_table_of_equal_rows(three: SplitResults) -> None:
    lines = [line for line in formats.markdown(paper.grid(three)).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert "| **100 [83.9, 100]** |" in lines[2]
    assert sum("**" in line for line in lines) == 1


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_is_well_formed_and_complete(three: SplitResults) -> None:
    grid = paper.grid(three)
    reader = Cells()
    reader.feed(formats.html_page([grid]))
    assert reader.open == []
    assert {cell for row in grid.rows for cell in row.cells if cell} <= set(reader.text)
    assert "<strong>100 [83.9, 100]</strong>" in formats.html_table(grid)


def test_latex_escapes_and_marks(three: SplitResults) -> None:
    text = formats.latex(paper.grid(three))
    assert r"diff\_50\%: 20 demos" in text
    assert r"\textbf{100 [83.9, 100]}" in text
    assert "$-$" in text
    assert formats.escape("a-b -3.5 [-0.1]") == "a-b $-$3.5 [$-$0.1]"
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", line)) for line in rows} == {3}


@pytest.mark.integration
def test_latex_compiles(three: SplitResults, tmp_path: Path) -> None:
    tex = shutil.which("tectonic") or shutil.which("pdflatex")
    if tex is None:
        pytest.skip("neither tectonic nor pdflatex is installed")
    beside = published.grid([three])
    assert beside is not None
    wide = paper.grid(three)._replace(
        columns=tuple(f"c_{i}" for i in range(6)),
        rows=tuple(row._replace(cells=row.cells * 3, marked=row.marked * 3) for row in paper.grid(three).rows),
    )
    (tmp_path / "page.tex").write_text(formats.latex_page([paper.grid(three), wide, beside]))
    alone = "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n" + formats.latex(paper.grid(three)) + "\\end{document}\n"
    (tmp_path / "alone.tex").write_text(alone)
    for name in ("page", "alone"):
        flags = [] if "tectonic" in tex else ["-interaction=nonstopmode", "-halt-on-error"]
        done = subprocess.run([tex, *flags, f"{name}.tex"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
        assert (tmp_path / f"{name}.pdf").stat().st_size > 1000
        assert name == "alone" or "Overfull" not in done.stdout


def test_published_figures_stand_beside_ours(episodes: Make) -> None:
    cells = [("view_grid", "a0e0"), ("view_grid", "a0e1")]
    found = [r for head, won in (("para", "1100"), ("global_token", "0000")) for c in (ID, *cells) for r in episodes(head, c, won)]
    grid = published.grid([results(found, 4)])
    assert grid is not None
    assert [row.title for row in grid.rows] == [
        "novel_view: new viewpoint, zero-shot",
        "novel_view: default camera to 64 views within 25 deg",
    ]
    cells_of = dict(zip(grid.columns, grid.rows[1].cells, strict=True))
    assert (cells_of["published PARA"], cells_of["published pooled token"]) == ("61", "24")
    assert cells_of["our condition"] == "view_grid all"
    assert cells_of["our para"].startswith("4/8, 50.0 [")
    assert cells_of["verdict on para"].endswith(", not resolved at n = 4")
    assert cells_of["verdict on para"].startswith("+50.0 [")
    assert "Holm over the conditions compared, 1 in all" in grid.caption
    assert "omidlab.net/para_website" in grid.caption
    assert published.grid([results(episodes("para", ID, "1", split="texture"), 1, "texture")]) is None


def test_the_verdict_beside_a_published_figure_is_that_of_the_test(episodes: Make) -> None:
    cell = ("environment", "1")
    found = [r for head, won in (("para", "1" * 12), ("global_token", "0" * 12)) for c in (ID, cell) for r in episodes(head, c, won)]
    grid = published.grid([results([replace(r, split="new_environment") for r in found], 12, "new_environment")])
    assert grid is not None
    assert [row.cells[-1].split(", ")[-1] for row in grid.rows] == ["better"]
    assert mcnemar_p(PairCounts(0, 12, 0, 0)) < 0.05


def test_no_verdict_stands_beside_a_published_figure_where_more_differs_than_the_head(episodes: Make) -> None:
    cell = ("environment", "1")
    found = [r for head, won in (("para", "1" * 12), ("global_token", "0" * 12)) for c in (ID, cell) for r in episodes(head, c, won)]
    alike = results([replace(r, split="new_environment") for r in found], 12, "new_environment")
    unlike = replace(alike, facts={"para-0": {"steps": 1600}, "global_token-0": {"steps": 400}})
    grids = [published.grid([each]) for each in (alike, unlike)]
    assert ["better" in str(grid) for grid in grids] == [True, False]


def test_published_claims_without_our_condition_say_so(episodes: Make) -> None:
    split = {"split": "data_efficiency"}
    found = [*episodes("para", ID, "11", **split), *episodes("para", ("demos_random", "8"), "10", demos=8, checkpoint_hash="x", **split)]
    grid = published.grid([results(found, 2, "data_efficiency")])
    assert grid is not None
    ours = {row.title.split(": ")[1]: row.cells[3:] for row in grid.rows}
    assert ours["10 random demonstrations"][:2] == ("demos_random 8", "8")
    assert ours["4 corner demonstrations"] == ("not run", "", "", "", "")
    theirs = {row.title.split(": ")[1]: row.cells[:3] for row in grid.rows}
    assert theirs["10 random demonstrations"] == ("10", "19.0 [12.5, 27.8]", "27.0 [19.3, 36.4]")  # 100 trials are stated


def test_published_claims_about_other_tasks_stand_alone(episodes: Make) -> None:
    grid = published.grid([results(episodes("para", ID, "11", split="id"), 2, "id")])
    assert grid is not None
    ours = {row.title.split(": ")[1]: row.cells[3:] for row in grid.rows}
    assert ours["pick-and-place, 20 demonstrations"][0] == "id 0"
    assert ours["fold towel, 20 demonstrations"] == ("no such task", "", "", "", "")


def test_every_published_figure_is_a_percentage_with_a_source() -> None:
    claims = published.claims()
    assert len(claims) >= 20
    for claim in claims:
        assert claim.source
        assert 0 <= float(claim.para) <= 100
        assert not claim.baseline or 0 <= float(claim.baseline) <= 100
        assert not claim.n or int(claim.n) > 0


def test_no_head_is_best_where_more_differs_than_the_head(three: SplitResults) -> None:
    facts = {f"{head}-0": {"steps": 400 if head == "diff_50%" else 1600} for head in three.learned}
    best = best_heads(replace(three, facts=facts).roster, three.learned)
    assert (best.heads, best.tests) == ({}, 0)
    assert "No head is marked as best, since more differs than the head: para against diff_50%: steps 1,600 against 400" in best.note


def test_heads_that_were_rolled_out_by_different_code_are_told(three: SplitResults) -> None:
    assert "same code" not in paper.grid(three).caption
    later = [replace(r, config_hash="1234567890abcdef") if r.head == "global_token" else r for r in three.records]
    caption = paper.grid(replace(three, records=later)).caption
    assert "Not all were rolled out by the same code or settings: c para, diff_50%, oracle; 12345678 global_token." in caption
