"""What a folder says of its last run, and in which words a change is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.records.current import Place, State, mark
from para_bench.rollouts.history import FILE_NAME, History, Now

PLACE = Place("para", 0, "id", "0")
KEY = (*PLACE, 3)


def now(steps: int = 3, decode: str = "subcell", code: str = "a") -> Now:
    state = {"weights": f"w{steps}", "head_config": {"decode": decode}, "sources": {"heads/para.py": code}}
    policy = f"{steps}{decode}{code}"
    return Now({"replan_steps": 12, "sources": {"tasks/place.py": "x"}}, {policy: state}, {PLACE: State(f"w{steps}", policy, "c")})


def write(folder: Path, this: Now, weights: Path | None = None) -> None:
    History(folder).write(this, weights)
    mark(folder, this.states)


def test_changes_are_told_in_words(tmp_path: Path) -> None:
    write(tmp_path, now())
    assert list(History(tmp_path).changes("id", now(), [KEY], 0)) == []
    (line,) = History(tmp_path).changes("id", now(decode="argmax", code="b"), [], 2)
    assert line.endswith("run again: head_config.decode subcell -> argmax, heads/para.py changed")
    write(tmp_path, now(decode="argmax"))
    (line,) = History(tmp_path).changes("id", now(), [KEY], 0)
    assert line == "id: 1 episodes of an earlier run are the current ones again: head_config.decode argmax -> subcell"


def test_every_policy_that_was_rolled_out_stays_known_with_its_weights_file(tmp_path: Path) -> None:
    write(tmp_path, now(), tmp_path / "w.safetensors")
    write(tmp_path, now(decode="argmax"))
    history = History(tmp_path)
    assert history.policy("3subcella")["backbone_weights"] == str((tmp_path / "w.safetensors").resolve())
    assert history.policy("3argmaxa")["backbone_weights"] is None
    assert history.policy("nobody") == {}


@pytest.mark.parametrize("text", ["", "junk", "[]", '{"policies": []}', '{"policies": {"3subcella": 1}}', "\x00"])
def test_a_damaged_file_only_costs_the_words(text: str, tmp_path: Path) -> None:
    write(tmp_path, now())
    (tmp_path / FILE_NAME).write_text(text)
    (line,) = History(tmp_path).changes("id", now(decode="argmax"), [], 1)
    assert "run again: " in line
    assert History(tmp_path).policy("3subcella") == {}
