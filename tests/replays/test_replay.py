"""A recorded episode is run again to the same outcome, whoever looks on; anything else is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest
import torch

from para_bench import records
from para_bench.backbones.create import create_backbone
from para_bench.commands.replay import parse_camera
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.geometry import project
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.records import EpisodeRecord
from para_bench.replays.film import film, write_film
from para_bench.replays.name import find_record, name_of, parse_name
from para_bench.replays.onlooker import Onlooker, viewpoint
from para_bench.replays.replay import Replay, replay, replay_job
from para_bench.replays.rerun import write_rerun
from para_bench.report.checkpoints import weights_hash
from para_bench.rollouts.jobs import Job, run_job
from para_bench.training.saved import HeadSpec, save_head
from para_bench.types import ParaBenchError, Scene, to_dict

CONDITIONS = (("id", "0"), ("view_angle", "25"))


def recorded(job: Job, digest: str) -> list[EpisodeRecord]:
    """Roll out a job and write down what came of it, as `para-bench run` does."""
    return [
        EpisodeRecord(
            suite_version="1",
            split=job.split,
            condition=result.condition[0],
            level=result.condition[1],
            scene_index=job.scene_index,
            scene_hash=result.scene_hash,
            head=job.head,
            backbone=job.backbone,
            train_seed=job.train_seed,
            demos=1 if digest else 0,
            checkpoint_hash=digest,
            config_hash="c",
            **to_dict(result.outcome),
        )
        for result in run_job(job)
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Episodes of the expert and of a `para` head with fresh weights, which looks, predicts and fails."""
    out = tmp_path_factory.mktemp("runs")
    backbone = create_backbone("efficientnet_lite0", 64)
    with torch.random.fork_rng():
        torch.manual_seed(0)  # any weights do, but the same in every run
        head = create_head("para", backbone.spec, HeadConfig())
    folder = out / "checkpoints" / "para-fresh"
    save_head(folder, HeadSpec("para", HeadConfig(), backbone.spec), head, {})
    digest = weights_hash(folder)
    for name, checkpoint, told in (("para", folder, digest), ("oracle", None, "")):
        job = Job("novel_view", 1, name, 0, checkpoint, "efficientnet_lite0" if checkpoint else "", 64, 3, CONDITIONS)
        for record in recorded(job, told):
            records.append(out / "novel_view" / records.FILE_NAME, record)
    return out


@pytest.fixture(scope="module")
def known(results: Path) -> list[EpisodeRecord]:
    return records.read(results)


@pytest.fixture(scope="module")
def again(results: Path, known: list[EpisodeRecord]) -> Replay:
    record = find_record(known, parse_name("novel_view/view_angle/25/3/para/0"))
    return replay(record, replay_job(record, results), parse_camera("novel"))


def test_names_lead_to_records_and_errors_name_some(known: list[EpisodeRecord]) -> None:
    for record in known:
        assert find_record(known, parse_name(str(name_of(record)))) == record
    with pytest.raises(ParaBenchError, match="allowed: novel_view/view_angle/25/3/para/0"):
        find_record(known, parse_name("novel_view/view_angle/25/4/para/0"))
    for text in ("para", "novel_view/id/0/three/para/0", "novel_view/id/0/3/para"):
        with pytest.raises(ParaBenchError, match="SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED"):
            parse_name(text)


def test_every_record_is_repeated(results: Path, known: list[EpisodeRecord]) -> None:
    for record in known:
        assert replay(record, replay_job(record, results)).difference == ""


def test_a_second_camera_changes_no_outcome_and_shows_something_else(again: Replay) -> None:
    assert again.difference == ""
    moment = again.moments[0]
    assert moment.other is not None
    assert np.abs(moment.other.astype(int) - moment.image).mean() > 10


@pytest.mark.parametrize(
    ("field", "value"), [("scene_hash", "0"), ("steps", 1), ("success_at_end", True), ("reason", "x"), ("extra", {"path_m": -1.0})]
)
def test_the_first_field_that_differs_is_named(again: Replay, field: str, value: object) -> None:
    difference = replace(again, record=replace(again.record, **{field: value})).difference
    assert difference.startswith("extra.path_m is" if field == "extra" else f"{field} is")
    assert difference.endswith(f"recorded {-1.0 if field == 'extra' else value}")


def test_wall_time_and_new_diagnostics_are_no_difference(again: Replay) -> None:
    assert replace(again, record=replace(again.record, seconds=1e6, extra={})).difference == ""


def test_a_checkpoint_that_is_gone_is_named(results: Path, known: list[EpisodeRecord], tmp_path: Path) -> None:
    record = next(r for r in known if r.head == "para")
    with pytest.raises(ParaBenchError, match=f"checkpoint {record.checkpoint_hash} is not in"):
        replay_job(record, tmp_path)
    with pytest.raises(ParaBenchError, match=f"allowed: {record.checkpoint_hash}"):
        replay_job(replace(record, checkpoint_hash="0" * 16), results)


def test_films_have_a_frame_a_waypoint_side_by_side(results: Path, known: list[EpisodeRecord], again: Replay, tmp_path: Path) -> None:
    oracle = find_record(known, parse_name("novel_view/view_angle/25/3/oracle/0"))
    both = film([again, replay(oracle, replay_job(oracle, results))])
    assert len(both) == 4 + 1 + max(again.outcome.steps, oracle.steps)  # the end, and it stays for a second
    assert both[0].shape == (448, 2 * 448 + 6, 3)  # the larger of the two
    for name in ("both.mp4", "both.gif"):
        write_film(tmp_path / name, both, 200)
        frames = imageio.mimread(tmp_path / name, memtest=False)
        assert frames[0].shape[1] == 200
        assert len(frames) >= len(both) - 4  # a GIF joins equal frames
    with pytest.raises(ParaBenchError, match=r"ends in \.mp4 or \.gif"):
        write_film(tmp_path / "both.avi", both)


def test_rerun_recording_is_written_or_the_extra_is_named(again: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rerun", None)  # as if it were not installed
    with pytest.raises(ParaBenchError, match=r"para-bench\[rerun\]"):
        write_rerun(tmp_path / "x.rrd", [again])
    monkeypatch.undo()
    pytest.importorskip("rerun", reason="needs the rerun extra")
    write_rerun(tmp_path / "x.rrd", [again])
    content = (tmp_path / "x.rrd").read_bytes()
    assert content[:4] == b"RRF2"
    assert len(content) > again.outcome.steps * again.moments[0].image.nbytes


@pytest.fixture
def running(scene: Scene) -> Iterator[TaskEnv]:
    env = TaskEnv(image_size=128)
    env.start(scene)
    yield env
    env.close()


def test_the_view_from_a_camera_agrees_with_its_projection(running: TaskEnv, scene: Scene) -> None:
    for waypoint in expert_waypoints(scene)[:14]:  # the object has been lifted by then
        assert running.advance(waypoint) == ""
    before, position = running.render(), running.simulation.object_pose[:3]
    assert position[2] > 2 * scene.layout.object.half_size[2]
    camera = viewpoint(40, 60, scene.camera).resized(128)
    (u, v), depth = project(position, camera)
    assert depth > 0
    onlooker = Onlooker(scene, camera)
    picture = onlooker.see(running)
    onlooker.close()
    np.testing.assert_array_equal(running.render(), before)
    near = picture[int(v) - 6 : int(v) + 7, int(u) - 6 : int(u) + 7] / 255  # the jaw may hide its middle
    hue = near / np.maximum(near.sum(-1, keepdims=True), 1e-6) - np.asarray(scene.layout.object.rgb) / sum(scene.layout.object.rgb)
    assert np.abs(hue).max(-1).min() < 0.15  # the object's colour under the room's light
