"""What is written down of one rollout."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """What one rollout yields, whoever the policy was."""

    success_once: bool
    """Success held at some moment of the episode."""
    success_at_end: bool
    """Success held when the episode ended."""
    stage: str
    """Furthest stage reached: none, reach, grasp, lift, place."""
    reason: str
    """`success`, or why it failed."""
    steps: int
    """Waypoints executed."""
    seconds: float
    """Wall time of the rollout."""
    sim_seconds: float
    """Simulated time when the episode ended."""
    grasp_error_m: float | None
    """Horizontal distance from the object's first position to where the jaw first closed [m]; None if it never closed."""
    place_error_m: float | None
    """Horizontal distance from the plate's centre to the object at the end [m]."""
    extra: dict[str, float] = field(default_factory=dict)
    """Further diagnostics by name."""


@dataclass(frozen=True, kw_only=True)
class EpisodeRecord(Outcome):
    """One line of episodes.jsonl: one rollout of one policy in one scene."""

    suite_version: str
    split: str
    condition: str
    level: str
    scene_index: int
    scene_hash: str
    head: str
    backbone: str
    train_seed: int
    demos: int
    checkpoint_hash: str
    config_hash: str
