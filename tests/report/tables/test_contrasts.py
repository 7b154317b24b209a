"""Declared contrasts: one family, whose missing and floored members still count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import ConditionFacts
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import Expected, Group, Roster
from para_bench.report.statistics import two_way
from para_bench.report.statistics.families import holm
from para_bench.report.tables.contrasts import Wanted, caption, contrast_table, to_console, to_markdown
from para_bench.types import ParaBenchError

FAMILY = (
    Wanted("para", "act", "what a is worth", "novel_view", "id", "id"),
    Wanted("para", "act", "what a is worth", "novel_view", "view_angle", "novel_view (view_angle)"),
    Wanted("act", "token", "what b is worth", "novel_view", "view_angle", "novel_view (view_angle)"),
    Wanted("token", "token_2", "what c is worth", "novel_view", "id", "id"),
    Wanted("para", "act", "what a is worth", "new_environment", "environment", "new_environment (environment)"),
)


@pytest.fixture
def results(second_records: list[EpisodeRecord], second_expected: Expected) -> dict[str, SplitResults]:
    return {"novel_view": SplitResults("novel_view", second_records, second_expected)}


def test_all_declared_comparisons_are_one_family(results: dict[str, SplitResults], second_roster: Roster) -> None:
    table = contrast_table(results, FAMILY)
    members = (("view_angle", "15"), ("view_angle", "30"))
    groups = [Group("id", "0", (("id", "0"),)), Group("view_angle", "all", members), Group("view_angle", "all", members)]
    compared = [
        two_way.compare(second_roster.units(wanted.first, group), second_roster.units(wanted.second, group))
        for wanted, group in zip(FAMILY, groups, strict=False)
    ]
    assert list(table["p"][:3]) == [found.p for found in compared]
    assert list(table["p_holm"]) == holm([*(found.p for found in compared), 1.0, 1.0])
    assert list(table["verdict"]) == ["better", "better", "better", "not run", "not run"]
    assert table["difference"][0] == pytest.approx(compared[0].estimate.value)


def test_a_contrast_of_two_floors_is_marked_and_still_counts(results: dict[str, SplitResults]) -> None:
    family = (FAMILY[0], Wanted("token", "token", "nothing", "novel_view", "id", "id"))
    table = contrast_table(results, family)
    assert list(table["verdict"]) == ["better", "floor"]
    assert table["p_holm"][0] == pytest.approx(min(1.0, 2 * table["p"][0]))
    assert list(contrast_table(results, family, floor=0.01)["left_out"]) == ["", ""]


def test_words_stand_above_the_table(results: dict[str, SplitResults]) -> None:
    table = contrast_table(results, FAMILY)
    for text in (
        to_console(table, ("Which is it?", "Declared beforehand.")).plain,
        to_markdown(table, ("Which is it?", "Declared beforehand.")),
    ):
        assert text.index("Which is it?") < text.index("para - act: what a is worth") < text.index("3 of 5 declared comparisons tested")
        assert "not run" in text


def test_the_caption_says_where_a_verdict_is_about_checkpoints_alone(results: dict[str, SplitResults]) -> None:
    table = contrast_table(results, FAMILY)  # several trainings a head
    assert "exact tests over scenes" not in caption(table)
    table["interval"] = ["checkpoint", *table["interval"][1:]]
    assert "One training a head: exact tests over scenes, about these checkpoints and not the methods." in caption(table)


def test_an_empty_family_is_refused() -> None:
    with pytest.raises(ParaBenchError, match="found no declared contrasts"):
        contrast_table({}, ())


UNLIKE_FACTS = {f"{head}-{seed}": {"steps": 400 if head == "act" else 1600} for head in ("para", "act") for seed in range(6)}


def test_heads_that_were_not_trained_alike_have_no_verdict(results: dict[str, SplitResults]) -> None:
    unlike = {name: replace(result, facts=UNLIKE_FACTS) for name, result in results.items()}
    table = contrast_table(unlike, FAMILY[:3])
    assert list(table["verdict"]) == ["not alike", "not alike", "better"]
    assert table["p_holm"][2] == pytest.approx(3 * contrast_table(results, FAMILY[2:3])["p"][0])  # they count
    assert "Left out: para and act, novel_view: steps 1,600 against 400." in caption(table)
    assert "not alike" in to_markdown(table, ())


def test_one_training_against_several_has_no_verdict(results: dict[str, SplitResults]) -> None:
    """The one has no variance of its own, and the other's may be too small for it."""
    result = results["novel_view"]
    fewer = replace(result.expected, seeds={**result.expected.seeds, "para": (0,)})
    (row,) = contrast_table({"novel_view": replace(result, expected=fewer)}, FAMILY[:1]).to_dict("records")
    assert (row["verdict"], row["why"]) == ("not alike", "para and act, novel_view: training seeds [0] against [0, 1, 2, 3, 4, 5]")


def test_a_contrast_on_some_of_its_levels_has_no_verdict(results: dict[str, SplitResults]) -> None:
    result = results["novel_view"]
    known = tuple(ConditionFacts("view_angle", level) for level in ("0", "15", "30", "45"))
    told = replace(result.expected, description=replace(result.expected.description, conditions=known))
    (row,) = contrast_table({"novel_view": replace(result, expected=told)}, FAMILY[1:2]).to_dict("records")
    assert (row["verdict"], row["why"]) == ("levels missing", "view_angle 45 of novel_view missing")
