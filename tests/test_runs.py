"""Runs on a used folder: what is asked for is shown, what is there is found again, and only what has changed is made again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import save_file

import para_bench
from para_bench.backbones import backbone_row
from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.profiles import PROFILES
from para_bench.records import EpisodeRecord, current, read
from para_bench.replays.name import find_record, name_of
from para_bench.replays.replay import replay, replay_job
from para_bench.rollouts.config import RunConfig
from para_bench.runs import run
from para_bench.types import ParaBenchError

SMOKE = replace(PROFILES["smoke"], demos=1, steps=2, batch=2)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "runs"
    return RunConfig("id", ("para",), SMOKE, image_size=64, workers=1, out=out, videos=False, references=("oracle",))


def with_steps(config: RunConfig, steps: int) -> RunConfig:
    return replace(config, profile=replace(config.profile, steps=steps))


def shown(config: RunConfig) -> list[EpisodeRecord]:
    """What current.json says that the folder is about."""
    folder = config.out / config.split
    states = current.read(folder)
    return [r for r in read(folder) if states[current.place_of(r)] == current.state_of(r)]


Change = Callable[[RunConfig], RunConfig]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("change", "words", "trainings"),
    [
        (lambda c: replace(c, decode="argmax"), "head_config.decode subcell -> argmax", 1),
        (lambda c: with_steps(c, 4), "weights ", 2),
    ],
    ids=["decode", "steps"],
)
def test_one_then_another_then_the_first_again(
    change: Change, words: str, trainings: int, config: RunConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    other, path = change(config), config.out / "id/episodes.jsonl"
    first, second = run(config)[0], run(other)[0]
    said = capsys.readouterr().out
    assert f"id: {SMOKE.episodes} episodes on record are of another state and are run again: {words}" in said
    assert shown(config) == sorted(second, key=lambda r: r.head == "para")
    lines = path.read_bytes()
    again = run(config)[0]
    assert "episodes of an earlier run are the current ones again" in capsys.readouterr().out
    assert (again, path.read_bytes()) == (first, lines)
    assert {r.policy_hash for r in shown(config)} == {r.policy_hash for r in first}
    assert len(list((config.out / "checkpoints").iterdir())) == trainings
    assert {r.policy_hash for r in first if r.head == "oracle"} == {r.policy_hash for r in second if r.head == "oracle"}
    assert {r.policy_hash for r in first if r.head == "para"}.isdisjoint(r.policy_hash for r in second)
    assert all((r.task, r.robot, r.replan_steps) == ("place", "so101", 12) for r in first)
    records = read(path)
    for record in (r for r in (*first, *second) if r.head == "para"):
        found = find_record(records, name_of(record), current.read(path.parent))
        assert found.policy_hash == first[0].policy_hash
        assert replay(record, replay_job(record, config.out)).difference == ""  # each with its own decoding


@pytest.mark.integration
def test_a_run_cut_off_while_it_trains_does_not_show_the_policy_before(config: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    run(config)
    other = with_steps(config, 4)
    with monkeypatch.context() as patch:
        patch.setattr("para_bench.training.checkpoint.train", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(other)
    assert {r.head for r in shown(config)} == {"oracle"}


@pytest.mark.integration
def test_a_run_with_weights_of_its_own_is_replayed_and_drawn(config: RunConfig, tmp_path: Path) -> None:
    from para_bench.commands.parts.results import results
    from para_bench.replays import strip
    from para_bench.report.checkpoints import costs

    weights = tmp_path / "weights.safetensors"
    backbone = create_backbone(config.backbone, 64, frozen=False)
    state = backbone.complete_state(backbone_row(config.backbone))
    save_file({name: (value * 0.9 if value.is_floating_point() else value).contiguous() for name, value in state.items()}, weights)
    record = run(replace(config, backbone_weights=weights))[0][0]
    run(replace(config, heads=("oracle",)))  # config.json now speaks of another run
    assert replay(record, replay_job(record, config.out)).difference == ""
    found = results((config.out,), heads=("para",))
    assert len(list(strip.draw(found, costs([config.out])))) == 1
    weights.unlink()
    for ask in (lambda: replay_job(record, config.out), lambda: strip.draw(found, costs([config.out]))):
        with pytest.raises(ParaBenchError, match=r"no weight file .*weights\.safetensors, which para"):
            ask()


@pytest.mark.integration
def test_edited_code_is_run_again_where_it_decides_something(tmp_path: Path) -> None:
    """On a copy of the package, as a user would edit it."""
    shutil.copytree(para_bench.__path__[0], tmp_path / "para_bench", ignore=shutil.ignore_patterns("__pycache__"))
    out, head = tmp_path / "runs", tmp_path / "para_bench/heads/para.py"
    words = ["run", "--head", "para", "--split", "id", "--profile", "smoke", "--demos", "1", "--steps", "2", "--image-size", "64"]
    code = [sys.executable, "-c", "from para_bench.cli import main; main()", *words, "--no-videos", "--workers", "1", "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PARA_BENCH_CACHE": str(tmp_path / "cache")}

    def again() -> tuple[str, int, int]:
        done = subprocess.run(code, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=250, check=False)
        assert done.returncode == 0, done.stderr
        count = len((out / "id/episodes.jsonl").read_bytes().splitlines())
        return done.stdout + done.stderr, count, len(list((out / "checkpoints").iterdir()))

    _, episodes, trainings = again()
    head.write_text(head.read_text().replace('"""', '"""Reworded. ', 1) + "\n# a comment\n")
    (tmp_path / "para_bench/envs/stack.py").write_text("UNUSED = True\n")
    said, *same = again()
    assert (same, "trained again" in said or "run again" in said) == ([episodes, trainings], False)
    before = head.read_text()
    head.write_text(before.replace("values = found |", "edited = values = found |"))
    assert head.read_text() != before
    said, *more = again()
    assert more == [episodes + 2, trainings + 1]  # of para alone, whose weights came out the same
    assert "2 episodes on record are of another state and are run again: heads/para.py changed" in said
    hashes = {json.loads(line)["checkpoint_hash"] for line in (out / "id/episodes.jsonl").read_text().splitlines()} - {""}
    assert len(hashes) == 1
