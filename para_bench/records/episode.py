"""What is written down of one rollout."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields


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
    """Horizontal distance from where the object stood before the jaw came to where it first closed [m]; None if it never closed."""
    place_error_m: float | None
    """Horizontal distance from the plate's centre to the object at the end [m]."""
    extra: dict[str, float] = field(default_factory=dict)
    """Further diagnostics by name."""
    strict_success: bool | None = None
    """Success held when the episode ended, within the task's narrower tolerance too; None in older records, which do not say."""
    clamped_waypoints: int = 0
    """Waypoints driven as far along their line as the arm reaches, which was not all the way; none in suite version 1, where the first
    one ends the episode."""


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
    task: str = "place"
    """Row of TASKS; older records are of this one."""
    robot: str = "so101"
    """Row of ROBOTS; older records are of this one."""
    policy_hash: str = ""
    """16 hex digits over weights, settings at test and code of the policy; empty in older records."""
    replan_steps: int | None = None
    """Waypoints executed before the camera is read again; None in older records, which do not say."""
    demo_seed: int | None = None
    """Which demonstrations the policy was trained on; None for references, and in older records, which do not say."""


REQUIRED = tuple(f.name for f in fields(EpisodeRecord) if f.default is MISSING and f.default_factory is MISSING)
"""Fields that every record has, however old."""
