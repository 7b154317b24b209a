"""Settings of `--policy.type=para`."""

from __future__ import annotations

from dataclasses import dataclass, field

from lerobot.configs import NormalizationMode
from lerobot.configs.policies import PreTrainedConfig
from lerobot.optim import AdamWConfig
from lerobot.optim.schedulers import CosineAnnealingWithWarmupSchedulerConfig
from lerobot.utils.constants import OBS_STATE

from para_bench.benchmarks.profiles import LEARNING_RATES
from para_bench.lerobot_data.features import NUMBERS
from para_bench.types import ACTIONS


@PreTrainedConfig.register_subclass("para")
@dataclass
class ParaConfig(PreTrainedConfig):
    """One camera with its calibration; state and action are x y z [m], sine and cosine of twice the yaw, opening.

    The calibration is `camera.NAME.intrinsics` (9,) [px of the data set's pictures] and `camera.NAME.world_from_camera` (16,) in a data
    set, and the same with `observation.` before it where the policy acts.
    """

    n_obs_steps: int = 1
    chunk_size: int = ACTIONS.horizon
    n_action_steps: int = ACTIONS.horizon
    normalization_mapping: dict[str, NormalizationMode] = field(
        default_factory=lambda: dict.fromkeys(("VISUAL", "STATE", "ACTION"), NormalizationMode.IDENTITY)
    )
    """None: the head scales by the workspace, its backbone by its own statistics."""

    camera: str = "front"
    """NAME of the camera that is read: observation.images.NAME."""
    low: list[float] = field(default_factory=lambda: list(ACTIONS.low))
    high: list[float] = field(default_factory=lambda: list(ACTIONS.high))
    """World box over which positions are stated [m]: all that the arm reaches."""
    backbone: str = "efficientnet_lite0"
    """Row of para-bench's BACKBONES, or timm:NAME."""
    freeze_backbone: bool = True
    image_size: int = 224
    """Side to which pictures are resized [px]."""
    width: int = 64
    """Of the head's own layers."""
    decode: str = "subcell"
    """How a heatmap becomes a place: subcell or argmax."""

    optimizer_lr: float = LEARNING_RATES["para"]
    optimizer_lr_backbone: float = 1e-4
    optimizer_weight_decay: float = 3e-2
    scheduler_warmup_steps: int = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.n_action_steps <= self.chunk_size:
            raise ValueError(f"n_action_steps is {self.n_action_steps}; allowed: 1 to chunk_size, {self.chunk_size}")
        if self.n_obs_steps != 1:
            raise ValueError(f"n_obs_steps is {self.n_obs_steps}; allowed: 1")
        if len(self.low) != 3 or len(self.high) != 3 or not all(a < b for a, b in zip(self.low, self.high, strict=True)):
            raise ValueError(f"low, high are {self.low}, {self.high}; allowed: three numbers each, low below high")

    @property
    def image(self) -> str:
        """Key of the picture."""
        return f"observation.images.{self.camera}"

    @property
    def calibration(self) -> tuple[str, str]:
        """Keys of intrinsics and pose in a data set."""
        return f"camera.{self.camera}.intrinsics", f"camera.{self.camera}.world_from_camera"

    @property
    def also_reads(self) -> tuple[str, ...]:
        """Keys that it needs beside its input features where it acts."""
        return tuple(f"observation.{key}" for key in self.calibration)

    def validate_features(self) -> None:
        """Raises ValueError for a data set or an environment that it cannot read."""
        inputs, outputs = self.input_features or {}, self.output_features or {}
        if self.image not in inputs:
            raise ValueError(f"inputs are {', '.join(inputs)}; allowed: with {self.image} (--policy.camera names another)")
        wanted = (len(NUMBERS),)
        for key, feature in ((OBS_STATE, inputs.get(OBS_STATE)), ("action", self.action_feature if outputs else None)):
            if feature is None or tuple(feature.shape) != wanted:
                found = "missing" if feature is None else f"of shape {tuple(feature.shape)}"
                raise ValueError(f"{key} is {found}; allowed: {wanted}, {', '.join(NUMBERS)}")

    @property
    def observation_delta_indices(self) -> None:
        return None

    @property
    def action_delta_indices(self) -> list[int]:
        return list(range(self.chunk_size))

    @property
    def reward_delta_indices(self) -> None:
        return None

    def get_optimizer_preset(self) -> AdamWConfig:
        return AdamWConfig(lr=self.optimizer_lr, weight_decay=self.optimizer_weight_decay, grad_clip_norm=1.0)

    def get_scheduler_preset(self) -> CosineAnnealingWithWarmupSchedulerConfig:
        return CosineAnnealingWithWarmupSchedulerConfig(num_warmup_steps=self.scheduler_warmup_steps)
