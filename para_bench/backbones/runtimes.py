"""RUNTIMES: what computes the features of a frozen backbone, and how the name of features states it."""

from __future__ import annotations

from importlib.util import find_spec

from para_bench.types import ParaBenchError

TORCH, ONNXRUNTIME = "torch", "onnxruntime"
RUNTIMES = (TORCH, ONNXRUNTIME)
PACKAGES = ("onnxruntime", "onnx", "onnxscript")
"""What ONNX Runtime needs here: itself, and the two that torch exports with."""


class UnfitError(ParaBenchError):
    """A runtime cannot compute the features of a backbone here."""


def features_name(weights: str, runtime: str) -> str:
    """As `FeatureSpec.backbone` has it: NAME@HASH of torch, NAME@HASH+onnxruntime of ONNX Runtime, whose last bits differ."""
    return weights if runtime == TORCH else f"{weights}+{runtime}"


def runtime_of(features: str) -> str:
    """The runtime that `FeatureSpec.backbone` names: a row of RUNTIMES."""
    return features.rpartition("@")[2].partition("+")[2] or TORCH


def missing_packages() -> list[str]:
    """Those of PACKAGES that are not installed; none of them is imported."""
    return [name for name in PACKAGES if find_spec(name) is None]
