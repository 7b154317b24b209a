"""Folders of several machines as one, in the order of one machine; what does not belong together is refused with both values."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench import records
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.searched import OWN_TABLE, Measured
from para_bench.benchmarks.searched import write as write_table
from para_bench.benchmarks.splits import find_split
from para_bench.execution.merge import MergedSplit, merge
from para_bench.files import write_json
from para_bench.records import EpisodeRecord, current, description
from para_bench.report.fairness import policies as fairness
from para_bench.rollouts.config import RunConfig
from para_bench.types import ParaBenchError

SPLIT = "new_environment"
CONDITIONS = (("id", "0"), ("environment", "1"))
CONFIG = {"split": SPLIT, "heads": ["para"], "references": ["noop"], "profile": {"seeds": 2, "episodes": 2}, "workers": 1, "out": "here"}
STATE = {"suite_version": "1", "split": SPLIT, "sources": {"sim/build.py": "aaaa"}}
SEARCH = Measured(2, "place", "mine:Head", "efficientnet_lite0", 224, 20, 1600, 16, 7e-4, "off", 12, 0, 100, 91, 80, 0.5, 1.2)

Maker = Callable[..., Path]


@pytest.fixture
def shard(tmp_path: Path, record: Callable[..., EpisodeRecord]) -> Maker:
    """A folder as a shard leaves it: `para` of one training seed in two scenes and conditions, last scene first."""

    def make(name: str, seed: int, config: Any = (), state: Any = (), checkpoint: str = "c", **fields: Any) -> Path:
        folder = tmp_path / name / SPLIT
        for scene in (1, 0):
            for condition in reversed(CONDITIONS):
                done = record("para", condition, scene, split=SPLIT, train_seed=seed, policy_hash="p", checkpoint_hash=checkpoint, **fields)
                records.append(folder / records.FILE_NAME, done)
                current.mark(folder, {current.place_of(done): current.state_of(done)})
        write_json(folder / "config.json", CONFIG | {"out": name} | dict(config))
        write_json(folder / "state.json", STATE | {"policies": {f"p{seed}": {"weights": checkpoint}}} | dict(state))
        description.write(folder, describe(find_split(SPLIT, version=1)))
        return tmp_path / name

    return make


def test_they_are_one_folder_in_the_order_of_one_machine(shard: Maker, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for order in ((1, 0), (0, 1)):
        made = [shard(f"{order[0]}-{seed}", seed) for seed in order]
        assert merge(made, out / str(order[0])) == [MergedSplit(SPLIT, 8, 2 * 2 * 3)]  # the reference's four are missing
    first, second = ((out / name / SPLIT / records.FILE_NAME).read_bytes() for name in "10")
    assert first == second
    found = records.read(out / "1", only_current=True)
    assert [(r.train_seed, r.scene_index, r.condition) for r in found] == [
        (seed, scene, condition) for seed in (0, 1) for scene in (0, 1) for condition, _ in CONDITIONS
    ]
    assert set(json.loads((out / "1" / SPLIT / "state.json").read_text())["policies"]) == {"p0", "p1"}
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"config": {"backbone": "dinov2_vits14"}}, r"config\.json .* do not belong together: backbone None -> dinov2_vits14"),
        ({"config": {"profile": {"seeds": 2, "episodes": 3}}}, r"profile\.episodes 2 -> 3"),
        ({"state": {"suite_version": "2"}}, r"state\.json .*suite_version 1 -> 2"),
        ({"state": {"sources": {"sim/build.py": "bbbb"}}}, r"sim/build\.py changed"),
        ({"seed": 0, "checkpoint": "d"}, "the policy of para 0 .* is c p c and d p c"),
        ({"seed": 0, "success": False}, "contradict each other on scene .*: success_once is True and False"),
    ],
    ids=["backbone", "episodes", "suite version", "code", "policy", "outcome"],
)
def test_what_does_not_belong_together_is_refused(change: dict, words: str, shard: Maker, tmp_path: Path) -> None:
    first, second = shard("a", 0), shard("b", **{"seed": 1} | change)
    with pytest.raises(ParaBenchError, match=words) as told:
        merge([first, second], tmp_path / "out")
    assert all(str(folder) in str(told.value) for folder in (first, second))
    assert len(str(told.value).splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_episodes_of_an_older_policy_are_not_counted(shard: Maker, record: Callable[..., EpisodeRecord], tmp_path: Path) -> None:
    made = [shard("a", 0), shard("b", 1)]
    path = made[0] / SPLIT / records.FILE_NAME
    later = path.read_text()
    path.unlink()
    for condition in CONDITIONS:
        records.append(path, record("para", condition, 0, split=SPLIT, train_seed=0, policy_hash="old", checkpoint_hash="c"))
    path.write_text(path.read_text() + later)
    assert merge(made, tmp_path / "out")[0].episodes == 8
    assert len(records.read(tmp_path / "out" / SPLIT / records.FILE_NAME)) == 10  # and kept


def test_machines_may_differ_in_what_changes_no_result(shard: Maker, tmp_path: Path) -> None:
    machine = {"workers": 64, "device": "cuda", "videos": False}
    assert merge([shard("a", 0), shard("b", 1, config=machine)], tmp_path / "out")[0].episodes == 8


@pytest.mark.parametrize(
    ("devices", "together"),
    [
        (("cuda", "cuda:1"), True),
        (("cpu", "cpu"), True),
        (("cpu", None), True),
        (("cpu", "cuda:0"), False),
        (("cuda", "cpu"), False),
        (("cpu", "cpu, then cuda"), False),
    ],
)
def test_policies_of_one_kind_of_device_belong_together(
    devices: tuple[str | None, ...], together: bool, shard: Maker, tmp_path: Path
) -> None:
    """Whatever --device says: `auto` is another one on each machine. A shard of references alone has trained nothing."""
    made = []
    for seed, device in enumerate(devices):
        made.append(shard(f"{seed}", seed, config={"device": "auto" if seed else "cpu"}))
        facts = {"trained_on": device} if device else {}
        fairness.write(made[-1] / SPLIT, [fairness.PolicyFacts("para", seed, f"c{seed}", (SPLIT,), facts)])
    if together:
        assert merge(made, tmp_path / "out")[0].episodes == 8
        return
    kinds = [str(device).replace(", then", ",").partition(":")[0] for device in devices]
    with pytest.raises(
        ParaBenchError, match=rf"0/.* and .*1/.* do not belong together: trained on {kinds[0]} and on {kinds[1]}, .* one --device"
    ):
        merge(made, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("versions", "together"), [(("4.0.0", "4.0.0"), True), (("4.0.0", None), True), (("4.0.0", "4.1.0"), False)])
def test_shards_of_other_packages_do_not_belong_together(
    versions: tuple[str, str | None], together: bool, shard: Maker, tmp_path: Path
) -> None:
    states = [{"packages": {"mujoco": version}} if version else {} for version in versions]
    made = [shard(f"{seed}", seed, state=state) for seed, state in enumerate(states)]
    if together:
        assert merge(made, tmp_path / "out")[0].episodes == 8
        return
    with pytest.raises(ParaBenchError, match=r"0/.* and .*1/.* do not belong together: mujoco 4\.0\.0 -> 4\.1\.0; allowed: shards of one"):
        merge(made, tmp_path / "out")


def test_the_same_folder_twice_is_one(shard: Maker, tmp_path: Path) -> None:
    first = shard("a", 0)
    assert merge([first, first], tmp_path / "out")[0].episodes == 4


def test_the_table_of_searches_is_copied_so_that_heads_are_not_trained_again(shard: Maker, tmp_path: Path) -> None:
    made = [shard("a", 0), shard("b", 1)]
    for folder in made:
        write_table(folder / OWN_TABLE, [SEARCH])
    merge(made, tmp_path / "out")
    assert (tmp_path / "out" / OWN_TABLE).read_bytes() == (made[0] / OWN_TABLE).read_bytes()
    config = RunConfig("id", ("mine:Head",), PROFILES["smoke"], out=made[0])
    before, now = (each.recipe("mine:Head", 0, each.find_split().training) for each in (config, replace(config, out=tmp_path / "out")))
    assert before == now
    assert now.train.learning_rate == SEARCH.learning_rate


@pytest.mark.parametrize("other", [[], [replace(SEARCH, learning_rate=1e-2)]], ids=["no table", "another rate"])
def test_shards_with_other_tables_of_searches_are_refused(other: list[Measured], shard: Maker, tmp_path: Path) -> None:
    made = [shard("a", 0), shard("b", 1)]
    write_table(made[0] / OWN_TABLE, [SEARCH])
    if other:
        write_table(made[1] / OWN_TABLE, other)
    for order in (made, made[::-1]):
        with pytest.raises(
            ParaBenchError, match=r"searched\.csv .* do not belong together: they have . and . rows, which differ; allowed: one"
        ):
            merge(order, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["config.json", "state.json", "split.json", "current.json", "fairness.json"])
def test_a_damaged_file_is_refused(name: str, shard: Maker, tmp_path: Path) -> None:
    first = shard("a", 0)
    (first / SPLIT / name).write_text("[3")
    with pytest.raises(ParaBenchError, match=f"{name} is damaged"):
        merge([first], tmp_path / "out")


def test_nothing_and_something_there_are_refused(shard: Maker, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParaBenchError, match=r"no SPLIT/episodes.jsonl in .*empty; allowed: the --out of a run or suite with --shard"):
        merge([shard("a", 0), tmp_path / "empty"], tmp_path / "out")
    with pytest.raises(ParaBenchError, match="is there already; allowed: a new or an empty folder"):
        merge([tmp_path / "a"], tmp_path / "a")
    assert merge([tmp_path / "a"], tmp_path / "empty")[0].episodes == 4
