from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench import records
from para_bench.records import EpisodeRecord
from para_bench.report.inventory import take
from para_bench.report.layout import natural
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
    known = {ID: [0, 1], ("view_angle", "10"): [0, 1], VIEW: [0, 1]}
    result = take([tmp_path], layout=lambda split, n: known if (split, n) == ("novel_view", 2) else {})[0]
    assert result.expected.scenes == {ID: (0, 1), VIEW: (0, 1)}  # in the order of `known`, without what nobody was tested on
    assert list(take([tmp_path])[0].expected.scenes) == [ID, VIEW]


def test_the_newest_checkpoint_and_code_count(tmp_path: Path, episodes: Make) -> None:
    old = [*episodes("para", ID, "00"), *episodes("para", VIEW, "00")]
    write(tmp_path, [*old, *episodes("para", ID, "11", checkpoint_hash="retrained")])
    with pytest.raises(ParaBenchError, match="view_angle 25: 2 of 2 episodes missing"):
        _ = take([tmp_path], layout=lambda *_: {ID: [0, 1], VIEW: [0, 1]})[0].roster.outcomes("para", VIEW)  # type: ignore[arg-type]
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
    roster = take([write(tmp_path, found)])[0].roster
    assert [roster.demos["para", c] for c in (ID, few, many)] == [20, 4, 64]
    mixed = [*episodes("para", ID, "1"), *episodes("para", VIEW, "1", demos=4, checkpoint_hash="few")]
    with pytest.raises(
        ParaBenchError, match="condition id 0: 1 of 1 episodes missing"
    ):  # elsewhere it is an interrupted run of a retrained head
        _ = take([write(tmp_path / "mixed", mixed)], layout=lambda *_: {ID: [0], VIEW: [0]})[0].roster


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
    write(tmp_path, episodes("para", ID, "1"))
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
    with pytest.raises(ParaBenchError, match="mixes suite versions"):
        take([tmp_path], splits=["novel_view"])


def test_levels_sort_as_a_reader_would() -> None:
    assert sorted(["45", "5", "-10", "0.5"], key=natural) == ["-10", "0.5", "5", "45"]
    assert sorted(["a0e10", "a0e9", "a10e0", "a2e0", "3"], key=natural) == ["3", "a0e9", "a0e10", "a2e0", "a10e0"]
