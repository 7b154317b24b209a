"""What the search chose for each head is said beside a difference between heads, and nothing that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.declared import Family
from para_bench.report.site.episodes import split_episodes
from para_bench.report.site.searched import beside, copies, sentence
from para_bench.report.tables.contrasts import Wanted

TURNED = {"copies": 3, "jitter": 0.4, "pan_deg": 4.0, "zoom": 0.12}
PLAIN = {"copies": 3, "jitter": 0.0, "pan_deg": 0.0, "zoom": 0.0}
TRIED = "0.001, 0.003 x off/colour/turns"


def given(**second) -> list[PolicyFacts]:
    """The record of two heads, the second with other facts."""
    first = {"augmentation": TURNED, "learning_rate": 0.003, "rates_tried": TRIED}
    return [PolicyFacts("para", 0, "para-0", ("id",), first), PolicyFacts("act", 0, "act-0", ("id",), first | second)]


@pytest.mark.parametrize(
    ("augmentation", "words"),
    [
        (TURNED, "coloured, turned and zoomed copies"),
        (PLAIN, "plain copies"),
        ({"hue": 0.1}, "coloured copies"),
        ({"roll_deg": 1, "field": 1}, "coloured and turned copies"),
        ("none", "none"),
    ],
)
def test_copies_are_told_in_words(augmentation: object, words: str) -> None:
    assert copies(augmentation) == words


def test_what_differs_is_said_with_who_chose_it() -> None:
    record = given(augmentation=PLAIN, learning_rate=0.001)
    chose = ": one search for all heads chose it for each"
    assert sentence(record, ["para", "act"]) == f"Heads differ in augmentation and learning rate{chose}."
    assert beside(record, "act", "para") == (
        "The two also differ in augmentation (act: plain copies; para: coloured, turned and zoomed copies) and learning rate "
        f"(act: 0.001; para: 0.003){chose}."
    )
    assert sentence(given(learning_rate=0.001, rates_tried="none"), ["para", "act"]) == "Heads differ in learning rate."


def test_nothing_is_said_of_what_is_the_same_or_unknown() -> None:
    assert sentence(given(), ["para", "act"]) == beside(given(), "para", "act") == ""
    assert sentence(given(augmentation=PLAIN)[:1], ["para", "act"]) == ""
    assert sentence([], ["para", "act"]) == beside([], "para", "act") == ""


def test_the_pages_say_it_beside_the_heads_and_beside_a_finding(record, tmp_path: Path) -> None:
    made = [record(head, CONTROL, i, head == "para", split="id", suite_version="2") for head in ("para", "act") for i in range(20)]
    results = split_episodes("id", "", Expected({"para": (0,), "act": (0,)}, {CONTROL: 20}), made)
    families = [Family("pair", [Wanted("para", "act", "what it is worth", "id", "id", "id")])]
    build_site(Source([results], policies=given(augmentation=PLAIN), families=families), tmp_path)
    index, page = ((tmp_path / name).read_text() for name in ("index.html", "split-id.html"))
    assert "Heads differ in augmentation: one search for all heads chose it for each." in index
    assert (
        "The question: what it is worth. The two also differ in augmentation (para: coloured, turned and zoomed copies; act: plain" in index
    )
    assert "Heads differ in augmentation: one search" in page
    build_site(Source([results], policies=given(), families=families), tmp_path)
    assert "differ in" not in (tmp_path / "index.html").read_text()
