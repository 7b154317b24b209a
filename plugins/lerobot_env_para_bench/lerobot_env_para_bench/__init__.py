"""Scenes of para-bench for lerobot-eval: `--env.type=para_bench --env.task=place/novel_view/15 --seed=0`; seed i is scene i."""

from lerobot_env_para_bench.config import ParaBenchEnv as ParaBenchEnv
