"""Processors of the policy: batch and device alone, since nothing is normalised."""

from __future__ import annotations

from typing import Any

from lerobot.processor import make_default_pre_post_processors

from lerobot_policy_para.configuration_para import ParaConfig


def make_para_pre_post_processors(config: ParaConfig, dataset_stats: Any = None) -> tuple[Any, Any]:
    """Under the name by which lerobot looks for it."""
    return make_default_pre_post_processors(config, dataset_stats, normalizer_device=config.device)
