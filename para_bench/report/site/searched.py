"""What the search chose for each head, where it is not the same: a difference between two heads may come from it too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from para_bench.report.fairness.facts import FACTS
from para_bench.report.fairness.policies import PolicyFacts

CHOSEN = ("augmentation", "learning_rate")
"""Facts that a search may choose for each head."""
COPIES = {"coloured": ("jitter", "hue", "field"), "turned": ("pan_deg", "roll_deg"), "zoomed": ("zoom",)}
"""Words for settings of the augmentation that are not 0."""


def differing(given: Sequence[PolicyFacts], heads: Collection[str]) -> dict[str, dict[str, str]]:
    """Chosen facts that differ between the heads, by title, with the words of each head; none that is not known of every head."""
    found = {}
    for name in CHOSEN:
        said: dict[str, list[str]] = {head: [] for head in heads}
        for policy in given:
            if policy.head in said and name in policy.facts:
                said[policy.head].append(copies(policy.facts[name]) if name == "augmentation" else policy.text(name))
        words = {head: " or ".join(dict.fromkeys(texts)) for head, texts in said.items()}
        if all(words.values()) and len(set(words.values())) > 1:
            found[FACTS[name].title] = words
    return found


def sentence(given: Sequence[PolicyFacts], heads: Collection[str]) -> str:
    """For the first page; empty where nothing is known to differ."""
    titles = " and ".join(differing(given, heads))
    return f"Heads differ in {titles}{_by(given, heads)}." if titles else ""


def beside(given: Sequence[PolicyFacts], head: str, other: str) -> str:
    """For a comparison of two heads; empty where nothing is known to differ."""
    found = differing(given, (head, other))
    listed = " and ".join(f"{title} ({head}: {words[head]}; {other}: {words[other]})" for title, words in found.items())
    return f"The two also differ in {listed}{_by(given, (head, other))}." if listed else ""


def copies(augmentation: Any) -> str:
    """ "coloured, turned and zoomed copies", "plain copies"."""
    if not isinstance(augmentation, Mapping):
        return str(augmentation)
    *first, last = [word for word, names in COPIES.items() if any(augmentation.get(name) for name in names)] or ["plain"]
    return f"{', '.join(first)} and {last} copies" if first else f"{last} copies"


def _by(given: Sequence[PolicyFacts], heads: Collection[str]) -> str:
    """Who chose, where one search is known to have: all heads state the same cells."""
    tried = {policy.facts.get("rates_tried") for policy in given if policy.head in heads}
    return ": one search for all heads chose it for each" if len(tried) == 1 and tried.isdisjoint({None, "none"}) else ""
