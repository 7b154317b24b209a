"""A checkpoint looks through the runtime that its training's features came from, whatever is asked for later."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.backbones.onnx_backbone import OnnxBackbone
from para_bench.backbones.runtimes import ONNXRUNTIME, runtime_of
from para_bench.data.cache import GRAPHS
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import find_all, train_all
from para_bench.rollouts.policy import load_policy
from para_bench.training.specification import CONFIG, read_spec
from para_bench.types import ParaBenchError

pytestmark = pytest.mark.integration


def test_looks_are_those_of_the_training(trained: RunConfig, tmp_path: Path) -> None:
    split = trained.find_split()
    other = replace(trained, out=tmp_path, feature_runtime=ONNXRUNTIME)
    (before,), (now,) = train_all(trained, split), train_all(other, split)
    one, two = before.checkpoints[split.training], now.checkpoints[split.training]
    assert [runtime_of(read_spec(each.folder).features.backbone) for each in (one, two)] == ["torch", "onnxruntime"]
    assert json.loads((two.folder / CONFIG).read_text())["state"]["features"]["backbone"].endswith("+onnxruntime")
    assert one.policy.hash != two.policy.hash
    assert one.folder.name != two.folder.name
    policies = [load_policy(each.folder, trained.backbone, trained.image_size) for each in (one, two)]
    assert [isinstance(policy.backbone, OnnxBackbone) for policy in policies] == [False, True]

    (found,) = find_all(replace(other, feature_runtime="torch"), split)  # nothing of it is taken for torch's
    assert found.checkpoints[split.training].hash == "absent"
    (found,) = find_all(other, split)
    assert found.checkpoints[split.training].policy.hash == two.policy.hash


def test_a_machine_that_cannot_look_so_says_it(trained: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = train_all(trained, trained.find_split())
    folder = entry.checkpoints[trained.find_split().training].folder
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    config = json.loads((folder / CONFIG).read_text())
    config["spec"]["features"]["backbone"] += "+onnxruntime"
    (tmp_path / CONFIG).write_text(json.dumps(config))
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("para_bench.backbones.onnx_backbone.missing_packages", lambda: ["onnxruntime"])
    with pytest.raises(ParaBenchError, match=r"^onnxruntime cannot compute efficientnet_lite0 here: onnxruntime not installed;"):
        load_policy(tmp_path, trained.backbone, trained.image_size)
    assert not (tmp_path / "cache" / GRAPHS).exists()
