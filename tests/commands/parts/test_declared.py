"""Declarations as reports read them are those of the file."""

from __future__ import annotations

from para_bench.benchmarks.contrasts import find_declaration
from para_bench.commands.parts.declared import declarations, families, family


def test_reports_read_what_the_suite_declared() -> None:
    said = find_declaration("factorial")
    assert said is not None
    (found,) = [declared for declared in declarations() if declared.suite == "factorial"]
    assert list(found.contrasts) == family(said)
    assert len(found.contrasts) == said.count == 24
    assert list(found.heads) == list(said.heads)
    assert found.conditions == [("id", "id"), ("novel_view", "view_angle"), ("new_environment", "environment")]
    assert (found.alpha, found.floor) == (said.alpha, said.floor)
    (pages,) = [declared for declared in families() if declared.suite == "factorial"]
    assert (pages.contrasts, pages.heads, pages.alpha, pages.floor) == (family(said), set(said.heads), said.alpha, said.floor)


def test_every_contrast_meets_every_condition() -> None:
    said = find_declaration("factorial")
    assert said is not None
    wanted = family(said)
    assert [(w.first, w.second) for w in wanted[:3]] == [("para", "heatmap_rgb")] * 3
    assert [w.split for w in wanted[:3]] == ["id", "novel_view", "new_environment"]
