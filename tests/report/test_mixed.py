"""Two folders with one head in two settings are refused; what only one of them holds, and code that changed, is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.compare import Compare
from para_bench.commands.pack import Pack
from para_bench.commands.site import Site
from para_bench.commands.table import Table
from para_bench.records import EpisodeRecord, current
from para_bench.report.inventory import take
from para_bench.report.mixed import top
from para_bench.report.roster import Group
from para_bench.types import ParaBenchError

Make = Callable[..., list[EpisodeRecord]]
ID = ("id", "0")
GROUP = Group(*ID, (ID,))


def write(folder: Path, found: list[EpisodeRecord]) -> Path:
    for record in found:
        records.append(folder / "episodes.jsonl", record)
    return folder


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"replan_steps": (12, 2)},
            "after 12 waypoints in .*one/novel_view and .* after 2 waypoints in .*two/novel_view",
        ),
        ({"backbone": ("lite0", "dinov2")}, "reads backbone lite0 in .* reads backbone dinov2 in"),
        ({"demos": (20, 64)}, "trained on 20 demonstrations in .* 64 demonstrations in"),
        ({"demo_seed": (0, 1)}, "demonstration set 0 in .* demonstration set 1 in"),
        ({"checkpoint_hash": ("aaaa", "bbbb")}, "is the training aaaa in .* is the training bbbb in"),
    ],
)
def test_one_head_in_two_settings_is_refused(tmp_path: Path, episodes: Make, fields: dict[str, tuple], said: str) -> None:
    """By every reader of several folders, and whichever was written last."""
    for place, (name, won) in enumerate((("one", "11"), ("two", "00"))):
        own = {field: values[place] for field, values in fields.items()}
        write(tmp_path / name / "novel_view", episodes("para", ID, won, policy_hash=name, **own))
    message = f"head para, training seed 0, split novel_view .*{said}.*; allowed: folders that agree, as .*/two alone"
    commands = (
        Site((tmp_path,), out=tmp_path / "site", pictures=False),
        Table((tmp_path / "one", tmp_path / "two")),
        Compare((tmp_path,)),
        Pack((tmp_path,), out=tmp_path / "packed"),
    )
    for command in commands:
        with pytest.raises(ParaBenchError, match=message):
            command()
    assert not (tmp_path / "packed").exists()
    assert take([tmp_path / "one"])[0].roster.outcomes("para", GROUP).all()


def test_two_suite_versions_are_refused_with_a_folder_of_one(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path / "v1/first/id", episodes("para", ID, "11", split="id"))
    write(tmp_path / "second/id", episodes("para", ID, "11", split="id", suite_version="2"))
    with pytest.raises(ParaBenchError, match=r"versions 1 \(split id\), 2 \(split id\); allowed: one, .* as .*/second alone, which has 2"):
        Site((tmp_path,), out=tmp_path / "site", pictures=False)()
    write(tmp_path / "both", [*episodes("para", ID, "1"), *episodes("para", ID, "1", suite_version="2")])
    with pytest.raises(ParaBenchError, match=r"allowed: one, since their scenes differ$"):
        take([tmp_path / "both"])


@pytest.mark.parametrize(
    ("folder", "other", "shown"),
    [
        ("results/factorial_64/id", "results/factorial/id", "results/factorial_64"),
        ("runs/a/two/id", "runs/a/one/id", "runs/a/two"),
        ("a", "b", "a"),
        ("runs/id/more", "runs/id", "runs/id/more"),
        ("runs", "runs/more", "runs"),
        ("/x/a/id", "/x/b/id", "/x/a"),
    ],
)
def test_the_folder_to_give_alone_holds_nothing_of_the_other(folder: str, other: str, shown: str) -> None:
    assert top(Path(folder), Path(other)) == Path(shown)


def test_other_code_heads_seeds_and_conditions_are_no_other_setting(tmp_path: Path, episodes: Make) -> None:
    write(tmp_path / "old", [*episodes("para", ID, "00", policy_hash="old", replan_steps=12)])
    write(tmp_path / "new", [*episodes("para", ID, "11", policy_hash="new", replan_steps=12)])
    assert take([tmp_path])[0].roster.outcomes("para", GROUP).shape == (1, 1, 2)
    write(tmp_path / "other", episodes("act", ID, "11", replan_steps=2))
    write(tmp_path / "more", episodes("para", ID, "11", train_seed=1, replan_steps=2))
    write(tmp_path / "unsaid", episodes("para", ID, "11", policy_hash="older", replan_steps=None))
    assert set(take([tmp_path])[0].expected.seeds) == {"para", "act"}


def test_of_one_folder_the_current_setting_counts(tmp_path: Path, episodes: Make) -> None:
    """A folder says itself which of its policies is the current one; a second folder that agrees changes nothing."""
    twelve, two = (episodes("para", ID, "11", policy_hash=str(n), replan_steps=n) for n in (12, 2))
    write(tmp_path / "a", [*twelve, *two])
    current.mark(tmp_path / "a", {current.place_of(twelve[0]): current.state_of(twelve[0])})
    write(tmp_path / "b", [replace(record, head="act") for record in twelve])
    write(tmp_path / "c", twelve)
    assert {record.replan_steps for record in take([tmp_path])[0].records} == {12}


def test_only_what_is_asked_for_has_to_agree(tmp_path: Path, episodes: Make) -> None:
    for name, steps in (("one", 12), ("two", 2)):
        write(tmp_path / name, episodes("para", ID, "11", policy_hash=name, replan_steps=steps))
    write(tmp_path / "one", episodes("act", ID, "11", replan_steps=12))
    write(tmp_path / "one", episodes("act", ID, "11", split="id", replan_steps=12))
    assert take([tmp_path], heads=["act"])[0].learned == ("act",)
    assert take([tmp_path], splits=["id"])[0].learned == ("act",)
