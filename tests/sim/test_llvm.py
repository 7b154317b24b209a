"""A picture, and then the packages of the network: Mesa's LLVM and triton's in one process."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from pathlib import Path

import pytest
from fresh_process import run

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux" or not importlib.util.find_spec("triton"), reason="triton is for Linux"),
]
SCRIPT = """
{before}
import gymnasium as gym
import para_bench.envs
env = gym.make("para_bench/place-v0", image_size=32)
first = env.reset(seed=0)[0]["pixels"]
{after}
assert (env.reset(seed=0)[0]["pixels"] == first).all()
assert first.std() > 10
print("survives")
"""
OPTIMISER = "import torch; torch.optim.AdamW([torch.zeros(1, requires_grad=True)])"
ORDERS = {
    "triton": ("", "import triton"),
    "torchvision": ("", "import torchvision"),
    "policy": ("", "import para_bench.rollouts.policy"),
    "an optimiser": ("", OPTIMISER),
    "torch, then an optimiser": ("import torch", OPTIMISER),
    "triton before": ("import triton", "import torchvision"),
    "mujoco before": ("import mujoco", "import triton"),
}


def has(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("order", [order if order == "policy" else pytest.param(order, marks=pytest.mark.slow) for order in ORDERS])
@pytest.mark.parametrize(("back_end", "library"), [("egl", "libEGL.so.1"), ("osmesa", "libOSMesa.so.8")])
def test_a_picture_and_then(order: str, back_end: str, library: str, tmp_path: Path) -> None:
    if back_end == "osmesa" and (order == "mujoco before" or not has(library)):
        pytest.skip("mujoco itself loads OSMesa" if order == "mujoco before" else f"{library} is not installed")
    before, after = ORDERS[order]
    ended = run(SCRIPT.format(before=before, after=after), tmp_path, MUJOCO_GL=back_end)
    assert (ended.returncode, ended.stdout.splitlines()[-1:]) == (0, ["survives"]), ended.stdout[-2000:]


def test_nothing_is_loaded_before_the_first_picture(tmp_path: Path) -> None:
    code = "import para_bench.envs, para_bench.envs.env\nprint('libtriton' in open('/proc/self/maps').read())"
    assert run(code, tmp_path, MUJOCO_GL="egl").stdout.split() == ["False"]
