"""RULES: what every head keeps, built in or not. `para-bench test-head` and our tests check all, a plug-in's training those of HONEST."""

from __future__ import annotations

from collections.abc import Callable

from para_bench.conformance import conduct, inputs, losses, outputs, overfitting
from para_bench.conformance.ambient import own_random_numbers
from para_bench.conformance.cases import make_case
from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.heads import HeadMaker, find_head
from para_bench.plugins import raise_if_not_its_own, reason
from para_bench.types import FeatureSpec, ParaBenchError

Rule = Callable[[Subject], None]
"""Raises BrokenRuleError with what it found; its docstring completes "A head ..."."""

HONEST: dict[str, Rule] = {
    "protocol": inputs.protocol,
    "waypoints": outputs.waypoints,
    "scalar": losses.scalar,
    "generator": conduct.generator,
    "untouched": conduct.untouched,
    "settings": conduct.settings,
    "calibration": inputs.calibration,
    "depth": inputs.depth,
}
"""What training, rollouts and tables rely on: a plug-in that breaks one is not trained. Each rule may rely on those before it."""
RULES: dict[str, Rule] = {
    **HONEST,
    "features": inputs.features,
    "gradients": losses.gradients,
    "padding": losses.padding,
    "labels": losses.labels,
    "weights": outputs.weights,
    "checkpoint": outputs.checkpoint,
    "quiet": conduct.quiet,
}
"""Each takes less than a second; all others rely on the first."""
LEARNING: dict[str, Rule] = {"overfits": overfitting.overfits}
"""Takes some seconds to half a minute."""


def broken(rule: Rule, subject: Subject) -> str:
    """What breaks the rule, in one line; empty where it is kept."""
    try:
        with own_random_numbers():
            rule(subject)
    except BrokenRuleError as error:
        return str(error)
    except BaseException as error:  # the head gave something that no rule foresees
        raise_if_not_its_own(error)
        return f"raised {reason(error, subject.module)}"
    return ""


def check_honest(name: str, make: HeadMaker, spec: FeatureSpec) -> None:
    """Check a plug-in against the rules that results rely on, on made-up features of the backbone in use.

    Raises:
        ParaBenchError: it breaks a rule of HONEST.
    """
    subject = Subject(make, make_case(spec))
    for rule in HONEST.values():
        if found := broken(rule, subject):
            raise ParaBenchError(f"head {name!r}: {found}; `para-bench test-head {name}` checks all rules")


def subject_of(name: str, spec: FeatureSpec) -> Subject:
    """A head under test, by name. Raises ParaBenchError as `find_head`."""
    return Subject(find_head(name), make_case(spec))
