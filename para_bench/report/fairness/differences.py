"""Whether two policies may be compared: what else differs between their records apart from what is compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from para_bench.records import EpisodeRecord
from para_bench.report.fairness.facts import FACTS, NOTED, OWN, SAME, Facts, show
from para_bench.report.fairness.policies import policies
from para_bench.report.roster import Roster

REPLAN = "replan_steps"
"""What `--between` calls the waypoints between two looks, which are a matter of the rollout and not of the checkpoint."""

DEMONSTRATIONS = "demonstrations_hash"


class Pair(NamedTuple):
    """The facts of two policies that were tested on the same scenes."""

    one: Facts
    other: Facts
    rolled_out: tuple[str, str]
    """The configuration hashes of their episodes."""
    replan_steps: tuple[int | None, int | None] = (None, None)
    """Waypoints that each executes between two looks; None where the records do not say."""
    demo_seeds: tuple[int | None, int | None] = (None, None)
    """Demonstration set that each was trained on; None where the records do not say."""


@dataclass(frozen=True)
class Differences:
    """Differences in words, each once even where several pairs have it."""

    unfair: tuple[str, ...]
    """ "steps 1,600 against 800"."""
    noted: tuple[str, ...]
    """What may differ but is stated, and what is unknown."""


def pairs(
    one: Roster, head: str, other: Roster, rival: str, known: Mapping[str, Facts], other_known: Mapping[str, Facts] | None = None
) -> list[Pair]:
    """The policies of `head` in one roster and of `rival` in another that share a condition and a training seed, each pair once.

    `known` are the facts of the one, `other_known` those of the other where they are another folder's. References learn nothing and
    pair with nobody.
    """
    my_facts = {p.checkpoint: p.facts for p in policies(_first(one), known)}
    their_facts = {p.checkpoint: p.facts for p in policies(_first(other), known if other_known is None else other_known)}
    found: dict[tuple[str, ...], Pair] = {}
    for condition in one.expected.scenes:
        for mine, theirs in zip(one.episodes[head, condition], other.episodes[rival, condition], strict=True):
            if mine and theirs and mine[0].checkpoint_hash and theirs[0].checkpoint_hash:
                a, b = mine[0], theirs[0]
                key = (a.checkpoint_hash, b.checkpoint_hash, a.config_hash, b.config_hash)
                facts = my_facts[a.checkpoint_hash], their_facts[b.checkpoint_hash]
                found[key] = Pair(*facts, (a.config_hash, b.config_hash), (a.replan_steps, b.replan_steps), (a.demo_seed, b.demo_seed))
    return list(found.values())


def differences(found: Iterable[Pair], same_head: bool = False, between: Collection[str] = ()) -> Differences:
    """What pairs of policies differ in.

    Args:
        found: Policies that are compared.
        same_head: Both are the same head, so that the learning rate has to be the same too.
        between: Facts that are compared and so may differ; `backbone` includes its hash, REPLAN is of the rollouts.
    """
    unfair, noted, unknown = dict[str, None](), dict[str, None](), dict[str, None]()
    for one, other, rolled_out, replan, sets in found:
        for name, fact in FACTS.items():
            a, b = one.get(name), other.get(name)
            role = _role(name, one, other, same_head)
            if role == OWN or name in between or (name == "backbone_hash" and "backbone" in between):
                continue
            if a is None or b is None:
                unknown |= {fact.title: None} if role == SAME else {}
            elif a != b:
                (noted if role == NOTED else unfair).update(dict.fromkeys(_words(name, a, b)))
        if None not in replan and replan[0] != replan[1] and REPLAN not in between:
            unfair[f"waypoints between two looks {replan[0]} against {replan[1]}"] = None
        told = DEMONSTRATIONS in one and DEMONSTRATIONS in other  # held against each other above
        if None not in sets and sets[0] != sets[1] and not told and DEMONSTRATIONS not in between:
            unfair[f"demonstration set {sets[0]} against {sets[1]}"] = None
        if rolled_out[0] != rolled_out[1]:
            noted[f"rolled out by other code or settings, {rolled_out[0]} against {rolled_out[1]}"] = None
    silent = (f"not recorded for both, so not held against each other: {', '.join(unknown)}",) if unknown else ()
    return Differences(tuple(unfair), (*noted, *silent))


def _role(name: str, one: Facts, other: Facts, same_head: bool) -> str:
    """Role of a fact in one comparison: a value that the same search found for each head is the head's own; others have to be the same."""
    tried = one.get("rates_tried"), other.get("rates_tried")
    if name == "learning_rate":
        return SAME if same_head or "none" in tried else OWN
    if name == "augmentation":
        copies = str(tried[0]).partition(" (")[0].partition(" x ")[2]  # "off/colour/turns"
        return OWN if tried[0] == tried[1] and "/" in copies and not same_head else SAME
    return NOTED if name == "rates_tried" and same_head else FACTS[name].role  # for one head the rates themselves are compared


def merged(found: Mapping[str, Differences]) -> Differences:
    """Differences of several comparisons, each after the names that share it: "para against act, para against rvt: batch 16 against 8"."""
    lines: list[tuple[str, ...]] = []
    for words in ({name: each.unfair for name, each in found.items()}, {name: each.noted for name, each in found.items()}):
        shared: dict[tuple[str, ...], list[str]] = {}
        for name, own in words.items():
            if own:
                shared.setdefault(own, []).append(name)
        lines.append(tuple(f"{', '.join(names)}: {', '.join(own)}" for own, names in shared.items()))
    return Differences(*lines)


def _first(roster: Roster) -> Iterator[EpisodeRecord]:
    """The first episode of every policy and condition."""
    return (scenes[0] for found in roster.episodes.values() for scenes in found if scenes)


def _words(name: str, a: Any, b: Any) -> Iterator[str]:
    """ "augmentation copies 3 against 0": of nested settings the leaves that differ."""
    title = FACTS[name].title
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        before, after = dict(_leaves(a)), dict(_leaves(b))
        for leaf in dict.fromkeys((*before, *after)):
            if before.get(leaf) != after.get(leaf):
                yield f"{title} {leaf} {before.get(leaf, 'none')} against {after.get(leaf, 'none')}"
    else:
        yield f"{title} {show(name, a)} against {show(name, b)}"


def _leaves(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield from _leaves(part, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", part
