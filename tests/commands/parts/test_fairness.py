"""What this version of the suite knows of its heads, in the fairness record."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import LEARNING_RATES, SEARCHED
from para_bench.commands.parts.fairness import ABOUT, known_facts, policies_of
from para_bench.commands.parts.results import results as found_in
from para_bench.heads import HEADS
from para_bench.report.fairness.checkpoint import About
from para_bench.report.fairness.policies import PolicyFacts, write


@pytest.mark.parametrize("head", HEADS)
def test_every_head_says_what_it_sees_and_how_its_rate_was_found(head: str) -> None:
    search = (SEARCHED, LEARNING_RATES[head]) if head in LEARNING_RATES else ()
    assert ABOUT[head][:3] == About(HEADS[head].sees, *search)[:3]


def test_a_head_that_nobody_searched_for_says_so_and_one_that_is_not_at_hand_is_absent(tmp_path: Path, monkeypatch) -> None:
    assert list(ABOUT) == list(HEADS)
    (tmp_path / "seen_by_me.py").write_text("class Mine:\n    sees = 'RGB'\n    loss = predict = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert ABOUT["seen_by_me:Mine"] == About("RGB", "none", None, {})
    for name in ("nobody", "nowhere_to_be_found:Mine"):
        assert name not in ABOUT
        with pytest.raises(KeyError):
            ABOUT[name]


def test_policies_come_in_the_order_of_tables_with_what_is_known(tmp_path: Path, record) -> None:
    from para_bench import records

    for head in ("global_token", "para", "nobody"):
        records.append(tmp_path / "stack.id" / records.FILE_NAME, record(head, split="stack.id", backbone="lite0", demos=7))
    write(tmp_path / "stack.id", [PolicyFacts("para", 0, "para-0", ("stack.id",), {"steps": 12, "demonstrations": 8})])
    made = policies_of(found_in([tmp_path]), known_facts([tmp_path]))
    assert [(p.head, p.splits) for p in made] == [(head, ("stack.id",)) for head in ("para", "global_token", "nobody")]
    para, token, nobody = (p.facts for p in made)
    assert para == {
        "sees": "RGB + calibration",
        "backbone": "lite0",
        "demonstrations": 8,
        "steps": 12,
        "cameras": "1",
        "rooms": "1",
    }  # what the run stated counts
    assert token == {"sees": "RGB", "backbone": "lite0", "demonstrations": 7}
    assert nobody == {"backbone": "lite0", "demonstrations": 7}
