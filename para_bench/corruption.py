"""Kinds of image corruption by a webcam, and their ranges. `sim.webcam` applies them."""

from __future__ import annotations

from dataclasses import dataclass

from para_bench import quantities

KINDS = {
    "noise": (0.0, 1.0),
    "blur": (0.0, 56.0),
    "jpeg": (1.0, 95.0),
    "exposure": (-4.0, 4.0),
    "white_balance": (1700.0, 25000.0),
    "lens_distortion": (-0.5, 0.5),
}
"""Kinds of corruption, with the least and the largest amount."""


@dataclass(frozen=True)
class Corruption:
    """What a webcam does to the picture after it is taken; the calibration that the policy is given stays that of the clean picture."""

    kind: str
    """One of KINDS."""
    amount: float
    """Unit and range of each kind: `sim.webcam`."""

    def __post_init__(self) -> None:
        quantities.choice("corruption kind", self.kind, KINDS)
        quantities.number(f"{self.kind} amount", self.amount, *KINDS[self.kind])
