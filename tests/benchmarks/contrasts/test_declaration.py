"""Declared contrasts: the file of the factorial says what its heads are, and a declaration that cannot be tested is refused in one line."""

from __future__ import annotations

from importlib import resources

import pytest

from para_bench.benchmarks.contrasts import Contrast, declared, find_declaration, parse
from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.suites import SUITES
from para_bench.heads import HEADS
from para_bench.heads.para import Para
from para_bench.types import from_dict, to_dict

TEXT = (resources.files("para_bench.benchmarks.contrasts") / "factorial.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", declared())
def test_a_declaration_names_what_its_suite_runs(name: str) -> None:
    found, suite = find_declaration(name), SUITES[name]
    assert found is not None
    assert tuple(found.heads) == suite.heads
    assert {condition.split for condition in found.conditions} <= set(suite.splits)
    for condition in found.conditions:
        assert any(c.factor == condition.factor for c in SPLITS[condition.split].all_conditions)


def test_a_suite_may_declare_nothing() -> None:
    assert "factorial" in declared()
    assert find_declaration("smoke") is None


def test_the_columns_say_what_the_heads_are() -> None:
    found = find_declaration("factorial")
    assert found is not None
    for head, row in found.heads.items():
        assert (row["camera"] == "given") == ("calibration" in HEADS[head].sees), head
        assert (row["reads"] == "at the pixel") == issubclass(HEADS[head], Para), head  # type: ignore[arg-type]
    assert found.column(Contrast(("para", "heatmap_rgb"), "")) == "camera"
    assert [found.column(contrast) for contrast in found.contrasts] == [
        *("camera", "camera", "loss", "loss", "reads", "output", "camera", "camera"),
    ]


def test_all_heads_are_reached_by_contrasts() -> None:
    """From any head to any other in steps of one column, so that the whole difference is the sum of its parts."""
    found = find_declaration("factorial")
    assert found is not None
    reached = {"para"}
    for _ in found.heads:
        reached |= {head for contrast in found.contrasts if reached & set(contrast.heads) for head in contrast.heads}
    assert reached == set(found.heads)


def test_lines_for_above_a_table() -> None:
    found = find_declaration("factorial")
    assert found is not None
    assert found.count == len(found.contrasts) * 3 == 24
    question, family, floor, *pairs = found.lines()
    assert question == found.question
    assert f"({found.hash})" in family
    assert "one family of 24, Holm at 0.05" in family
    assert "id, novel_view (view_angle), new_environment (environment)" in family
    assert "less than 10 %" in floor
    assert len(pairs) == len(found.contrasts)
    assert pairs[0] == "para - heatmap_rgb: camera; what the calibration is worth to a dense loss"
    assert sum("besides" in line for line in pairs) == 1


def test_it_goes_through_json_and_its_hash_leaves_comments_out() -> None:
    found = parse(TEXT, "x")
    assert from_dict(type(found), to_dict(found)) == found
    assert parse(TEXT + "\n# said later\n", "x").hash == found.hash
    assert parse(TEXT.replace("alpha = 0.05", "alpha = 0.1"), "x").hash != found.hash
