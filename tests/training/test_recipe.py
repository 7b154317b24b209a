"""A recipe's name and folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from para_bench.heads.base import HeadConfig
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec

SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))
PLAIN = Recipe("para", 0, 3)


def test_decoding_decides_no_weight() -> None:
    argmax = replace(PLAIN, head_config=HeadConfig(decode="argmax"))
    assert argmax.folder(SPEC, Path("out")) == PLAIN.folder(SPEC, Path("out"))
    adapted, base = replace(PLAIN, base=PLAIN), replace(PLAIN, base=argmax)
    assert adapted.folder(SPEC, Path("out")) == base.folder(SPEC, Path("out")) != PLAIN.folder(SPEC, Path("out"))
    wide = replace(PLAIN, head_config=HeadConfig(width=32))
    assert wide.folder(SPEC, Path("out")) != PLAIN.folder(SPEC, Path("out"))


def test_a_name_never_leaves_its_folder() -> None:
    recipe = Recipe("../../etc:Head", 0, 3, backbone="timm:a/../b")
    assert recipe.name == "-..-etc-Head-default-3-timm-a-..-b-s0"
    assert "/" not in recipe.name
