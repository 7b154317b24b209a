"""Which rollouts a run films."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.replays.filmed import make_videos
from para_bench.rollouts.config import RunConfig


@pytest.mark.parametrize(("films", "count"), [(None, 22), (2, 2), (0, 0)])
def test_the_profile_says_how_many_conditions_are_filmed(
    films: int | None, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed: list[tuple[str, str]] = []
    monkeypatch.setattr("para_bench.replays.filmed.job_of", lambda *given: given[-1][0].key)
    monkeypatch.setattr("para_bench.replays.filmed.config_hash", lambda *_: "0" * 16)
    monkeypatch.setattr("para_bench.rollouts.workers.run_jobs", lambda jobs, *_: filmed.extend(each.job for each in jobs) or jobs)
    checkpoint = SimpleNamespace(hash="1" * 16, policy=SimpleNamespace(hash="2" * 16))
    entry = SimpleNamespace(seed=0, head="para", checkpoint=lambda *_: checkpoint)
    config = RunConfig("novel_view", ("para",), replace(PROFILES["smoke"], films=films), out=tmp_path)
    make_videos(config, find_split("novel_view"), [entry], tmp_path)  # type: ignore[list-item] - what it reads of an entry
    assert len(filmed) == count
    assert not filmed or filmed[0] == ("id", "0")


def test_a_smoke_run_films_little_and_the_others_all() -> None:
    assert {name: profile.films for name, profile in PROFILES.items()} == {"smoke": 2, "default": None, "paper": None}
