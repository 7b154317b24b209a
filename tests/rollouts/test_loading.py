"""Policies are loaded once a process, again when their files are written again, and what fails then is one line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from para_bench.rollouts import loading
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.loading import make_policy
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.references import Oracle
from para_bench.training.saved import CONFIG, WEIGHTS
from para_bench.types import ParaBenchError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As if there were a checkpoint."""
    for name in (CONFIG, WEIGHTS):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_references_share_nothing() -> None:
    one, other = (make_policy("oracle", None, "", 64) for _ in range(2))
    assert isinstance(one, Oracle)
    assert one is not other


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, "backbone.safetensors", "given"])
def test_a_checkpoint_is_loaded_once_until_one_of_its_files_changes(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_policy", lambda *_: object())
    given = folder / "given"
    given.write_text("weights")
    first = make_policy("para", folder, "lite0", 64, given)
    assert make_policy("para", folder, "lite0", 64, given) is first
    (folder / "new").write_text((folder / CONFIG).read_text())
    os.replace(folder / "new", folder / name)  # noqa: PTH105 - another file under the same name, as `files.writing` does
    assert make_policy("para", folder, "lite0", 64, given) is not first


def test_what_it_is_loaded_for_tells_policies_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_policy", lambda *given: given)
    found = [make_policy("para", folder, *rest) for rest in (("a", 64), ("b", 64), ("a", 96), ("a", 64, None, "argmax"))]
    assert len(set(found)) == 4


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("no such layer"), r"^head 'para' cannot be made: ValueError: no such layer.*; allowed: one that can$"),
        (SystemExit(3), r"^head 'para' cannot be made: SystemExit: 3.*; allowed: one that can$"),
        (MemoryError(), r"^this machine failed \(MemoryError\)"),
        (ParaBenchError("weights are damaged"), r"^weights are damaged$"),
    ],
)
def test_what_fails_is_one_line(error: BaseException, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(loading, "load_policy", fails)
    with pytest.raises(ParaBenchError, match=words) as told:
        make_policy("para", folder, "lite0", 64)
    assert "\n" not in str(told.value)


@pytest.mark.integration
def test_a_trained_head_comes_with_its_backbone(trained: RunConfig, tmp_path: Path) -> None:
    (source,) = (trained.out / "checkpoints").iterdir()
    folder = Path(shutil.copytree(source, tmp_path / "moved"))  # it needs nothing beside itself
    policy = make_policy("para", folder, trained.backbone, trained.image_size, decode="argmax")
    assert isinstance(policy, LearnedPolicy)
    assert policy.backbone.spec == policy.head.spec
    assert policy.head.config.decode == "argmax"
    assert not policy.head.training
    assert make_policy("para", folder, trained.backbone, trained.image_size).head.config.decode == "subcell"  # as it was made
    with pytest.raises(ParaBenchError, match="was made for features"):
        make_policy("para", folder, trained.backbone, 96)
    (folder / WEIGHTS).write_bytes(b"garbage")
    with pytest.raises(ParaBenchError, match="is damaged"):
        make_policy("para", folder, trained.backbone, trained.image_size, decode="argmax")
