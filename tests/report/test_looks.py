"""Heads are told apart by colour and mark, and look the same in every report."""

from __future__ import annotations

from para_bench.heads import HEADS
from para_bench.report import looks


def test_a_head_keeps_its_look() -> None:
    assert looks.looks(["para", "new_b", "new_a"])["new_a"] == looks.looks(["new_a", "new_b"])["new_a"]
    assert looks.looks(["diffusion"])["diffusion"] == looks.looks(["para", "diffusion", "x"])["diffusion"]
    known = looks.looks([*HEADS])
    assert set(HEADS) <= set(looks.KNOWN)
    assert len({look[:2] for look in known.values()}) == len(HEADS)  # told apart without the line
    many = looks.looks([f"head{i}" for i in range(12)])
    assert len(set(many.values())) == 12
