"""What compared heads were not given alike, and how loudly it is said."""

from __future__ import annotations

from collections.abc import Callable

from para_bench.commands.parts.remarks import between_heads, remarks
from para_bench.records import EpisodeRecord
from para_bench.report.fairness.differences import Differences
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected, Roster

Make = Callable[..., list[EpisodeRecord]]
ID = ("id", "0")
FACTS = {"batch": 16, "steps": 1600, "training_code": "a"}


def roster(episodes: Make) -> Roster:
    heads = ("para", "act", "rvt")
    found = [r for head in heads for r in episodes(head, ID, "11")]
    return call(found, Expected(dict.fromkeys(heads, (0,)), {ID: 2}))


def test_every_head_is_held_against_the_first(episodes: Make) -> None:
    known = {"para-0": FACTS, "act-0": FACTS | {"batch": 8}, "rvt-0": FACTS | {"training_code": "b"}}
    found = between_heads([roster(episodes)], "para", ("act", "rvt"), known)
    assert found.unfair == ("para against act: batch 16 against 8",)
    assert any("para against rvt" in line and "training code a against b" in line for line in found.noted)


def test_what_is_compared_may_differ(episodes: Make) -> None:
    known = {"para-0": FACTS, "act-0": FACTS | {"batch": 8}}
    assert between_heads([roster(episodes)], "para", ("act",), known, between=("batch",)).unfair == ()


def test_what_is_unfair_is_red_what_is_noted_yellow_and_nothing_is_nothing() -> None:
    text = remarks(Differences(("batch 16 against 8",), ("other code",)))
    assert text.plain == "NOT A FAIR COMPARISON, more differs than what is compared: batch 16 against 8.\nNoted: other code.\n"
    assert [str(span.style) for span in text.spans] == ["bold red", "yellow"]
    assert remarks(Differences((), ())).plain == ""
