"""para-bench's head `para` for lerobot-train: `--policy.type=para`, on any data set that has the calibration of its camera."""

from lerobot_policy_para.configuration_para import ParaConfig as ParaConfig
