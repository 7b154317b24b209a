"""Versions of the suite: the first is what was released, each has scenes of its own, and the numbers are those of the options."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_TRAINING
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.benchmarks.splits import find_split, known_split, split_names, split_row
from para_bench.benchmarks.versions import CURRENT, FIRST, VERSIONS, find_version
from para_bench.commands.run import Run
from para_bench.course import Rules
from para_bench.envs.sampling import WORLDS
from para_bench.envs.scenes import scene_from_dict
from para_bench.options import SuiteVersions
from para_bench.rollouts.references import REFERENCES
from para_bench.types import ParaBenchError, to_dict


def test_options_offer_every_version_and_mean_the_current_one() -> None:
    assert get_args(SuiteVersions) == tuple(VERSIONS)
    assert Run().suite_version == CURRENT == max(VERSIONS)


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_version_names_what_there_is(version) -> None:
    assert find_version(version.number) == find_version(version.name) == version
    assert version.world in WORLDS
    assert set(version.references) <= set(REFERENCES)
    for name in split_names(version.number):
        split = find_split(name, version=version.number)
        assert split == split_row(name, version.number)
        assert split.suite_version == version.number
        assert {training.suite_version for training in split.trainings} == {version.number}
        assert {t.adapts.suite_version for t in split.trainings if t.adapts} <= {version.number}


def test_an_unknown_version_is_one_line_with_the_allowed_ones() -> None:
    for wrong in (0, "3", "first"):
        with pytest.raises(ParaBenchError, match=f"suite version {wrong} is unknown; allowed: 1, 2"):
            find_version(wrong)
        assert known_split("id", wrong) is None


def test_versions_have_scenes_of_their_own() -> None:
    first, second = (find_split("novel_view", version=number) for number in (1, 2))
    for condition in (CONTROL, first.conditions[2]):
        before, after = scene_of(first, condition, 0), scene_of(second, condition, 0)
        assert (before.layout.others, before.rules) == ((), Rules())
        assert len(after.layout.others) >= 4
        assert after.rules == VERSIONS[2].rules
        assert before.layout.object.xy != after.layout.object.xy
    one, two = DEFAULT_TRAINING, DEFAULT_TRAINING.of(VERSIONS[2])
    hashes = {draw.hash for t in (one, two) for draw in (training_scene(t, 0, 0, 4), validation_scene(t, 0))}
    assert len(hashes) == 4


def test_a_scene_of_the_first_version_is_written_as_it_was() -> None:
    first, second = (scene_of(find_split("id", version=number), CONTROL, 0) for number in (1, 2))
    assert {"rules", "disturbance", "late"}.isdisjoint(to_dict(first))
    assert to_dict(second)["rules"] == {"clamps": True, "ensembles": True, "one_instant": True}
    for scene in (first, second):
        assert scene_from_dict(to_dict(scene)) == scene


def test_what_decides_of_a_version_is_in_its_fingerprints_and_its_lists_are_not() -> None:
    first, second = (find_version(number).decides for number in (1, 2))
    assert first == {"number": 1, "rules": {"clamps": False, "ensembles": False, "one_instant": False}, "frame_s": None}
    assert first != second
    assert replace(VERSIONS[2], splits=(), about="").decides == second
    assert replace(VERSIONS[2], rules=Rules()).decides != second


def test_task_and_version_may_be_asked_for_in_either_order() -> None:
    split = find_split("view_adaptation", version=FIRST.number)
    assert split.on("stack").of(VERSIONS[2]) == split.of(VERSIONS[2]).on("stack") == find_split("stack.view_adaptation", version=2)
