"""How good a learner is on demonstrations that it was not trained on: the points of a validation curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from para_bench.data.dataset import Windows
from para_bench.data.store import Demonstrations
from para_bench.training.learner import Learner
from para_bench.types import Camera, Observation


def validation(found: Demonstrations, data: Windows) -> Callable[[Learner], dict[str, float]]:
    """Measures a learner on held-out demonstrations: the loss, and how far its waypoints lie from the demonstrated ones [cm]."""
    starts = np.arange(0, len(data), 9)  # each phase of the task is met

    def measure(learner: Learner) -> dict[str, float]:
        errors, generator = [], torch.Generator().manual_seed(0)
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(0)
            inputs, batch = data.take(starts)
            features = learner.features(inputs)
            loss = learner.loss(inputs, batch)[0].item()
            for row, frame in enumerate(starts):
                seen = frame_observation(found, int(frame))
                if batch.depth is not None:
                    seen = replace(seen, depth=batch.depth[row].float().numpy())
                found_actions = learner.predict(features.row(row), seen, generator)
                distance = np.linalg.norm(found_actions[:, :3] - batch.actions[row, :, :3].numpy(), axis=1)
                errors.append(np.where(batch.valid[row].numpy(), distance, np.nan))
        return {"val_loss": loss, "position_error_cm": 100 * float(np.nanmean(errors))}

    return measure


def frame_observation(found: Demonstrations, frame: int) -> Observation:
    """What was known at a stored frame, without its image (heads read features)."""
    frames = found.frames
    camera: Camera = found.scenes[int(frames.episode[frame])].camera
    pose, yaw, opening = frames.gripper_pose[frame], float(frames.gripper_yaw[frame]), float(frames.gripper_opening[frame])
    return Observation(np.empty((0, 0, 3), np.uint8), pose, yaw, opening, camera)
