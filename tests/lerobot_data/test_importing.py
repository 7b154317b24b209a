"""What an export leaves comes back bit for bit, also where lerobot's tools took episodes away; anything else is refused in one line."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from exported_datasets import write_dataset
from pyarrow import parquet

from para_bench.benchmarks.conditions import TrainingSet
from para_bench.data.store import Demonstrations, Frames
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.seen import views_of
from para_bench.lerobot_data import features as f
from para_bench.lerobot_data.importing import import_dataset
from para_bench.types import ParaBenchError, Scene

pytestmark = pytest.mark.integration
DATA = "data/chunk-000/file-000.parquet"


@pytest.fixture(scope="module")
def found(scenes: list[Scene]) -> Demonstrations:
    return collect(scenes[:2], frame_s=0.06)


def assert_same(a: Demonstrations, b: Demonstrations) -> None:
    assert (a.scenes, a.stride, a.views) == (b.scenes, b.stride, b.views)
    for field in fields(Frames):
        left, right = getattr(a.frames, field.name), getattr(b.frames, field.name)
        np.testing.assert_array_equal(left, right, field.name)
        assert left.dtype == right.dtype, field.name


def test_it_gives_back_what_was_exported(found: Demonstrations, tmp_path: Path) -> None:
    assert found.stride == 4
    back = import_dataset(write_dataset(found, tmp_path))
    assert_same(back.demonstrations, found)
    assert (back.left_out, back.unchanged, back.suite_version) == (0, True, "2")


def test_one_frame_a_waypoint_too(scenes: list[Scene], tmp_path: Path) -> None:
    plain = collect(scenes[:2])
    assert_same(import_dataset(write_dataset(plain, tmp_path)).demonstrations, plain)


def test_views_come_back(found: Demonstrations, tmp_path: Path) -> None:
    seen = replace(found, views=views_of(TrainingSet(cameras=3), found.scenes, 0))
    assert max(map(len, seen.views)) > 1
    assert_same(import_dataset(write_dataset(seen, tmp_path)).demonstrations, seen)


def test_demonstrations_that_were_taken_away_are_counted(found: Demonstrations, tmp_path: Path) -> None:
    back = import_dataset(write_dataset(found, tmp_path, leave_out=(0, 1, 2, 3)))
    assert back.demonstrations.scenes == found.scenes[1:]
    assert set(back.demonstrations.frames.episode) == {0}
    assert (back.left_out, back.unchanged) == (1, False)


def test_a_part_of_a_demonstration_is_refused(found: Demonstrations, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"only some of the 4 episodes of scene 0; allowed: all of them, or none$"):
        import_dataset(write_dataset(found, tmp_path, leave_out=(2,)))


def test_what_is_no_export_is_refused(found: Demonstrations, tmp_path: Path) -> None:
    def refused(words: str) -> None:
        with pytest.raises(ParaBenchError, match=words) as told:
            import_dataset(tmp_path)
        assert "\n" not in str(told.value)

    refused("has no meta/info.json; allowed: a LeRobot data set of version 3")
    write_dataset(found, tmp_path)
    info, about = tmp_path / "meta/info.json", tmp_path / f.ABOUT
    info.write_text('{"codebase_version": "v2.1"}')
    refused("is of codebase_version 'v2.1'; allowed: 'v3.0'")
    info.write_text('{"codebase_version": "v3.0"}')
    text = about.read_text()
    about.unlink()
    refused("its scenes cannot be drawn again")
    about.write_text(text[:-20])
    refused("is damaged")
    about.write_text(json.dumps(json.loads(text) | {"action_spec": "joints"}))
    refused("action_spec is 'joints', not 'x y z")
    about.write_text(json.dumps(json.loads(text) | {"scenes": json.loads(text)["scenes"][:1]}))
    refused(r"frames of scenes \[0\] to \[1\]; allowed: 0 to 0")
    about.write_text(text)
    table = parquet.read_table(tmp_path / DATA)
    parquet.write_table(table.drop_columns(["label.qpos"]), tmp_path / DATA)
    refused(r"the data of .* cannot be read")
    poses = [[0.0] * 6] * len(table)
    place = table.column_names.index("label.gripper_pose")
    parquet.write_table(table.set_column(place, "label.gripper_pose", pyarrow.array(poses)), tmp_path / DATA)
    refused(r"label.gripper_pose of .* is float64 of shape .*; allowed: finite numbers of shape")
    (tmp_path / DATA).unlink()
    refused(r"has no data/\*/\*.parquet")
