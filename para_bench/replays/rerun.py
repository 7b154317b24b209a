"""Replayed episodes as a Rerun recording: images, heatmaps, the gripper's path and the predicted waypoints on one time line."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from para_bench.files import writing
from para_bench.replays.replay import Replay
from para_bench.replays.video import overlay
from para_bench.types import ParaBenchError


def write_rerun(path: Path, replays: Sequence[Replay]) -> None:
    """One entity tree a head.

    Raises:
        ParaBenchError: the package is not installed, or the path cannot be written.
    """
    rr = find_rerun()
    with writing(path) as partial:
        partial.touch()  # the package's own errors do not say why
        recording = rr.RecordingStream("para_bench_replay")
        recording.save(partial)
        for replay in replays:
            _log(rr, recording, replay)
        recording.flush()
        recording.disconnect()


def find_rerun() -> Any:
    """The package. Raises ParaBenchError where it is not installed."""
    try:
        return import_module("rerun")  # by name: type checkers need not have the extra installed
    except ImportError:
        raise ParaBenchError("--rerun needs the package rerun-sdk; allowed after: pip install 'para-bench[rerun]'") from None


def _log(rr: Any, recording: Any, replay: Replay) -> None:
    root, camera = replay.record.head, replay.camera
    pose = camera.world_from_camera
    recording.log(f"{root}", rr.ViewCoordinates.RIGHT_HAND_Z_UP, static=True)
    recording.log(f"{root}/camera", rr.Transform3D(translation=pose[:3, 3], mat3x3=pose[:3, :3]), static=True)
    recording.log(
        f"{root}/camera/image", rr.Pinhole(image_from_camera=camera.intrinsics, resolution=[camera.width, camera.height]), static=True
    )
    for moment in replay.moments:
        recording.set_time("step", sequence=moment.step)
        recording.log(f"{root}/camera/image", rr.Image(moment.image))
        recording.log(f"{root}/heatmap", rr.Image(overlay(moment.image, moment.chunk, moment.index)))
        recording.log(f"{root}/gripper", rr.Points3D([moment.gripper], radii=0.006))
        recording.log(f"{root}/object", rr.Points3D([moment.object], radii=0.012))
        recording.log(f"{root}/path", rr.LineStrips3D([[m.gripper for m in replay.moments if m.step <= moment.step]]))
        plan = moment.chunk.actions[moment.index :, :3] if moment.chunk else []
        recording.log(f"{root}/plan", rr.Points3D(plan, radii=0.003))
    recording.log(f"{root}/outcome", rr.TextLog(replay.outcome.reason))
