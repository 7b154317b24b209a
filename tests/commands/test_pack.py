"""Packing: append-only, whole results from a choice of heads and seeds, nothing of the machine that ran them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.pack import Pack
from para_bench.records import current, description
from para_bench.records.description import Description
from para_bench.report.inventory import take
from para_bench.types import ParaBenchError


def test_packing_appends(tmp_path: Path, record) -> None:
    first, more = [record(scene=i, success=bool(i % 2)) for i in range(5)], [record(scene=9), record(scene=10)]
    for one in first:
        records.append(tmp_path / "runs/id/episodes.jsonl", one)
    asked = {"split": "id", "heads": ["para", "act"], "out": "/home/me/runs", "profile": {"seeds": 2, "episodes": 11}}
    (tmp_path / "runs/id/config.json").write_text(json.dumps(asked))
    pack = Pack((tmp_path / "runs",), out=tmp_path / "results")
    pack()
    (tmp_path / "runs/id/episodes.jsonl").unlink()
    for one in more:
        records.append(tmp_path / "runs/id/episodes.jsonl", one)
    pack()
    pack()  # again changes nothing
    assert records.read(tmp_path / "results") == first + more
    with pytest.raises(ParaBenchError, match="--seeds 3: no such records; found: 0"):
        replace(pack, seeds=(3,), out=tmp_path / "none")()
    with pytest.raises(ParaBenchError, match="--heads parra: no such records; found: para"):
        replace(pack, heads=("parra",), out=tmp_path / "none")()
    replace(pack, heads=("para",), seeds=(0,), out=tmp_path / "all")()
    assert records.read(tmp_path / "all") == more
    assert '"act"' not in (tmp_path / "all/id/config.json").read_text()  # was not packed, and so is not missing
    assert "/home/me" not in (tmp_path / "results/id/config.json").read_text()
    assert sorted(path.name for path in (tmp_path / "results/id").iterdir()) == ["config.json", "episodes.parquet"]


def test_a_packed_seed_is_a_whole_result(tmp_path: Path, record) -> None:
    for seed in range(3):
        for i in range(2):
            records.append(tmp_path / "runs/id/episodes.jsonl", record(scene=i, train_seed=seed))
    asked = {"split": record().split, "heads": ["para"], "profile": {"seeds": 3, "episodes": 2}}
    (tmp_path / "runs/id/config.json").write_text(json.dumps(asked))
    Pack((tmp_path / "runs",), out=tmp_path / "one", seeds=(2,))()
    assert take([tmp_path / "one"])[0].roster.expected.seeds == {"para": [2]}
    (tmp_path / "runs/id/config.json").write_text("{")
    with pytest.raises(ParaBenchError, match=r"config\.json is damaged"):
        Pack((tmp_path / "runs",), out=tmp_path / "other")()


def test_a_packed_folder_reports_the_policy_of_the_last_run(tmp_path: Path, record) -> None:
    first, second = ([record(scene=i, policy_hash=name, success=name == "a") for i in range(2)] for name in ("a", "b"))
    source = tmp_path / "runs/id"
    for one in (*first, *second):
        records.append(source / "episodes.jsonl", one)
    current.mark(source, {current.place_of(r): current.state_of(r) for r in first})
    description.write(source, said := Description(record().split, about="of the run"))
    Pack((tmp_path / "runs",), out=tmp_path / "results")()
    (result,) = take([tmp_path / "results"])
    assert (result.records, result.description) == (first, said)
    assert records.read(tmp_path / "results") == [*first, *second]
    Pack((tmp_path / "results",), out=tmp_path / "results")()  # into itself
    assert take([tmp_path / "results"])[0].records == first


def test_a_folder_without_records_is_refused_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no episode records in .*; allowed: a folder with"):
        Pack((tmp_path,), out=tmp_path / "results")()
    assert not (tmp_path / "results").exists()
