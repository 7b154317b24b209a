"""`para-bench merge`: shards of a run, run one by one, are the same results as one machine's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from para_bench.commands.merge import Merge
from para_bench.commands.run import Run
from para_bench.options import MachineOptions, SizeOptions, TrainingOptions
from para_bench.types import ParaBenchError


def without_seconds(path: Path) -> bytes:
    return re.sub(rb'"seconds":[^,]+,', b"", path.read_bytes())


@pytest.mark.integration
def test_merged_shards_are_one_machine_s_records(
    tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tiny.out.parent / "cache"))
    size, training = SizeOptions(demos=1, episodes=1, steps=2, batch=2, copies=0), TrainingOptions(image_size=64)

    def run(out: str, shard: str | None = None) -> None:
        machine = MachineOptions(workers=1, out=tmp_path / out, device="cpu")
        heads = ("para", "global_token")
        how = {"size": size, "training": training, "machine": machine, "videos": False, "shard": shard}
        Run(heads, "new_environment", task="stack", profile="smoke", **how)()

    for index in (2, 1):  # in any order
        run(f"shard{index}", f"{index}/2")
    parts = [without_seconds(tmp_path / f"shard{index}" / tiny.folder.name / "episodes.jsonl") for index in (1, 2)]
    assert all(parts)
    Merge((tmp_path / "shard1", tmp_path / "shard2"), tmp_path / "merged")()
    said = capsys.readouterr().out
    assert "shard 2/2 of stack.new_environment: " in said
    assert "stack.new_environment: 12 episodes\n" in said  # six policies, two conditions
    merged = tmp_path / "merged" / tiny.folder.name
    whole = without_seconds(tiny.folder / "episodes.jsonl")
    assert without_seconds(merged / "episodes.jsonl") == whole
    assert len(whole) == sum(map(len, parts))
    before = (merged / "episodes.jsonl").read_bytes()
    run("merged")  # finds everything
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if "%" in line] == [line for line in tiny.said.splitlines() if "%" in line] != []
    assert (merged / "episodes.jsonl").read_bytes() == before


@pytest.mark.parametrize("shard", ["0/2", "2", "3/2"])
def test_a_shard_that_there_is_not_is_told_first(shard: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=f"--shard is '{shard}'; allowed: i/n"):
        Run(machine=MachineOptions(out=tmp_path / "runs", device="cpu"), shard=shard)()
    assert not (tmp_path / "runs").exists()
