"""Scenes, shifts and the Gymnasium environment; the one room that imports gymnasium."""

from __future__ import annotations

from para_bench.envs.registration import ENV_ID as ENV_ID
from para_bench.envs.registration import register

register()  # `import para_bench.envs`, or gym.make("para_bench.envs:para_bench/place-v1"), is enough
