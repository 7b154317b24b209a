"""What compared heads were not given alike, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rich.text import Text

from para_bench.report.fairness.differences import Differences, differences, merged, pairs
from para_bench.report.fairness.facts import Facts
from para_bench.report.roster import Roster


def between_heads(
    rosters: Sequence[Roster], head: str, others: Sequence[str], known: Mapping[str, Facts], between: Collection[str] = ()
) -> Differences:
    """What a head and each of the others were not given alike."""
    met = {other: [pair for roster in rosters for pair in pairs(roster, head, roster, other, known)] for other in others}
    return merged({f"{head} against {other}": differences(met[other], between=between) for other in others})


def remarks(found: Differences) -> Text:
    """What differs, in red; what is noted, in yellow; nothing where there is nothing to say."""
    text = Text()
    if found.unfair:
        text.append(f"NOT A FAIR COMPARISON, more differs than what is compared: {'; '.join(found.unfair)}.\n", style="bold red")
    if found.noted:
        text.append(f"Noted: {'; '.join(found.noted)}.\n", style="yellow")
    return text
