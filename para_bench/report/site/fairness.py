"""The fairness page: a row a head for what its trainings share, and a row a checkpoint for the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from para_bench.report.fairness.facts import FACTS, UNKNOWN
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.site.wording import of_split, plain
from para_bench.report.tables.fairness import equal_and_different, joined, seeds

FIRST = ("learning_rate", "augmentation", "sees")
"""What a search chose and what a head is given stand first."""
OF_A_CHECKPOINT = ("demonstrations_hash",)
"""Says nothing of a head."""
_POWER = re.compile(r"\b(\d(?:\.\d+)?)e\+?(-?\d+)\b")
_KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)+(?= )")
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Row(NamedTuple):
    """One line of a table."""

    head: str
    seeds: str
    texts: list[str]
    missing: list[bool]
    """Whether a text says that the fact is unknown."""


def values(found: Sequence[PolicyFacts]) -> dict[str, Any]:
    """Values of the page's template."""
    if not found:
        return {"rows": []}
    equal, different, silent = equal_and_different(found)
    heads = {head: [policy for policy in found if policy.head == head] for head in dict.fromkeys(policy.head for policy in found)}
    columns = sorted((name for name in different if name not in OF_A_CHECKPOINT), key=lambda name: (*FIRST, name).index(name))
    own = [name for name in different if any(len({policy.text(name) for policy in part}) > 1 for part in heads.values())]
    tested = {policy.checkpoint: ", ".join(map(of_split, policy.splits)) for policy in found}
    return {
        "equal": {FACTS[name].title: in_words(text) for name, text in equal.items()},
        "columns": [FACTS[name].title for name in columns],
        "rows": [_row(head, part, columns) for head, part in heads.items()],
        "own": [FACTS[name].title for name in own],
        "checkpoints": [(_row(p.head, [p], own), p.checkpoint, tested[p.checkpoint]) for p in found],
        "tested": tested[found[0].checkpoint] if len(set(tested.values())) == 1 else "",
        "silent": [FACTS[name].title for name in silent],
        "unknown": UNKNOWN,
    }


def in_words(text: str) -> str:
    """ "weight_decay 0.03, as_source True" -> "weight decay 0.03, as source yes"; "5.52e+08" -> "5.52 × 10⁸"; names stay."""
    text = _POWER.sub(lambda found: f"{found[1]}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10{str(int(found[2])).translate(_POWERS)}", text)
    text = text.replace(" x off/colour/turns", ", each with augmentation off, of colour, and of colour and turns")
    text = text.replace(" True", " yes").replace(" False", " no")
    return _KEY.sub(lambda found: plain(found[0]), text)


def _row(head: str, part: Sequence[PolicyFacts], columns: Sequence[str]) -> Row:
    texts = [joined(part, name) for name in columns]
    return Row(head, seeds(part), [in_words(text) for text in texts], [text == UNKNOWN for text in texts])
