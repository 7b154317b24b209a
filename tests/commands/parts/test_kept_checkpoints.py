"""Checkpoints beside a baseline: byte for byte those that its outcomes were made with."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.commands.parts.kept_checkpoints import keep_checkpoints, kept_folder, refuse_other_checkpoints
from para_bench.report.checkpoints import weights_hash
from para_bench.report.gate.baselines import Baseline, Vector
from para_bench.types import ParaBenchError


def trained(out: Path, name: str, content: str, config: bool = True) -> str:
    """Write a checkpoint; returns its hash."""
    folder = out / "checkpoints" / name
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_text(content)
    if config:
        (folder / "config.json").write_text("{}")
    return weights_hash(folder)


def baseline(**hashes: str) -> Baseline:
    fixed = tuple(Vector(head, 0, digest, "id", "id", "0", "1") for head, digest in hashes.items())
    return Baseline("ci", "1", {}, {}, (), (), (), fixed, (), ())


def test_the_folder_has_the_name_of_the_baseline() -> None:
    assert kept_folder(Path("baselines/ci.json"), "para") == Path("baselines/ci/para")


def test_each_head_gets_its_own_and_nothing_older_stays_beside_it(tmp_path: Path) -> None:
    path, out = tmp_path / "baselines" / "ci.json", tmp_path / "runs"
    hashes = {head: trained(out, head, head) for head in ("act", "para")}
    trained(out, "a_cut_off_copy", "para", config=False)
    (out / "checkpoints" / "para" / "backbone.safetensors").write_text("tuned")
    (kept_folder(path, "act")).mkdir(parents=True)
    (kept_folder(path, "act") / "backbone.safetensors").write_text("of an earlier checkpoint")
    made = baseline(**hashes)
    with pytest.raises(ParaBenchError, match=r"has hash none; allowed: .*, or --layer retrained to leave it out"):
        refuse_other_checkpoints(path, made)
    keep_checkpoints(path, made, out)
    refuse_other_checkpoints(path, made)
    assert sorted(file.name for file in kept_folder(path, "act").iterdir()) == ["config.json", "model.safetensors"]
    assert (kept_folder(path, "para") / "backbone.safetensors").read_text() == "tuned"


def test_what_is_kept_already_needs_no_results(tmp_path: Path) -> None:
    path = tmp_path / "ci.json"
    digest = trained(tmp_path / "runs", "para", "para")
    keep_checkpoints(path, baseline(para=digest), tmp_path / "runs")
    keep_checkpoints(path, baseline(para=digest), tmp_path / "nowhere")
    (kept_folder(path, "para") / "model.safetensors").write_text("others")
    with pytest.raises(ParaBenchError, match=f"has hash .*; allowed: {digest}"):
        refuse_other_checkpoints(path, baseline(para=digest))
    with pytest.raises(ParaBenchError, match=f"no checkpoint of para with hash {digest} below .*nowhere; allowed: --results"):
        keep_checkpoints(path, baseline(para=digest), tmp_path / "nowhere")
