"""Affordances: one static heatmap of where to pick, one of where to place, and a fixed motion between them.

This head tests whether PARA is more than "where to interact". Source of the form: pick and place maps with a scripted primitive, as in
Transporter Networks (Zeng et al. 2020, arXiv 2010.14406) and CLIPort; of the name: VRB (arXiv 2304.08488). Trunk, grid, height and yaw
bins are PARA's. What differs: the motion is not learned, and there is one place a phase instead of one a timestep.

Whether it picks or places follows from the measured opening of the jaw. The label is where the jaw first closes (or opens) within the
window. A window without either counts only where the jaw is open: its label is "nothing left to pick", which has a cell of its own.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.geometry import lift, wrap_yaw
from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.bins import cross_entropy
from para_bench.heads.parts.grid import inside, peak, sample, splat
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.tensors import Batch, Features, observation_tensors
from para_bench.types import ActionChunk, FeatureSpec, Observation

PICK, PLACE = 0, 1
OPEN = 0.75
"""Above this measured opening the jaw holds nothing; the opening with an object in it is smaller."""
TRAVEL_Z = 0.07
"""Height of the motion between places [m]; with `LEGS` it defines the motion, at the demonstrations' pace."""
NEAR_M = 0.015
"""Within this horizontal distance the gripper is above its place."""
LEGS = {"lift": 3, "over": 5, "down": 3, "jaw": 2, "up": 3}
"""Waypoints of each part of the motion."""


class Affordance(Head):
    """One static heatmap for pick and one for place, and a fixed motion."""

    sees = "RGB + calibration"
    fixed_motion = True  # for the rule `overfits`: training changes where the motion acts, not its shape

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.trunk = SpatialTrunk(spec, config.width, spec.sizes[0])
        self.heatmap = nn.Conv2d(config.width, 2, 1)
        self.nothing = nn.Linear(config.width, 2)
        self.readout = BinReadout(config.width, spec.actions, ("z", "yaw"), steps=2)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        x = self.trunk(features, batch)
        timestep, found = interaction(batch)
        row = torch.arange(len(timestep), device=timestep.device)
        pixel, action = batch.action_pixels[row, timestep], batch.actions[row, timestep]
        phase = torch.stack([jaw_open(batch.state), ~jaw_open(batch.state)], dim=1)  # (B, 2), as the two maps
        known = phase & (found & inside(pixel))[:, None]
        nothing = phase & ~found[:, None] & phase.new_tensor([True, False])
        labels = torch.cat([splat(pixel, x.shape[-1]).flatten(1) * found[:, None], (~found[:, None]).float()], dim=1)
        parts = {"where": masked_mean(cross_entropy(self._logits(x), labels[:, None]), known | nothing)}
        at = self.readout(sample(x, pixel[:, None].expand(-1, 2, -1).clamp(0, 1)), batch.state)
        parts |= self.readout.losses(at, action[:, None].expand(-1, 2, -1), known)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look, camera = observation_tensors(observation, features.maps[0].device, self.spec.actions), observation.camera
        x, subcell, horizon = self.trunk(features, look), self.config.decode == "subcell", self.spec.actions.horizon
        phase = PICK if bool(jaw_open(look.state)) else PLACE
        logits = self._logits(x)[:, phase]
        maps = logits[:, :-1].unflatten(1, x.shape[-2:])
        heatmaps = np.tile(maps[0].flatten().softmax(0).reshape(maps.shape[1:]).float().cpu().numpy(), (horizon, 1, 1))
        pixel = peak(maps, subcell)
        at = self.readout.decode(self.readout(sample(x, pixel[:, None].expand(-1, 2, -1).clamp(0, 1)), look.state), subcell)
        point = lift(pixel[0].double().cpu().numpy() * [camera.width, camera.height], at["z"][phase], camera)
        start = np.array([*observation.gripper_pose[:3], observation.gripper_yaw])
        if phase == PICK and logits.softmax(-1)[0, -1] > 0.5:
            return ActionChunk(walk([(np.array([*start[:2], TRAVEL_Z, start[3]]), 1.0, LEGS["up"])], start, horizon), heatmaps)
        return ActionChunk(motion(start, np.array([*point, at["yaw"][phase]]), phase, horizon), heatmaps)

    def _logits(self, x: Tensor) -> Tensor:
        """Logits of all cells and of "nothing there". Shape (B, 2, G * G + 1)."""
        return torch.cat([self.heatmap(x).flatten(2), self.nothing(x.mean((2, 3)))[..., None]], dim=-1)


def jaw_open(state: Tensor) -> Tensor:
    """Whether the jaw is open in states (B, STATE_DIM). Bool (B,)."""
    return (state[:, 5] + 1) / 2 > OPEN


def interaction(batch: Batch) -> tuple[Tensor, Tensor]:
    """The first valid timestep that commands the jaw to close (to open, where it is closed), and whether there is one. Shapes (B,)."""
    told_open = batch.actions[..., 4] > 0.5
    change = (told_open != jaw_open(batch.state)[:, None]) & batch.valid
    return change.float().argmax(1), change.any(1)


def motion(start: np.ndarray, goal: np.ndarray, phase: int, horizon: int) -> np.ndarray:
    """The primitive's next `horizon` waypoints (T, 5) from where the gripper is (4,) to where it acts (4,): x y z [m], yaw [rad]."""
    before, after = (1.0, 0.0) if phase == PICK else (0.0, 1.0)
    above = np.array([*goal[:2], TRAVEL_Z, goal[3]])
    legs = [(goal, before, LEGS["down"]), (goal, after, LEGS["jaw"]), (above, after, LEGS["up"])]
    if np.linalg.norm(goal[:2] - start[:2]) > NEAR_M:
        legs.insert(0, (above, before, LEGS["over"]))
        if start[2] < TRAVEL_Z - NEAR_M:
            legs.insert(0, (np.array([*start[:2], TRAVEL_Z, start[3]]), before, LEGS["lift"]))
    return walk(legs, start, horizon)


def walk(legs: list[tuple[np.ndarray, float, int]], start: np.ndarray, horizon: int) -> np.ndarray:
    """The first `horizon` waypoints (T, 5) of legs (end (4,), opening, count) walked straight, the last one repeated."""
    rows = []
    for end, opening, count in legs:
        turn = float(wrap_yaw(end[3] - start[3]))
        for part in np.arange(1, count + 1) / count:
            rows.append([*(start[:3] + part * (end[:3] - start[:3])), float(wrap_yaw(start[3] + part * turn)), opening])
        start = end
    rows += [rows[-1]] * horizon
    return np.array(rows[:horizon])
