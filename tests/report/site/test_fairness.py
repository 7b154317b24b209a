"""The fairness page: a row a head where its trainings agree, in words."""

from __future__ import annotations

import pytest

from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.site.fairness import in_words, values

COPIES = {"copies": 3, "pan_deg": 4.0}


def facts(head: str, seed: int, **own) -> PolicyFacts:
    return PolicyFacts(head, seed, f"{head}-{seed}", ("id", "novel_view"), {"batch": 16, "training_s": 10.0 + seed, **own})


def test_a_head_has_one_row_and_its_trainings_stand_below() -> None:
    found = [facts("para", seed, learning_rate=0.003, augmentation=COPIES, sees="RGB") for seed in (0, 1, 2)]
    found += [facts("act", seed, learning_rate=0.001, augmentation=COPIES, sees="video") for seed in (0, 1, 2)]
    shown = values(found)
    assert shown["columns"] == ["learning rate", "sees", "training s"]  # what was chosen and given comes first
    assert [row[:3] for row in shown["rows"]] == [
        ("para", "0 to 2", ["0.003", "RGB", "10.0 to 12.0"]),
        ("act", "0 to 2", ["0.001", "video", "10.0 to 12.0"]),
    ]
    assert (shown["own"], len(shown["checkpoints"]), shown["tested"]) == (["training s"], 6, "in distribution, novel view")
    assert shown["equal"] == {"batch": "16", "augmentation": "copies 3, pan deg 4.0"}
    assert values([]) == {"rows": []}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5.52e+08", "5.52 × 10⁸"),
        ("3e-07", "3 × 10⁻⁷"),
        ("width 64, as_source True", "width 64, as source yes"),
        ("weight_decay 0.03, ema_power 0.75", "weight decay 0.03, ema power 0.75"),
        (
            "0.001 x off/colour/turns (20 demos, efficientnet_lite0)",
            "0.001, each with augmentation off, of colour, and of colour and turns (20 demos, efficientnet_lite0)",
        ),
        ("200c829f", "200c829f"),
        ("1e200f00", "1e200f00"),
    ],
)
def test_facts_are_words(text: str, words: str) -> None:
    assert in_words(text).replace("\N{NO-BREAK SPACE}", " ") == words
