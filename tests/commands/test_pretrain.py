"""`para-bench pretrain`: what each kind trains by default, on what, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.commands.pretrain import Pretrain
from para_bench.pretraining import multiview, video
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"out": Path("weights.pt")}, r"--out is weights\.pt; allowed: a name that ends in \.safetensors"),
        ({"device": "tpu"}, "--device is 'tpu'; allowed: auto, cpu, cuda"),
    ],
)
def test_options_are_checked_before_anything_loads(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Pretrain("multiview", **options).check()


@pytest.mark.parametrize(
    ("what", "backbone", "message"),
    [
        ("multiview", "video", "--backbone video is a video model; allowed for multiview: the other kind"),
        ("video", "efficientnet_lite0", "--backbone efficientnet_lite0 is no video model; allowed for video: the other kind"),
    ],
)
def test_a_backbone_of_the_other_kind_is_refused(what: Any, backbone: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=message):
        Pretrain(what, backbone=backbone, out=tmp_path / "new" / "x.safetensors", device="cpu")()
    assert not (tmp_path / "new").exists()


def test_multiview_has_its_own_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = []
    monkeypatch.setattr(multiview, "pretrain", lambda *words: asked.append(words))
    monkeypatch.chdir(tmp_path)
    Pretrain("multiview", batch=2, workers=3, device="cpu")()
    ((settings, out, device, workers),) = asked
    assert (settings.backbone, settings.batch, settings.loop.steps, settings.loop.learning_rate) == ("efficientnet_lite0", 2, 2500, 3e-4)
    assert (out, device, workers) == (Path("multiview.safetensors"), torch.device("cpu"), 3)
    use = "para-bench run --backbone efficientnet_lite0 --backbone-weights multiview.safetensors"
    assert use in capsys.readouterr().out


@pytest.mark.integration
@pytest.mark.parametrize("play", [0, 1])
def test_video_trains_on_the_demonstrations_of_run_and_on_play(play: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    taken = []

    def pretrain(settings: video.Settings, sources: list, held_out: Any, out: Path, device: torch.device) -> None:
        asked.update(settings=settings, sources=len(sources), out=out)

    def demonstrations(*words: Any) -> tuple:
        taken.append(words)
        return words

    monkeypatch.setattr(video, "pretrain", pretrain)
    monkeypatch.setattr(video, "verdict", lambda out: "better")
    monkeypatch.setattr("para_bench.pretraining.clips.Clips", lambda found, size: (found, size))
    monkeypatch.setattr("para_bench.demonstrations.stored.demonstrations", demonstrations)
    Pretrain("video", demos=5, play=play, steps=7, image_size=64, out=tmp_path / "v.safetensors", device="cpu")()
    settings = asked["settings"]
    assert (settings.backbone, settings.batch, settings.loop.steps, settings.loop.learning_rate) == ("video", 8, 7, 1e-3)
    assert asked["sources"] == 1 + bool(play)
    trained, held_out = taken
    assert trained == (DEFAULT_TRAINING, 5, 0, tmp_path)
    assert held_out[2] != trained[2]  # other demonstrations than those that are trained on
