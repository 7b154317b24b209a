"""RULES: what every head keeps, built in or not; the same for `para-bench test-head`, for our tests, and before a plug-in is trained."""

from __future__ import annotations

from collections.abc import Callable

import torch

from para_bench.conformance import inputs, losses, outputs, overfitting
from para_bench.conformance.cases import make_case
from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.heads import HeadMaker, find_head
from para_bench.plugins import reason
from para_bench.types import FeatureSpec, ParaBenchError

Rule = Callable[[Subject], None]
"""Raises BrokenRuleError with what it found; its docstring completes "A head ..."."""

RULES: dict[str, Rule] = {
    "protocol": inputs.protocol,
    "calibration": inputs.calibration,
    "depth": inputs.depth,
    "features": inputs.features,
    "scalar": losses.scalar,
    "gradients": losses.gradients,
    "padding": losses.padding,
    "labels": losses.labels,
    "waypoints": outputs.waypoints,
    "generator": outputs.generator,
    "weights": outputs.weights,
    "checkpoint": outputs.checkpoint,
}
"""Each takes less than a second; the first is what all others stand on."""
LEARNING: dict[str, Rule] = {"overfits": overfitting.overfits}
"""Takes some seconds to half a minute."""
HONEST = ("protocol", "calibration", "depth")
"""What tables say about a head: a plug-in that breaks one is not trained."""


def broken(rule: Rule, subject: Subject) -> str:
    """What breaks the rule, in one line; empty where it is kept."""
    try:
        with torch.random.fork_rng(devices=[]):
            rule(subject)
    except BrokenRuleError as error:
        return str(error)
    except Exception as error:  # the head gave something that no rule foresees
        return f"raised {reason(error, subject.module)}"
    return ""


def check_honest(name: str, make: HeadMaker, spec: FeatureSpec) -> None:
    """Hold a plug-in to what its `sees` says, on made-up features of the backbone in use.

    Raises:
        ParaBenchError: it breaks a rule of HONEST.
    """
    subject = Subject(make, make_case(spec))
    for rule in HONEST:
        if found := broken(RULES[rule], subject):
            raise ParaBenchError(f"head {name!r}: {found}; `para-bench test-head {name}` checks all rules")


def subject_of(name: str, spec: FeatureSpec) -> Subject:
    """Raises ParaBenchError as `find_head`."""
    return Subject(find_head(name), make_case(spec))
