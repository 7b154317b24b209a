"""Timed costs of the parts of a plan on one machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Kind = tuple[str, str, bool]
"""Head, backbone, whether training goes through the backbone."""


class EpisodeCost(NamedTuple):
    """Cost of an episode in which the policy's looks cost time but the expert's waypoints are executed."""

    seconds: float
    waypoints: float
    """Waypoints until success."""
    limit: int
    """Waypoints after which an episode is cut off."""

    @property
    def expected_s(self) -> float:
        """Midway between an episode that succeeds as the expert does and one that goes on to the limit."""
        return self.seconds * (1 + self.limit / self.waypoints) / 2


class ScenesCost(NamedTuple):
    """Cost of sampling the scenes of one split [CPU s a scene]."""

    control_s: float
    shifted_s: float
    apart: float
    """Conditions of one scene index with different physics: a reference has that many rollouts."""


class PretrainingCost(NamedTuple):
    """Cost of training the weights of a backbone before its heads [CPU s]."""

    step_s: float
    evaluation_s: float
    play_s: float
    """Rolling out one episode of play."""
    images_s: float
    """Drawing the images of one episode."""
    image_bytes: int
    """Their size on disk."""


@dataclass
class Rates:
    """CPU seconds, each on one thread."""

    worker_s: float
    """Start of one worker process."""
    demonstration_s: float = 0.0
    samples: int = 0
    """Windows of a demonstration, copies included."""
    held_out: int = 0
    """Windows of all validation demonstrations."""
    images: dict[tuple[str, bool], float] = field(default_factory=dict)
    """Drawing and augmenting one image and, for a frozen backbone, extracting features; by backbone and whether it is trained too."""
    image_bytes: dict[tuple[str, bool], int] = field(default_factory=dict)
    """Bytes kept of one image or its features, by the same."""
    steps: dict[Kind, float] = field(default_factory=dict)
    evaluations: dict[Kind, float] = field(default_factory=dict)
    """One point of the validation curve."""
    episodes: dict[str, EpisodeCost] = field(default_factory=dict)
    """By head."""
    pretrainings: dict[str, PretrainingCost] = field(default_factory=dict)
    """By backbone, of those whose weights are trained in the run."""
    references: dict[str, float] = field(default_factory=dict)
    scenes: dict[str, ScenesCost] = field(default_factory=dict)
    """By split."""
