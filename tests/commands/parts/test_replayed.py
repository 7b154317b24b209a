"""What a replay found is said with the likely reason, and a film is kept only of what went as recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.commands.parts import replayed
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.records import EpisodeRecord, Outcome
from para_bench.replays.replay import Replay
from para_bench.report.site.videos import video_name
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash


def again(record: EpisodeRecord, **changes) -> Replay:
    """A replay that went as recorded but for the changes."""
    outcome = Outcome(**{name: getattr(record, name) for name in Outcome.__dataclass_fields__})
    return Replay(record, record.scene_hash, replace(outcome, **changes), DEFAULT_CAMERA, None, [])


def test_the_same_is_said_with_its_outcome(record, capsys: pytest.CaptureFixture[str]) -> None:
    replayed.say(again(record(split="stack.id", task="stack")))
    assert capsys.readouterr().out == "stack.id/id/0/0/para/0: SAME (success after 24 steps)\n"


def test_what_the_policy_raised_is_said(record, capsys: pytest.CaptureFixture[str]) -> None:
    replayed.say(replace(again(record(split="id")), raised="ValueError: too wide (mine.py:12)"))
    assert capsys.readouterr().out.splitlines()[1] == "  the policy raised ValueError: too wide (mine.py:12)"


def test_other_code_is_told_from_another_machine(record, capsys: pytest.CaptureFixture[str]) -> None:
    replayed.say(again(record(split="id", config_hash="0" * 16), steps=9))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "id/id/0/0/para/0: DIFFERENT: steps is 9, recorded 24"
    assert lines[1].startswith("  the record was made by other code or settings (0000000000000000, now ")
    now = config_hash(RunConfig("stack.id", (), PROFILES["smoke"], 1, replan_steps=3), find_split("stack.id", version=1))
    replayed.say(again(record(split="stack.id", config_hash=now, replan_steps=3), steps=9))
    assert "same code and settings: another renderer or machine may differ" in capsys.readouterr().out


def test_an_episode_that_was_asked_for_otherwise_is_not_judged(record, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = replace(again(record(split="id", replan_steps=3), steps=9), replan_steps=12)
    for found in (one, replace(one, outcome=again(one.record).outcome)):  # also where the outcome happens to be the recorded one
        replayed.say(found)
        replayed.keep_film(found, tmp_path, 200)
        said = capsys.readouterr().out
        name = "id/id/0/0/para/0: looks after 12 waypoints, recorded 3: another episode, not compared"
        assert said.startswith(f"{name} (success after {found.outcome.steps} steps)\nno video")
        assert "DIFFERENT" not in said
    replayed.say(replace(one, replan_steps=3))
    replayed.say(replace(again(record(split="id")), replan_steps=12))  # an older record, which does not say it
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")] == ["DIFFERENT:", "SAME"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [True, False])
def test_a_film_is_kept_beside_the_records_where_it_shows_what_they_say(
    below: bool, record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = []
    monkeypatch.setattr(replayed, "film", lambda replays: replays)
    monkeypatch.setattr(replayed, "write_film", lambda *words: written.append(words))
    one = record(split="stack.id")
    folder = tmp_path / "stack.id" if below else tmp_path
    folder.mkdir(exist_ok=True)
    replayed.keep_film(again(one, steps=9), tmp_path, 200)
    assert (written, capsys.readouterr().out) == ([], "")
    same = again(one)
    replayed.keep_film(same, tmp_path, 200)
    path = folder / "videos" / video_name(one)
    assert written == [(path, [same], 200)]
    assert capsys.readouterr().out == f"video: {path}\n"
