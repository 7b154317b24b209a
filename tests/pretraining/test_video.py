"""The video U-Net: its first guess, what clips hold, play, and that training makes it predict."""

from __future__ import annotations

from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity

from para_bench.backbones.create import create_backbone
from para_bench.backbones.video_unet import FUTURE, OUT_STRIDE, VideoUNet
from para_bench.optimisation import loop
from para_bench.pretraining import loop as pretraining_loop
from para_bench.pretraining import video
from para_bench.pretraining.clips import Clips, brighter, shrink
from para_bench.pretraining.image_loss import image_loss, ssim
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.play import LENGTH, play
from para_bench.types import ParaBenchError

SIZE = 32


@pytest.fixture(scope="module")
def clips() -> Clips:
    return Clips(play(3), SIZE, progress=False)


@pytest.mark.parametrize("history", [0, 2])
def test_the_first_guess_is_that_nothing_moves_and_every_part_learns(history: int) -> None:
    model = VideoUNet(history)
    images = torch.rand(2, 3 * (1 + history), SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    guess = model(images)
    assert guess.shape == (2, FUTURE, 3, SIZE // OUT_STRIDE, SIZE // OUT_STRIDE)
    assert not guess.any()
    torch.nn.init.normal_(model.out.weight)
    for block in model.modules():
        if getattr(block, "time", None) is not None:
            torch.nn.init.normal_(block.time.weight)  # type: ignore[union-attr]
    model(images).square().mean().backward()
    assert [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()] == []


def test_time_is_mixed_and_images_of_a_batch_are_not() -> None:
    model = VideoUNet()
    torch.nn.init.normal_(model.out.weight)
    images = torch.rand(2, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    both = model(images)
    torch.testing.assert_close(model(images[1:]), both[1:], atol=1e-4, rtol=1e-3)
    assert (both[:, 0] - both[:, -1]).abs().max() > 1e-3  # each future image is told which it is


@pytest.mark.integration
def test_play_touches_things_and_is_the_same_each_time() -> None:
    found = play(2)
    assert found.hash == play(2).hash
    assert found.hash != play(2, seed=1).hash
    assert len(found.frames) == 2 * LENGTH
    objects = found.frames.qpos[:, 7:9].reshape(2, LENGTH, 2)
    assert np.linalg.norm(np.ptp(objects, axis=1), axis=1).max() > 0.01  # m: pushed or carried


@pytest.mark.integration
def test_clips_hold_what_comes_before_and_after_and_stay_within_their_episode(clips: Clips) -> None:
    seen, ahead = clips.take(np.array([0, 5, LENGTH - 2]), history=1)
    assert (seen.shape, ahead.shape) == ((3, 6, SIZE, SIZE), (3, FUTURE, 3, SIZE // OUT_STRIDE, SIZE // OUT_STRIDE))
    torch.testing.assert_close(seen[0, :3], seen[0, 3:])  # before the first frame there is none
    following = clips.take(np.array([6]))[0]
    torch.testing.assert_close(ahead[1, :1], shrink(following[:, None])[0])
    torch.testing.assert_close(ahead[2, 0], ahead[2, -1])  # after the last neither, least of all the next episode's
    assert clips.starts.tolist() == [*range(LENGTH - FUTURE), *range(LENGTH, 2 * LENGTH - FUTURE), *range(2 * LENGTH, 3 * LENGTH - FUTURE)]
    assert clips.middles(2).tolist() == [6, LENGTH + 6]
    other = clips.take(np.array([LENGTH]))[0]
    assert (shrink(other[:, None])[0, 0] - ahead[2, -1]).abs().max() > 0.05


def test_the_loss_knows_structure_as_the_measure_does() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((1, 2, 3, SIZE, SIZE), dtype=np.float32)
    guess = np.clip(truth + 0.2 * rng.standard_normal(truth.shape, dtype=np.float32), 0, 1)
    measured = [structural_similarity(a, b, channel_axis=0, data_range=1) for a, b in zip(truth[0], guess[0], strict=True)]
    first, second = torch.from_numpy(truth), torch.from_numpy(guess)
    assert ssim(first, second).item() == pytest.approx(np.mean(measured), abs=2e-3)
    assert image_loss(first, first).item() == pytest.approx(0, abs=1e-6)


def test_a_clip_keeps_one_tint() -> None:
    parts = [torch.full((2, 6, 4, 4), 0.5), torch.full((2, 7, 3, 2, 2), 0.5)]
    seen, ahead = brighter(parts, torch.Generator().manual_seed(0))
    assert (seen.shape, ahead.shape) == (parts[0].shape, parts[1].shape)
    torch.testing.assert_close(seen[:, :3, 0, 0], ahead[:, 0, :, 0, 0])
    torch.testing.assert_close(seen[:, 3:], seen[:, :3])
    assert len(seen.unique()) == 6


@pytest.mark.slow
def test_training_beats_the_copy_on_what_it_saw_and_continues_where_it_was_cut(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SAVE_SECONDS", -1)
    settings = video.Settings(Loop(steps=250, learning_rate=3e-3, evaluations=1), batch=8, image_size=SIZE)
    whole, cut = tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    video.pretrain(settings, [clips], clips, whole, torch.device("cpu"), progress=False)
    rows = np.genfromtxt(whole.with_suffix(".csv"), delimiter=",", names=True)
    assert rows["psnr_db"][0] == rows["copy_psnr_db"][0]
    assert rows["psnr_db"][-1] > rows["copy_psnr_db"][-1] + 0.5
    assert imageio.imread(whole.with_suffix(".png")).shape == (2 * video.STRIP_CLIPS * SIZE // 2, (1 + FUTURE) * SIZE // 2, 3)
    short, real, calls = video.Settings(Loop(steps=4, learning_rate=3e-3, evaluations=1), batch=2, image_size=SIZE), video._batch, []
    video.pretrain(short, [clips], clips, whole, torch.device("cpu"), progress=False)

    def interrupted(*args: object) -> list[torch.Tensor]:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(video, "_batch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        video.pretrain(short, [clips], clips, cut, torch.device("cpu"), progress=False)
    video.pretrain(short, [clips], clips, cut, torch.device("cpu"), progress=False)
    assert cut.read_bytes() == whole.read_bytes()
    assert create_backbone("video", SIZE, cut).spec.backbone == create_backbone("video", SIZE, whole).spec.backbone


def test_weights_that_are_made_here_are_asked_for_in_one_line() -> None:
    with pytest.raises(ParaBenchError, match="run `para-bench pretrain video`"):
        create_backbone("video", SIZE)
    assert create_backbone("video", SIZE, pretrained=False).spec.sizes == (SIZE // 8, SIZE // 16)


@pytest.mark.parametrize(
    ("psnr", "ssim", "words"), [(25.0, 0.91, "; better than"), (25.0, 0.89, "NOT better than"), (24.0, 0.91, "NOT better")]
)
def test_the_verdict_asks_for_both_measures(tmp_path: Path, psnr: float, ssim: float, words: str) -> None:
    (tmp_path / "video.csv").write_text(f"step,psnr_db,copy_psnr_db,ssim,copy_ssim\n0,0,0,0,0\n9,{psnr},24.5,{ssim},0.9\n")
    assert words in video.verdict(tmp_path / "video.safetensors")


def test_weights_that_cannot_be_written_keep_the_state_of_their_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, state = tmp_path / "video.safetensors", tmp_path / "video.partial"
    state.write_bytes(b"state")

    def full(_: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pretraining_loop, "save_file", full)
    with pytest.raises(ParaBenchError, match=r"^cannot write .*video.safetensors \(No space left on device\); what was there before stays"):
        pretraining_loop.save_weights({"a": torch.zeros(2)}, out)
    assert [path.name for path in tmp_path.iterdir()] == ["video.partial"]
    monkeypatch.undo()
    pretraining_loop.save_weights({"a": torch.zeros(2)}, out)
    assert [path.name for path in tmp_path.iterdir()] == ["video.safetensors"]
