"""Numbers as distributions over bins."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.heads.parts.bins import Bins, cross_entropy

HEIGHT = Bins(32, 0.0, 0.16)
YAW = Bins(36, -np.pi / 2, np.pi / 2, circular=True)
OPENING = Bins(11, 0.0, 1.0)


def values(bins: Bins) -> torch.Tensor:
    """The whole range, both ends and every bin's centre."""
    centres = bins.low + bins.width * np.arange(bins.count)
    return torch.from_numpy(np.concatenate([np.linspace(bins.low, bins.high, 301), centres])).float()


def apart(a: torch.Tensor, b: torch.Tensor, bins: Bins) -> torch.Tensor:
    off = a - b
    period = bins.high - bins.low
    return (off + period / 2) % period - period / 2 if bins.circular else off


@pytest.mark.parametrize("bins", [HEIGHT, YAW, OPENING], ids=["height", "yaw", "opening"])
def test_decode_undoes_encode(bins: Bins) -> None:
    x = values(bins)
    labels = bins.encode(x)
    assert labels.shape == (len(x), bins.count)
    torch.testing.assert_close(labels.sum(-1), torch.ones(len(x)))
    assert ((labels > 0).sum(-1) <= 2).all()
    assert apart(bins.decode(labels.log()), x, bins).abs().max() < 1e-5 * (bins.high - bins.low)  # float32
    assert apart(bins.decode(labels.log(), subcell=False), x, bins).abs().max() <= 0.5 * bins.width * (1 + 1e-4)  # float32


def test_a_circular_range_meets_itself() -> None:
    below, above = YAW.encode(torch.tensor(np.pi / 2 - 0.01)), YAW.encode(torch.tensor(-np.pi / 2 + 0.01))
    assert below.argmax() == above.argmax() == 0
    assert apart(YAW.decode(below.log()), torch.tensor(np.pi / 2 - 0.01), YAW).abs() < 1e-5
    torch.testing.assert_close(YAW.encode(torch.tensor(0.3)), YAW.encode(torch.tensor(0.3 + np.pi)), atol=1e-5, rtol=0)  # float32


def test_values_out_of_range_take_the_nearest_bin() -> None:
    labels = HEIGHT.encode(torch.tensor([-1.0, 5.0]))
    assert labels[0, 0] == 1
    assert labels[1, -1] == 1
    torch.testing.assert_close(HEIGHT.decode(labels.log()), torch.tensor([0.0, 0.16]))


def test_cross_entropy_is_least_at_the_labels() -> None:
    labels = HEIGHT.encode(torch.tensor([0.0123, 0.1]))
    entropy = -(labels * labels.clamp(min=1e-30).log()).sum(-1)
    torch.testing.assert_close(cross_entropy(labels.clamp(min=1e-30).log(), labels), entropy)
    torch.manual_seed(0)  # any logits
    assert (cross_entropy(torch.randn(2, 32), labels) > entropy).all()


def test_cross_entropy_is_torchs_own() -> None:
    torch.manual_seed(0)  # any logits
    logits, labels = torch.randn(5, 32), HEIGHT.encode(torch.linspace(0, 0.16, 5))
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    torch.testing.assert_close(cross_entropy(logits, labels), expected)
