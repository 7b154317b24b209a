"""The same head in two folders: pairing, tests, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import Expected
from para_bench.report.statistics.paired import PairCounts, mcnemar_p, paired_difference
from para_bench.report.tables import comparisons
from para_bench.report.tables.folders import Folder, folder_table, match, shared_heads
from para_bench.types import ParaBenchError

Make = Callable[..., list[EpisodeRecord]]
ID, VIEW = ("id", "0"), ("view_angle", "25")
BEFORE, AFTER = "1" * 10 + "0" * 10, "1" * 19 + "0"


def results(found: list[EpisodeRecord], scenes: int = 20) -> SplitResults:
    seeds = {head: sorted({r.train_seed for r in found if r.head == head}) for head in dict.fromkeys(r.head for r in found)}
    return SplitResults(found[0].split, found, Expected(seeds, {(r.condition, r.level): scenes for r in found}))


def folder(name: str, *parts: list[EpisodeRecord], scenes: int = 20) -> Folder:
    by_split: dict[str, list[EpisodeRecord]] = {}
    for r in (r for part in parts for r in part):
        by_split.setdefault(r.split, []).append(r)
    return Folder(name, [results(found, scenes) for found in by_split.values()])


def test_one_seed_is_mcnemar_over_the_same_scenes(episodes: Make) -> None:
    new = folder("new", episodes("para", ID, AFTER, checkpoint_hash="x"), episodes("para", VIEW, BEFORE, checkpoint_hash="x"))
    old = folder("old", episodes("para", ID, BEFORE), episodes("para", VIEW, BEFORE))
    matches = match(new, old, ["para"])
    table = folder_table(new, old, matches)
    first, second = table.to_dict("records")
    counts = PairCounts(10, 9, 0, 1)
    assert (first["k"], first["other_k"], first["n"], first["p"]) == (19, 10, 20, pytest.approx(mcnemar_p(counts)))
    assert (first["difference"], first["low"], first["high"]) == pytest.approx(paired_difference(counts)[:3])
    assert first["p_holm"] == pytest.approx(2 * first["p"])  # two conditions
    assert (first["verdict"], second["verdict"]) == ("better", "not resolved at n = 20")
    assert list(folder_table(old, new, match(old, new, ["para"]))["verdict"]) == ["worse", "not resolved at n = 20"]
    text = comparisons.to_markdown(table)
    assert "| para, split novel_view: new against old | id 0 | 19 : 10 of 20 |" in text
    assert "Verdicts are on new." in text


def test_scenes_are_paired_by_index_and_seed_not_by_their_order(episodes: Make) -> None:
    def seeds(outcomes: tuple[str, str]) -> list[EpisodeRecord]:
        return [r for seed, text in enumerate(outcomes) for r in episodes("para", ID, text, train_seed=seed)]

    straight, turned = seeds(("1100", "1110")), seeds(("1100", "1110"))[::-1]
    table = folder_table(*(pair := (folder("a", straight, scenes=4), folder("b", turned, scenes=4))), match(*pair, ["para"]))
    assert (table["k"][0], table["other_k"][0], table["difference"][0], table["p"][0]) == (5, 5, 0, 1)
    assert table["interval"][0] == "method"


def test_every_split_and_head_is_one_family(episodes: Make) -> None:
    def both(outcomes: str) -> list[list[EpisodeRecord]]:
        return [episodes(head, ID, outcomes, split=split) for split in ("id", "novel_view") for head in ("para", "act")]

    a, b = folder("a", *both(AFTER)), folder("b", *both(BEFORE))
    table = folder_table(a, b, match(a, b, shared_heads(a, b)))
    assert list(zip(table["split"], table["head"], strict=True)) == [(s, h) for s in ("id", "novel_view") for h in ("para", "act")]
    assert list(table["p_holm"]) == pytest.approx([4 * table["p"][0]] * 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"suite_version": "2"}, "suite version 1 in a, 2 in b"),
        ({"split": "id"}, "a holds the splits novel_view, b id"),
        ({"scene_hash": "other"}, "condition id 0, scene 0 is id-0-0 in a and other in b"),
        ({"train_seed": 1}, r"training seeds of para: \[0\] in a, \[1\] in b"),
        ({"head": "act"}, "b, split novel_view: no records of head 'para'"),
    ],
)
def test_folders_that_do_not_match_are_refused(episodes: Make, change: dict, message: str) -> None:
    a = folder("a", episodes("para", ID, BEFORE))
    b = folder("b", episodes(**{"head": "para", "condition": ID, "outcomes": AFTER, **change}))
    with pytest.raises(ParaBenchError, match=message):
        match(a, b, ["para"])


def test_missing_episodes_name_their_folder(episodes: Make) -> None:
    a, b = folder("a", episodes("para", ID, BEFORE)), folder("b", episodes("para", ID, AFTER[:-1]))
    with pytest.raises(ParaBenchError, match=r"b, split novel_view: head para, condition id 0: 1 of 20 episodes missing .*scene 19"):
        match(a, b, ["para"])


def test_other_scenes_and_conditions_are_named(episodes: Make) -> None:
    a = folder("a", episodes("para", ID, BEFORE))
    with pytest.raises(ParaBenchError, match=r"id 0: 20 scenes in a, 19 in b \(first: a has scene 19, b not\)"):
        match(a, folder("b", episodes("para", ID, AFTER[:-1]), scenes=19), ["para"])
    more = folder("b", episodes("para", ID, AFTER), episodes("para", VIEW, AFTER))
    with pytest.raises(ParaBenchError, match=r"view_angle 25: 0 scenes in a, 20 in b \(first: b has scene 0, a not\)"):
        match(a, more, ["para"])


def test_heads_of_both(episodes: Make) -> None:
    a = folder("a", episodes("para", ID, "11"), episodes("act", ID, "11"), episodes("oracle", ID, "11", checkpoint_hash=""))
    b = folder("b", episodes("act", ID, "11"), episodes("oracle", ID, "11", checkpoint_hash=""), episodes("rvt", ID, "11"))
    assert shared_heads(a, b) == ["act"]
    with pytest.raises(ParaBenchError, match="a holds the trained heads para, b act, rvt; allowed: at least one in both"):
        shared_heads(folder("a", episodes("para", ID, "11")), b)
