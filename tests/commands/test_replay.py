"""`para-bench replay`: same or different, with the exit code, and films of what is shown."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import imageio.v2 as imageio
import pytest

from para_bench import records
from para_bench.commands.replay import CAMERAS, Replay, parse_camera
from para_bench.replays.name import find_record, parse_name
from para_bench.types import ParaBenchError

ORACLE = "stack.new_environment/id/0/0/oracle/0"


def test_cameras_are_named_or_given_in_degrees() -> None:
    assert parse_camera("-20,35.5") == (-20, 35.5)
    assert {name: parse_camera(name) for name in CAMERAS} == CAMERAS
    with pytest.raises(ParaBenchError, match="allowed: AZIMUTH,ELEVATION in degrees, or novel"):
        parse_camera("behind")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"out": Path("film.avi")}, r"--out film\.avi; allowed: a file that ends in \.mp4 or \.gif"),
        ({"camera": "top"}, r"--camera needs --out FILE\.mp4"),
        ({"camera": "0,0", "out": Path("x.gif")}, "elevation 0"),
    ],
)
def test_options_that_do_not_go_together_are_told(options: dict, message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Replay(Path("nowhere"), "x", **options)()


@pytest.mark.integration
def test_what_went_as_recorded_is_the_same_and_filmed(tiny, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    episode = "stack.new_environment/environment/1/0/para/0"
    Replay(tiny.out, episode, head="global_token", beside=("oracle",), camera="top", out=tmp_path / "new" / "x.gif", width=128)()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("stack.new_environment/environment/1/0/global_token/0: SAME (")
    assert lines[1].startswith("stack.new_environment/environment/1/0/oracle/0: SAME (success after")
    assert lines[2] == f"video: {tmp_path / 'new' / 'x.gif'}"
    assert imageio.mimread(tmp_path / "new" / "x.gif", memtest=False)[0].shape[1] == 128
    assert not (tiny.folder / "videos").exists()  # with --out nothing goes beside the results


@pytest.mark.integration
def test_what_went_otherwise_is_different_with_exit_code_1_and_without_a_video(
    tiny, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle = find_record(records.read(tiny.folder), parse_name(ORACLE))
    records.append(tmp_path / "runs" / oracle.split / records.FILE_NAME, replace(oracle, steps=5))
    with pytest.raises(SystemExit) as stop:
        Replay(tmp_path / "runs", ORACLE)()
    assert stop.value.code == 1
    assert f"{ORACLE}: DIFFERENT: steps is {oracle.steps}, recorded 5" in capsys.readouterr().out
    assert not list(tmp_path.rglob("videos"))  # a video must show what the record says
    Replay(tmp_path / "runs", ORACLE, replan_steps=3)()  # another episode: no verdict, and no exit code of one
    assert f"{ORACLE}: looks after 3 waypoints, recorded 12: another episode" in capsys.readouterr().out


@pytest.mark.integration
def test_a_package_that_is_missing_is_told_before_the_episode(tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rerun", None)
    monkeypatch.setattr("para_bench.replays.replay.replay", lambda *_: pytest.fail("it ran"))
    with pytest.raises(ParaBenchError, match="--rerun needs the package rerun-sdk"):
        Replay(tiny.out, ORACLE, rerun=tmp_path / "x.rrd")()
