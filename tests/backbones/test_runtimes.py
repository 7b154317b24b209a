"""Names of features tell what computed them, and those of before there was a choice are torch's."""

from __future__ import annotations

import pytest

from para_bench.backbones import runtimes
from para_bench.backbones.runtimes import ONNXRUNTIME, RUNTIMES, TORCH, features_name, missing_packages, runtime_of


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("weights", ["efficientnet_lite0@200c829f", "timm:a+b@01234567"])
def test_a_name_tells_its_runtime(weights: str, runtime: str) -> None:
    assert runtime_of(features_name(weights, runtime)) == runtime


def test_the_name_of_torch_s_features_is_as_it_was() -> None:
    assert features_name("efficientnet_lite0@200c829f", TORCH) == "efficientnet_lite0@200c829f"
    assert features_name("efficientnet_lite0@200c829f", ONNXRUNTIME) == "efficientnet_lite0@200c829f+onnxruntime"


def test_packages_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_packages() == []
    monkeypatch.setattr(runtimes, "PACKAGES", ("onnxruntime", "no_such_package"))
    assert missing_packages() == ["no_such_package"]
