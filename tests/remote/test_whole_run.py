"""A whole run of a policy behind openpi's real server: one that dies loses no episode, and is nobody's failure."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from policy_answers import OPENPI_SERVER

from para_bench import records
from para_bench.benchmarks.profiles import PROFILES
from para_bench.remote import policy as module
from para_bench.remote.outside import outsides
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.loading import outside_policy
from para_bench.rollouts.meeting import meet
from para_bench.runs import run
from para_bench.types import ParaBenchError, to_dict

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    yield
    for cached in (meet, outside_policy):
        cached.cache_clear()


def config(port: int, out: Path, episodes: int, version: list[str], workers: int = 1, **changes: Any) -> RunConfig:
    meet.cache_clear()  # as a new process
    outside_policy.cache_clear()
    policies = outsides([f"openpi+ws://127.0.0.1:{port}"], ["stay"], [], version)
    profile = replace(PROFILES["smoke"], episodes=episodes)
    base = RunConfig("id", (), profile, image_size=64, workers=workers, out=out, videos=False, references=(), policies=policies)
    return replace(base, **changes)


def recorded(out: Path) -> list[dict[str, Any]]:
    """All lines, without the wall time."""
    return [{**to_dict(record), "seconds": 0} for record in records.read(out / "id", only_current=False)]


def test_a_server_that_dies_loses_no_episode_and_the_same_command_goes_on(
    real_server: Callable, free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.5)
    process = real_server("openpi", OPENPI_SERVER, free_port, 2 + 4 + 2)  # two looks to be met, four of a whole episode
    with pytest.raises(ParaBenchError, match=r"^policy server openpi\+ws://127.0.0.1:\d+ cannot be reached .*; its finished"):
        run(config(free_port, tmp_path, 3, ["v1"]))
    assert process.wait(10) == 9
    first = recorded(tmp_path)
    assert [(record["scene_index"], record["steps"]) for record in first] == [(0, 48)]
    real_server("openpi", OPENPI_SERVER, free_port, 0)
    done, _ = run(config(free_port, tmp_path, 3, ["v1"]))
    assert len(done) == 3
    after = recorded(tmp_path)
    assert after[:1] == first
    assert [record["scene_index"] for record in after] == [0, 1, 2]
    assert {record["reason"] for record in after} == {"never_closed"}
    told = json.loads((tmp_path / "id/state.json").read_text())["policies"]
    assert [policy["version"] for policy in told.values()] == ["v1"]
    run(config(free_port, tmp_path, 3, []))  # no version: nobody knows whose they were
    assert len(recorded(tmp_path)) == 6


def test_a_server_that_is_started_again_in_mid_run_loses_nothing(real_server: Callable, free_port: int, tmp_path: Path) -> None:
    def again(process: Any) -> None:
        process.wait(120)
        real_server("openpi", OPENPI_SERVER, free_port, 0)

    watcher = threading.Thread(target=again, args=(real_server("openpi", OPENPI_SERVER, free_port, 22),), daemon=True)
    watcher.start()
    done, _ = run(config(free_port, tmp_path / "dying", 10, ["v1"], workers=2))
    watcher.join(120)
    assert not watcher.is_alive()
    whole, _ = run(config(free_port, tmp_path / "whole", 10, ["v1"], workers=1))
    assert [replace(one, seconds=0) for one in done] == [replace(one, seconds=0) for one in whole]
    assert len(recorded(tmp_path / "dying")) == 10
