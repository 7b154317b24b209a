"""What a machine takes for the parts of a plan, as it was timed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Kind = tuple[str, str, bool]
"""Head, backbone, whether training goes through the backbone."""


class EpisodeCost(NamedTuple):
    """Of a policy that goes the expert's way."""

    seconds: float
    waypoints: float
    """Until success."""
    limit: int
    """Waypoints after which an episode is cut off."""

    @property
    def expected_s(self) -> float:
        """Midway between an episode that succeeds as the expert does and one that goes on to the limit."""
        return self.seconds * (1 + self.limit / self.waypoints) / 2


class ScenesCost(NamedTuple):
    """Of one split [CPU s a scene]."""

    control_s: float
    shifted_s: float
    apart: float
    """Conditions of one scene index in which things move differently: a reference rolls out so many."""


@dataclass
class Rates:
    """CPU seconds, each on one thread."""

    worker_s: float
    """To start a process that works."""
    demonstration_s: float = 0.0
    samples: int = 0
    """Windows of a demonstration, copies included."""
    held_out: int = 0
    """Windows of all validation demonstrations."""
    images: dict[tuple[str, bool], float] = field(default_factory=dict)
    """Drawing, augmenting and (for a frozen backbone) extracting one image, by backbone and whether it is trained too."""
    image_bytes: dict[tuple[str, bool], int] = field(default_factory=dict)
    """What is kept of it."""
    steps: dict[Kind, float] = field(default_factory=dict)
    evaluations: dict[Kind, float] = field(default_factory=dict)
    """One point of the validation curve."""
    episodes: dict[str, EpisodeCost] = field(default_factory=dict)
    """By head."""
    references: dict[str, float] = field(default_factory=dict)
    scenes: dict[str, ScenesCost] = field(default_factory=dict)
    """By split."""
