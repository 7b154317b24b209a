"""lerobot's policies for our data: its own on images, or the same on our frozen features. Runs in the environment with lerobot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from lerobot.configs.types import FeatureType, NormalizationMode
from lerobot.datasets.utils import dataset_to_policy_features
from lerobot.policies.act.configuration_act import ACTConfig
from lerobot.policies.act.modeling_act import ACTPolicy
from lerobot.policies.diffusion.configuration_diffusion import DiffusionConfig
from lerobot.policies.diffusion.modeling_diffusion import DiffusionPolicy, SpatialSoftmax
from lerobot.utils.constants import OBS_IMAGES, OBS_STATE
from torch import Tensor, nn

from parity.lerobot_data import IMAGE

HORIZON = 12
"""para_bench.types.ACTIONS.horizon."""
GRIDS = {"act": 14, "diffusion": 28}
"""Side of the feature map that each policy reads on our features: our ACT's, and the finest that our pooled token attends to."""
WIDTHS: dict[str, dict[str, dict[str, Any]]] = {
    "default": {"act": {}, "diffusion": {}},
    "ours": {
        "act": {"dim_model": 128, "n_heads": 4, "dim_feedforward": 512, "n_encoder_layers": 2, "n_vae_encoder_layers": 2},
        "diffusion": {"down_dims": (64, 96, 128)},
    },
}
"""lerobot's own sizes, and those of para_bench.heads.act and .unet1d."""


def make_policy(name: str, size: str, inputs: str, features: dict[str, dict], channels: int, device: str) -> ACTPolicy | DiffusionPolicy:
    """Fresh weights.

    Args:
        name: act or diffusion.
        size: A key of WIDTHS.
        inputs: `images`, or `features`: what `feature_map` makes of our backbone's maps stands where ResNet's output stood.
        features: Of the data set.
        channels: D of the feature map.
        device: Where to compute.
    """
    known = dataset_to_policy_features(features)
    shared = {
        "input_features": {key: known[key] for key in (OBS_STATE, IMAGE)},
        "output_features": {"action": known["action"]},
        "n_action_steps": HORIZON,
        "n_obs_steps": 1,  # our heads see the present alone
        "pretrained_backbone_weights": None,  # no download; Diffusion Policy's default, ACT's would be ImageNet's
        "device": device,
        "push_to_hub": False,
    }
    if name == "act":
        policy: ACTPolicy | DiffusionPolicy = ACTPolicy(ACTConfig(chunk_size=HORIZON, **shared, **WIDTHS[size][name]))
    else:
        # Horizon 16 is its default: 12 is no multiple of the 8 by which the U-Net shrinks time; the first 12 are measured.
        sampler = {"noise_scheduler_type": "DDIM", "num_inference_steps": 10}  # as our head samples; training is the same
        policy = DiffusionPolicy(DiffusionConfig(**shared, **sampler, **WIDTHS[size][name]))
    if inputs == "features":
        _read_features(policy, channels)
    return policy.to(device)


def feature_map(levels: list[Tensor], grid: int) -> Tensor:
    """Our backbone's maps (B, D, H', W') as one map (B, sum of D, grid, grid): normalised and resized as our heads do first."""
    normed = [F.group_norm(level.float(), 1) for level in levels]
    return torch.cat([F.interpolate(level, size=grid, mode="bilinear", align_corners=False) for level in normed], dim=1)


def sample_chunks(policy: ACTPolicy | DiffusionPolicy, batch: dict[str, Tensor]) -> Tensor:
    """Normalised chunks (B, HORIZON, 6) for a preprocessed batch without actions."""
    if isinstance(policy, ACTPolicy):
        return policy.predict_action_chunk(batch)
    images = batch[IMAGE] if batch[IMAGE].ndim == 5 else batch[IMAGE][:, None]
    # predict_action_chunk reads queues that select_action fills, one observation at a time: so one level below it.
    with torch.no_grad():
        return policy.eval().diffusion.generate_actions({OBS_STATE: batch[OBS_STATE], OBS_IMAGES: images[:, :, None]})


def _read_features(policy: ACTPolicy | DiffusionPolicy, channels: int) -> None:
    """Take the ResNet out; the next layer reads `channels` in place of its 512."""
    policy.config.normalization_mapping = {**policy.config.normalization_mapping, "VISUAL": NormalizationMode.IDENTITY}
    grid = GRIDS[policy.name]
    shape = replace(policy.config.input_features[IMAGE], type=FeatureType.VISUAL, shape=(channels, grid, grid))
    policy.config.input_features = {**policy.config.input_features, IMAGE: shape}
    if isinstance(policy, ACTPolicy):
        policy.model.backbone = _AsResNet()
        policy.model.encoder_img_feat_input_proj = nn.Conv2d(channels, policy.config.dim_model, 1)
    else:
        encoder = policy.diffusion.rgb_encoder
        encoder.backbone = nn.Identity()
        encoder.pool = SpatialSoftmax(shape.shape, num_kp=policy.config.spatial_softmax_num_keypoints)


class _AsResNet(nn.Module):
    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {"feature_map": x}
