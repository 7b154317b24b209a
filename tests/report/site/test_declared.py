"""What a suite declared, on the pages: its verdicts are those of the declared table, and come before all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.declared import Family, declared
from para_bench.report.site.episodes import SplitEpisodes, split_episodes
from para_bench.report.site.findings import findings
from para_bench.report.site.overview import heat_rows
from para_bench.report.site.verdicts import verdicts
from para_bench.report.tables.contrasts import Wanted, contrast_table
from para_bench.report.tables.labels import p_text

HEADS = ("para", "act", "token", "token_2")
N = 40
WINS = {
    ("para", "0"): 36,
    ("act", "0"): 16,
    ("para", "20"): 30,
    ("act", "20"): 6,
}
"""Successes of N in every training; of the others 1."""
CONDITIONS = (CONTROL, ("view_angle", "10"), ("view_angle", "20"))
FAMILY = Family(
    "factorial",
    [
        Wanted("act", "para", "what a is worth", "novel_view", "id", "id"),
        Wanted("act", "para", "what a is worth", "novel_view", "view_angle", "novel_view (view_angle)"),
        Wanted("token", "token_2", "what b is worth", "novel_view", "id", "id"),
        Wanted("act", "para", "what a is worth", "new_environment", "environment", "new_environment (environment)"),
    ],
)


def made(record: Callable[..., EpisodeRecord], trainings: int = 3, version: str = "2") -> list[EpisodeRecord]:
    return [
        record(head, key, i, (i + training) % N < WINS.get((head, key[1]), 1), train_seed=training, suite_version=version)
        for head in HEADS
        for training in range(trainings)
        for key in CONDITIONS
        for i in range(N)
    ]


def split_of(found: list[EpisodeRecord]) -> SplitEpisodes:
    seeds = sorted({r.train_seed for r in found})
    said = Description("novel_view", factors=(Factor("view_angle", "curve", unit="deg"),))
    expected = Expected(dict.fromkeys(HEADS, seeds), {key: tuple(range(N)) for key in CONDITIONS}, said)
    return split_episodes("novel_view", "", expected, found)


def table_on(page: str) -> list[tuple[str, ...]]:
    """Heads, condition, counts, points, p and verdict of each row of a page's verdicts."""
    head = r'<th scope="row">([^<]+)(?:<small>[^<]*</small>)?</th>'
    row = head + r'<td>([^<]+)</td><td class="count">([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td><td class="verdict \w+">([^<]+)<'
    return re.findall(row, page)


def test_verdicts_are_those_of_the_declared_table(record) -> None:
    results = split_of(made(record))
    (found,) = declared([results], [FAMILY], HEADS)
    every = [r for key in CONDITIONS for r in results.all(key)]
    table = contrast_table({"novel_view": SplitResults("novel_view", every, results.expected)}, FAMILY.contrasts)
    assert [row.words for row in found.rows] == list(table["verdict"]) == ["worse", "worse", "floor", "not run"]
    assert [row.p for row in found.rows] == [p_text(table["p_holm"][0]), p_text(table["p_holm"][1]), "", ""]
    assert [row.condition for row in found.on("novel_view")] == ["no shift (control)", "view angle, 2 levels pooled", "no shift (control)"]
    assert (len(found.rows), found.tested, len(found.resolved), found.floored, found.not_run) == (4, 2, 2, 1, 1)
    assert not found.alone


def test_the_first_page_lists_what_is_resolved_and_counts_the_rest(record) -> None:
    results = split_of(made(record))
    tested = declared([results], [FAMILY], HEADS)
    said = [finding.text for finding in findings(heat_rows([results]), HEADS, {"novel_view": verdicts(results, list(HEADS))}, tested)]
    (head,) = [text for text in said if text.startswith("Declared before the first episode (suite factorial): one family of 4 comparisons")]
    assert "2 of 4 were tested, and 2 of these are resolved." in head
    assert "In 1 comparison both heads are at the floor, below 10 %" in head
    assert head.endswith("Not run, with episodes missing, or trained unlike: 1.")
    assert [text for text in said if text.startswith("act is worse than para in novel view (no shift (control)): -50.0 [")]
    assert len([text for text in said if " points, p < 0.001 after Holm's correction, " in text]) == 2
    assert len([text for text in said if "The question: what a is worth." in text]) == 2
    assert not [text for text in said if "Exploratory" in text]


def test_declared_verdicts_come_first_and_a_comparison_has_one(record, tmp_path: Path) -> None:
    results = split_of(made(record))
    build_site(Source([results], families=[FAMILY]), tmp_path)
    text = (tmp_path / "split-novel_view.html").read_text()
    first, second = text.split("Exploratory: para against the others")
    assert "Suite factorial declared one family of 4 comparisons." in first
    assert [row[4] for row in table_on(first)][-1] == ""  # at the floor nothing is tested
    assert [row[0] for row in table_on(first)] == ["act against para", "act against para", "token against token_2"]
    assert "One family of 9 comparisons, declared by no suite." in second
    assert "1 of them has its declared verdict above." in second
    rows = table_on(second)
    assert len(rows) == 8
    kinds = ["unresolved" in row for row in second.split("<tr>")[1:]]
    assert kinds == sorted(kinds)  # resolved ones first
    assert second.count("<details") == 1
    assert {row[1] for row in rows if row[0] == "act"} == {"view angle 10 deg", "view angle 20 deg"}  # pooled levels are another comparison
    assert "act is worse than para" in (tmp_path / "index.html").read_text()


def test_one_training_is_about_checkpoints(record, tmp_path: Path) -> None:
    results = split_of(made(record, trainings=1))
    (found,) = declared([results], [FAMILY], HEADS)
    assert found.alone
    build_site(Source([results], families=[FAMILY]), tmp_path)
    for page in ("index.html", "split-novel_view.html"):
        assert "about these checkpoints and not the methods" in (tmp_path / page).read_text()


def test_a_head_with_missing_episodes_is_not_tested(record) -> None:
    found = [r for r in made(record) if (r.head, r.level, r.train_seed, r.scene_index) != ("act", "20", 1, 5)]
    (tested,) = declared([split_of(found)], [FAMILY], HEADS)
    assert [row.words for row in tested.rows] == ["not run", "not run", "floor", "not run"]


@pytest.mark.parametrize("why", ["a head lacks", "version 1", "not run"])
def test_without_all_heads_nothing_is_called_declared(record, tmp_path: Path, why: str) -> None:
    results = split_of(made(record, version="1" if why == "version 1" else "2"))
    family = Family("other", [wanted._replace(split="id") for wanted in FAMILY.contrasts]) if why == "not run" else FAMILY
    assert declared([results], [family], HEADS[:3] if why == "a head lacks" else HEADS) == []
    if why != "a head lacks":
        build_site(Source([results], families=[family]), tmp_path)
        text = (tmp_path / "index.html").read_text()
        assert "Declared before" not in text
        assert re.search(r"Exploratory, in families declared by no suite: para is better than another head in \d+ of 9 ", text)
