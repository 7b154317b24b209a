"""Packages of others that decide numbers or pixels of a result.

Their versions name what is cached. They are in no hash of a checkpoint or an episode: a new release alone makes none of these anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import metadata

PACKAGES = ("mujoco", "torch", "torchvision", "timm", "onnxruntime", "numpy", "scipy", "pillow")


@cache
def versions(packages: tuple[str, ...] = PACKAGES) -> Mapping[str, str]:
    """Version by package; those that are not installed are left out."""
    found = {}
    for name in packages:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def newer(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """ "mujoco 4.0.0 -> 4.1.0": packages of both that have another version; empty where none has."""
    return ", ".join(f"{name} {before[name]} -> {now[name]}" for name in before if now.get(name, before[name]) != before[name])
