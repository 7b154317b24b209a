"""`para-bench export-lerobot`: what is asked for reaches the writer. With lerobot's own writer: tests/with_lerobot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.export_lerobot import ExportLerobot
from para_bench.data.store import Demonstrations, save
from para_bench.lerobot_data import export as module
from para_bench.types import ParaBenchError


def test_cameras_size_and_version_are_those_asked_for(
    demonstrations: Demonstrations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, Any] = {}

    def export(found: Demonstrations, out: Path, image_size: int, video: bool, suite_version: str) -> module.Exported:
        asked.update(found=found, out=out, image_size=image_size, video=video, suite_version=suite_version)
        return module.Exported(8, 99)

    monkeypatch.setattr(module, "export", export)
    save(demonstrations, tmp_path / "demos", "2")
    ExportLerobot(tmp_path / "demos", tmp_path / "data", cameras=3, image_size=32, video=True)()
    assert [asked[name] for name in ("out", "image_size", "video", "suite_version")] == [tmp_path / "data", 32, True, "2"]
    assert max(map(len, asked["found"].views)) > 1
    assert "as 8 episodes, 99 frames" in capsys.readouterr().out


def test_a_folder_without_demonstrations(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="no demonstrations in"):
        ExportLerobot(tmp_path)()
