"""The policies of a table: in the order of its rows, told apart by weights, code and settings, absent where nothing is trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.report.checkpoints import weights_hash
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import ABSENT, checkpoint_of, find_all, recipes, train_all
from para_bench.rollouts.references import REFERENCES


def base(out: Path, **changes) -> RunConfig:
    return RunConfig(split="id", heads=("para",), profile=PROFILES["smoke"], out=out, workers=1, videos=False, **changes)


def test_rows_are_heads_then_references_whatever_was_asked_for_first(tmp_path: Path) -> None:
    config = replace(base(tmp_path), heads=("noop", "global_token", "para"), references=("oracle",))
    config = replace(config, profile=replace(config.profile, seeds=2))
    found = [(entry.head, entry.seed) for entry in find_all(config, find_split("id"))]
    assert found == [("para", 0), ("para", 1), ("global_token", 0), ("global_token", 1), ("oracle", 0), ("noop", 0)]
    everyone = replace(config, references=tuple(REFERENCES))
    assert [entry.head for entry in find_all(everyone, find_split("id"))][-4:] == list(REFERENCES)


def test_what_is_not_trained_is_absent_and_a_reference_never_is(tmp_path: Path) -> None:
    split = find_split("view_adaptation")
    head, *others = find_all(base(tmp_path), split)
    for condition in split.all_conditions:
        checkpoint = head.checkpoint(split, condition)
        assert checkpoint is not None
        assert (checkpoint.hash, head.policy(split, condition).hash) == (ABSENT, ABSENT)
        assert all(other.checkpoint(split, condition) is None and other.policy(split, condition).hash != ABSENT for other in others)
    assert len({other.policy(split, split.conditions[0]).hash for other in others}) == len(others)
    demos = {c.key: found.demos for c in split.all_conditions if (found := head.checkpoint(split, c))}
    assert set(demos.values()) == {3, 3 + 5}  # those of the checkpoint that it starts from included


@pytest.mark.integration
def test_what_is_trained_is_found_without_training(trained: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.training.checkpoint.train", lambda *_: pytest.fail("trained again"))
    split = find_split("id")
    (entry,), (again,) = find_all(trained, split), train_all(trained, split)
    (checkpoint,), (trained_again,) = entry.checkpoints.values(), again.checkpoints.values()
    assert checkpoint.folder.parent == trained.out / "checkpoints"
    assert checkpoint.hash == weights_hash(checkpoint.folder) != ABSENT
    assert (checkpoint.folder, checkpoint.policy.hash) == (trained_again.folder, trained_again.policy.hash)
    found = [checkpoint_of(each, "para", checkpoint.folder, 1, trained.backbone) for each in (trained, replace(trained, decode="argmax"))]
    assert found[0] != found[1]
    assert (found[0].hash, found[0].policy.hash) == (found[1].hash, checkpoint.policy.hash)  # the same weights
    assert found[0].policy.hash != found[1].policy.hash


def test_a_training_follows_the_one_that_it_starts_from(tmp_path: Path) -> None:
    split = find_split("view_adaptation")
    adapted = replace(split, conditions=(), training=split.trainings[1])  # whose base no condition asks for
    first, second = recipes(base(tmp_path), adapted)
    assert (first.base, second.base) == (None, first)


def test_a_number_of_demonstrations_that_is_the_profile_s_is_the_same_training(tmp_path: Path) -> None:
    config = base(tmp_path)
    eight = replace(config, profile=replace(config.profile, demos=8))
    found = list(recipes(eight, find_split("data_efficiency")))
    assert len(found) == 1 + 14
    assert len(set(found)) == 14  # 8 anywhere is the control's own


def test_other_demonstrations_reach_every_training_and_change_nothing_else(tmp_path: Path) -> None:
    split = find_split("view_adaptation")
    first, other = (list(recipes(replace(base(tmp_path, demo_seed=seed), split=split.name), split)) for seed in (0, 1))
    assert any(recipe.base for recipe in other)
    for recipe, before in zip(other, first, strict=True):
        assert recipe.demo_seed == 1
        base_before = before.base and replace(before.base, demo_seed=1)
        assert recipe == replace(before, demo_seed=1, base=base_before)
