"""Rules about what a head looks at: what it says it sees, and nothing else."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import torch

from para_bench.conformance.cases import told_otherwise
from para_bench.conformance.conduct import steady
from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.heads.base import SEES, sees_depth
from para_bench.plugins import reason


def protocol(subject: Subject) -> None:
    """is a torch module with loss, predict and sees"""
    head = subject.fresh()
    if not isinstance(head, torch.nn.Module):
        raise BrokenRuleError(f"it is a {type(head).__name__}; allowed: a torch.nn.Module")
    for method in ("loss", "predict"):
        if not callable(getattr(head, method, None)):
            raise BrokenRuleError(
                f"it has no method {method}; allowed: loss(features, batch) and predict(features, observation, generator)"
            )
    says, told = getattr(head, "sees", None), getattr(subject.make, "sees", None)
    if says not in SEES:
        raise BrokenRuleError(f"sees says {says!r}; allowed: {', '.join(map(repr, SEES))}")
    parameters = dict(head.named_parameters())
    if not any(value.requires_grad for value in parameters.values()):
        raise BrokenRuleError("it has no parameters; allowed: a head that learns")
    if odd := [name for name, value in parameters.items() if not value.isfinite().all()]:
        raise BrokenRuleError(f"its parameter {odd[0]} is not finite when the head is made; allowed: finite weights")
    try:
        copy.deepcopy(head)  # training averages weights in a copy
    except Exception as error:
        raise BrokenRuleError(f"it cannot be copied: {reason(error, subject.module)}; allowed: a module for copy.deepcopy") from error
    if says != told:  # it is read before there is a head, and decides the data
        raise BrokenRuleError(f"sees says {says!r} and {told!r} on what makes the head; allowed: the same")


def calibration(subject: Subject) -> None:
    """uses the camera's calibration exactly if sees says so"""
    steady(subject)
    batch, observation = told_otherwise(subject.case)
    here, elsewhere = (subject.predict(subject.head, seen) for seen in (None, observation))
    losses = [subject.loss(subject.head, told).item() for told in (subject.case.batch, batch)]
    says = "calibration" in subject.head.sees
    _exactly(subject, says, not np.array_equal(here, elsewhere), "prediction", "the camera")
    _exactly(subject, says, losses[0] != losses[1], "loss", "the camera")


def depth(subject: Subject) -> None:
    """uses the depth map exactly if sees says so"""
    steady(subject)
    head, batch, observation = subject.head, subject.case.batch, subject.case.observations[0]
    assert batch.depth is not None
    assert observation.depth is not None
    says = sees_depth(head)
    nearer = replace(observation, depth=0.97 * observation.depth)
    changed = replace(batch, depth=0.97 * batch.depth)
    _exactly(subject, says, not np.array_equal(subject.predict(head), subject.predict(head, nearer)), "prediction", "the depth map")
    _exactly(subject, says, subject.loss(head, changed).item() != subject.loss(head, batch).item(), "loss", "the depth map")
    if not says:  # a head that does not see depth is never given any
        subject.predict(head, replace(observation, depth=None))
        _exactly(subject, says, bool(subject.loss(head, replace(batch, depth=None)) != subject.loss(head, batch)), "loss", "the depth map")


def features(subject: Subject) -> None:
    """predicts from the features and from the gripper's state"""
    observation = subject.case.observations[0]
    pose = observation.gripper_pose + np.r_[0.03, 0.05, 0.02, np.zeros(4)]
    here, elsewhere = subject.predict(subject.head), subject.predict(subject.head, window=1)
    _exactly(subject, "RGB" in subject.head.sees, not np.array_equal(here, elsewhere), "prediction", "the features")
    if np.array_equal(here, subject.predict(subject.head, replace(observation, gripper_pose=pose, gripper_yaw=0.7))):
        raise BrokenRuleError("the prediction does not change with the gripper's pose")


def _exactly(subject: Subject, says: bool, changes: bool, what: str, cause: str) -> None:
    if says != changes:
        raise BrokenRuleError(f"sees says {subject.head.sees!r} but the {what} {'changes' if changes else 'does not change'} with {cause}")
