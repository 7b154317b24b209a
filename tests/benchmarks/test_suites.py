"""Suites: names that exist, trainings planned once, reasons for running again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.benchmarks.suites import SUITES, find_suite
from para_bench.demonstrations.stored import demonstrations
from para_bench.execution.schedule import configs, schedule
from para_bench.heads import HEADS
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash, roll_out
from para_bench.rollouts.history import FILE_NAME
from para_bench.rollouts.identity import episode_state
from para_bench.rollouts.policies import recipes, train_all
from para_bench.types import ParaBenchError


def base(out: Path, **changes) -> RunConfig:
    return RunConfig(split="id", heads=("para",), profile=PROFILES["smoke"], out=out, workers=1, videos=False, **changes)


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_suite_names_exist(suite) -> None:
    assert set(suite.splits) <= set(SPLITS)
    assert set(suite.heads) <= set(HEADS)
    assert suite.backbone in BACKBONES


def test_paper_suite_is_everything() -> None:
    paper = find_suite("paper")
    assert (set(paper.splits), set(paper.heads), paper.profile.seeds) == (set(SPLITS.builtin), set(HEADS.builtin), 5)


def test_parts_of_the_reference_results_are_everything_once() -> None:
    parts = [SUITES[name] for name in ("headline", "breadth", "rivals", "others", "video")]
    cells = [(split, head) for part in parts for split in part.splits for head in part.heads]
    assert len(cells) == len(set(cells))
    assert {split for split, _ in cells} == set(SPLITS)
    assert {head for _, head in cells} == set(HEADS)


def test_some_splits_of_a_suite(tmp_path: Path) -> None:
    found = configs(SUITES["headline"], base(tmp_path), only=("novel_view", "id"))
    assert [config.split for config in found] == ["id", "novel_view"]
    with pytest.raises(ParaBenchError, match="split 'texture' is not in the suite; allowed: id, novel_view"):
        configs(SUITES["headline"], base(tmp_path), only=("texture",))


def test_unknown_suite_is_told_with_the_known_ones() -> None:
    with pytest.raises(ParaBenchError, match=r"'night' is unknown; allowed: smoke, ci, .*, video, imagenet, finetuned, paper"):
        find_suite("night")


def test_splits_share_trainings(tmp_path: Path) -> None:
    runs = [replace(base(tmp_path), split=name) for name in ("id", "novel_view", "lighting", "view_adaptation", "left_to_right")]
    planned = schedule(runs)
    assert [(r.training.name, r.demos) for r in planned.trainings] == [("default", 3), ("adapted_view", 5), ("left_half", 3)]
    assert planned.trainings[1].base == planned.trainings[0]
    assert not any(planned.done)
    assert planned.seconds > 0
    assert all(split.done == 0 < split.episodes for split in planned.splits)


def test_a_number_of_demonstrations_that_is_the_profile_s_is_the_same_training(tmp_path: Path) -> None:
    config = base(tmp_path)
    eight = replace(config, profile=replace(config.profile, demos=8))
    found = list(recipes(eight, find_split("data_efficiency")))
    assert len(found) == 1 + 14
    assert len(set(found)) == 14  # 8 anywhere is the control's own


def test_training_through_the_backbone_is_planned_as_slower(tmp_path: Path) -> None:
    seconds = {}
    for name in ("imagenet", "finetuned"):
        (run,) = configs(SUITES[name], base(tmp_path), only=("id",))
        assert run.finetune == (name == "finetuned")
        assert all(recipe.finetune == run.finetune for recipe in recipes(run, find_split("id")))
        seconds[name] = schedule([run]).seconds
    assert seconds["finetuned"] > 5 * seconds["imagenet"]


def test_fine_tuning_takes_the_same_share_for_every_head(tmp_path: Path) -> None:
    training = find_split("view_adaptation").trainings[1]
    for head in HEADS:
        recipe = base(tmp_path).recipe(head, 0, training)
        assert recipe.base
        assert recipe.train.learning_rate == pytest.approx(0.3 * recipe.base.train.learning_rate)
        assert recipe.train.steps == recipe.base.train.steps // 4
        assert recipe.all_demos == recipe.base.demos + 5


def test_a_changed_state_is_run_again_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = replace(base(tmp_path), heads=("oracle",), references=("oracle",))
    split = find_split("id")
    entries = list(train_all(config, split))
    first = roll_out(config, split, entries, tmp_path)
    assert [r.config_hash for r in first] == [config_hash(config, split)] * 2
    before = (tmp_path / "episodes.jsonl").read_bytes()
    assert roll_out(config, split, entries, tmp_path) == first
    assert (tmp_path / "episodes.jsonl").read_bytes() == before
    other = {**episode_state(config, split), "replan_steps": 4}
    (tmp_path / FILE_NAME).write_text(json.dumps(other))
    (tmp_path / "episodes.jsonl").write_bytes(before.replace(config_hash(config, split).encode(), b"0" * 16))
    capsys.readouterr()
    again = roll_out(config, split, entries, tmp_path)
    assert "2 episodes on record are of another state and are run again: replan_steps 4 -> 12" in capsys.readouterr().out
    assert [replace(r, seconds=0) for r in again] == [replace(r, seconds=0) for r in first]
    assert len((tmp_path / "episodes.jsonl").read_bytes().splitlines()) == 4  # append-only


def test_configs_are_one_a_split(tmp_path: Path) -> None:
    found = configs(find_suite("smoke"), base(tmp_path))
    assert [config.split for config in found] == list(find_suite("smoke").splits)


def test_other_demonstrations_reach_every_training_and_change_nothing_else(tmp_path: Path) -> None:
    split = find_split("view_adaptation")
    first, other = (list(recipes(replace(base(tmp_path, demo_seed=seed), split=split.name), split)) for seed in (0, 1))
    assert any(recipe.base for recipe in other)
    for recipe, before in zip(other, first, strict=True):
        assert recipe.demo_seed == 1
        base_before = before.base and replace(before.base, demo_seed=1)
        assert recipe == replace(before, demo_seed=1, base=base_before)


def test_another_demo_seed_gives_other_demonstrations(tmp_path: Path) -> None:
    training = SPLITS["id"].training
    first, again, other = (demonstrations(training, 1, seed, tmp_path / name, False) for seed, name in ((0, "a"), (0, "b"), (1, "c")))
    assert first.hash == again.hash != other.hash


def test_copies_can_keep_the_camera(tmp_path: Path) -> None:
    training = SPLITS["id"].training
    usual, still = (base(tmp_path, turns=turns).recipe("para", 0, training) for turns in (True, False))
    assert usual.augmentation.pan_deg > 0
    assert (still.augmentation.pan_deg, still.augmentation.roll_deg, still.augmentation.zoom) == (0, 0, 0)
    assert (still.augmentation.copies, still.augmentation.jitter) == (usual.augmentation.copies, usual.augmentation.jitter)
