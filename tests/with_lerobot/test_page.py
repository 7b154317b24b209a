"""docs/LEROBOT.md is what works: its commands run one after the other, with smaller numbers, and its table names every key."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from real_lerobot import ROOT, Lerobot, Work

from para_bench import records
from para_bench.datasets import features as f

PAGE = (ROOT / "docs/LEROBOT.md").read_text()
SMALLER = {
    "--steps=20000": "--steps=2",
    "--steps=2000": "--steps=2",
    "--batch_size=16": "--batch_size=2",
    "--eval.n_episodes=100": "--eval.n_episodes=1",
}
ALSO = {
    "lerobot-train": ["--policy.device=cpu", "--num_workers=0", "--env_eval_freq=0", "--dataset.video_backend=pyav"],
    "lerobot-eval": ["--policy.device=cpu"],
    "run": ["--profile", "smoke", "--episodes", "1", "--no-videos", "--workers", "1"],
}
"""What a machine without a GPU and without a hub needs; --policy.pretrained_backbone_weights: there are none to download."""


def commands() -> list[list[str]]:
    return [shlex.split(line) for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def smaller(words: list[str]) -> list[str]:
    found = [SMALLER.get(word, word) for word in words]
    if "--n" in found:
        found[found.index("--n") + 1] = "2"
    name = found[1] if found[0] == "para-bench" else found[0]
    found += ALSO.get(name, [])
    return found + (["--policy.pretrained_backbone_weights=null"] if "--policy.type=act" in found else [])


def test_the_page_names_every_key_and_every_program() -> None:
    for name in (f.IMAGE, f.STATE, f.ACTION, f.INTRINSICS, f.POSE, f.PIXEL, "label.waypoint", f.ABOUT):
        assert f"`{name}" in PAGE, name
    assert [words[1] if words[0] == "para-bench" else words[0] for words in commands()] == [
        *("demos", "export-lerobot", "lerobot-train", "lerobot-eval", "run", "table", "lerobot-train"),
    ]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_commands_of_the_page_run(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    """`work` comes first, so that what fails there is told there."""
    for words in map(smaller, commands()):
        if words[0] == "para-bench":
            said = lerobot.ours(*words[1:], folder=tmp_path).stdout
        else:
            said = lerobot(*words, folder=tmp_path).stdout
        if words[1] == "table":
            assert "act_of_lerobot" in said
    assert (tmp_path / "evaluated/eval_info.json").exists()
    assert (tmp_path / "trained_para/checkpoints/last/pretrained_model/config.json").exists()
    found = [record for record in records.read(tmp_path / "runs/novel_view") if record.head == "act_of_lerobot"]
    assert found
    assert not [record.reason for record in found if record.reason.startswith(("crash", "bad"))]
