from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.parts.results import described
from para_bench.records import EpisodeRecord, current, description
from para_bench.records.description import ConditionFacts, Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import take
from para_bench.report.layout import natural
from para_bench.report.roster import groups
from para_bench.types import ParaBenchError

Make = Callable[..., list[EpisodeRecord]]
ID, VIEW = ("id", "0"), ("view_angle", "25")


def write(folder: Path, found: list[EpisodeRecord], **config) -> Path:
    for record in found:
        records.append(folder / "episodes.jsonl", record)
    if config:
        asked = {"split": found[0].split, "references": ["oracle"], "heads": ["para"], **config}
        (folder / "config.json").write_text(json.dumps(asked))
    return folder


def profile(seeds: int, episodes: int) -> dict[str, int]:
    return {"seeds": seeds, "episodes": episodes}


def test_splits_heads_and_scenes_are_found(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path / "a", [*episodes("oracle", ID, "11", checkpoint_hash=""), *episodes("global", ID, "10"), *episodes("para", ID, "11")])
    write(tmp_path / "b", episodes("para", ID, "111", split="id"))
    first, second = take([tmp_path], order=("para", "global"))
    assert (first.split, second.split) == ("novel_view", "id")
    assert list(first.expected.seeds) == ["para", "global", "oracle"]
    assert first.learned == ("para", "global")
    assert first.expected.scenes == {ID: (0, 1)}
    assert [r.split for r in take([tmp_path], splits=["id"])] == ["id"]
    assert list(take([tmp_path / "a"], heads=["global"])[0].expected.seeds) == ["global"]
    assert first.roster.episodes["para", ID][0][1].scene_index == 1


def test_what_the_run_asked_for_is_expected(tmp_path: Path, episodes: Make) -> None:
    found = episodes("para", ID, "1111")
    with pytest.raises(ParaBenchError, match="head para, condition id 0: 4 of 8 episodes missing"):
        _ = take([write(tmp_path / "a", found, profile=profile(2, 4))])[0].roster
    with pytest.raises(ParaBenchError, match=r"id 0: 2 of 6 scenes have no record of any head \(first: 4\)"):
        take([write(tmp_path / "b", found, profile=profile(1, 6))])
    with pytest.raises(ParaBenchError, match="head global, condition id 0: 4 of 4 episodes missing"):
        _ = take([write(tmp_path / "c", found, profile=profile(1, 4), heads=["para", "global"])])[0].roster
    assert take([write(tmp_path / "d", found, profile=profile(1, 4), heads=["para", "oracle"])])[0].roster.demos["para", ID] == 20


def test_the_order_of_folders_hides_no_missing_seed(tmp_path: Path, episodes: Make) -> None:
    more = write(tmp_path / "more", episodes("para", ID, "11"), profile=profile(3, 2))
    less = write(tmp_path / "less", episodes("para", ID, "11"), profile=profile(1, 2))
    for folders in ((more, less), (less, more)):
        with pytest.raises(ParaBenchError, match="id 0: 4 of 6 episodes missing"):
            _ = take(folders)[0].roster


def test_scenes_missing_for_one_head_refuse(tmp_path: Path, episodes: Make) -> None:
    found = [
        *episodes("para", ID, "1111"),
        *episodes("para", VIEW, "1111"),
        *episodes("global", ID, "1111"),
        *episodes("global", VIEW, "111"),
    ]
    result = take([write(tmp_path, found)])[0]
    with pytest.raises(ParaBenchError, match=r"head global, condition view_angle 25: 1 of 4 .*scene 3"):
        _ = result.roster
    assert result.only(["para"]).roster.scenes is not None


def test_levels_must_all_have_every_scene_or_share_them_out(tmp_path: Path, record) -> None:
    cells = [record("para", ("view_grid", f"a0e{i % 2}"), i) for i in range(4)]
    control = [record("para", ID, i) for i in range(4)]
    result = take([write(tmp_path / "map", [*control, *cells])])[0]
    assert result.expected.scenes[("view_grid", "a0e1")] == (1, 3)
    with pytest.raises(ParaBenchError, match="condition view_grid a0e0: 2 of 4 scenes"):
        take([write(tmp_path / "hole", [*control, *cells[:3]])])


def test_a_known_layout_decides(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path, [*episodes("para", VIEW, "11"), *episodes("para", ID, "11")])
    known = Description("novel_view", conditions=(ConditionFacts(*ID), ConditionFacts("view_angle", "10"), ConditionFacts(*VIEW)))
    result = take([tmp_path], describe=lambda split, _: known if split == "novel_view" else None)[0]
    assert result.expected.scenes == {ID: (0, 1), VIEW: (0, 1)}  # in the order of `known`, without what nobody was tested on
    assert list(take([tmp_path])[0].expected.scenes) == [ID, VIEW]


def test_the_newest_checkpoint_and_code_count(tmp_path: Path, episodes: Make) -> None:
    old = [*episodes("para", ID, "00"), *episodes("para", VIEW, "00")]
    write(tmp_path, [*old, *episodes("para", ID, "11", checkpoint_hash="retrained")])
    known = Description("novel_view", conditions=(ConditionFacts(*ID), ConditionFacts(*VIEW)))
    with pytest.raises(ParaBenchError, match="view_angle 25: 2 of 2 episodes missing"):
        _ = take([tmp_path], describe=lambda *_: known)[0].roster
    with pytest.raises(ParaBenchError, match="condition view_angle 25: 2 of 2 scenes have no record of any head"):
        take([tmp_path])
    write(tmp_path, episodes("para", VIEW, "11", checkpoint_hash="retrained"))
    assert {r.checkpoint_hash for r in take([tmp_path])[0].roster.episodes["para", VIEW][0]} == {"retrained"}


def test_a_condition_may_have_its_own_checkpoint_where_it_must(tmp_path: Path, episodes: Make) -> None:
    few, many = ("demos_random", "4"), ("demos_random", "64")
    found = [
        *episodes("para", ID, "11", split="data_efficiency"),
        *episodes("para", few, "10", split="data_efficiency", demos=4, checkpoint_hash="few"),
        *episodes("para", many, "11", split="data_efficiency", demos=64, checkpoint_hash="many"),
    ]
    roster = take([write(tmp_path, found)], describe=described)[0].roster
    assert [roster.demos["para", c] for c in (ID, few, many)] == [20, 4, 64]
    mixed = [*episodes("para", ID, "1"), *episodes("para", VIEW, "1", demos=4, checkpoint_hash="few")]
    with pytest.raises(
        ParaBenchError, match="condition id 0: 1 of 1 episodes missing"
    ):  # elsewhere it is an interrupted run of a retrained head
        _ = take([write(tmp_path / "mixed", mixed)], describe=described)[0].roster


@pytest.mark.parametrize("content", ["", "{", '{"split": "novel_view"}', "[]"])
def test_damaged_configuration(tmp_path: Path, episodes: Make, content: str) -> None:
    write(tmp_path, episodes("para", ID, "1"))
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ParaBenchError, match=r"config\.json is damaged"):
        take([tmp_path])


def test_nothing_there_and_unknown_names(tmp_path: Path, episodes: Make) -> None:
    with pytest.raises(ParaBenchError, match="no episode records in"):
        take([tmp_path])
    with pytest.raises(ParaBenchError, match="no records at"):
        take([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    write(tmp_path, episodes("para", ID, "1"))
    with pytest.raises(ParaBenchError, match=r"no episode records in .*empty; allowed: a folder with"):
        take([tmp_path, tmp_path / "empty"])  # not passed over
    with pytest.raises(ParaBenchError, match=r"no records of split 'id'.*found: novel_view"):
        take([tmp_path], splits=["id"])
    with pytest.raises(ParaBenchError, match="no records of head 'act' in split novel_view; allowed: para"):
        take([tmp_path], heads=["act"])


def test_mixed_suite_versions_refuse(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path / "a", episodes("para", ID, "1"))
    write(tmp_path / "b", episodes("para", ID, "1", split="id", suite_version="2"))
    with pytest.raises(ParaBenchError, match=r"mixes suite versions 1 \(split novel_view\), 2 \(split id\)"):
        take([tmp_path])
    write(tmp_path / "c", episodes("global", ID, "1", suite_version="2"))
    with pytest.raises(ParaBenchError, match=r"mixes suite versions 1 \(split novel_view\), 2 \(split novel_view\)"):
        take([tmp_path], splits=["novel_view"])


def test_one_head_in_two_suite_versions_is_never_pooled(tmp_path: Path, episodes: Make) -> None:
    """Also where the newest records alone would make a whole table."""
    write(tmp_path / "a", episodes("para", ID, "11"))
    write(tmp_path / "b", episodes("para", ID, "11", suite_version="2"))
    with pytest.raises(ParaBenchError, match=r"1 \(split novel_view\), 2 \(split novel_view\); allowed: one"):
        take([tmp_path])


def test_levels_sort_as_a_reader_would() -> None:
    assert sorted(["45", "5", "-10", "0.5"], key=natural) == ["-10", "0.5", "5", "45"]
    assert sorted(["a0e10", "a0e9", "a10e0", "a2e0", "3"], key=natural) == ["3", "a0e9", "a0e10", "a2e0", "a10e0"]


def test_the_policy_of_the_last_run_counts_and_not_the_last_line(tmp_path: Path, episodes: Make) -> None:
    """A, then B, then A again on one folder reports A."""
    first = [r for condition in (ID, VIEW) for r in episodes("para", condition, "11", checkpoint_hash="a")]
    second = [r for condition in (ID, VIEW) for r in episodes("para", condition, "00", checkpoint_hash="b")]
    write(tmp_path / "one", [*first, *second], profile=profile(1, 2))
    write(tmp_path / "two", episodes("act", ID, "11"))
    write(tmp_path / "two", episodes("act", VIEW, "11"))
    for run in (first, second, first):
        current.mark(tmp_path / "one", {current.place_of(r): current.state_of(r) for r in run})
        result = take([tmp_path / "two", tmp_path / "one"])[0]
        assert {r.checkpoint_hash for r in result.records if r.head == "para"} == {run[0].checkpoint_hash}
        assert result.roster.outcomes("para", groups(result.expected)[1]).all() == run[0].success_at_end


def test_other_decoding_is_another_policy(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path, [*episodes("para", ID, "11", policy_hash="subcell"), *episodes("para", ID, "1", policy_hash="argmax")])
    with pytest.raises(ParaBenchError, match="1 of 2 scenes"):
        take([write(tmp_path, episodes("act", ID, "1"), profile=profile(1, 2))])
    current.mark(tmp_path, {current.Place("para", 0, *ID): current.State("para-0", "subcell", "c" * 8)})


def test_a_folder_describes_its_split(tmp_path: Path, episodes: Make) -> None:
    """One that the suite does not know: conditions in their order, trainings of their own, a map."""
    cells = [("tilt", f"x{i}y0") for i in range(2)]
    tested = (
        ConditionFacts(*ID),
        ConditionFacts("demos", "64", own_training=True),
        *(ConditionFacts(*cell, share=(i, 2)) for i, cell in enumerate(cells)),
    )
    said = Description("mine", about="tilts", factors=(Factor("tilt", "map"),), conditions=tested)
    found = [*episodes("para", ID, "11", split="mine"), *episodes("para", ("demos", "64"), "11", split="mine", checkpoint_hash="many")]
    found += [replace(episodes("para", cell, "11", split="mine")[i], scene_index=i) for i, cell in enumerate(cells)]
    write(tmp_path / "mine", found)
    description.write(tmp_path / "mine", said)
    (result,) = take([tmp_path], describe=lambda *_: None)
    assert (result.description, list(result.expected.scenes)) == (said, [condition.key for condition in tested])
    assert [group.level for group in groups(result.expected)] == ["0", "64", "all"]
    assert result.roster.outcomes("para", groups(result.expected)[2]).shape == (1, 1, 2)
    write(tmp_path / "again", found)
    description.write(tmp_path / "again", replace(said, about="in other words"))
    assert take([tmp_path])[0].description.about == "tilts"  # the last folder
    description.write(tmp_path / "again", replace(said, conditions=tested[:2]))
    with pytest.raises(ParaBenchError, match="differ in conditions of split mine; allowed: the same, or one of the folders"):
        take([tmp_path])


def test_a_map_that_nobody_describes_is_told_by_its_cells(tmp_path: Path, record) -> None:
    cells = [record("para", ("tilt", f"x{i % 2}y{i // 2}"), i) for i in range(4)]
    combined = [record("para", ("both", f"{i}x{j}"), k) for i in range(2) for j in range(2) for k in range(4)]
    result = take([write(tmp_path, [*(record("para", ID, i) for i in range(4)), *cells, *combined])])[0]
    assert result.description.maps == ("tilt",)


@pytest.mark.parametrize(
    "value",
    [
        {"heads": "para"},
        {"heads": [1]},
        {"split": 3},
        {"split": "a\nb"},
        {"train_seeds": ["0"]},
        {"train_seeds": [0.5]},
        {"workers": 0},
        {"workers": "2"},
        {"references": None},
        {"profile": {"seeds": "3", "episodes": 2}},
        {"profile": {"seeds": 10**12, "episodes": 2}},
        {"profile": {"seeds": 3, "episodes": 1e3}},
    ],
)
def test_a_configuration_is_not_coerced(tmp_path: Path, episodes: Make, value: dict) -> None:
    write(tmp_path, episodes("para", ID, "11"), **({"profile": profile(1, 2)} | value))
    with pytest.raises(ParaBenchError, match=r"config\.json is damaged \(\w+.*; allowed: ") as told:
        take([tmp_path])
    assert str(told.value).isprintable()


def test_a_stage_that_the_task_does_not_have_is_refused(tmp_path: Path, record) -> None:
    folder = write(tmp_path, [record(stage="flown")])
    description.write(folder, Description("novel_view", stages=("none", "reach", "place")))
    with pytest.raises(ParaBenchError, match=r"novel_view has stage 'flown'; allowed by its split.json: none, reach, place"):
        take([folder])


def test_levels_are_in_the_order_of_a_reader() -> None:
    assert sorted(["a0e10", "5", "-5", "a0e9", "10", "a²"], key=natural) == ["-5", "5", "10", "a0e9", "a0e10", "a²"]
    assert sorted(["²", "x"], key=natural) == ["x", "²"]  # a digit, and no number
