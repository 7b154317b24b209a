"""`para-bench compare`: verdicts from records alone, on heads of one folder or on the same heads in two."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.text import Text

from para_bench.commands.fairness import known_facts
from para_bench.commands.results import results
from para_bench.report.fairness.differences import Differences, differences, merged, pairs
from para_bench.report.fairness.facts import FACTS, SAME, Facts
from para_bench.report.roster import Roster
from para_bench.report.tables import comparisons
from para_bench.report.tables.folders import Folder, folder_table, match, shared_heads
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Compare

HEAD, OTHERS = "para", ("global_token",)
"""Of one folder, where none are named."""


def compare(args: Compare) -> None:
    if len(args.results) not in (1, 2):
        raise ParaBenchError(f"{len(args.results)} results folders; allowed: 1 (heads against each other) or 2 (the same heads in both)")
    allowed = [name for name, fact in FACTS.items() if fact.role == SAME or name == "learning_rate"]
    for name in args.between:
        if name not in allowed:
            raise ParaBenchError(f"--between {name!r}; allowed: {', '.join(allowed)}")
    if len(args.results) == 1:
        table, found, seen = _heads(args)
    else:
        (table, found), seen = _folders(args), ()
    if found.unfair and not args.force:
        raise ParaBenchError(
            f"more differs than what is compared: {'; '.join(found.unfair)}; allowed: the same for both, --between NAME for what is "
            "compared, or --force"
        )
    console = Console(soft_wrap=True)
    console.print(comparisons.to_console(table, seen))
    console.print(remarks(found), end="")


def remarks(found: Differences) -> Text:
    """What differs, in red; what is noted, in yellow; nothing where there is nothing to say."""
    text = Text()
    if found.unfair:
        text.append(f"NOT A FAIR COMPARISON, more differs than what is compared: {'; '.join(found.unfair)}.\n", style="bold red")
    if found.noted:
        text.append(f"Noted: {'; '.join(found.noted)}.\n", style="yellow")
    return text


def _heads(args: Compare) -> tuple[pd.DataFrame, Differences, tuple[str, ...]]:
    """Heads of one folder against each other, and backbones that have seen the simulator; of several splits, all rows are one family."""
    head, others = args.head or HEAD, args.others or OTHERS
    (folder,) = args.results
    found, known = [r.of_seeds(args.seeds) for r in results([folder], args.split, (head, *others))], known_facts([folder])
    rows = []
    for result in found:
        named = {"split": result.split} if len(found) > 1 else {}
        rows += [named | row for row in comparisons.rows_of_heads(result.records, head, others, result.expected)]
    differing = between_heads([result.roster for result in found], head, others, known, args.between)
    return comparisons.judged(rows), differing, tuple(name for result in found for name in result.description.seen_renderer)


def between_heads(
    rosters: Sequence[Roster], head: str, others: Sequence[str], known: Mapping[str, Facts], between: Collection[str] = ()
) -> Differences:
    """What a head and each of the others were not given alike."""
    met = {other: [pair for roster in rosters for pair in pairs(roster, head, roster, other, known)] for other in others}
    return merged({f"{head} against {other}": differences(met[other], between=between) for other in others})


def _folders(args: Compare) -> tuple[pd.DataFrame, Differences]:
    """The same heads in two folders."""
    first, second = (Folder(name, results([path], args.split)) for name, path in zip(names(args.results), args.results, strict=True))
    heads = [head for head in (args.head, *args.others) if head] or shared_heads(first, second)
    matches = match(first, second, heads, args.seeds)
    known, other_known = (known_facts([path]) for path in args.results)
    met = {head: [pair for one, other in matches for pair in pairs(one, head, other, head, known, other_known)] for head in heads}
    found = merged({f"{head} in {first.name} against {second.name}": differences(met[head], True, args.between) for head in heads})
    left = [head for head in dict.fromkeys((*first.learned(), *second.learned())) if head not in heads]
    if left and not (args.head or args.others):
        found = Differences(found.unfair, (*found.noted, f"not in both folders and left out: {', '.join(left)}"))
    return folder_table(first, second, matches), found


def names(paths: Sequence[Path]) -> list[str]:
    """The shortest ends of two paths that tell them apart."""
    parts = [path.parts for path in paths]
    for length in range(1, max(map(len, parts)) + 1):
        ends = [str(Path(*own[-length:])) for own in parts]
        if len(set(ends)) == len(ends):
            return ends
    raise ParaBenchError(f"{paths[0]} is compared with itself; allowed: two folders")
