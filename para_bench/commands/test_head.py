"""`para-bench test-head`: every rule that heads keep, one line each, with what broke it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from para_bench.conformance import LEARNING, RULES, Rule, broken, subject_of
from para_bench.conformance.cases import SPECS

if TYPE_CHECKING:
    from para_bench.arguments.looking import TestHead

FIRST = next(iter(RULES))


def test_head(args: TestHead) -> None:
    subjects = {name: subject_of(args.head, spec) for name, spec in SPECS.items()}
    first, *_ = SPECS
    rules = [(name, rule, subjects) for name, rule in RULES.items()]
    rules += [] if args.quick else [(name, rule, {first: subjects[first]}) for name, rule in LEARNING.items()]
    failed = 0
    for name, rule, on in rules:
        found = {features: text for features, subject in on.items() if (text := broken(rule, subject))}
        failed += bool(found)
        print(f"{'FAIL' if found else 'pass'}  {name:12}{_title(rule)}", flush=True)
        for text in dict.fromkeys(found.values()):
            where = [features for features in found if found[features] == text]
            print(f"      {text}" + (f" (on features: {where[0]})" if len(where) < len(on) else ""), flush=True)
        if found and name == FIRST:
            print("      the other rules were not checked: they need this one")
            break
    print(f"{args.head}: {f'{failed} rules broken' if failed > 1 else '1 rule broken' if failed else f'all {len(rules)} rules kept'}")
    sys.exit(1 if failed else 0)


def _title(rule: Rule) -> str:
    return (rule.__doc__ or "").strip()
