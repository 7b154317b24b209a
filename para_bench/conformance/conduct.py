"""Rules about conduct: the same inputs give the same numbers, and nothing else of the process is touched."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import torch

from para_bench.conformance.ambient import stir
from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.text import printable


def generator(subject: Subject) -> None:
    """predictions depend on their generator alone, losses and first weights on torch's global random numbers alone"""
    first = subject.fresh()
    stir(98, with_torch=False)
    second = subject.fresh().state_dict()
    changed = [name for name, value in first.state_dict().items() if not torch.equal(value, second[name])]
    if changed:
        raise BrokenRuleError(f"the first weights of {changed[0]} are others each time; allowed: random numbers of torch alone")
    steady(subject)


def steady(subject: Subject) -> None:
    """Raises BrokenRuleError where other random numbers than those allowed decide; rules that compare two calls begin with this."""
    stir(97)
    here, loss = subject.predict(subject.head, seed=7), subject.loss(subject.head, subject.case.batch).item()
    stir(99)
    there, again = subject.predict(subject.head, seed=7), subject.loss(subject.head, subject.case.batch).item()
    if not np.array_equal(here, there):
        raise BrokenRuleError(
            "predict is not deterministic given its generator: with the same one, waypoints differ by up to "
            f"{np.abs(here - there).max():.3g}; allowed: random numbers from `generator` alone"
        )
    if loss != again:
        raise BrokenRuleError(
            f"loss is not deterministic given torch's random numbers: {loss:.6g} and {again:.6g}; allowed: random numbers of torch alone"
        )


def untouched(subject: Subject) -> None:
    """leaves features, batch and observation as they were given"""
    _live(subject)
    if subject.spoilt:
        raise BrokenRuleError(f"it changes {min(subject.spoilt)} in place; allowed: inputs that stay as they are (clone them first)")


def settings(subject: Subject) -> None:
    """leaves the settings of the process as they were"""
    _live(subject)
    if subject.changed:
        raise BrokenRuleError(f"it changes {', '.join(sorted(subject.changed))}; allowed: settings of the process that stay as they are")


def quiet(subject: Subject) -> None:
    """writes nothing to the terminal"""
    _live(subject)
    if subject.printed:
        said = printable(subject.printed.strip().partition("\n")[0][:60])
        raise BrokenRuleError(f"it writes to the terminal, {said!r}; allowed: nothing (it is called thousands of times)")


def _live(subject: Subject) -> None:
    """Call once all that training and rollouts call; other rules report a call that fails."""
    with suppress(BrokenRuleError):
        head = subject.fresh()
        with suppress(BrokenRuleError):
            subject.gradients(head, subject.case.batch)
        subject.predict(head.eval())
