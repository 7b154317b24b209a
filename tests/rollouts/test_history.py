"""state.json: what changed since the last run is told in words, and whatever lies there instead is no reason to fail."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from para_bench.records import current
from para_bench.records.current import Place, State
from para_bench.rollouts import history
from para_bench.rollouts.history import FILE_NAME, History, Now
from para_bench.types import ParaBenchError

PLACE = Place("para", 0, "id", "0")
KEEP = [(*PLACE, scene) for scene in range(3)]
NOTHING_TELLS = f"id: 2 episodes on record are of another state and are run again: there is no {FILE_NAME} that tells what changed"


def now(policy: str = "p1", config: str = "c", episodes: dict[str, Any] | None = None, **settings: Any) -> Now:
    said = {"weights": "w", **settings}
    return Now(episodes or {"replan_steps": 12}, {policy: said}, {PLACE: State("w", policy, config)})


def ran(folder: Path, what: Now, weights: Path | None = None) -> None:
    """As `roll_out` writes it down."""
    History(folder).write(what, weights)
    current.mark(folder, what.states)


def said(folder: Path, what: Now, keep: int = 0, stale: int = 0) -> list[str]:
    return list(History(folder).changes("id", what, KEEP[:keep], stale))


def test_what_is_on_record_as_it_is_asked_for_needs_no_word(tmp_path: Path) -> None:
    assert said(tmp_path, now()) == []  # a new folder
    ran(tmp_path, now())
    assert said(tmp_path, now(), keep=3) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (now("p2", decode="argmax"), "decode None -> argmax"),
        (now("p2", weights="v"), "weights w -> v"),
        (now("p2", image_px=64), "image_px 224 -> 64"),  # a reference's state does not say 224
        (now(config="d", episodes={"replan_steps": 4}), "replan_steps 12 -> 4"),
        (now("p2", "d", {"replan_steps": 4}, sources={"heads/para.py": "a"}), "replan_steps 12 -> 4, heads/para.py is used now"),
        (now("p2"), "the policies were trained again"),
    ],
    ids=["setting", "weights", "image size", "episodes", "both", "nothing said"],
)
def test_why_episodes_are_run_again(change: Now, words: str, tmp_path: Path) -> None:
    ran(tmp_path, now())
    assert said(tmp_path, change, stale=2) == [f"id: 2 episodes on record are of another state and are run again: {words}"]


def test_episodes_of_another_installation_stay_and_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "versions", lambda: {"mujoco": "4.0.0", "torch": "2.14.1"})
    ran(tmp_path, now())
    monkeypatch.setattr(history, "versions", lambda: {"mujoco": "4.1.0", "torch": "2.14.1"})
    assert said(tmp_path, now()) == []  # nothing stays
    told = ["id: 3 episodes on record stay, of another installation: mujoco 4.0.0 -> 4.1.0; another --out runs all again"]
    assert said(tmp_path, now(), keep=3) == told
    History(tmp_path).write(now(), None, kept=True)
    assert said(tmp_path, now(), keep=3) == told  # at each run
    History(tmp_path).write(now(), None)
    assert said(tmp_path, now(), keep=3) == []


def test_episodes_of_an_earlier_run_are_the_current_ones_again(tmp_path: Path) -> None:
    for each in (now("p1", decode="subcell"), now("p2", decode="argmax")):
        ran(tmp_path, each)
    line = "id: 2 episodes of an earlier run are the current ones again: decode argmax -> subcell"
    assert said(tmp_path, now("p1", decode="subcell"), keep=2) == [line]
    assert said(tmp_path, now("p2", decode="argmax"), keep=2) == []


def test_every_policy_is_kept_with_the_weights_that_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran(tmp_path, now("p1", decode="subcell"), Path("mine.safetensors"))
    (line,) = said(tmp_path, now("p2", decode="argmax"), stale=2)
    assert line.endswith(" again: decode subcell -> argmax")  # where the file lies decides nothing
    ran(tmp_path, now("p2", decode="argmax"))
    history = History(tmp_path)
    assert history.policy("p1") == {"weights": "w", "decode": "subcell", "backbone_weights": str(tmp_path.resolve() / "mine.safetensors")}
    assert history.policy("p2")["backbone_weights"] is None
    assert history.policy("p3") == {}
    assert json.loads((tmp_path / FILE_NAME).read_text())["replan_steps"] == 12
    ran(tmp_path, now("p2", decode="argmax"), Path("mine.safetensors"))
    assert said(tmp_path, now("p2", decode="argmax"), keep=3) == []


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half": lambda path: path.write_text('{"replan_steps": 12'),
    "empty": lambda path: path.write_text(""),
    "zero": lambda path: path.write_text("\x00"),
    "list": lambda path: path.write_text("[]"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe"),
    "deep": lambda path: path.write_text("[" * 100_000),
    "nothing": lambda path: None,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_history_that_cannot_be_read_is_said_in_one_line(name: str, tmp_path: Path) -> None:
    ran(tmp_path, now())
    (tmp_path / FILE_NAME).unlink()
    DAMAGES[name](tmp_path / FILE_NAME)
    assert said(tmp_path, now("p2"), stale=2) == [NOTHING_TELLS]
    assert History(tmp_path).policy("p1") == {}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_refused_and_not_waited_for(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / FILE_NAME)
    with pytest.raises(ParaBenchError, match=r"state\.json is a .*; allowed: a regular file$"):
        History(tmp_path)


@pytest.mark.parametrize("policies", [3, [], {"p1": 3}, {"p1": []}])
def test_policies_that_are_none_tell_nothing(policies: object, tmp_path: Path) -> None:
    ran(tmp_path, now())
    (tmp_path / FILE_NAME).write_text(json.dumps({"replan_steps": 12, "policies": policies}))
    assert History(tmp_path).policy("p1") == {}
    assert said(tmp_path, now("p2", weights="v"), stale=2)[0].endswith("run again: the policies were trained again")


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 1}', "[" * 100_000], ids=["half", "list", "part", "deep"])
def test_a_damaged_current_json_is_an_error_of_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / current.FILE_NAME).write_text(text)
    with pytest.raises(ParaBenchError, match=current.FILE_NAME) as told:
        History(tmp_path)
    assert "\n" not in str(told.value)
