"""Exported once, checked, kept whole: a damaged file is exported again, another one is never taken for it."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from para_bench.backbones import graphs
from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.backbones.graphs import graph_of
from para_bench.backbones.runtimes import UnfitError

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return create_backbone("timm:resnet10t", 32, pretrained=False)  # a small one


@pytest.fixture(scope="module")
def exported(backbone: Backbone, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("graphs")
    return folder, graph_of(backbone, folder)


def forbid_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "_export", lambda _: pytest.fail("it was exported"))


def test_it_is_exported_once(backbone: Backbone, exported: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, graph = exported
    forbid_exports(monkeypatch)
    assert graph_of(backbone, folder) == graph
    assert len(list(folder.iterdir())) == 1


def test_other_weights_and_another_size_are_other_files(
    exported: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, graph = exported
    monkeypatch.setattr(graphs, "_export", lambda _: graph)
    monkeypatch.setattr(graphs, "_check", lambda *_: None)
    other = create_backbone("timm:resnet10t", 32, pretrained=False)
    with torch.no_grad():
        next(other.model.parameters())[0] += 1
    for each in (other, create_backbone("timm:resnet10t", 64, pretrained=False), create_backbone("timm:resnet10t", 32, pretrained=False)):
        graph_of(each, tmp_path)
    names = [{path.name for path in each.iterdir()} for each in (folder, tmp_path)]
    assert len(names[1]) == 3
    assert names[0] < names[1]


@pytest.mark.parametrize("damage", ["cut off", "one bit", "empty"])
def test_a_damaged_file_is_exported_again(
    damage: str,
    backbone: Backbone,
    exported: tuple[Path, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder, graph = exported
    (kept,) = folder.iterdir()
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / kept.name
    path.write_bytes({"cut off": kept.read_bytes()[:-100], "one bit": bytes(content), "empty": b""}[damage])
    monkeypatch.setattr(graphs, "_export", lambda _: graph)
    with caplog.at_level(logging.WARNING):
        assert graph_of(backbone, tmp_path) == graph
    assert caplog.messages == [f"{path} is damaged; it is exported again"]
    assert path.read_bytes() == kept.read_bytes()


def test_a_graph_that_gives_other_features_is_refused(backbone: Backbone, exported: tuple[Path, bytes], tmp_path: Path) -> None:
    other = create_backbone("timm:resnet10t", 32, pretrained=False)
    with torch.no_grad():
        for parameter in other.model.parameters():
            parameter *= 1.0001
    with pytest.raises(UnfitError, match=r"the ONNX graph of timm:resnet10t differs from PyTorch by .*; allowed: 1e-05$"):
        graphs._check(other, exported[1])


def test_a_model_that_cannot_be_exported_is_told(backbone: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(*_: object) -> None:
        raise RuntimeError("an operator that ONNX has not\nand more")

    monkeypatch.setattr(Backbone, "_levels", odd)
    with pytest.raises(UnfitError, match=r"^timm:resnet10t cannot be exported to ONNX \(\w+: .*\)$"):
        graph_of(backbone, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_processes_at_once_leave_one_whole_file(backbone: Backbone, exported: tuple[Path, bytes], tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from para_bench.backbones.create import create_backbone; "
        "from para_bench.backbones.graphs import graph_of; "
        "graph_of(create_backbone('timm:resnet10t', 32, pretrained=False), Path(sys.argv[1]))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [each.wait(timeout=240) for each in running] == [0, 0]
    (path,) = tmp_path.iterdir()
    assert path.name == next(exported[0].iterdir()).name
    assert graphs._read(path)


@pytest.mark.parametrize("flushes", [True, False])
def test_the_first_session_of_a_process_leaves_denormal_numbers_to_torch(exported: tuple[Path, bytes], flushes: bool) -> None:
    """ONNX Runtime's first session would have them computed, whatever torch was told: trainings would be slow, and have other weights."""
    (file,) = exported[0].iterdir()
    code = f"""if True:
        import torch
        from pathlib import Path
        from para_bench.backbones.graphs import _read, open_graph
        torch.set_flush_denormal({flushes})
        open_graph(_read(Path({str(file)!r})), 1, False)
        print(bool(torch.tensor([1e-40]) * 1))
    """
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(not flushes)
