"""Teleoperation without a window: keys in, demonstrations out, of every task; nothing that has succeeded is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from key_presses import Person

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.versions import CURRENT, find_version
from para_bench.data.store import load
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.keys import END, HOME, PAGE_DOWN
from para_bench.demonstrations.recorded import RecordedFolder
from para_bench.demonstrations.teleop import record
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import Scene

FRAME_S = 0.06


def scenes_of(task: str = "place", count: int = 3) -> list[Scene]:
    training = DEFAULT_TRAINING.on(task, "so101").of(find_version(CURRENT))
    return [training_scene(training, index, 0, count) for index in range(count)]


def recorded(folder: Path, person: Person, scenes: list[Scene], count: int, task: str = "place") -> tuple[RecordedFolder, list[str]]:
    found, said = RecordedFolder(folder, task, "so101", str(CURRENT)), list[str]()
    record(scenes, count, found, person, FRAME_S, said.append)
    return found, said


@pytest.mark.integration
@pytest.mark.parametrize("task", ["place", "stack", "insert", "wipe"])
def test_keys_towards_the_expert_s_waypoints_are_a_demonstration(task: str, tmp_path: Path) -> None:
    scenes = scenes_of(task, 1)
    person = Person()
    found, said = recorded(tmp_path / "out", person, scenes, 1, task)
    assert said == [f"demonstration 1 of 1: success, {len(found.found[0].frames) * FRAME_S:.1f} s, saved"]
    read = load(tmp_path / "out", scene_from_dict)
    assert read.hash == found.found[0].hash
    assert read.scenes == tuple(scenes)
    assert read.stride == collect(scenes, frame_s=FRAME_S).stride == 4
    assert len(person.shown) > 3 * (len(read.frames) - 1)  # every knot is shown, one frame is stored in three


@pytest.mark.integration
def test_the_stored_actions_replayed_by_the_executor_succeed(tmp_path: Path) -> None:
    """What a policy would have to say: every fourth frame's action, one after the other."""
    found, _ = recorded(tmp_path, Person(), scenes_of(count=1), 1)
    one, env = found.found[0].at_waypoints(), TaskEnv(render_mode=None)
    env.start(one.scenes[0])
    for action in one.frames.actions:
        assert env.advance(action) == ""
    for _ in range(3):  # settles
        env.advance(one.frames.actions[-1])
    assert env.progress.success_once


@pytest.mark.integration
def test_frames_are_of_the_instant_whose_state_they_store(tmp_path: Path) -> None:
    found, _ = recorded(tmp_path, Person(), scenes_of(count=1), 1)
    one, env = found.found[0], TaskEnv(render_mode=None)
    env.start(one.scenes[0])
    for index in (0, len(one.frames) // 2, len(one.frames) - 1):
        env.simulation.set_qpos(one.frames.qpos[index])
        np.testing.assert_allclose(env.simulation.gripper_pose, one.frames.gripper_pose[index])
    assert list(one.frames.timestep) == list(range(len(one.frames)))


@pytest.mark.integration
def test_a_second_start_continues_with_the_next_scene(tmp_path: Path) -> None:
    scenes = scenes_of(count=2)
    recorded(tmp_path, Person(), scenes, 1)
    found, said = recorded(tmp_path, person := Person(azimuth_deg=90.0), scenes, 2)  # seen from another side, keys move as seen
    assert person.opened == [scenes[1].hash]
    assert said[0].startswith("demonstration 2 of 2: success")
    assert load(tmp_path, scene_from_dict).scenes == tuple(scenes)
    assert [len(one.scenes) for one in found.found] == [1, 1]


@pytest.mark.integration
def test_what_was_finished_before_an_interruption_is_on_disk(tmp_path: Path) -> None:
    class Interrupted(Person):
        def pressed(self) -> list[int] | None:
            if len(self.opened) == 2:
                raise KeyboardInterrupt
            return super().pressed()

    with pytest.raises(KeyboardInterrupt):
        recorded(tmp_path, Interrupted(), scenes := scenes_of(count=2), 2)
    assert load(tmp_path, scene_from_dict).scenes == (scenes[0],)


def test_quitting_in_mid_scene_saves_nothing_of_it(tmp_path: Path) -> None:
    found, said = recorded(tmp_path, Person(gives_up=True), scenes_of(count=2), 2)
    assert said == ["demonstration 1 of 2: stopped, not saved"]
    assert not found.found
    assert not (tmp_path / "meta.json").exists()


def test_a_closed_window_stops(tmp_path: Path) -> None:
    class Closed(Person):
        def pressed(self) -> list[int] | None:
            return None

    assert recorded(tmp_path, Closed(), scenes_of(count=2), 2)[1] == ["demonstration 1 of 2: stopped, not saved"]


@pytest.mark.integration
def test_home_starts_again_and_end_goes_on(tmp_path: Path) -> None:
    scenes = scenes_of(count=2)
    found, said = recorded(tmp_path, person := Person(first=[PAGE_DOWN, HOME, END]), scenes, 1)
    assert person.opened == [scenes[0].hash, scenes[0].hash, scenes[1].hash]
    assert said[0] == "demonstration 1 of 1: next scene, not saved"
    assert said[1].startswith("demonstration 1 of 1: success")
    assert [scene.hash for scene in found.found[0].scenes] == [scenes[1].hash]
