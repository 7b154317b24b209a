"""The fairness record as a table: what is the same for all in one sentence, what belongs to a head or differs in columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from para_bench.report.fairness.facts import FACTS, OWN, UNKNOWN
from para_bench.report.fairness.policies import PolicyFacts, plain
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import POOLED
from para_bench.report.tables.paper import Grid, Row

NAME = "fairness"
_ABOUT = (
    "Training FLOP: matrix products and convolutions of one training, without a backbone that is not trained (its features are computed "
    "once for all heads). Inference ms: backbone and head of one look. Several trainings: from the least to the most"
)
_MOST = 2
"""Most different texts in one cell; of more, only their number is shown."""


def equal_and_different(found: Sequence[PolicyFacts]) -> tuple[dict[str, str], list[str], list[str]]:
    """Facts that are equal for all policies, with their text; facts that differ or are unknown for some; facts unknown for all."""
    equal, different, silent = {}, [], []
    for name in FACTS if found else ():
        texts = {policy.text(name) for policy in found}
        if texts == {UNKNOWN}:
            silent.append(name)
        elif len(texts) == 1:
            equal[name] = texts.pop()
        else:
            different.append(name)
    return equal, different, silent


def fairness_grid(found: Sequence[PolicyFacts], by_cost: bool = False) -> Grid | None:
    """A row a head; None where nothing was trained.

    Args:
        found: Policies of all splits of a report.
        by_cost: Order the heads by training FLOP a sample, then parameters, the cheapest first, instead of as they come.
    """
    if not found:
        return None
    equal, different, silent = equal_and_different(found)
    heads = list(dict.fromkeys(policy.head for policy in found))
    own = {head: [policy for policy in found if policy.head == head] for head in heads}
    for name in different[:]:  # several trainings, the same ones for every head
        texts = {frozenset(policy.text(name) for policy in part) for part in own.values()}
        if len(texts) == 1 and UNKNOWN not in next(iter(texts)) and len(heads) > 1:
            different.remove(name)
            equal[name] = joined(own[heads[0]], name)
    columns = [name for name in FACTS if name in different or (FACTS[name].role == OWN and name not in silent)]
    if by_cost:
        heads.sort(key=lambda head: (_least(own[head], "flop_per_sample"), _least(own[head], "head_parameters")))
    rows = tuple(Row(head, seeds(own[head]), tuple(joined(own[head], name) for name in columns), (False,) * len(columns)) for head in heads)
    sentences = [f"The same for all: {_list(equal)}" if (equal := _without(equal, columns)) else "Nothing is known to be the same for all"]
    sentences += [f"{UNKNOWN.capitalize()} for any: {', '.join(FACTS[name].title for name in silent)}"] if silent else []
    caption = ". ".join([*sentences, _ABOUT]) + "."
    return Grid(NAME, ("head", "seeds"), tuple(FACTS[name].title for name in columns), rows, caption)


def add_facts(table: pd.DataFrame, results: SplitResults, found: Iterable[PolicyFacts]) -> pd.DataFrame:
    """The long success table of a split with a column for every fact of the policies behind each row; empty for references."""
    by_checkpoint = {policy.checkpoint: policy for policy in found}
    behind: dict[tuple[str, str, str], dict[str, PolicyFacts]] = {}
    for r in results.records:
        for level in (r.level, POOLED):
            if r.checkpoint_hash in by_checkpoint:
                behind.setdefault((r.head, r.condition, level), {})[r.checkpoint_hash] = by_checkpoint[r.checkpoint_hash]
    rows = [list(behind.get((row["head"], row["condition"], row["level"]), {}).values()) for row in table.to_dict("records")]
    return table.assign(**{name: [_listed(own, name) for own in rows] for name in FACTS})


def joined(own: Sequence[PolicyFacts], name: str) -> str:
    """The texts of several policies in one cell."""
    texts = list(dict.fromkeys(policy.text(name) for policy in own))
    if len(texts) > 1 and UNKNOWN not in texts:
        values = [policy.facts[name] for policy in own]
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            return f"{FACTS[name].show(min(values))} to {FACTS[name].show(max(values))}"
    return " or ".join(texts) if len(texts) <= _MOST else f"{len(texts)} different"


def _listed(own: Sequence[PolicyFacts], name: str) -> str:
    return "; ".join(dict.fromkeys(plain(policy, name) for policy in own))


def seeds(own: Sequence[PolicyFacts]) -> str:
    """ "0 to 2"."""
    found = sorted({policy.seed for policy in own})
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}" if found[-1] - found[0] == len(found) - 1 else str(found)


def _least(own: Sequence[PolicyFacts], name: str) -> float:
    return min((policy.facts.get(name, math.inf) for policy in own), default=math.inf)


def _without(equal: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {name: text for name, text in equal.items() if name not in columns}


def _list(equal: dict[str, str]) -> str:
    return "; ".join(f"{FACTS[name].title} {text}" for name, text in equal.items())
