"""The policy: para-bench's backbone and its head `para` between lerobot's batches."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from lerobot.policies.pretrained import PreTrainedPolicy
from lerobot.utils.constants import ACTION, OBS_STATE
from torch import Tensor

from lerobot_policy_para.calibration import Calibration, Lookup, calibration_of, told
from lerobot_policy_para.configuration_para import ParaConfig
from para_bench.backbones.create import create_backbone
from para_bench.heads.config import HeadConfig
from para_bench.heads.para import Para
from para_bench.heads.parts.grid import sample
from para_bench.lerobot_data.yaw import double_yaw
from para_bench.tensors import Batch, Features, Look
from para_bench.types import ACTIONS, ActionSpec


class ParaPolicy(PreTrainedPolicy):
    """Predicts chunks; trained by lerobot's loop, so without the averaged weights and the turned copies of para-bench's own."""

    config_class = ParaConfig
    name = "para"

    def __init__(self, config: ParaConfig, dataset_meta: Any = None, **kwargs: Any) -> None:
        """`dataset_meta`: where it is trained, lerobot's description of the data set, whose frames have the calibration."""
        super().__init__(config)
        config.validate_features()
        self.config: ParaConfig = config
        self.backbone = create_backbone(
            config.backbone, config.image_size, pretrained=not config.pretrained_path, frozen=config.freeze_backbone
        )
        low, high = (tuple(map(float, box)) for box in (config.low, config.high))
        actions = ActionSpec(low, high, ACTIONS.names, config.chunk_size)
        spec = replace(self.backbone.spec, actions=actions)
        self.head = Para(spec, HeadConfig(width=config.width, decode=config.decode))
        self.register_buffer("low", torch.tensor(low), persistent=False)
        self.register_buffer("high", torch.tensor(high), persistent=False)
        self._frames = None if dataset_meta is None else Lookup(dataset_meta.root, config.calibration)
        self.reset()

    def get_optim_params(self) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters())}]
        if not self.config.freeze_backbone:
            groups.append({"params": list(self.backbone.parameters()), "lr": self.config.optimizer_lr_backbone})
        return groups

    def reset(self) -> None:
        self._queue: deque[Tensor] = deque(maxlen=self.config.n_action_steps)

    def forward(self, batch: dict[str, Tensor], **_: Any) -> tuple[Tensor, dict[str, float]]:
        """Loss and its parts by name, of windows that the data set has actions and the calibration for."""
        camera, actions = self._calibration(batch), batch[ACTION]
        look = self._look(batch, camera)
        yaw = torch.atan2(actions[..., 3], actions[..., 4]) / 2
        windows = Batch(
            **vars(look),
            actions=torch.cat([actions[..., :3], yaw[..., None], actions[..., 5:]], -1),
            encoded=self._encoded(actions),
            action_pixels=camera.project(actions[..., :3]),
            valid=~batch["action_is_pad"],
        )
        return self.head.loss(self._features(batch), windows)

    @torch.no_grad()
    def predict_action_chunk(self, batch: dict[str, Tensor], **_: Any) -> Tensor:
        """Shape (B, chunk_size, 6)."""
        self.eval()
        camera = self._calibration(batch)
        look, features = self._look(batch, camera), self._features(batch)
        chunks = [self._chunk(features.row(row), _row(look, row), camera.row(row)) for row in range(len(look.state))]
        return torch.from_numpy(np.stack(chunks).astype(np.float32)).to(look.state.device)

    @torch.no_grad()
    def select_action(self, batch: dict[str, Tensor], **_: Any) -> Tensor:
        """Shape (B, 6): the next of the chunk that was predicted last."""
        if not self._queue:
            self._queue.extend(self.predict_action_chunk(batch)[:, : self.config.n_action_steps].transpose(0, 1))
        return self._queue.popleft()

    def _chunk(self, features: Features, look: Look, camera: Calibration) -> np.ndarray:
        """Actions (T, 6) of one picture."""
        head, subcell = self.head, self.config.decode == "subcell"
        x = head.trunk(features, look)
        places, found, _ = head.find(head.heatmap(x))
        values = found | head.readout.decode(head.readout(sample(x, places.clamp(0, 1)), look.state), subcell)
        points = camera.lift(places[0].double().cpu().numpy(), values["z"])
        return np.concatenate([points, double_yaw(values["yaw"]), values["opening"][:, None]], 1)

    def _features(self, batch: dict[str, Tensor]) -> Features:
        images, side = batch[self.config.image], self.config.image_size
        if images.shape[-2:] != (side, side):  # places are shares of the sides, so another aspect is squeezed and nothing is cut
            images = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
        maps, summary = self.backbone(images)
        # torch 2.11 crashes in the gradient of channels-last maps; `contiguous` leaves one of a single cell as it is.
        return Features(tuple(level.clone(memory_format=torch.contiguous_format) for level in maps), summary)

    def _look(self, batch: dict[str, Tensor], camera: Calibration) -> Look:
        state = batch[OBS_STATE]
        return Look(state=self._encoded(state), gripper_pixel=camera.project(state[:, :3]), **camera._asdict())

    def _encoded(self, values: Tensor) -> Tensor:
        """State or actions (..., 6) as heads regress them: positions scaled by the box, opening to [-1, 1]."""
        position = 2 * (values[..., :3] - self.low) / (self.high - self.low) - 1
        return torch.cat([position, values[..., 3:5], 2 * values[..., 5:] - 1], -1)

    def _calibration(self, batch: dict[str, Tensor]) -> Calibration:
        """Raises ValueError where neither the batch nor the data set says it."""
        found = told(batch, self.config.calibration)
        if found is None and self._frames is not None and "index" in batch:
            found = self._frames(batch["index"])
        if found is None:
            raise ValueError(f"no calibration; allowed: observations with {', '.join(self.config.also_reads)}")
        _, height, width = self.config.input_features[self.config.image].shape
        state = batch[OBS_STATE]
        intrinsics, pose = (part.to(state.device) for part in found)
        return calibration_of(intrinsics, pose, width, height)


def _row(look: Look, index: int) -> Look:
    parts = {name: value[index : index + 1] for name, value in vars(look).items() if value is not None}
    return Look(**parts)
