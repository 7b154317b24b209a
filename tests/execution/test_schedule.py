"""What a suite needs, what of it is there, and about how long the rest will take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import PROFILES, Profile
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.suites import SUITES, find_suite
from para_bench.execution import schedule as module
from para_bench.execution.schedule import EPISODE_S, SAMPLES_PER_S, configs, schedule
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import roll_out
from para_bench.rollouts.policies import find_all, recipes
from para_bench.types import ParaBenchError


def base(out: Path, **changes) -> RunConfig:
    given = {"split": "id", "heads": ("para",), "profile": PROFILES["smoke"], "out": out, "workers": 1, "videos": False}
    return RunConfig(**{**given, **changes})


def test_some_splits_of_a_suite(tmp_path: Path) -> None:
    found = configs(SUITES["headline"], base(tmp_path), only=("novel_view", "id"))
    assert [config.split for config in found] == ["id", "novel_view"]
    with pytest.raises(ParaBenchError, match="split 'texture' is not in the suite; allowed: id, novel_view"):
        configs(SUITES["headline"], base(tmp_path), only=("texture",))
    with pytest.raises(ParaBenchError, match="split 'room_diversity' is not in suite version 1; allowed: id, "):
        configs(SUITES["paper"], base(tmp_path, suite_version=1), only=("room_diversity",))


def test_each_task_has_every_split_and_trainings_of_its_own(tmp_path: Path) -> None:
    found = configs(SUITES["headline"], base(tmp_path), ("id", "novel_view"), ("place", "stack", "stack"))
    assert [config.split for config in found] == ["id", "novel_view", "stack.id", "stack.novel_view"]
    assert [recipe.training.task for recipe in schedule(found).trainings] == ["place"] * 9 + ["stack"] * 9  # three heads, three seeds
    with pytest.raises(ParaBenchError, match="fold"):
        configs(SUITES["headline"], base(tmp_path), ("id",), ("fold",))


def test_configs_are_one_a_split_with_what_the_machine_says(tmp_path: Path) -> None:
    suite = find_suite("imagenet")
    found = configs(suite, base(tmp_path, workers=3, device="cpu"))
    assert [config.split for config in found] == list(suite.splits)
    assert {(c.heads, c.profile, c.backbone) for c in found} == {(suite.heads, suite.profile, "efficientnet_lite0")}
    assert {(c.workers, c.device, c.out) for c in found} == {(3, "cpu", tmp_path)}


def test_splits_share_trainings(tmp_path: Path) -> None:
    runs = [replace(base(tmp_path), split=name) for name in ("id", "novel_view", "lighting", "view_adaptation", "left_to_right")]
    planned = schedule(runs)
    assert [(r.training.name, r.demos) for r in planned.trainings] == [("default", 3), ("adapted_view", 5), ("left_half", 3)]
    assert planned.trainings[1].base == planned.trainings[0]
    assert not any(planned.done)
    assert planned.left == list(planned.trainings)
    assert planned.seconds > 0
    assert all(split.done == 0 < split.episodes for split in planned.splits)


def test_training_through_the_backbone_is_planned_as_slower(tmp_path: Path) -> None:
    seconds = {}
    for name in ("imagenet", "finetuned"):
        (run,) = configs(SUITES[name], base(tmp_path), only=("id",))
        assert run.finetune == (name == "finetuned")
        assert all(recipe.finetune == run.finetune for recipe in recipes(run, find_split("id")))
        seconds[name] = schedule([run]).seconds
    assert seconds["finetuned"] > 5 * seconds["imagenet"]


def test_episodes_on_record_are_done_and_their_time_is_that_of_the_rest(tmp_path: Path) -> None:
    run = base(tmp_path, heads=("oracle",), references=(), image_size=64, profile=Profile(1, 1, 8, 2, 2, 0))
    assert schedule([run]).seconds == pytest.approx(8 * EPISODE_S)
    (folder := tmp_path / "id").mkdir()
    first = replace(run, profile=replace(run.profile, episodes=2))
    made = roll_out(first, find_split("id"), list(find_all(first, find_split("id"))), folder)
    planned = schedule([run])
    assert [(split.split, split.episodes, split.done) for split in planned.splits] == [("id", 8, 2)]
    assert planned.seconds == pytest.approx(6 * sum(record.seconds for record in made) / 2)
    assert schedule([replace(run, workers=3)]).seconds == pytest.approx(planned.seconds / 3)
    assert schedule([first]).seconds == 0
    assert [split.done for split in schedule([replace(run, replan_steps=6)]).splits] == [0]  # of another state


def test_trainings_that_are_there_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [base(tmp_path, heads=("para", "global_token"), references=())]
    everything = schedule(runs)
    monkeypatch.setattr(module, "find_checkpoint", lambda recipe, *_: tmp_path if recipe.head == "para" else None)
    planned = schedule(runs)
    assert [(recipe.head, done) for recipe, done in zip(planned.trainings, planned.done, strict=True)] == [
        ("para", True),
        ("global_token", False),
    ]
    assert [recipe.head for recipe in planned.left] == ["global_token"]
    assert everything.seconds - planned.seconds == pytest.approx(40 * 8 / SAMPLES_PER_S)


def test_a_head_is_planned_as_fast_as_it_was_and_as_the_others_were(tmp_path: Path) -> None:
    """Where a damaged checkpoint lies beside them too."""
    for name, head, seconds in (("a", "para", 4.0), ("b", "act", 1.0)):
        folder = tmp_path / "checkpoints" / name
        folder.mkdir(parents=True)
        recipe = {"head": head, "finetune": False, "train": {"steps": 10, "batch": 2}}
        (folder / "config.json").write_text(json.dumps({"state": {"recipe": recipe}, "training_seconds": seconds}))
    for index, text in enumerate(("{", "[]", "{}", '{"state": {"recipe": 3}}', "[" * 100_000)):
        folder = tmp_path / "checkpoints" / f"damaged{index}"
        folder.mkdir()
        (folder / "config.json").write_text(text)

    def training_s(head: str) -> float:
        run = base(tmp_path, heads=(head,), references=())
        return schedule([run]).seconds - run.profile.episodes * EPISODE_S

    samples = 40 * 8
    assert training_s("para") == pytest.approx(samples / 5)
    assert training_s("act") == pytest.approx(samples / 20)
    assert training_s("rvt") == pytest.approx(samples / 12.5)
