"""Policies of this process, each loaded once: a reference, or a head with its backbone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.plugins import reason
from para_bench.provenance import stamp
from para_bench.rollouts.fence import told_as
from para_bench.rollouts.policy import Policy, load_policy
from para_bench.rollouts.references import REFERENCES
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, WEIGHTS
from para_bench.types import REPLAN_STEPS

if TYPE_CHECKING:
    from para_bench.remote.local import LocalPolicy
    from para_bench.remote.outside import Outside
    from para_bench.remote.policy import RemotePolicy


def make_policy(
    head: str, checkpoint: Path | None, backbone: str, image_size: int, weights: Path | None = None, decode: str | None = None
) -> Policy:
    """A reference, or a head with its backbone on the CPU; loaded again where one of its files was written again.

    Raises:
        ParaBenchError: files are missing or damaged, the head's own code fails, or the machine does.
    """
    if checkpoint is None:
        return REFERENCES[head]()
    written = stamp(*(checkpoint / name for name in (CONFIG, WEIGHTS, BACKBONE_WEIGHTS)), weights)
    with told_as(lambda error: f"head {head!r} cannot be made: {reason(error, head.partition(':')[0])}; allowed: one that can"):
        return _loaded(checkpoint, backbone, image_size, weights, decode, written)


@lru_cache(maxsize=4)
def _loaded(checkpoint: Path, backbone: str, image_size: int, weights: Path | None, decode: str | None, written: object) -> Policy:
    return load_policy(checkpoint, backbone, image_size, weights, decode)


@lru_cache(maxsize=4)
def outside_policy(outside: Outside, replan_steps: int = REPLAN_STEPS) -> RemotePolicy | LocalPolicy:
    """A policy of others, made once a process: its connection is shared by all episodes here.

    Raises:
        ParaBenchError: its server cannot be reached or fails, or its code cannot be imported.
    """
    if outside.protocol:
        from para_bench.remote.policy import RemotePolicy  # what a run of heads does not need

        return RemotePolicy(outside, replan_steps)
    from para_bench.remote.local import LocalPolicy

    return LocalPolicy(outside, replan_steps)
