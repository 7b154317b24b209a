"""`para-bench test-head`: every rule that heads keep, one line each, with what broke it."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tyro.conf import Positional


@dataclass(frozen=True)
class TestHead:
    """Check a head against every rule of a head, on made-up inputs.

    No simulator runs. Exit code 1 where a rule is broken. Your own head needs no registration: module:Class is looked for on sys.path
    and in the current folder. See docs/PLUGINS.md.

    Example: para-bench test-head my_package.my_module:MyHead
    """

    __test__ = False  # its name makes pytest look at it
    head: Positional[str]
    """A name of `para-bench list`, or module:Class."""
    quick: bool = False
    """Leave out the training on one batch, which takes some seconds to half a minute."""

    def __call__(self) -> None:
        from para_bench.conformance import LEARNING, RULES, broken, subject_of
        from para_bench.conformance.cases import SPECS

        subjects = {name: subject_of(self.head, spec) for name, spec in SPECS.items()}
        first, *_ = SPECS
        rules = [(name, rule, subjects) for name, rule in RULES.items()]
        rules += [] if self.quick else [(name, rule, {first: subjects[first]}) for name, rule in LEARNING.items()]
        failed = 0
        for name, rule, on in rules:
            found = {features: text for features, subject in on.items() if (text := broken(rule, subject))}
            failed += bool(found)
            print(f"{'FAIL' if found else 'pass'}  {name:12}{(rule.__doc__ or '').strip()}", flush=True)
            for text in dict.fromkeys(found.values()):
                where = [features for features in found if found[features] == text]
                print(f"      {text}" + (f" (on features: {where[0]})" if len(where) < len(on) else ""), flush=True)
            if found and name == next(iter(RULES)):
                print("      the other rules were not checked: they need this one")
                break
        print(f"{self.head}: {f'{failed} rules broken' if failed > 1 else '1 rule broken' if failed else f'all {len(rules)} rules kept'}")
        sys.exit(1 if failed else 0)
