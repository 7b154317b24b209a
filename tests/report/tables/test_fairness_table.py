from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS
from para_bench.records import EpisodeRecord
from para_bench.records.factors import Factor
from para_bench.report.fairness.facts import FACTS, UNKNOWN
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import Expected
from para_bench.report.tables import formats, paper
from para_bench.report.tables import success as tables
from para_bench.report.tables.fairness import add_facts, equal_and_different, fairness_grid

ID = ("id", "0")
EQUAL = {"steps": 1600, "batch": 16, "backbone": "lite0", "sees": "RGB"}


@pytest.fixture
def two() -> list[PolicyFacts]:
    """`dear` with two training seeds costs more than `cheap`."""
    dear = {**EQUAL, "head_parameters": 9000, "flop_per_sample": 5e8}
    return [
        PolicyFacts("dear", 0, "d0", ("id",), {**dear, "training_s": 30.0}),
        PolicyFacts("dear", 1, "d1", ("id",), {**dear, "training_s": 35.5}),
        PolicyFacts("cheap", 0, "c0", ("id",), {**EQUAL, "head_parameters": 700, "flop_per_sample": 2e7}),
    ]


def test_what_is_equal_different_and_unknown(two: list[PolicyFacts]) -> None:
    equal, different, silent = equal_and_different(two)
    assert equal == {"sees": "RGB", "backbone": "lite0", "steps": "1,600", "batch": "16"}
    assert different == ["head_parameters", "flop_per_sample", "training_s"]
    assert {"inference_ms", "demonstrations_hash"} <= set(silent)
    assert set(equal) | set(different) | set(silent) == set(FACTS)


def test_a_row_a_head_with_its_own_and_a_sentence_of_the_rest(two: list[PolicyFacts]) -> None:
    grid = fairness_grid(two)
    assert grid is not None
    assert grid.columns == ("sees", "head parameters", "training FLOP/sample", "training s")
    assert [(row.title, row.line) for row in grid.rows] == [("dear", "0 to 1"), ("cheap", "0")]
    assert grid.rows[0].cells == ("RGB", "9,000", "5e+08", "30.0 to 35.5")
    assert grid.rows[1].cells[3] == UNKNOWN
    assert "The same for all: backbone lite0; steps 1,600; batch 16. Not recorded for any: with backbone, " in grid.caption


def test_what_differs_is_a_column_and_never_called_the_same(two: list[PolicyFacts]) -> None:
    two[2] = PolicyFacts("cheap", 0, "c0", ("id",), {**two[2].facts, "batch": 8})
    grid = fairness_grid(two)
    assert grid is not None
    assert [row.cells[grid.columns.index("batch")] for row in grid.rows] == ["16", "8"]
    assert "; batch" not in grid.caption


def test_several_trainings_that_are_alike_for_every_head_are_the_same_for_all() -> None:
    def head(name: str, demos: tuple[int, ...]) -> list[PolicyFacts]:
        facts = {n: {"demonstrations": n, "demonstrations_hash": f"h{n}", "training_s": n / 10} for n in demos}
        return [PolicyFacts(name, 0, f"{name}{n}", (), given) for n, given in facts.items()]

    grid = fairness_grid([*head("para", (4, 16, 64)), *head("act", (4, 16, 64))])
    assert grid is not None
    assert "The same for all: demonstrations 4 to 64; demonstrations hash 3 different." in grid.caption
    assert grid.columns == ("training s",)
    assert "training s" not in grid.caption.split("Not recorded")[0]  # its own of each head, even where alike
    unlike = fairness_grid([*head("para", (4, 16, 64)), *head("act", (4, 64))])
    assert unlike is not None
    assert unlike.columns == ("training s", "demonstrations", "demonstrations hash")
    assert unlike.rows[1].cells == ("0.4 to 6.4", "4 to 64", "h4 or h64")


def test_ordered_by_cost_on_request(two: list[PolicyFacts]) -> None:
    grid = fairness_grid([*two, PolicyFacts("unknown", 0, "u", ("id",))], by_cost=True)
    assert grid is not None
    assert [row.title for row in grid.rows] == ["cheap", "dear", "unknown"]


def test_nothing_trained_has_no_table_and_nothing_known_says_so() -> None:
    assert fairness_grid([]) is None
    grid = fairness_grid([PolicyFacts("para", 0, "p", ("id",))])
    assert grid is not None
    assert (grid.columns, [row.title for row in grid.rows]) == ((), ["para"])
    assert "Nothing is known to be the same for all. Not recorded for any: sees" in grid.caption
    for text in (formats.markdown(grid), formats.html_page([grid]), formats.latex_page([grid])):
        assert "para" in text


def test_every_format_carries_it(two: list[PolicyFacts]) -> None:
    grid = fairness_grid(two)
    assert grid is not None
    lines = [line for line in formats.markdown(grid).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert "9,000" in formats.html_table(grid)
    assert "30.0 to 35.5" in formats.latex_page([grid])


def test_rows_of_the_long_table_have_the_facts_of_their_own_checkpoints(episodes: Callable[..., list[EpisodeRecord]]) -> None:
    few, many, split = ("demos_random", "4"), ("demos_random", "64"), {"split": "data_efficiency"}
    found = [*episodes("para", ID, "11", **split), *episodes("para", few, "10", demos=4, checkpoint_hash="f", **split)]
    found += [*episodes("para", many, "11", demos=64, checkpoint_hash="m", **split)]
    found += episodes("oracle", ID, "11", checkpoint_hash="", demos=0, **split)
    found += [r for c in (few, many) for r in episodes("oracle", c, "11", checkpoint_hash="", demos=0, **split)]
    result = SplitResults(
        "data_efficiency", found, Expected({"para": [0], "oracle": [0]}, {ID: 2, few: 2, many: 2}, describe(SPLITS["data_efficiency"]))
    )
    given = [PolicyFacts("para", 0, name, (), {"training_s": s}) for name, s in (("para-0", 1.5), ("f", 2.5), ("m", 3.5))]
    table = add_facts(paper.long_table(result), result, given)
    assert list(table["training_s"]) == ["1.5", "2.5", "3.5", "", "", ""]
    assert list(table["batch"]) == [UNKNOWN] * 3 + [""] * 3
    as_map = replace(result.expected, description=replace(result.description, factors=(Factor("demos_random", "map"),)))
    pooled = add_facts(paper.long_table(replace(result, expected=as_map)), result, given)
    assert list(pooled["training_s"])[:2] == ["1.5", "2.5; 3.5"]
    back = pd.read_csv(io.StringIO(tables.to_csv(table)))
    assert list(back["rate"]) == list(table["rate"])
