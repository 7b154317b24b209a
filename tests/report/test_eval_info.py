"""eval_info.json has lerobot's shape, one file a policy, and says what the records say. Read by verdikt-eval: tests/with_lerobot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.records import EpisodeRecord
from para_bench.report.eval_info import eval_info, write_eval_infos

AGGREGATED = {"avg_sum_reward", "avg_max_reward", "pc_success", "n_episodes", "video_paths", "predicted_video_paths"}


@pytest.fixture
def records(record: Callable[..., EpisodeRecord]) -> list[EpisodeRecord]:
    return [
        record(head=head, condition=condition, scene=scene, success=scene != 1 and head == "para")
        for head in ("para", "my_module:MyHead")
        for condition in (("id", "0"), ("view_angle", "15"))
        for scene in (3, 1, 0, 2)
    ]


def test_a_group_is_a_condition_in_the_order_of_its_scenes(records: list[EpisodeRecord]) -> None:
    found = eval_info(record for record in records if record.head == "para")
    assert list(found) == ["per_task", "per_group", "overall"]
    assert [task["task_group"] for task in found["per_task"]] == ["id/0", "view_angle/15"] == list(found["per_group"])
    for task in found["per_task"]:
        assert task["task_id"] == 0
        assert task["metrics"]["successes"] == [True, False, True, True]
        assert task["metrics"]["sum_rewards"] == task["metrics"]["max_rewards"] == [1.0, 0.0, 1.0, 1.0]
    assert set(found["per_group"]["id/0"]) == AGGREGATED
    assert set(found["overall"]) == AGGREGATED | {"eval_s", "eval_ep_s"}
    assert (found["overall"]["pc_success"], found["overall"]["n_episodes"]) == (75.0, 8)


def test_each_policy_has_a_file_in_a_folder_of_its_name(records: list[EpisodeRecord], tmp_path: Path) -> None:
    written = write_eval_infos(tmp_path, records)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "eval_info/para-0/eval_info.json",
        "eval_info/my_module-MyHead-0/eval_info.json",
    ]
    assert json.loads(written[1].read_text())["overall"]["pc_success"] == 0.0
